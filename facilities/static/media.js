// A file that is chosen is shown, and one that is too large is said to be before it is sent.
"use strict";

for (const part of document.querySelectorAll("[data-new-file]")) {
  const input = part.querySelector("input[type=file]");
  const preview = part.querySelector("[data-preview]");
  const note = document.createElement("p");
  note.className = "form-error";
  note.setAttribute("role", "alert");
  input.before(note);

  input.addEventListener("change", () => {
    const file = input.files[0];
    const tooLarge = Boolean(file) && file.size > Number(part.dataset.most);
    note.textContent = tooLarge ? part.dataset.tooLarge : "";
    if (tooLarge) input.value = "";
    if (preview) show(file && !tooLarge ? file : null);
  });

  function show(file) {
    preview.hidden = !file;
    if (!file) return;
    const reader = new FileReader();
    reader.onload = () => {
      preview.src = reader.result;
    };
    reader.readAsDataURL(file);
  }
}
