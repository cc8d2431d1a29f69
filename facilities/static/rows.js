// Rows of a form are added, moved and removed without a way to the server. Names and ids carry a row's number.

const NUMBERED = ["id", "name", "for", "aria-describedby", "href", "value"];

for (const rows of document.querySelectorAll("[data-rows]")) {
  const list = rows.querySelector("[data-row-list]");
  const blank = rows.querySelector("[data-blank-row]");
  const name = rows.dataset.rows;

  const renumber = () => {
    const all = Array.from(list.children);
    all.forEach((row, number) => {
      for (const element of [row, ...row.querySelectorAll("*")]) {
        for (const attribute of NUMBERED) {
          const text = element.getAttribute(attribute);
          if (text !== null && (attribute !== "value" || element.matches("button"))) {
            element.setAttribute(attribute, numbered(text, number));
          }
        }
      }
      row.querySelector("[data-row-title]").textContent = `${rows.dataset.each} ${number + 1}`;
      row.querySelector('[data-row-act="up"]').disabled = number === 0;
      row.querySelector('[data-row-act="down"]').disabled = number === all.length - 1;
    });
    rows.dispatchEvent(new Event("edit:changed", { bubbles: true }));
  };

  const numbered = (text, number) =>
    text
      .replaceAll(new RegExp(`(^| )${name}-(\\d+|__n__)(?=-| |$)`, "g"), `$1${name}-${number}`)
      .replace(new RegExp(`^(${name}:(?:up|down|remove)):(\\d+|__n__)$`), `$1:${number}`);

  const focusOn = (row) => row?.querySelector("input, select, textarea")?.focus();

  const acts = {
    up: (row) => row.previousElementSibling?.before(row),
    down: (row) => row.nextElementSibling?.after(row),
    remove: (row) => {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      if (next) {
        focusOn(next);
      } else {
        rows.querySelector("[data-add-row]")?.focus();
      }
    },
  };

  rows.addEventListener("click", (event) => {
    const act = event.target.closest("[data-row-act]");
    const add = event.target.closest("[data-add-row]");
    if (!act && !add) {
      return;
    }
    event.preventDefault();
    if (add) {
      const last = list.lastElementChild;
      list.append(blank.content.cloneNode(true));
      renumber();
      carryOver(last, list.lastElementChild);
      focusOn(list.lastElementChild);
      return;
    }
    const row = act.closest("[data-row]");
    acts[act.dataset.rowAct](row);
    renumber();
    if (row.isConnected) {
      (act.disabled ? row.querySelector("[data-row-act]:not(:disabled)") : act)?.focus();
    }
  });

  // Choices that are the same in most rows: the user group, the unit, the currency.
  const carryOver = (from, to) => {
    for (const field of to.querySelectorAll("[data-carry]")) {
      const before = from?.querySelector(`[name$="-${field.name.split("-").pop()}"]`);
      if (before) {
        field.value = before.value;
      }
    }
  };
}
