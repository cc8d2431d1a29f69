// A Leaflet map over the site's own outline of the world, or over a tile server where one is set.
"use strict";

/**
 * Make a map in `element`. Its data attributes: `base` (address of the TopoJSON outline), `tiles` (address template of
 * a tile server or empty), `attribution`. `options` go to L.map.
 */
window.baseMap = function (element, options) {
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
    drawOutline(map, element.dataset.base);
  }
  return map;
};

async function drawOutline(map, address) {
  const response = await fetch(address);
  if (!response.ok) return;
  const topology = await response.json();
  const countries = topojson.feature(topology, topology.objects.countries);
  for (const country of countries.features) unfold(country.geometry);
  map.attributionControl.addAttribution("Natural Earth");
  map.createPane("outline").classList.add("outline-pane");
  L.geoJSON(countries, {
    pane: "outline",
    interactive: false,
    renderer: L.svg({ pane: "outline", padding: 0.5 }),
    style: { className: "outline", weight: 1 },
  }).addTo(map);
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
