// Choosing a place: towns and addresses as one types, and a pin on a map. Without it, the button asks the server.
"use strict";

const SOON = 200;
const STEP = 12;
const WIDE_STEP = 60;
const loaded = new Map();

for (const element of document.querySelectorAll("[data-place-picker]")) pickPlace(element);

function pickPlace(element) {
  const words = element.dataset;
  const input = element.querySelector("[data-place-q]");
  const found = element.querySelector("[data-place-found]");
  const status = element.querySelector("[data-place-status]");
  const [lat, lng] = [fieldOf("lat"), fieldOf("lng")];
  let map;
  let pin;
  let asked = 0;
  let timer;

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, SOON);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && !found.hidden) {
      event.preventDefault();
      found.querySelector("button").focus();
    }
    if (event.key !== "Enter") return;
    event.preventDefault();
    look();
  });
  found.addEventListener("keydown", walk);
  element.querySelector("[data-look-up]").addEventListener("click", (event) => {
    event.preventDefault();
    look();
  });
  for (const coordinate of [lat, lng]) coordinate.addEventListener("change", () => showPin(true));
  whenNear(element, showMap);

  function fieldOf(name) {
    return document.getElementById(words[`${name}Id`]);
  }

  async function look() {
    clearTimeout(timer);
    const text = input.value.trim();
    const turn = ++asked;
    if (text.length < 2) return list([]);
    const answer = await fetch(`${words.places}?q=${encodeURIComponent(text)}`);
    if (!answer.ok || turn !== asked) return;
    const { places } = await answer.json();
    status.textContent = places.length ? "" : words.nothing;
    list(places);
  }

  function list(places) {
    found.replaceChildren(...places.map(entry));
    found.hidden = !places.length;
  }

  function entry(place) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = place.label;
    button.addEventListener("click", () => choose(place));
    item.append(button);
    return item;
  }

  /** Up and down through what was found, Escape back to the box. */
  function walk(event) {
    const buttons = [...found.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (event.key === "Escape") list([]);
    if (to === undefined && event.key !== "Escape") return;
    event.preventDefault();
    (buttons[to] || input).focus();
  }

  function choose(place) {
    for (const [name, value] of Object.entries(place.fields)) {
      const control = fieldOf(name.replace(/_(\w)/g, (_all, letter) => letter.toUpperCase()));
      if (!control) continue;
      control.value = value;
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
    list([]);
    status.textContent = words.filled.replace("{place}", place.label);
    showPin(true);
    input.focus();
  }

  async function showMap() {
    const box = element.querySelector("[data-place-picker-map]");
    Object.assign(box.dataset, { tiles: words.tiles, base: words.base });
    for (const address of words.scripts.split(" ")) await load(address);
    map = window.baseMap(box, { scrollWheelZoom: false, maxZoom: words.tiles ? 18 : 14, keyboard: false });
    map.setView([60, 15], 3);
    map.on("click", ({ latlng }) => put(latlng.wrap()));
    if (!words.tiles) nameTowns();
    showPin(true);
  }

  /** Without tiles, the names of the larger towns say where one is. */
  function nameTowns() {
    const names = L.layerGroup().addTo(map);
    map.attributionControl.addAttribution("GeoNames");
    map.on("moveend", async () => {
      const bounds = map.getBounds();
      const box = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()].map((at) => at.toFixed(3));
      const answer = await fetch(`${words.places}/within?box=${box}`);
      if (!answer.ok) return;
      const { towns } = await answer.json();
      names.clearLayers();
      const drawn = [];
      for (const town of towns) {
        const at = map.latLngToContainerPoint([town.lat, town.lng]);
        if (drawn.some((other) => Math.abs(other.x - at.x) < 96 && Math.abs(other.y - at.y) < 24)) continue;
        drawn.push(at);
        const name = document.createElement("span");
        name.textContent = town.name;
        const icon = L.divIcon({ className: "town-name", html: name, iconSize: [8, 8] });
        L.marker([town.lat, town.lng], { icon, interactive: false, keyboard: false }).addTo(names);
      }
    });
  }

  /** Draw the pin where the coordinates say; without any there is none. */
  function showPin(move) {
    const at = [lat, lng].map((control) => Number.parseFloat(control.value.replace(",", ".")));
    const known = at.every(Number.isFinite) && Math.abs(at[0]) <= 90 && Math.abs(at[1]) <= 180;
    if (!map) return;
    if (!known) {
      pin?.remove();
      pin = undefined;
      return;
    }
    pin ? pin.setLatLng(at) : makePin(at);
    if (move) map.setView(at, Math.max(map.getZoom(), words.tiles ? 13 : 9), { animate: false });
  }

  function makePin(at) {
    const icon = L.divIcon({ className: "place-pin", iconSize: [28, 36], iconAnchor: [14, 36] });
    pin = L.marker(at, { icon, draggable: true, title: words.pin }).addTo(map);
    pin.on("dragend", () => put(pin.getLatLng().wrap()));
    const mark = pin.getElement();
    mark.setAttribute("aria-label", words.pin);
    mark.addEventListener("keydown", nudge);
  }

  function nudge(event) {
    const way = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? WIDE_STEP : STEP;
    const point = map.latLngToLayerPoint(pin.getLatLng()).add(L.point(way).multiplyBy(step));
    put(map.layerPointToLatLng(point).wrap());
    map.panInside(pin.getLatLng(), { padding: [40, 40], animate: false });
  }

  /** Write where the pin now stands, to about ten metres. */
  function put(latlng) {
    lat.value = latlng.lat.toFixed(4);
    lng.value = latlng.lng.toFixed(4);
    for (const control of [lat, lng]) control.dispatchEvent(new Event("input", { bubbles: true }));
    status.textContent = words.moved.replace("{lat}", lat.value).replace("{lng}", lng.value);
    showPin(false);
  }
}

function whenNear(element, act) {
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    act();
  }, { rootMargin: "300px" });
  seen.observe(element);
}

/** Run a script once, however many places are chosen on the page. */
function load(address) {
  if (!loaded.has(address)) loaded.set(address, new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  }));
  return loaded.get(address);
}
