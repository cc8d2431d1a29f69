// Keeps the words on the button true while listings are ticked and unticked.

for (const form of document.querySelectorAll("[data-enquiry-form]")) {
  const button = form.querySelector("[data-labels]");
  const labels = JSON.parse(button.dataset.labels);

  const units = () =>
    new Set(Array.from(form.querySelectorAll("[data-unit]:checked"), (box) => box.dataset.unit));

  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-unit]")) {
      button.textContent = labels[units().size];
    }
  });
}
