// The box for techniques becomes a field with suggestions: what is chosen is ticked in the list above it.

const WAIT = 120;

for (const part of document.querySelectorAll("[data-techniques]")) {
  const list = part.querySelector("[data-technique-list]");
  const none = part.querySelector("[data-technique-none]");
  const options = part.querySelector("[data-technique-options]");
  const status = part.querySelector("[data-technique-status]");
  const box = part.querySelector("textarea");
  const input = document.createElement("input");
  let active = -1;
  let timer = 0;
  let asked = 0;

  for (const { name, value } of Array.from(box.attributes)) {
    if (name !== "rows") {
      input.setAttribute(name, value);
    }
  }
  input.type = "text";
  input.value = box.value.split("\n").join("; ");
  input.autocomplete = "off";
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", options.id);
  box.replaceWith(input);

  const close = () => {
    options.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (number) => {
    active = number;
    Array.from(options.children).forEach((option, index) => {
      option.setAttribute("aria-selected", index === number ? "true" : "false");
    });
    const option = options.children[number];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  };

  const choose = ({ slug, label }) => {
    let tick = Array.from(list.querySelectorAll("input")).find((each) => each.value === slug);
    if (!tick) {
      const item = document.createElement("li");
      const name = document.createElement("label");
      tick = Object.assign(document.createElement("input"), { type: "checkbox", name: "techniques", value: slug });
      tick.id = `technique-${slug}`;
      name.htmlFor = tick.id;
      name.textContent = label;
      item.append(tick, name);
      list.append(item);
    }
    tick.checked = true;
    none?.remove();
    input.value = "";
    status.textContent = part.dataset.added.replace("{technique}", label);
    close();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const show = (found) => {
    options.replaceChildren(
      ...found.map((technique, number) => {
        const option = document.createElement("li");
        option.id = `technique-option-${number}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const label = document.createElement("span");
        label.textContent = technique.label;
        const more = document.createElement("span");
        more.className = "quiet small";
        more.textContent = [technique.found, technique.category].filter(Boolean).join(" · ");
        option.append(label, more);
        option.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          choose(technique);
        });
        return option;
      }),
    );
    options.found = found;
    options.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    status.textContent = found.length ? part.dataset.found.replace("{number}", found.length) : part.dataset.none;
    mark(-1);
  };

  const ask = async () => {
    const typed = input.value.trim();
    const number = ++asked;
    if (!typed) {
      close();
      return;
    }
    const answer = await fetch(`${part.dataset.url}?q=${encodeURIComponent(typed)}`).catch(() => null);
    if (answer?.ok && number === asked) {
      show((await answer.json()).techniques);
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const count = options.hidden ? 0 : options.children.length;
    if (event.key === "ArrowDown" && count) {
      mark((active + 1) % count);
    } else if (event.key === "ArrowUp" && count) {
      mark((active - 1 + count) % count);
    } else if (event.key === "Enter" && count) {
      choose(options.found[Math.max(active, 0)]);
    } else if (event.key === "Escape" && count) {
      close();
    } else {
      return;
    }
    event.preventDefault();
  });
}
