// The results page with scripts: filters apply as they are ticked, only the results are replaced, the keyboard stays
// where it was, what was folded open stays open and what was chosen stays chosen.

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
let chosen = [];

function remember() {
  open = [...document.querySelectorAll("#results details[open][data-part]")].map((part) => part.dataset.part);
  focused = document.activeElement.id;
  const ask = document.getElementById("ask");
  if (ask) chosen = new FormData(ask).getAll("listing");
}

// Ticks the chosen listings among these results; the form keeps those that are not among them.
function chooseAgain() {
  const ask = document.getElementById("ask");
  if (!ask) return;
  for (const listing of chosen) {
    const box = document.querySelector(`.choose [value="${listing}"]`);
    if (box) box.checked = true;
    else ask.append(kept(listing));
  }
}

function kept(listing) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: "listing", value: listing });
  return input;
}

function restore() {
  for (const part of document.querySelectorAll("#results details")) {
    if (open.includes(part.dataset.part)) part.open = true;
  }
  prepare();
  chooseAgain();
  const found = document.getElementById("found");
  (document.getElementById(focused) ?? found).focus({ preventScroll: true });
  document.querySelector("[data-results-status]").textContent = found.textContent;
}

document.addEventListener("htmx:beforeSwap", remember);
document.addEventListener("htmx:afterSwap", restore);
prepare();
