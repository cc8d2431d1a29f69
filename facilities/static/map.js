// The map of all places: groups that open, a list that follows the map, a choice of kinds. Works without tiles.
"use strict";

const LONGEST_LIST = 100;
const LONGEST_POPUP = 40;

const page = document.querySelector("[data-places-map]");
const element = page.querySelector("[data-map]");
const list = page.querySelector("[data-map-list]");
const count = page.querySelector("[data-map-count]");
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

/** Take the kinds that are ticked; with none ticked, all. */
function choose() {
  const ticked = new Set([...kinds.querySelectorAll("input:checked")].map((input) => input.value));
  chosen = ticked.size ? places.filter((place) => ticked.has(place.kind)) : places;
  groups = new Supercluster({ radius: 56, maxZoom: map.getMaxZoom() }).load(
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
  const centre = map.getCenter();
  const view = `#${map.getZoom()}/${centre.lat.toFixed(4)}/${centre.lng.toFixed(4)}`;
  if (places.length && location.hash !== view) history.replaceState(null, "", view);
}

/** Draw what is in view. Marks that stay are left alone, so that keyboard focus stays on them. */
function showMarks() {
  const hadFocus = element.querySelector(".leaflet-marker-pane").contains(document.activeElement);
  const bounds = map.getBounds().pad(0.2);
  const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  const wanted = new Map(groups.getClusters(box, Math.round(map.getZoom())).map((found) => [keyOf(found), found]));
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
    const members = groups.getLeaves(found.id, LONGEST_POPUP).map((leaf) => chosen[leaf.properties.i]);
    openPopup(members, found.properties.point_count, at);
  } else {
    map.setView(at, closer);
  }
}

function openPopup(members, total, at) {
  const content = document.createElement("ul");
  content.className = "plain-list";
  for (const place of members) content.append(describe(document.createElement("li"), place));
  if (total > members.length) {
    const rest = document.createElement("li");
    rest.textContent = words.more.replace("{number}", numbers.format(total - members.length));
    content.append(rest);
  }
  L.popup({ maxWidth: 300, minWidth: 200 }).setLatLng(at).setContent(content).openOn(map);
  content.querySelector("a").focus({ preventScroll: true });
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
  list.replaceChildren(...inView.slice(0, LONGEST_LIST).map(listEntry));
  if (inView.length > LONGEST_LIST) {
    const rest = document.createElement("li");
    rest.className = "map-entry small quiet";
    rest.textContent = words.closer.replace("{number}", numbers.format(inView.length - LONGEST_LIST));
    list.append(rest);
  }
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
