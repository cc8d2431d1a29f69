// The view that the map begins with, and what it shows. Both are known before there is a map: the question for the
// places is on its way while the browser still reads the scripts that draw them.
"use strict";

(() => {
  // Decimals of degrees in an address: eleven metres.
  const DECIMALS = 4;
  const TILE_PIXELS = 256;
  const NORTHERNMOST = 85.0511287798;
  // Pixels left free around what is to be seen, for the marks and the buttons.
  const ROOM = { left: 56, top: 40, right: 32, bottom: 32 };
  const FARTHEST = 2;
  const CLOSEST = 11;
  const STEP = 0.5;

  const host = document.querySelector("[data-the-map]");
  const element = host.querySelector("[data-map]");
  host.hidden = false;
  document.documentElement.classList.add("with-map");

  const view = named(location.hash) ?? first();

  window.mapView = { named, first, addressOf, areaOf, wrapped, rounded, view, early: ask() };

  /** The question for what the view shows, the promise of its answer, and what withdraws it. */
  function ask() {
    const asked = new AbortController();
    const { href } = addressOf(document.querySelector("[data-map-asks]").dataset.places, edges(view), view.zoom);
    const answer = fetch(href, { signal: asked.signal });
    // Who takes the answer hears if there is none.
    answer.catch(() => {});
    return { address: href, answer, asked };
  }

  /** The view that an address names: #zoom/latitude/longitude. */
  function named(hash) {
    const said = hash.match(/^#(\d+(?:\.5)?)\/(-?[\d.]+)\/(-?[\d.]+)$/);
    return said ? { lat: Number(said[2]), lng: Number(said[3]), zoom: Number(said[1]) } : undefined;
  }

  /** The place that results are to be near to, else what holds nearly all of them. */
  function first() {
    const { bounds, near } = document.querySelector("[data-map-asks]").dataset;
    if (near) {
      const [lat, lng] = near.split(",").map(Number);
      return { lat, lng, zoom: 8 };
    }
    return bounds ? around(...bounds.split(",").map(Number)) : { lat: 60, lng: 15, zoom: 4 };
  }

  /** The closest view that holds a rectangle of degrees and leaves room for what stands at its edges. */
  function around(west, south, east, north) {
    const [left, bottom] = pixels(south, west, 0);
    const [right, top] = pixels(north, east < west ? east + 360 : east, 0);
    const across = (element.clientWidth - ROOM.left - ROOM.right) / (right - left);
    const down = (element.clientHeight - ROOM.top - ROOM.bottom) / (bottom - top);
    const exact = Math.log2(Math.max(Math.min(across, down), 1));
    const zoom = Math.min(Math.max(Math.floor(exact / STEP) * STEP, FARTHEST), CLOSEST);
    const x = (left + right) / 2 + (ROOM.right - ROOM.left) / 2 / 2 ** zoom;
    const y = (top + bottom) / 2 + (ROOM.bottom - ROOM.top) / 2 / 2 ** zoom;
    return { ...degrees(x, y, 0), zoom };
  }

  /** What a view of this size shows: in whole pixels, as Leaflet has it. */
  function edges({ lat, lng, zoom }) {
    const [width, height] = [element.clientWidth, element.clientHeight];
    const [x, y] = pixels(lat, lng, zoom);
    const [left, top] = [Math.round(x - width / 2), Math.round(y - height / 2)];
    const [upper, lower] = [degrees(left, top, zoom), degrees(left + width, top + height, zoom)];
    return { west: upper.lng, south: lower.lat, east: lower.lng, north: upper.lat };
  }

  /** An address with what a map shows: its edges and its zoom. */
  function addressOf(address, shown, zoom) {
    const url = new URL(address, location.href);
    url.searchParams.set("area", areaOf(shown));
    url.searchParams.set("zoom", Math.floor(zoom));
    return url;
  }

  /** West, south, east and north, as addresses say them. */
  function areaOf({ west, south, east, north }) {
    const across = east - west >= 360 ? [-180, 180] : [wrapped(west), wrapped(east)];
    return [across[0], Math.max(south, -90), across[1], Math.min(north, 90)].map(rounded).join(",");
  }

  function rounded(degrees) {
    return degrees.toFixed(DECIMALS);
  }

  function wrapped(longitude) {
    return ((((longitude + 180) % 360) + 360) % 360) - 180;
  }

  /** Mercator's projection, pixels from the upper left corner of the world. */
  function pixels(lat, lng, zoom) {
    const world = TILE_PIXELS * 2 ** zoom;
    const sine = Math.sin((Math.min(Math.max(lat, -NORTHERNMOST), NORTHERNMOST) * Math.PI) / 180);
    return [(lng / 360 + 0.5) * world, (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * world];
  }

  function degrees(x, y, zoom) {
    const world = TILE_PIXELS * 2 ** zoom;
    const lat = (2 * Math.atan(Math.exp((0.5 - y / world) * 2 * Math.PI)) - Math.PI / 2) * (180 / Math.PI);
    return { lat, lng: (x / world - 0.5) * 360 };
  }
})();
