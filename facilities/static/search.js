// The results page with scripts: filters apply as they are ticked, only the results are replaced, the keyboard stays
// where it was, and what was folded open stays open.

const wide = window.matchMedia("(min-width: 900px)");
document.documentElement.classList.add("js");

function prepare() {
  const filters = document.querySelector("[data-filters]");
  if (!filters) return;
  if (wide.matches) filters.open = true;
  const close = filters.querySelector("[data-close]");
  close.hidden = false;
  close.addEventListener("click", () => {
    filters.open = false;
    document.getElementById("found").focus();
  });
}

// What the visitor had open and where the keyboard was, as the next results come in.
let open = [];
let focused = "";

function remember() {
  open = [...document.querySelectorAll("#results details[open]")].map((part) => part.dataset.part);
  focused = document.activeElement.id;
}

function restore() {
  for (const part of document.querySelectorAll("#results details")) {
    if (open.includes(part.dataset.part)) part.open = true;
  }
  prepare();
  const found = document.getElementById("found");
  (document.getElementById(focused) ?? found).focus({ preventScroll: true });
  document.querySelector("[data-results-status]").textContent = found.textContent;
}

document.addEventListener("htmx:beforeSwap", remember);
document.addEventListener("htmx:afterSwap", restore);
prepare();
