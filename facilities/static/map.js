// The map of all places: groups that open, a list that follows the map, a choice of kinds. Works without tiles.
"use strict";

const LONGEST_LIST = 100;
const LONGEST_POPUP = 200;
// Pixels of the map within which places become one group; more than the widest mark.
const GROUP_RADIUS = 80;

const page = document.querySelector("[data-places-map]");
const element = page.querySelector("[data-map]");
const list = page.querySelector("[data-map-list]");
const count = page.querySelector("[data-map-count]");
const outside = page.querySelector("[data-map-outside]");
const kinds = document.querySelector("[data-map-kinds]");
const words = page.dataset;
const asked = location.hash;
const numbers = new Intl.NumberFormat(document.documentElement.lang);

let map;
let places = [];
let chosen = [];
let groups;
const marks = new Map();

start();

async function start() {
  tickKinds(new URLSearchParams(location.search).getAll("kind"));
  page.hidden = false;
  kinds.hidden = false;
  map = window.baseMap(element, { zoomSnap: 0.5 });
  map.setView([60, 15], 4);
  try {
    places = unpack(await (await fetch(words.places)).json());
  } catch {
    count.textContent = words.failed;
    return;
  }
  showFirstView();
  map.on("moveend", refresh);
  kinds.addEventListener("change", choose);
  outside.querySelector("button").addEventListener("click", showAll);
  choose();
}

/** The columns of places.json as one object per place, in the order of their names. */
function unpack(columns) {
  const collator = new Intl.Collator(document.documentElement.lang);
  return columns.id
    .map((id, i) => ({
      name: columns.name[i],
      path: `/${columns.kinds[columns.kind[i]]}/${id}`,
      kind: columns.kind_names[columns.kind[i]],
      organisation: columns.organisations[columns.organisation[i]] || "",
      lat: columns.lat[i],
      lng: columns.lng[i],
    }))
    .sort((a, b) => collator.compare(a.name, b.name));
}

function tickKinds(named) {
  for (const input of kinds.querySelectorAll("input")) input.checked = named.includes(input.value);
}

/** Take the kinds that are ticked; with none ticked, all. */
function choose() {
  const ticked = new Set([...kinds.querySelectorAll("input:checked")].map((input) => input.value));
  chosen = ticked.size ? places.filter((place) => ticked.has(place.kind)) : places;
  groups = new Supercluster({ radius: GROUP_RADIUS, extent: 256, maxZoom: map.getMaxZoom() }).load(
    chosen.map((place, i) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [place.lng, place.lat] },
      properties: { i },
    })),
  );
  for (const mark of marks.values()) mark.remove();
  marks.clear();
  refresh();
}

/** The view the address names, else the one that holds all places but the few that lie far off. */
function showFirstView() {
  const named = asked.match(/^#(\d+(?:\.5)?)\/(-?[\d.]+)\/(-?[\d.]+)$/);
  if (named) {
    map.setView([Number(named[2]), Number(named[3])], Number(named[1]), { animate: false });
  } else if (places.length) {
    const [south, north] = middle(places.map((place) => place.lat));
    const [west, east] = middle(places.map((place) => place.lng));
    map.fitBounds([[south, west], [north, east]], { padding: [32, 32], maxZoom: 8, animate: false });
  }
}

/** The values between which 96 of 100 lie. */
function middle(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
  return [at(0.02), at(0.98)];
}

function refresh() {
  showMarks();
  showList();
  if (places.length) keepInAddress();
}

/** Keep the view and the chosen kinds in the address, so that they survive a reload and can be passed on. */
function keepInAddress() {
  const centre = map.getCenter();
  const address = new URL(location.href);
  address.searchParams.delete("kind");
  for (const input of kinds.querySelectorAll("input:checked")) address.searchParams.append("kind", input.value);
  address.hash = `${map.getZoom()}/${centre.lat.toFixed(4)}/${centre.lng.toFixed(4)}`;
  if (address.href !== location.href) history.replaceState(null, "", address);
}

/** Draw what is in view. Marks that stay are left alone, so that keyboard focus stays on them. */
function showMarks() {
  const hadFocus = element.querySelector(".leaflet-marker-pane").contains(document.activeElement);
  const bounds = map.getBounds().pad(0.2);
  const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  const wanted = new Map(groups.getClusters(box, Math.floor(map.getZoom())).map((found) => [keyOf(found), found]));
  for (const [key, mark] of marks) {
    if (!wanted.has(key)) {
      mark.remove();
      marks.delete(key);
    }
  }
  for (const [key, found] of wanted) {
    if (!marks.has(key)) marks.set(key, found.properties.cluster ? groupMark(found) : placeMark(chosen[found.properties.i]));
  }
  if (hadFocus && !element.contains(document.activeElement)) element.focus({ preventScroll: true });
}

function keyOf(found) {
  return found.properties.cluster ? `group ${found.id}` : `place ${found.properties.i}`;
}

function placeMark(place) {
  const icon = L.divIcon({ className: `place-mark kind-${place.kind}`, iconSize: [18, 18] });
  return drawMark([place.lat, place.lng], icon, place.name, () => openPopup([place], 1, [place.lat, place.lng]));
}

function groupMark(found) {
  const [lng, lat] = found.geometry.coordinates;
  const size = 28 + 6 * Math.floor(Math.log10(found.properties.point_count)) + 4;
  const text = numbers.format(found.properties.point_count);
  const icon = L.divIcon({ className: "place-group", iconSize: [size, size], html: text });
  return drawMark([lat, lng], icon, words.group.replace("{number}", text), () => openGroup(found, [lat, lng]));
}

function drawMark(at, icon, label, open) {
  const mark = L.marker(at, { icon, title: label, riseOnHover: true }).addTo(map).on("click", open);
  mark.on("keydown", ({ originalEvent }) => {
    if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
    originalEvent.preventDefault();
    open();
  });
  mark.getElement().setAttribute("aria-label", label);
  return mark;
}

/** Go closer until the group parts; a group at one address cannot, so its members are listed. */
function openGroup(found, at) {
  const closer = groups.getClusterExpansionZoom(found.id);
  if (closer > map.getMaxZoom()) {
    const members = groups.getLeaves(found.id, Infinity).map((leaf) => leaf.properties.i);
    const byName = members.sort((a, b) => a - b).slice(0, LONGEST_POPUP);
    openPopup(byName.map((i) => chosen[i]), members.length, at);
  } else {
    map.setView(at, closer);
  }
}

/** Open a popup that names places. It takes the keyboard focus, and gives it back when it closes. */
function openPopup(members, total, at) {
  const opener = document.activeElement;
  const content = document.createElement("div");
  if (total > 1) {
    const head = document.createElement("p");
    head.className = "popup-head";
    head.textContent = words.here.replace("{number}", numbers.format(total));
    content.append(head);
  }
  content.append(popupList(members, total));
  const popup = L.popup(popupShape()).setLatLng(at).setContent(content);
  popup.on("remove", () => giveBackFocus(popup, opener));
  popup.openOn(map);
  popup.getElement().addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup(popup);
  });
  content.querySelector("a").focus({ preventScroll: true });
}

/** As wide as the map leaves room for beside its buttons. */
function popupShape() {
  const maxWidth = Math.min(300, map.getSize().x - 112);
  return { maxWidth, minWidth: Math.min(220, maxWidth), autoPanPaddingTopLeft: [52, 8] };
}

function giveBackFocus(popup, opener) {
  if (!popup.getElement().contains(document.activeElement)) return;
  const target = opener.isConnected && opener !== document.body ? opener : element;
  target.focus({ preventScroll: true });
}

function popupList(members, total) {
  const entries = document.createElement("ul");
  entries.className = "plain-list popup-list";
  for (const place of members) entries.append(describe(document.createElement("li"), place));
  if (total > members.length) {
    const rest = document.createElement("li");
    rest.textContent = words.more.replace("{number}", numbers.format(total - members.length));
    entries.append(rest);
  }
  return entries;
}

function describe(entry, place) {
  const text = document.createElement("span");
  const link = document.createElement("a");
  link.href = place.path;
  link.textContent = place.name;
  const below = document.createElement("span");
  below.className = "small quiet";
  below.textContent = [kindName(place.kind), place.organisation].filter(Boolean).join(" · ");
  text.append(link, document.createElement("br"), below);
  entry.append(text);
  return entry;
}

function showList() {
  const bounds = map.getBounds();
  const inView = chosen.filter((place) => bounds.contains([place.lat, place.lng]));
  count.textContent = words.inView
    .replace("{number}", numbers.format(inView.length))
    .replace("{total}", numbers.format(chosen.length));
  showOutside(chosen.length - inView.length);
  list.replaceChildren(...inView.slice(0, LONGEST_LIST).map(listEntry));
  if (inView.length > LONGEST_LIST) {
    const rest = document.createElement("li");
    rest.className = "map-entry small quiet";
    rest.textContent = words.closer.replace("{number}", numbers.format(inView.length - LONGEST_LIST));
    list.append(rest);
  }
}

/** Say how many of the chosen listings the map does not show. */
function showOutside(number) {
  outside.hidden = number === 0;
  const text = number === 1 ? words.oneOutside : words.outside.replace("{number}", numbers.format(number));
  outside.replaceChildren(`${text} `, outside.querySelector("button"));
}

function showAll() {
  map.fitBounds(L.latLngBounds(chosen.map((place) => [place.lat, place.lng])), { padding: [32, 32], maxZoom: 8 });
  list.focus({ preventScroll: true });
}

function listEntry(place) {
  const entry = document.createElement("li");
  entry.className = `map-entry kind-${place.kind}`;
  entry.append(picture(place.kind));
  describe(entry, place);
  const button = document.createElement("button");
  button.type = "button";
  button.title = words.show;
  button.setAttribute("aria-label", `${words.show}: ${place.name}`);
  button.append(picture("place"));
  button.addEventListener("click", () => showOnMap(place));
  entry.append(button);
  return entry;
}

function showOnMap(place) {
  const at = [place.lat, place.lng];
  map.once("moveend", () => openPopup([place], 1, at));
  map.setView(at, Math.max(map.getZoom(), Math.min(map.getMaxZoom(), 10)), { animate: false });
}

function picture(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${words.icons}#${name}`);
  svg.append(use);
  return svg;
}

function kindName(kind) {
  return kinds.querySelector(`input[value="${kind}"]`).dataset.label;
}
