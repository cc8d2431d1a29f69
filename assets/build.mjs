// Copies the front-end parts that are served into facilities/static/vendor and makes the offline base map.
// Run after `npm ci --ignore-scripts`.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { baseMap, outline } from "./base_map.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const vendor = join(root, "facilities", "static", "vendor");

const fonts = "@fontsource-variable/atkinson-hyperlegible-next";
const served = {
  "bootstrap-reboot.css": "bootstrap/dist/css/bootstrap-reboot.min.css",
  "htmx.js": "htmx.org/dist/htmx.min.js",
  "leaflet.js": "leaflet/dist/leaflet.js",
  "leaflet.css": "leaflet/dist/leaflet.css",
  "images/layers.png": "leaflet/dist/images/layers.png",
  "images/marker-icon.png": "leaflet/dist/images/marker-icon.png",
  "images/marker-icon-2x.png": "leaflet/dist/images/marker-icon-2x.png",
  "images/marker-shadow.png": "leaflet/dist/images/marker-shadow.png",
  "topojson-client.js": "topojson-client/dist/topojson-client.min.js",
  "fonts/text-latin.woff2": `${fonts}/files/atkinson-hyperlegible-next-latin-wght-normal.woff2`,
  "fonts/text-latin-ext.woff2": `${fonts}/files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2`,
  "licences/typeface.txt": `${fonts}/LICENSE`,
  "licences/bootstrap.txt": "bootstrap/LICENSE",
  "licences/htmx.txt": "htmx.org/LICENSE",
  "licences/leaflet.txt": "leaflet/LICENSE",
  "licences/topojson-client.txt": "topojson-client/LICENSE",
  "licences/world-atlas.txt": "world-atlas/LICENSE",
};

rmSync(vendor, { recursive: true, force: true });
for (const [name, source] of Object.entries(served)) {
  const target = join(vendor, name);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join(root, "node_modules", source), target);
}
writeFileSync(join(vendor, "base_map.json"), JSON.stringify(baseMap()));
writeFileSync(join(vendor, "outline.svg"), outline());
