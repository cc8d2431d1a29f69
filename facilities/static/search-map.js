// The map of the results: marks for places, groups where they are many, a link that searches in what the map shows.
"use strict";

(() => {
  const GROUP_RADIUS = 64;
  const LONGEST_POPUP = 100;
  const PAUSE = 200;
  // Decimals of degrees in an address: eleven metres.
  const DECIMALS = 4;

  let page;
  let element;
  let map;
  let places;
  let near;
  let waiting;
  let first;
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const words = () => page.dataset;

  start();
  document.addEventListener("htmx:afterSwap", start);

  async function start() {
    const found = document.querySelector("[data-search-map]");
    if (!found || found === page) return;
    page = found;
    element = page.querySelector("[data-map]");
    page.hidden = false;
    places = undefined;
    first = true;
    map = window.baseMap(element, { zoomSnap: 0.5 });
    map.setView([60, 15], 4);
    near = L.layerGroup().addTo(map);
    const answer = await ask();
    if (!answer) return;
    showWhere(answer);
    showFirstView(answer);
    take(answer);
    map.on("moveend", moved);
  }

  async function ask() {
    const address = new URL(words().places, location.href);
    const area = edges();
    address.searchParams.set("zoom", Math.floor(map.getZoom()));
    if (!first) address.searchParams.set("area", area);
    try {
      return await (await fetch(address)).json();
    } catch {
      page.querySelector("[data-map-status]").textContent = words().failed;
      return undefined;
    }
  }

  /** West, south, east and north of what the map shows, as addresses say it. */
  function edges() {
    const bounds = map.getBounds();
    const across = Math.min(bounds.getEast() - bounds.getWest(), 360);
    const west = wrapped(bounds.getWest());
    const east = across === 360 ? 180 : wrapped(bounds.getEast());
    return [across === 360 ? -180 : west, Math.max(bounds.getSouth(), -90), east, Math.min(bounds.getNorth(), 90)]
      .map((side) => side.toFixed(DECIMALS))
      .join(",");
  }

  function wrapped(longitude) {
    return ((((longitude + 180) % 360) + 360) % 360) - 180;
  }

  function showWhere({ placed, total }) {
    page.querySelector("[data-map-status]").textContent = words()
      .placed.replace("{placed}", numbers.format(placed))
      .replace("{total}", numbers.format(total));
  }

  /** The area that was searched in, else what holds the results, or the place they are to be near to. */
  function showFirstView({ bounds }) {
    const [west, south, east, north] = (words().area ? words().area.split(",").map(Number) : bounds) || [];
    if (north !== undefined) {
      const unfolded = east < west ? east + 360 : east;
      map.fitBounds([[south, west], [north, unfolded]], { ...room(), maxZoom: 11, animate: false });
    } else if (words().near) {
      map.setView(words().near.split(",").map(Number), 8, { animate: false });
    }
    first = false;
  }

  /** Pixels left free around the results, so that no mark lies under the zoom buttons at the upper left. */
  function room() {
    return words().area ? {} : { paddingTopLeft: [56, 56], paddingBottomRight: [32, 32] };
  }

  function moved() {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, PAUSE);
  }

  async function refresh() {
    const here = page.querySelector("[data-search-here]");
    const address = new URL(words().here, location.href);
    address.searchParams.set("bbox", edges());
    here.href = address;
    here.hidden = false;
    if (places) return draw(groupsHere());
    const answer = await ask();
    if (answer) draw(answer.groups);
  }

  function take(answer) {
    if (answer.groups) {
      ask().then((closer) => closer && draw(closer.groups));
      return;
    }
    places = new Supercluster({ radius: GROUP_RADIUS, extent: 256, maxZoom: map.getMaxZoom() }).load(
      answer.places.map((place) => ({
        type: "Feature",
        geometry: { type: "Point", coordinates: [place[6], place[5]] },
        properties: { place },
      })),
    );
    draw(groupsHere());
  }

  /** [latitude, longitude, number, members or place] of what is in view. */
  function groupsHere() {
    const bounds = map.getBounds().pad(0.2);
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    return places.getClusters(box, Math.floor(map.getZoom())).map(({ id, geometry, properties }) => {
      const [lng, lat] = geometry.coordinates;
      return properties.cluster ? [lat, lng, properties.point_count, id] : [lat, lng, 1, undefined, properties.place];
    });
  }

  function draw(groups) {
    const hadFocus = element.querySelector(".leaflet-marker-pane").contains(document.activeElement);
    near.clearLayers();
    for (const group of groups) near.addLayer(group[4] ? placeMark(group) : groupMark(group));
    if (hadFocus) element.focus({ preventScroll: true });
  }

  function placeMark([lat, lng, , , place]) {
    const icon = L.divIcon({ className: `place-mark kind-${place[1]}`, iconSize: [18, 18] });
    return mark([lat, lng], icon, place[3], () => popup([place], 1, [lat, lng]));
  }

  function groupMark([lat, lng, number, id]) {
    const size = 32 + 6 * Math.floor(Math.log10(number));
    const text = numbers.format(number);
    const icon = L.divIcon({ className: "place-group", iconSize: [size, size], html: text });
    return mark([lat, lng], icon, words().group.replace("{number}", text), () => open([lat, lng], number, id));
  }

  function mark(at, icon, label, act) {
    const made = L.marker(at, { icon, title: label, riseOnHover: true }).on("click", act);
    made.on("add", () => made.getElement().setAttribute("aria-label", label));
    made.on("keydown", ({ originalEvent }) => {
      if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
      originalEvent.preventDefault();
      act();
    });
    return made;
  }

  /** Go closer until a group parts; one at a single address cannot, so its members are listed. */
  function open(at, number, id) {
    const closer = id === undefined ? map.getZoom() + 3 : places.getClusterExpansionZoom(id);
    if (closer <= map.getMaxZoom()) {
      map.setView(at, closer);
    } else if (id !== undefined) {
      popup(places.getLeaves(id, LONGEST_POPUP).map((leaf) => leaf.properties.place), number, at);
    }
  }

  function popup(members, total, at) {
    const content = document.createElement("div");
    if (total > 1) content.append(line("p", words().at.replace("{number}", numbers.format(total)), "popup-head"));
    const list = document.createElement("ul");
    list.className = "plain-list popup-list";
    for (const place of members) list.append(entry(place));
    if (total > members.length) list.append(line("li", words().more.replace("{number}", numbers.format(total - members.length))));
    content.append(list);
    const opener = document.activeElement;
    const shown = L.popup({ maxWidth: Math.min(300, map.getSize().x - 112) }).setLatLng(at).setContent(content);
    shown.on("remove", () => shown.getElement().contains(document.activeElement) && giveBack(opener));
    shown.openOn(map);
    shown.getElement().addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup(shown));
    content.querySelector("a").focus({ preventScroll: true });
  }

  function giveBack(opener) {
    (opener.isConnected && opener !== document.body ? opener : element).focus({ preventScroll: true });
  }

  function entry([, , path, name, organisation]) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    Object.assign(link, { href: path, textContent: name });
    item.append(link);
    if (organisation) item.append(document.createElement("br"), line("span", organisation, "small quiet"));
    return item;
  }

  function line(tag, text, className = "") {
    const made = document.createElement(tag);
    Object.assign(made, { textContent: text, className });
    return made;
  }
})();
