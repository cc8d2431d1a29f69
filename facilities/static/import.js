// The page that waits for the worker: the bar moves as rows are done, and the page is read anew when all are.

const place = document.querySelector("[data-progress]");
const bar = place.querySelector("progress");
const words = place.querySelector("[data-progress-words]");
const number = new Intl.NumberFormat(document.documentElement.lang);

async function look() {
  try {
    const answer = await fetch(place.dataset.progress, { headers: { Accept: "application/json" } });
    const now = await answer.json();
    if (!now.at_work) {
      window.location.reload();
      return;
    }
    show(now);
  } catch {
    // The next look may get through.
  }
  window.setTimeout(look, 1000);
}

function show(now) {
  bar.value = now.percent;
  if (!now.of) return;
  words.textContent = words.dataset.words.replace("{done}", number.format(now.done)).replace("{of}", number.format(now.of));
}

look();
