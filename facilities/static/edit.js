// Forms of a listing: asks before what was typed is left behind, and saves with Ctrl+S.

for (const form of document.querySelectorAll("[data-edit]")) {
  let typed = form.dataset.unsaved === "typed";
  let sending = false;

  form.addEventListener("input", () => {
    typed = true;
  });
  form.addEventListener("edit:changed", () => {
    typed = true;
  });
  form.addEventListener("submit", () => {
    sending = true;
  });
  window.addEventListener("pageshow", () => {
    sending = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed && !sending) {
      event.preventDefault();
    }
  });

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}
