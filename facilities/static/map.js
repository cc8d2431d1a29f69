// The map of what a search finds. The server says what to draw for each view: clusters of places, places with one or
// several listings, and the listings in view, which a page beside the map may show (`map:shown`).
"use strict";

(() => {
  const PAUSE = 120;
  const CLOSEST_WITHOUT_TILES = 14;

  const host = document.querySelector("[data-the-map]");
  const element = host.querySelector("[data-map]");
  const words = element.dataset;
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const { named, first, addressOf, areaOf, wrapped, rounded, view, early } = window.mapView;
  const marks = new Map();
  let map;
  let waiting;
  let asked;

  const asks = () => document.querySelector("[data-map-asks]").dataset;

  start();

  function start() {
    const maxZoom = words.tiles ? 18 : CLOSEST_WITHOUT_TILES;
    const marksStand = new Promise((done) => {
      for (const type of ["map:shown", "map:failed"]) host.addEventListener(type, done, { once: true });
    });
    map = window.baseMap(element, { zoomSnap: 0.5, maxZoom, scrollWheelZoom: !words.embedded }, marksStand);
    show(view);
    map.on("moveend", () => {
      clearTimeout(waiting);
      waiting = setTimeout(refresh, PAUSE);
    });
    document.addEventListener("htmx:afterSwap", otherSearch);
    window.addEventListener("hashchange", () => show(named(location.hash)));
    element.addEventListener("click", followLines);
    element.addEventListener("mouseenter", () => map.scrollWheelZoom.enable(), { once: true });
    const lines = host.querySelector("[data-map-lines]");
    lines.querySelector("button").addEventListener("click", () => hideLines(true));
    showFirst();
    if (words.linesOf) showLines(words.linesOf);
  }

  /** What was asked for before there was a map. If the map has another size by now, its list is not quite right. */
  async function showFirst() {
    asked = early.asked;
    const answer = await take(early.answer);
    if (answer && withView(asks().places).href !== early.address) refresh();
  }

  function show(wanted) {
    if (wanted) map.setView([wanted.lat, wanted.lng], wanted.zoom, { animate: false });
  }

  /** Other filters: the view stays where it shows any of what they find. */
  async function otherSearch() {
    map.closePopup();
    const answer = await refresh();
    if (answer && !answer.here && answer.placed) show(first());
  }

  async function refresh() {
    asked?.abort();
    asked = new AbortController();
    return take(fetch(withView(asks().places), { signal: asked.signal }));
  }

  async function take(response) {
    try {
      const answer = await (await response).json();
      draw(answer);
      keepInAddress();
      return answer;
    } catch (error) {
      if (error.name !== "AbortError") host.dispatchEvent(new CustomEvent("map:failed", { detail: words.failed }));
      return undefined;
    }
  }

  /** An address with what the map shows. */
  function withView(address) {
    return addressOf(address, edges(), map.getZoom());
  }

  function edges() {
    const bounds = map.getBounds();
    return { west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() };
  }

  /** Keep the view in the address, so that it survives a reload and can be passed on. */
  function keepInAddress() {
    const centre = map.getCenter();
    const view = `${map.getZoom()}/${rounded(centre.lat)}/${rounded(wrapped(centre.lng))}`;
    const address = new URL(location.href);
    address.hash = view;
    if (words.linesOf) address.searchParams.set("lines", words.linesOf);
    else address.searchParams.delete("lines");
    if (address.href !== location.href) history.replaceState(history.state, "", address);
    const list = host.querySelector("[data-map-as-list]");
    const share = host.querySelector("[data-map-share]");
    if (list) list.href = also(asks().list, { bbox: areaOf(edges()) });
    if (share) share.href = also(asks().share, { area: areaOf(edges()), view });
  }

  function also(address, pairs) {
    const url = new URL(address, location.href);
    for (const [name, value] of Object.entries(pairs)) url.searchParams.set(name, value);
    return url.href;
  }

  /** Draw what the server says. Marks that stay are left alone, so that keyboard focus stays on them. */
  function draw(answer) {
    const focused = document.activeElement;
    const hadFocus = element.querySelector(".leaflet-marker-pane").contains(focused);
    const wanted = new Map([...rows(answer.clusters), ...rows(answer.places)].map((mark) => [JSON.stringify(mark), mark]));
    for (const [key, mark] of marks) {
      if (wanted.has(key)) continue;
      mark.remove();
      marks.delete(key);
    }
    for (const [key, mark] of wanted) if (!marks.has(key)) marks.set(key, markOf(mark));
    if (hadFocus && !focused.isConnected) element.focus({ preventScroll: true });
    const elements = [...wanted.keys()].map((key) => marks.get(key).getElement());
    host.dispatchEvent(new CustomEvent("map:shown", { detail: { answer, elements, words, numbers } }));
  }

  /** Columns of equal length as one object for each row. */
  function rows(columns) {
    return columns.lat.map((_lat, i) => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]])));
  }

  function markOf(mark) {
    if (mark.closer !== undefined) return clusterMark(mark);
    return mark.number > 1 ? severalMark(mark) : placeMark(mark);
  }

  function clusterMark(mark) {
    const text = numbers.format(mark.number);
    const size = 28 + 5 * Math.floor(Math.log10(mark.number));
    const icon = L.divIcon({ className: "place-group", iconSize: [size, size], html: text });
    return drawMark(mark, icon, words.cluster.replace("{number}", text), () => openCluster(mark));
  }

  /** One place with several listings. */
  function severalMark(mark) {
    const text = numbers.format(mark.number);
    const width = 26 + 7 * (text.length - 1);
    const icon = L.divIcon({ className: `place-several kind-${mark.kind}`, iconSize: [width, 26], html: text });
    const label = words.several.replace("{number}", text).replace("{name}", mark.name);
    return drawMark(mark, icon, label, () => openCard(mark));
  }

  function placeMark(mark) {
    const icon = L.divIcon({ className: `place-mark kind-${mark.kind}`, iconSize: [24, 24], html: picture(mark.kind) });
    return drawMark(mark, icon, mark.name, () => openCard(mark));
  }

  function picture(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${words.icons}#${name}`);
    svg.append(use);
    return svg;
  }

  function drawMark({ lat, lng }, icon, label, open) {
    const mark = L.marker([lat, nearest(lng)], { icon, title: label, riseOnHover: true }).addTo(map).on("click", open);
    mark.on("keydown", ({ originalEvent }) => {
      if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
      originalEvent.preventDefault();
      open();
    });
    mark.getElement().setAttribute("aria-label", label);
    return mark;
  }

  /** A longitude in the copy of the world that the map shows. */
  function nearest(longitude) {
    return longitude + 360 * Math.round((map.getCenter().lng - longitude) / 360);
  }

  /** Go closer until a cluster parts; one that cannot names its listings. */
  function openCluster(mark) {
    if (mark.closer > map.getMaxZoom()) openCard(mark);
    else map.setView([mark.lat, nearest(mark.lng)], Math.max(mark.closer, Math.floor(map.getZoom()) + 1));
  }

  async function openCard(mark) {
    const opener = document.activeElement;
    const url = withView(asks().card);
    url.searchParams.set("at", `${mark.lat},${mark.lng}`);
    const response = await fetch(url);
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const card = page.querySelector(".place-card");
    if (words.embedded) for (const link of card.querySelectorAll("a")) Object.assign(link, { target: "_blank", rel: "noopener" });
    const wide = Math.min(320, map.getSize().x - 72);
    const popup = L.popup({ maxWidth: wide, minWidth: Math.min(240, wide), maxHeight: Math.max(160, map.getSize().y - 120) });
    popup.setLatLng([mark.lat, nearest(mark.lng)]).setContent(card);
    popup.on("remove", () => giveBackFocus(popup, opener));
    popup.openOn(map);
    const box = popup.getElement();
    box.querySelector(".leaflet-popup-close-button").setAttribute("aria-label", words.close);
    box.addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup(popup));
    card.querySelector("h2").focus({ preventScroll: true });
  }

  function giveBackFocus(popup, opener) {
    if (!popup.getElement().contains(document.activeElement)) return;
    const target = opener.isConnected && opener !== document.body ? opener : element;
    target.focus({ preventScroll: true });
  }

  // Lines from an organisation to its sites and facilities.

  let lines;

  function followLines(event) {
    const link = event.target.closest("[data-lines]");
    if (!link || link === element || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    map.closePopup();
    showLines(link.dataset.lines);
  }

  async function showLines(organisation) {
    const response = await fetch(`${words.lines}?lines=${encodeURIComponent(organisation)}`);
    if (!response.ok) return;
    const { start, ends } = await response.json();
    if (!start) return;
    hideLines(false);
    lines = L.layerGroup(ends.map((end) => lineTo(start, end))).addTo(map);
    for (const end of [start, ...ends]) lines.addLayer(endOf(end, end === start));
    words.linesOf = organisation;
    const said = host.querySelector("[data-map-lines]");
    said.querySelector("[data-map-lines-of]").textContent = (
      { 0: words.linesNone, 1: words.linesOne }[ends.length] ?? words.linesSome.replace("{number}", numbers.format(ends.length))
    ).replace("{name}", start[2]);
    said.hidden = false;
    map.fitBounds([start, ...ends].map(([lat, lng]) => [lat, lng]), { padding: [56, 56], maxZoom: 11 });
    keepInAddress();
  }

  function lineTo(start, end) {
    return L.polyline([start.slice(0, 2), end.slice(0, 2)], { className: "map-line", weight: 2, interactive: false });
  }

  function endOf([lat, lng, name, path], isStart) {
    const end = L.circleMarker([lat, lng], { className: "map-line-end", radius: isStart ? 7 : 5, weight: 2 });
    const label = document.createElement(path ? "a" : "span");
    label.textContent = name;
    if (path) label.href = path;
    const tip = document.createElement("span");  // a text: Leaflet would read a string as markup
    tip.textContent = name;
    return end.bindTooltip(tip).bindPopup(label);
  }

  function hideLines(andForget) {
    lines?.remove();
    lines = undefined;
    host.querySelector("[data-map-lines]").hidden = true;
    if (!andForget) return;
    delete words.linesOf;
    keepInAddress();
  }
})();
