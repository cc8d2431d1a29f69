// The list beside the map: what the map shows, in the order of the search; list and marks point at each other.
"use strict";

(() => {
  const host = document.querySelector("[data-the-map]");
  const said = document.querySelector("[data-results-status]");
  const MARKED = "is-pointed-at";
  // [entry, mark] of all that is listed.
  let pairs = [];

  host.addEventListener("map:shown", ({ detail }) => show(detail));
  for (const type of ["mouseover", "mouseout", "focusin", "focusout"]) document.addEventListener(type, point);
  host.addEventListener("map:failed", ({ detail }) => {
    said.textContent = detail;
    const count = document.querySelector("[data-map-count]");
    if (count) count.textContent = detail;
  });

  function show({ answer, elements, words, numbers }) {
    const list = document.querySelector("[data-map-entries]");
    if (!list) return;
    const template = document.querySelector("[data-map-entry]").content.firstElementChild;
    const entries = answer.list.name.map((_name, i) => entry(template, answer.list, i, words.icons));
    pairs = entries.map((each, i) => [each, elements[answer.list.mark[i]]]).filter(([, mark]) => mark);
    list.replaceChildren(...entries);
    tell(answer, entries.length, words, numbers);
  }

  function entry(template, columns, i, icons) {
    const made = template.cloneNode(true);
    made.classList.add(`kind-${columns.kind[i]}`);
    made.querySelector("use").setAttribute("href", `${icons}#${columns.kind[i]}`);
    made.querySelector("svg").setAttribute("aria-label", kindName(columns.kind[i]));
    Object.assign(made.querySelector("a"), { href: columns.path[i], textContent: columns.name[i] });
    made.querySelector(".small").textContent = columns.about[i];
    return made;
  }

  function kindName(kind) {
    return document.querySelector("[data-the-map] [data-map]").dataset[`kind${kind[0].toUpperCase()}${kind.slice(1)}`] ?? kind;
  }

  /** Pointing at an entry or a mark marks the other; the list moves to the first entry of a mark. */
  function point(event) {
    const at = event.target.closest?.(".map-entry, .leaflet-marker-icon");
    const on = event.type === "mouseover" || event.type === "focusin";
    for (const [entry, mark] of pairs) {
      if (entry !== at && mark !== at) continue;
      entry.classList.toggle(MARKED, on);
      mark.classList.toggle(MARKED, on);
    }
    if (on && at && !at.matches(".map-entry")) bringIntoView(pairs.find(([, mark]) => mark === at)?.[0]);
  }

  function bringIntoView(listed) {
    const list = listed?.parentElement;
    if (!list || list.scrollHeight <= list.clientHeight) return;
    const [top, bottom] = [listed.offsetTop - list.offsetTop, listed.offsetTop - list.offsetTop + listed.offsetHeight];
    if (top < list.scrollTop) list.scrollTop = top;
    else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
  }

  function tell(answer, shown, words, numbers) {
    const text = { 0: words.noneHere, 1: words.oneHere }[answer.here] ?? words.here.replace("{number}", numbers.format(answer.here));
    document.querySelector("[data-map-count]").textContent = text;
    said.textContent = text;
    const more = document.querySelector("[data-map-more]");
    more.hidden = shown === answer.here;
    more.textContent = more.dataset.words.replace("{number}", numbers.format(shown));
    document.querySelector("[data-map-empty]").hidden = answer.here > 0;
    document.querySelector("[data-map-pages]").hidden = true;
    const placed = host.querySelector("[data-map-placed]");
    if (placed) placed.textContent = placedText(placed, answer, numbers);
  }

  function placedText(placed, { placed: known, total }, numbers) {
    return placed.dataset.words.replace("{placed}", numbers.format(known)).replace("{total}", numbers.format(total));
  }
})();
