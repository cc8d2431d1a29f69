// The small map of a listing: loaded only when the visitor comes near it. Without it, the address stands alone.
"use strict";

for (const element of document.querySelectorAll("[data-place-map]")) {
  element.hidden = false;
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    showPlace(element);
  }, { rootMargin: "300px" });
  seen.observe(element);
}

async function showPlace(element) {
  for (const address of element.dataset.scripts.split(" ")) await load(address);
  const { lat, lng, kind, label, town, tiles } = element.dataset;
  element.replaceChildren();
  const map = window.baseMap(element, { scrollWheelZoom: false, maxZoom: tiles ? 18 : 10 });
  map.setView([lat, lng], tiles ? 14 : 7);
  const icon = L.divIcon({ className: `place-mark kind-${kind}`, iconSize: [20, 20] });
  const sites = JSON.parse(element.dataset.sites || "[]");
  const mark = L.marker([lat, lng], { icon, alt: label, title: label, keyboard: false, interactive: false }).addTo(map);
  const name = document.createElement("span");
  name.textContent = town;
  if (town) mark.bindTooltip(name, { permanent: true, direction: "right", offset: [10, 0], className: "place-name" });
  for (const site of sites) showSite(map, site, [lat, lng], kind);
  if (sites.length) map.fitBounds([[lat, lng], ...sites.map((site) => [site.lat, site.lng])], { padding: [48, 48] });
}

// Another place of the same organisation: a smaller mark, tied to the first one by a line.
function showSite(map, site, home, kind) {
  L.polyline([home, [site.lat, site.lng]], { className: "site-line", weight: 1.5, interactive: false }).addTo(map);
  const icon = L.divIcon({ className: `place-mark site-mark kind-${kind}`, iconSize: [14, 14] });
  const mark = L.marker([site.lat, site.lng], { icon, alt: site.name, keyboard: false, interactive: false }).addTo(map);
  const name = document.createElement("span");
  name.textContent = site.name;
  mark.bindTooltip(name, { permanent: true, direction: "right", offset: [8, 0], className: "place-name" });
}

function load(address) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
}
