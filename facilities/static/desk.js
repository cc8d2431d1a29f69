/* Keys for the desk. An element says by data-key which keys press it: a link is followed, a button pressed, a summary
   opened with its first control in focus. In a queue j and k walk through the rows (data-row), x ticks one. No key does
   anything while something is typed, or once they have been turned off under "?". */

(() => {
  "use strict";

  const OFF = "desk-keys-off";
  const help = document.querySelector("[data-keys]");
  const turnedOn = document.querySelector("[data-keys-on]");
  const rows = [...document.querySelectorAll("[data-row]")];

  function remembered() {
    try {
      return localStorage.getItem(OFF) === "yes";
    } catch {
      return false;
    }
  }

  function remember(off) {
    try {
      localStorage.setItem(OFF, off ? "yes" : "no");
    } catch {
      /* Without storage the choice holds for this page. */
    }
  }

  function typing(target) {
    const plain = target.matches("input[type=checkbox], input[type=radio], input[type=submit]");
    return !plain && target.closest("input, textarea, select, [contenteditable]") !== null;
  }

  function press(element) {
    const box = element.matches("summary") ? element.parentElement : null;
    if (!box) {
      element.click();
      return;
    }
    box.open = true;
    box.querySelector("textarea, input:not([type=hidden])")?.focus();
  }

  function walk(step) {
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const row = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
    row?.querySelector("[data-open]")?.focus();
  }

  function tick() {
    const row = rows.find((each) => each.contains(document.activeElement));
    row?.querySelector("[data-tick]")?.click();
  }

  function act(key) {
    const element = document.querySelector(`[data-key~="${CSS.escape(key)}"]`);
    if (element) {
      press(element);
    } else if (key === "?" && help) {
      help.open = !help.open;
      help.querySelector("summary").focus();
    } else if (rows.length && (key === "j" || key === "k")) {
      walk(key === "j" ? 1 : -1);
    } else if (rows.length && key === "x") {
      tick();
    } else {
      return false;
    }
    return true;
  }

  document.querySelector(".desk-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  if (help) {
    help.hidden = false;
    turnedOn.checked = !remembered();
    turnedOn.addEventListener("change", () => remember(!turnedOn.checked));
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("main :is([type=checkbox], [type=radio])")) event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
    if (help && !turnedOn.checked && event.key !== "?") return;
    if (event.key.length === 1 && act(event.key)) event.preventDefault();
  });
})();
