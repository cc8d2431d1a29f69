/* Suggestions under a box while something is typed in it. A form with data-suggest, the address that is asked, gets
   them for its first text box: a combobox with a list (ARIA Authoring Practices). Arrow keys mark a suggestion, Enter
   takes it, Escape closes the list; what the list holds is told to screen readers. Without scripts it is a plain form.

   A technique or a search of others is put into the box and sent with the rest of the form; everything else has an
   address of its own. With data-suggest-into the box is only filled, and the field of that name gets the slug. A part
   of a form can have data-suggest too, for its own box; with data-suggest-fills the box is only filled. */

(() => {
  "use strict";

  const WAIT = 120;
  const SHORTEST = 2;
  const FILLED_IN = ["technique", "popular"];

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function line(suggestion, id) {
    const words = element("span", { class: "suggest-text" }, suggestion.text);
    if (suggestion.found) words.append(" ", element("span", { class: "suggest-found" }, suggestion.found));
    const about = [suggestion.note, suggestion.label].filter(Boolean).join(" · ");
    return element("li", { id, role: "option", "aria-selected": "false" }, words, " ",
      element("span", { class: "suggest-about" }, about));
  }

  const prepared = new WeakSet();

  function suggestFor(holder) {
    const { suggest, suggestLabel, suggestSome, suggestNone, suggestInto, suggestFills } = holder.dataset;
    const form = holder.closest("form");
    const box = holder.querySelector("input[type=search], input[type=text], input:not([type])");
    const list = element("ul", { id: `${box.id}-suggestions`, class: "suggest", role: "listbox", "aria-label": suggestLabel });
    const status = element("p", { class: "visually-hidden", role: "status" });
    let found = [];
    let marked = -1;
    let timer = 0;
    let asking = null;

    list.hidden = true;
    (holder.querySelector("[data-suggest-here]") ?? holder).append(list, status);
    for (const [name, value] of Object.entries({
      role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": list.id,
    })) box.setAttribute(name, value);

    function close() {
      clearTimeout(timer);
      asking?.abort();
      list.hidden = true;
      marked = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    }

    function mark(number) {
      marked = number;
      [...list.children].forEach((each, i) => each.setAttribute("aria-selected", String(i === number)));
      if (number < 0) {
        box.removeAttribute("aria-activedescendant");
        return;
      }
      box.setAttribute("aria-activedescendant", list.children[number].id);
      list.children[number].scrollIntoView({ block: "nearest" });
    }

    function take(suggestion) {
      close();
      if (suggestFills !== undefined) {
        box.value = suggestion.text;
        box.dispatchEvent(new Event("change", { bubbles: true }));
      } else if (suggestInto) {
        box.value = suggestion.text;
        form.elements[suggestInto].value = suggestion.slug;
        form.requestSubmit();
      } else if (FILLED_IN.includes(suggestion.kind) && form.action.endsWith("/search")) {
        box.value = suggestion.text;
        form.requestSubmit();
      } else {
        /* In a network's part of the site searches stay there. */
        const stays = suggestion.url.startsWith("/search?") && form?.action.endsWith("/search");
        window.location.assign(stays ? form.action + suggestion.url.slice("/search".length) : suggestion.url);
      }
    }

    function show(suggestions) {
      /* An answer that comes late leaves the mark on what has been chosen meanwhile, if it is still there. */
      const chosen = marked >= 0 ? found[marked] : null;
      found = suggestions;
      list.replaceChildren(...found.map((each, i) => line(each, `${list.id}-${i}`)));
      list.hidden = found.length === 0;
      box.setAttribute("aria-expanded", String(found.length > 0));
      status.textContent = found.length ? suggestSome.replace("{number}", found.length) : suggestNone;
      mark(chosen ? found.findIndex((each) => each.kind === chosen.kind && each.text === chosen.text) : -1);
    }

    async function ask() {
      const typed = box.value.trim();
      asking?.abort();
      if (typed.length < SHORTEST) {
        close();
        return;
      }
      asking = new AbortController();
      try {
        const address = new URL(suggest, window.location.href);
        address.searchParams.set("q", typed);
        const answer = await fetch(address, { signal: asking.signal });
        if (answer.ok && document.activeElement === box) show((await answer.json()).suggestions);
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    }

    function walk(step) {
      const count = found.length;
      if (list.hidden) {
        if (count) show(found);
        else ask();
      } else {
        /* One place more than there are suggestions: none marked, the box itself. */
        const places = count + 1;
        mark(((marked + 1 + step + places) % places) - 1);
      }
    }

    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    box.addEventListener("blur", close);
    form.addEventListener("submit", close);
    list.addEventListener("pointerdown", (event) => {
      const number = [...list.children].indexOf(event.target.closest("[role=option]"));
      event.preventDefault();
      if (number >= 0 && event.button === 0) take(found[number]);
    });
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowDown") walk(1);
      else if (event.key === "ArrowUp") walk(-1);
      else if (event.key === "Enter" && marked >= 0) take(found[marked]);
      else if (event.key === "Escape" && !list.hidden) close();
      else return;
      event.preventDefault();
    });
  }

  function prepare() {
    for (const holder of document.querySelectorAll("[data-suggest]")) {
      if (prepared.has(holder)) continue;
      prepared.add(holder);
      suggestFor(holder);
    }
  }

  prepare();
  document.addEventListener("htmx:afterSwap", prepare);
})();
