// A Leaflet map over the site's own outline of the world, or over a tile server where one is set.
"use strict";

// Zoom from which county borders are drawn.
const CLOSE = 4;
// Milliseconds of work after which the browser may do something else.
const AT_ONCE = 12;

/**
 * Make a map in `element`. Its data attributes: `base` (address of the TopoJSON outline), `borders` (of county borders
 * and names, or nothing), `tiles` (address template of a tile server or empty). `options` go to L.map. The outline is
 * drawn `after` something that is wanted sooner.
 */
window.baseMap = function (element, options, after = Promise.resolve()) {
  const tiles = element.dataset.tiles;
  const map = L.map(element, {
    minZoom: 2,
    maxZoom: tiles ? 18 : 12,
    worldCopyJump: true,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    ...options,
  });
  map.attributionControl.setPrefix(false);
  if (tiles) {
    L.tileLayer(tiles, { attribution: "© OpenStreetMap", maxZoom: 19 }).addTo(map);
  } else {
    drawOutline(map, element.dataset.base, after);
    if (element.dataset.borders) drawBordersOnceClose(map, element.dataset.borders);
  }
  return map;
};

async function drawOutline(map, address, after) {
  const [response] = await Promise.all([fetch(address), after.then(onScreen)]);
  if (!response.ok) return;
  const topology = await response.json();
  map.attributionControl.addAttribution("Natural Earth");
  const pane = map.createPane("outline");
  pane.classList.add("outline-pane");
  const outline = L.geoJSON(undefined, {
    pane: "outline",
    interactive: false,
    renderer: L.svg({ pane: "outline", padding: 0.2 }),
    style: { className: "outline", weight: 1 },
  }).addTo(map);
  // It is shown once it is whole: to paint it country by country would take many times as long.
  pane.hidden = true;
  await bitByBit(topology.objects.countries.geometries, (shape) => {
    const country = topojson.feature(topology, shape);
    unfold(country.geometry);
    outline.addData(country);
  });
  pane.hidden = false;
}

/** Do something with each item, and let the browser draw and answer in between. */
async function bitByBit(items, use) {
  let pause = performance.now() + AT_ONCE;
  for (const item of items) {
    use(item);
    if (performance.now() < pause) continue;
    await new Promise((done) => setTimeout(done));
    pause = performance.now() + AT_ONCE;
  }
}

/** Wait until all that was drawn so far is on the screen. */
function onScreen() {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}

/** Seen from afar nobody can tell counties apart. */
function drawBordersOnceClose(map, address) {
  const look = () => {
    if (map.getZoom() < CLOSE) return;
    map.off("moveend", look);
    drawBorders(map, address);
  };
  map.on("moveend", look);
  map.whenReady(look);
}

/** The borders of counties, and the names of counties and towns that are worth it at the zoom of the map. */
async function drawBorders(map, address) {
  const response = await fetch(address);
  if (!response.ok) return;
  const topology = await response.json();
  map.createPane("borders").classList.add("borders-pane");
  map.createPane("names").classList.add("names-pane");
  L.geoJSON(topojson.feature(topology, topology.objects.borders), {
    pane: "borders",
    interactive: false,
    renderer: L.svg({ pane: "borders", padding: 0.2 }),
    style: { className: "county-border", weight: 1 },
  }).addTo(map);
  const shown = new Map();
  const follow = () => nameInView(map, topology.names, shown);
  map.on("moveend", follow);
  follow();
}

function nameInView(map, names, shown) {
  const bounds = map.getBounds();
  for (const [text, lat, lng, zoom, kind] of names) {
    const wanted = map.getZoom() >= zoom && bounds.contains([lat, lng]);
    const key = `${kind} ${text}`;
    if (wanted && !shown.has(key)) {
      // The name of a town stands below it: a mark may stand on it.
      const iconAnchor = [60, kind === "town" ? -12 : 8];
      const icon = L.divIcon({ className: `name-on-map name-of-${kind}`, html: text, iconSize: [120, 16], iconAnchor });
      shown.set(key, L.marker([lat, lng], { icon, pane: "names", interactive: false, keyboard: false }).addTo(map));
      shown.get(key).getElement().setAttribute("aria-hidden", "true");
    } else if (!wanted && shown.has(key)) {
      shown.get(key).remove();
      shown.delete(key);
    }
  }
}

/** Make outlines that cross the 180th meridian go on beyond it instead of jumping to the other edge of the map. */
function unfold(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  for (const ring of polygons.flat()) {
    for (let i = 1; i < ring.length; i++) {
      ring[i] = [ring[i][0] + 360 * Math.round((ring[i - 1][0] - ring[i][0]) / 360), ring[i][1]];
    }
    const [first, last] = [ring[0], ring[ring.length - 1]];
    // A ring around a pole does not close: take it along the edge of the map.
    if (Math.abs(last[0] - first[0]) > 1) ring.push([last[0], -90], [first[0], -90]);
  }
}
