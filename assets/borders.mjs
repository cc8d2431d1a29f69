// Makes facilities/static/borders.json, the county borders and names of the Nordic countries, from county outlines of
// Natural Earth (public domain), one TopoJSON file to a country:
//
//     node assets/borders.mjs FOLDER
//
// FOLDER holds dnk, fin, isl, nor and swe.topo.json. The file that it makes is kept with the code.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { feature, mesh, quantize } from "topojson-client";
import { topology } from "topojson-server";
import { presimplify, simplify } from "topojson-simplify";

const TARGET = "facilities/static/borders.json";
const TOWNS = "facilities/catalogue/gazetteer/places.tsv";
// Triangle areas in square degrees below which a point of a border is left out.
const DETAIL = 0.001;
const GRID = 6000;
// Zoom from which the name of a county is shown, and of a town with so many people; outside the Nordic countries only
// of LARGE ones.
const COUNTY_ZOOM = 7;
const TOWN_ZOOMS = [[400_000, 5], [120_000, 6], [50_000, 7.5], [20_000, 9]];
const LARGE = 800_000;
// Degrees of latitude around a town within which smaller ones are not named.
const SUBURB = 0.15;
// Counties that have become one since the outlines were drawn, and names that the outlines spell in another way.
const TODAY = {
  "Sør-Trøndelag": "Trøndelag", "Nord-Trøndelag": "Trøndelag", Hordaland: "Vestland", "Sogn og Fjordane": "Vestland",
  "Aust-Agder": "Agder", "Vest-Agder": "Agder", Hedmark: "Innlandet", Oppland: "Innlandet",
  "Reykjavík": "Höfuðborgarsvæðið", "Sjaælland": "Sjælland", Orebro: "Örebro", Lapland: "Lappi",
  "Central Finland": "Keski-Suomi", "Northern Savonia": "Pohjois-Savo", "Northern Ostrobothnia": "Pohjois-Pohjanmaa",
  "Central Ostrobothnia": "Keski-Pohjanmaa", Ostrobothnia: "Pohjanmaa", "Southern Ostrobothnia": "Etelä-Pohjanmaa",
  "Tavastia Proper": "Kanta-Häme", "South Karelia": "Etelä-Karjala", "Southern Savonia": "Etelä-Savo",
  "North Karelia": "Pohjois-Karjala", "Finland Proper": "Varsinais-Suomi",
};

const counties = ["dnk", "fin", "isl", "nor", "swe"].map((country) => read(country));
const lines = counties.flatMap(([outlines, object]) => inner(outlines, object));
const borders = quantize(topology({ borders: { type: "MultiLineString", coordinates: lines } }), GRID);
const names = [...counties.flatMap(([outlines, object]) => countyNames(outlines, object)), ...townNames()];
writeFileSync(TARGET, `${JSON.stringify({ ...borders, names })}\n`);

/** The outlines of a country's counties, simplified, and the object in them that holds the counties. */
function read(country) {
  const outlines = JSON.parse(readFileSync(join(process.argv[2], `${country}.topo.json`)));
  return [simplify(presimplify(outlines), DETAIL), outlines.objects[country]];
}

/** The lines that two counties share. */
function inner(outlines, { type, geometries }) {
  const object = { type, geometries: geometries.filter(({ properties }) => properties.name) };
  return mesh(outlines, object, (one, other) => one !== other && name(one) !== name(other)).coordinates;
}

function name({ properties }) {
  return TODAY[properties.name] ?? properties.name;
}

/** [name, latitude, longitude, zoom, "county"] in the middle of the largest part of each county on the mainland. */
function countyNames(outlines, object) {
  const largest = new Map();
  for (const county of feature(outlines, object).features) {
    const rings = county.geometry.type === "Polygon" ? [county.geometry.coordinates[0]] : county.geometry.coordinates.map(([ring]) => ring);
    for (const ring of rings) {
      const size = Math.abs(area(ring));
      if (size > (largest.get(name(county))?.size ?? 0.02)) largest.set(name(county), { size, ring });
    }
  }
  largest.delete("Bouvet Island");
  largest.delete(null);
  return [...largest].map(([called, { ring }]) => [called, ...middle(ring), COUNTY_ZOOM, "county"]);
}

function area(ring) {
  return ring.slice(1).reduce((sum, [lng, lat], i) => sum + ring[i][0] * lat - lng * ring[i][1], 0) / 2;
}

/** The centre of gravity of a ring: latitude, longitude. */
function middle(ring) {
  const whole = area(ring);
  let [x, y] = [0, 0];
  for (let i = 1; i < ring.length; i += 1) {
    const [[x0, y0], [x1, y1]] = [ring[i - 1], ring[i]];
    const cross = (x0 * y1 - x1 * y0) / (6 * whole);
    x += (x0 + x1) * cross;
    y += (y0 + y1) * cross;
  }
  return [rounded(y), rounded(x)];
}

/** [name, latitude, longitude, zoom, "town"] of the larger towns of the gazetteer. */
function townNames() {
  const rows = readFileSync(TOWNS, "utf8").trim().split("\n").map((line) => line.split("\t"));
  const named = [];
  for (const [called, country, , lat, lng, people] of rows.sort((one, other) => other[5] - one[5])) {
    const nordic = ["SE", "NO", "DK", "FI", "IS"].includes(country);
    const zoom = TOWN_ZOOMS.find(([least]) => Number(people) >= (nordic ? least : LARGE))?.[1];
    const town = [called, rounded(Number(lat)), rounded(Number(lng)), zoom, "town"];
    if (zoom && !named.some((larger) => isNear(larger, town))) named.push(town);
  }
  return named;
}

/** Whether a town is part of a larger one, or so close that their names would lie upon each other. */
function isNear([, lat, lng], [, otherLat, otherLng]) {
  return Math.abs(lat - otherLat) < SUBURB && Math.abs(lng - otherLng) < 2 * SUBURB;
}

function rounded(degrees) {
  return Math.round(degrees * 100) / 100;
}
