// Polygons on a globe made into polygons on a flat map: cut at the date line, closed along the pole they go around.

const POLE = 90;

/** The polygons between 180 degrees west and east that cover what `rings` (the outer one first) cover on the globe. */
export function flattened(rings) {
  const unrolled = rings.map(unroll);
  const worlds = [-360, 0, 360].map((shift) => unrolled.map((ring) => clip(ring, shift)).filter((r) => r.length > 3));
  return worlds.filter((pieces) => pieces.length > 0);
}

/** A ring without leaps of longitude; one that goes around a pole is closed along it. */
function unroll(ring) {
  let turn = 0;
  const points = ring.map(([lng, lat], at) => {
    if (at && Math.abs(lng - ring[at - 1][0]) > 180) turn += lng < ring[at - 1][0] ? 360 : -360;
    return [lng + turn, lat];
  });
  if (turn === 0) return points;
  const [first, last] = [points[0], points.at(-1)];
  const pole = Math.sign(first[1]) * POLE;
  return [...points, [last[0], pole], [first[0], pole], first];
}

/** The part of a ring that lies in the world `shift` degrees to the east, moved back to where it is drawn. */
function clip(ring, shift) {
  const moved = ring.map(([lng, lat]) => [lng - shift, lat]);
  return closed(cutAt(cutAt(moved, 180, -1), -180, 1));
}

/** What of a ring lies on one side of the meridian `edge`: to its east with `side` 1, to its west with -1. */
function cutAt(ring, edge, side) {
  const inside = ([lng]) => (lng - edge) * side >= 0;
  const kept = [];
  for (let at = 1; at < ring.length; at += 1) {
    const [from, to] = [ring[at - 1], ring[at]];
    if (inside(from)) kept.push(from);
    if (inside(from) !== inside(to)) kept.push(crossing(from, to, edge));
  }
  return closed(kept);
}

function crossing(from, to, edge) {
  const part = (edge - from[0]) / (to[0] - from[0]);
  return [edge, from[1] + part * (to[1] - from[1])];
}

function closed(ring) {
  if (ring.length === 0) return ring;
  const [first, last] = [ring[0], ring.at(-1)];
  return first[0] === last[0] && first[1] === last[1] ? ring : [...ring, first];
}
