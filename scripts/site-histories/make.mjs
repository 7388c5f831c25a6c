/**
 * Made histories of diggings, seeded: faces that move on, grow, rest, split and grow together, seen through outlines that jitter by the
 * pixel, with quarters that a cloud hid and neighbours from 30 m away. What belongs together is known.
 * In: seed, pixel size. Out: per quarter the patches, each with the place it truly is of and what happened to it.
 */
import { random } from '../fixtures/random.mjs';

const LON = 118;
const LAT = 36;
const M_PER_LON = 90_164;
const M_PER_LAT = 110_958;
const LEAST_GAP_M = 30;
const MOST_GAP_M = 200;
/** Rest of an outline's wobble over its mean radius. */
const WOBBLE = 0.12;

/** Places of each cluster, clusters, quarters. */
const SIZE = { clusters: 14, places: 4, quarters: 12 };

export function makeHistories(seed, pixelM) {
  const next = random(seed);
  const between = (from, to) => from + (to - from) * next();
  const quarters = Array.from({ length: SIZE.quarters }, (_, q) => ({
    quarter: `${2020 + (q >> 2)}Q${(q % 4) + 1}`,
    patches: [],
    joins: [],
  }));
  let named = 0;
  for (let c = 0; c < SIZE.clusters; c++) {
    const middle = { x: c * 4000, y: 0 };
    const places = [];
    for (const [q, { patches, joins }] of quarters.entries()) {
      const hidden = q > 0 && next() < 0.12;
      const shift = { x: between(-0.4, 0.4) * pixelM, y: between(-0.4, 0.4) * pixelM };
      if (places.length < SIZE.places && (q === 0 || next() < 0.3)) begin(places, middle, q);
      if (places.length > 1 && next() < 0.08) joins.push(...join(places, q));
      for (const place of places.filter(({ into }) => into === null)) {
        if (place.joined !== q && place.began !== q) work(place, places, q);
        const seen = place.worked === q && !hidden;
        if (!seen) continue;
        const tags = tagsOf(place, places, q);
        for (const face of place.faces.filter(({ worked }) => worked === q)) {
          for (const outline of outlinesOf(face, place.joined === q ? place.capsule : null)) {
            const cut = outline.length > 1 && face.cut ? ['two pieces'] : [];
            for (const ring of face.cut ? outline : [outline[0]]) {
              const holes = face.cut ? [] : outline.slice(1);
              const geometry = [[ring, ...holes].map((points) => toLonLat(points, shift))];
              patches.push({ place: place.id, tags: [...tags, ...face.tags, ...cut], geometry });
            }
          }
        }
        place.shown = q;
      }
    }
  }
  return quarters;

  function begin(places, middle, q) {
    for (let attempt = 0; attempt < 200; attempt++) {
      const r = between(20, 60);
      const beside = places[Math.floor(next() * places.length)]?.faces[0];
      const angle = between(0, 2 * Math.PI);
      const far = beside ? (beside.r + r) * (1 + WOBBLE) + between(LEAST_GAP_M, MOST_GAP_M) : 0;
      const [x, y] = [(beside ?? middle).x + far * Math.cos(angle), (beside ?? middle).y + far * Math.sin(angle)];
      if (!isFree({ x, y, r }, places, null)) continue;
      const face = { x, y, r, heading: between(0, 2 * Math.PI), worked: q, tags: [], hole: 0, cut: false };
      places.push({
        id: `place ${named++}`,
        faces: [face],
        past: [{ x, y, r }],
        began: q,
        worked: q,
        shown: null,
        joined: null,
        into: null,
      });
      return;
    }
  }

  function work(place, places, q) {
    if (next() < 0.2) return;
    place.worked = q;
    const [only] = place.faces;
    if (place.faces.length === 1 && only.r > 35 && next() < 0.06) {
      const [dx, dy] = [Math.cos(only.heading) * only.r * 0.75, Math.sin(only.heading) * only.r * 0.75];
      const parts = [1, -1].map((side) => ({
        ...only,
        x: only.x + side * dx,
        y: only.y + side * dy,
        r: only.r * 0.55,
        heading: only.heading + (side < 0 ? Math.PI : 0),
      }));
      if (parts.every((part) => isFree(part, places, place))) {
        place.faces = parts.map((part) => ({ ...part, worked: q, tags: ['split'], hole: 0, cut: false }));
        place.past.push(...parts.map(({ x, y, r }) => ({ x, y, r })));
        return;
      }
    }
    for (const face of place.faces) move(face, place, places, q);
  }

  function move(face, place, places, q) {
    const rest = { tags: ['stay'], hole: 0, cut: next() < 0.06, worked: q };
    const dice = next();
    if (dice < 0.15 && face.r < 90) {
      const r = face.r * 1.4;
      if (isFree({ ...face, r }, places, place))
        Object.assign(face, rest, { hole: face.r, r, tags: ['rim'], cut: false });
      else Object.assign(face, rest);
    } else if (dice < 0.85) {
      const step = between(0.1, 1.2) * face.r;
      const heading = face.heading + between(-0.6, 0.6);
      const to = {
        x: face.x + step * Math.cos(heading),
        y: face.y + step * Math.sin(heading),
        r: Math.min(110, Math.max(18, face.r * between(0.85, 1.2))),
      };
      if (isFree(to, places, place)) Object.assign(face, rest, to, { heading, tags: ['drift'] });
      else Object.assign(face, rest, { heading: heading + 2 });
    } else Object.assign(face, rest);
    place.past.push({ x: face.x, y: face.y, r: face.r });
  }

  /** Two near places grow together: one outline around both last faces. */
  function join(places, q) {
    const open = places.filter(({ into, faces, began }) => into === null && faces.length === 1 && began < q);
    for (const a of open) {
      const b = open.find(
        (one) => one !== a && distance(one.faces[0], a.faces[0]) < a.faces[0].r + one.faces[0].r + 120,
      );
      if (!b) continue;
      const [fa, fb] = [a.faces[0], b.faces[0]];
      const steps = Array.from({ length: 9 }, (_, i) => ({
        x: fa.x + ((fb.x - fa.x) * i) / 8,
        y: fa.y + ((fb.y - fa.y) * i) / 8,
        r: Math.max(fa.r, fb.r),
      }));
      const others = places.filter((place) => place !== b);
      if (!steps.every((step) => isFree(step, others, a))) continue;
      b.into = a.id;
      a.past.push(...b.past, ...steps);
      a.capsule = [fa, fb].map(({ x, y, r }) => ({ x, y, r }));
      const mean = steps[4];
      Object.assign(a, { joined: q, worked: q });
      a.faces = [{ ...fa, ...mean, worked: q, tags: ['grown together'], hole: 0, cut: false }];
      return [{ place: b.id, into: a.id }];
    }
    return [];
  }

  function tagsOf(place, places, q) {
    const tags = [];
    if (place.shown === null) tags.push('begins');
    else if (q - place.shown > 1) tags.push('after a gap');
    const near = places.some(
      (other) => other !== place && other.into === null && gap(place.faces[0], other.faces[0]) < 60,
    );
    if (near) tags.push('neighbour within 60 m');
    return tags;
  }

  /** Of one face: one polygon with or without a hole, or the two pieces of a cut one. */
  function outlinesOf(face, capsule) {
    const points = capsule ? capsule.flatMap(circle) : circle(face);
    const ring = jittered(capsule ? hullOf(points) : points);
    if (face.hole > 0) return [[ring, jittered(circle({ ...face, r: face.hole * 0.95 })).reverse()]];
    if (!face.cut) return [[ring]];
    const width = between(5, 11);
    const side = (sign) => ring.map(([x, y]) => [sign * Math.max(width / 2, sign * (x - face.x)) + face.x, y]);
    return [[side(1), side(-1)]];
  }

  function circle({ x, y, r }) {
    const phase = between(0, 2 * Math.PI);
    return Array.from({ length: 20 }, (_, i) => {
      const angle = (i / 20) * 2 * Math.PI;
      const radius = r * (1 + WOBBLE * Math.sin(3 * angle + phase) * 0.7 + WOBBLE * between(-0.3, 0.3));
      return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
    });
  }

  function jittered(points) {
    return points.map(([x, y]) => [x + between(-0.5, 0.5) * pixelM, y + between(-0.5, 0.5) * pixelM]);
  }
}

const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
const gap = (a, b) => distance(a, b) - (a.r + b.r) * (1 + WOBBLE);

/** At least 30 m from all ground that another place ever had. */
function isFree(face, places, own) {
  return places.every((place) => place === own || place.past.every((past) => gap(face, past) >= LEAST_GAP_M));
}

function hullOf(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turn = ([ax, ay], [bx, by], [cx, cy]) => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  const chain = (list) => {
    const out = [];
    for (const point of list) {
      while (out.length > 1 && turn(out.at(-2), out.at(-1), point) <= 0) out.pop();
      out.push(point);
    }
    return out.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

function toLonLat(points, shift) {
  const ring = points.map(([x, y]) => [
    Math.round((LON + (x + shift.x) / M_PER_LON) * 1e9) / 1e9,
    Math.round((LAT + (y + shift.y) / M_PER_LAT) * 1e9) / 1e9,
  ]);
  return [...ring, ring[0]];
}
