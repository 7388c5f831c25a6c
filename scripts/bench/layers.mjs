/**
 * layers: made patches and licences for the overlay: blobs of 24 to 119 corners and .2 to 20 ha (every third near a licence), and
 * licences of 40 corners and 20 to 400 ha, over a square of 400 km. Seeded: the same numbers give the same layers.
 * Corners in the 3° Gauss–Krüger plane of 120°E (EPSG:4549), to the centimetre.
 */
export const EPSG = 4549;
export const MERIDIAN = 120;
const SIDE_M = 400_000;
/** Middle of the square. */
const [EAST, NORTH] = [500_000, 4_200_000];
const LICENCE_CORNERS = 40;

/** Numbers from 0 to 1 (linear congruential generator of Numerical Recipes) and normal ones from them (Box and Muller). */
function randomOf(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const between = (low, high) => low + uniform() * (high - low);
  const normal = (sigma) => sigma * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { between, normal };
}

/** One closed ring. */
function blob({ between, normal }, x, y, areaHa, corners) {
  const waves = [2, 3, 4, 5, 6, 7].map((order) => ({ order, size: normal(0.28 / order), at: between(0, 6.3) }));
  const radius = Math.sqrt((areaHa * 1e4) / Math.PI);
  const ring = Array.from({ length: corners }, (_, k) => {
    const angle = (2 * Math.PI * k) / corners;
    const sum = waves.reduce((total, { order, size, at }) => total + size * Math.cos(order * angle + at), 1);
    const r = radius * Math.min(1.9, Math.max(0.4, sum));
    return [cents(x + r * Math.cos(angle)), cents(y + r * Math.sin(angle))];
  });
  return [...ring, ring[0]];
}

const cents = (metres) => Math.round(metres * 100) / 100;

/** @returns {{ patches, licences }} lists of polygons, each a list of rings */
export function makeLayers({ patches, licences, seed }) {
  const random = randomOf(seed);
  const { between, normal } = random;
  const place = () => [EAST + between(-SIDE_M / 2, SIDE_M / 2), NORTH + between(-SIDE_M / 2, SIDE_M / 2)];
  const sites = Array.from({ length: licences }, () => ({
    at: place(),
    areaHa: 10 ** between(Math.log10(20), Math.log10(400)),
  }));
  const near = () => {
    const { at, areaHa } = sites[Math.floor(between(0, licences))];
    const side = Math.sqrt(areaHa * 1e4);
    return [at[0] + normal(0.6) * side, at[1] + normal(0.6) * side];
  };
  return {
    licences: sites.map(({ at, areaHa }) => [blob(random, ...at, areaHa, LICENCE_CORNERS)]),
    patches: Array.from({ length: patches }, (_, i) => {
      const [x, y] = i % 3 === 0 ? near() : place();
      return [blob(random, x, y, 10 ** between(-0.7, 1.3), Math.floor(between(24, 120)))];
    }),
  };
}
