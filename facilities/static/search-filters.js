// Looking among all values of a facet without leaving the results: the link becomes a field, the values come as typed.
"use strict";

(() => {
  const PAUSE = 200;
  let waiting;
  let asked;

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-find]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const field = fieldFor(link);
    link.replaceWith(field);
    field.focus();
    show(field);
  });

  function fieldFor(link) {
    const field = document.createElement("input");
    Object.assign(field, { type: "search", className: "form-control", autocomplete: "off", placeholder: link.textContent });
    field.setAttribute("aria-label", link.textContent);
    field.dataset.values = link.href;
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => show(field), PAUSE);
    });
    // Typing here looks for values; it is no filter yet.
    field.addEventListener("change", (event) => event.stopPropagation());
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
    return field;
  }

  async function show(field) {
    asked?.abort();
    asked = new AbortController();
    try {
      const address = `${field.dataset.values}&facet_q=${encodeURIComponent(field.value)}`;
      const page = await (await fetch(address, { signal: asked.signal })).text();
      const values = new DOMParser().parseFromString(page, "text/html").getElementById("values");
      put(field.closest(".facet"), values);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  // The found values take the place of those that were there; the field stays, and the keyboard in it.
  function put(facet, values) {
    const found = [...values.children].filter((part) => part.tagName !== "LEGEND");
    for (const part of found) if (part.tagName === "P") part.className = "facet-none";
    for (const old of facet.querySelectorAll(".check-list, .facet-more, .facet-none")) old.remove();
    facet.append(...found);
  }
})();
