// The offline base map and the outline for small pictures, from Natural Earth's countries at 1:10 million:
// fine around the Nordic countries, coarse elsewhere.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { feature, quantize } from "topojson-client";
import { topology } from "topojson-server";
import { presimplify, simplify } from "topojson-simplify";

import { flattened } from "./flat_rings.mjs";

const NORDIC = { west: -26, south: 53, east: 33, north: 72 };
const EUROPE = { west: -26, south: 34, east: 45, north: 72 };
// Triangle areas in square degrees below which a point is left out: in the Nordic countries, in Europe, elsewhere.
const MAP_DETAIL = [0.0004, 0.005, 0.2];
const OUTLINE_DETAIL = [0.01, 0.08, 0.8];
// Islands smaller than this, in square degrees, are left out, unless they are all there is of a country.
const SMALLEST_ISLAND = [0.0015, 0.03, 0.3];
// Steps of the map's coordinate grid: 0.006 degrees of longitude.
const GRID = 60000;
// Units of the outline per degree of longitude; `facilities/catalogue/overview.py` draws on the same scale.
const SCALE = 20;
// Mercator's projection ends here.
const NORTHERNMOST = 85;

/** A TopoJSON topology whose one object `countries` holds polygons with `id` (ISO 3166-1 numeric) and `name`. */
export function baseMap() {
  return quantize(simplified(MAP_DETAIL), GRID);
}

/** An SVG whose element `land` holds all countries in Mercator's projection, SCALE units to a degree of longitude. */
export function outline() {
  const world = simplified(OUTLINE_DETAIL);
  const polygons = feature(world, world.objects.countries).features.flatMap(({ geometry }) => polygonsOf(geometry));
  const path = polygons.flat().map(ringPath).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg"><path id="land" d="${path}"/></svg>`;
}

function simplified([nordic, europe, elsewhere]) {
  const weighed = presimplify(topology({ countries: flatCountries() }));
  for (const arc of weighed.arcs) {
    for (const point of arc) point[2] *= nordic / at(point, [nordic, europe, elsewhere]);
  }
  return simplify(weighed, nordic);
}

/** The one of three values that holds at a point: in the Nordic countries, in Europe, elsewhere. */
function at([lng, lat], [nordic, europe, elsewhere]) {
  if (within(NORDIC, lng, lat)) return nordic;
  return within(EUROPE, lng, lat) ? europe : elsewhere;
}

function within(box, lng, lat) {
  return lng >= box.west && lng <= box.east && lat >= box.south && lat <= box.north;
}

/** All countries, cut where they cross the date line, as on a flat map. */
function flatCountries() {
  const world = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("world-atlas/countries-10m.json")));
  const countries = feature(world, world.objects.countries);
  for (const country of countries.features) {
    const polygons = polygonsOf(country.geometry).flatMap(flattened);
    country.geometry = { type: "MultiPolygon", coordinates: withoutSpecks(polygons) };
  }
  return countries;
}

function withoutSpecks(polygons) {
  const sized = polygons.map((polygon) => ({ polygon, size: area(polygon[0]) }));
  const largest = Math.max(...sized.map(({ size }) => size));
  const shown = ({ polygon, size }) => size === largest || size >= at(polygon[0][0], SMALLEST_ISLAND);
  return sized.filter(shown).map(({ polygon }) => polygon);
}

/** Of a ring, in square degrees. */
function area(ring) {
  const sum = ring.slice(1).reduce((total, [lng, lat], i) => total + ring[i][0] * lat - lng * ring[i][1], 0);
  return Math.abs(sum) / 2;
}

function polygonsOf({ type, coordinates }) {
  return type === "Polygon" ? [coordinates] : coordinates;
}

/** An SVG path of a ring in whole units, each point relative to the one before; nothing for a speck. */
function ringPath(ring) {
  const points = ring.map(mercator).filter(([x, y], at, all) => !at || x !== all[at - 1][0] || y !== all[at - 1][1]);
  if (points.length < 5) return "";
  const steps = points.slice(1, -1).map(([x, y], at) => [x - points[at][0], y - points[at][1]]);
  return `M${points[0].join(" ")}l${steps.map(([x, y]) => `${x} ${y}`).join(" ").replaceAll(" -", "-")}z`;
}

function mercator([lng, lat]) {
  const shown = Math.max(-NORTHERNMOST, Math.min(NORTHERNMOST, lat));
  const north = (Math.log(Math.tan(Math.PI / 4 + (shown * Math.PI) / 360)) * 180) / Math.PI;
  return [Math.round(lng * SCALE), Math.round(-north * SCALE)];
}
