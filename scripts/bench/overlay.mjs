/**
 * overlay: many patches against many licences: the overlap step (areas inside and outside) and the whole judgement and score, beside
 * PostGIS's plain join of the same layers on a private server in the same rounds. The results are held against each other.
 */
import { localPlane } from '../../dist/src/geo/crs.js';
import { findPostgres } from '../test/servers.mjs';
import { median, ratios, spread } from './figures.mjs';
import { MERIDIAN, makeLayers } from './layers.mjs';
import { measureMemory } from './overlay-memory.mjs';
import { startOwn } from './overlay-process.mjs';
import { loadPostgis } from './postgis.mjs';

export const name = 'overlay';

const PATCHES = 100_000;
const LICENCES = 10_000;
const PROCESSES = 2;
/** What was asked: times the join. */
const AIMS = { areas: 1.5, judge: 5 };
/** Edges are straight in degrees here and in the plane there: at most .1 mm apart, so that few pairs can differ. */
const DIFFERENT_PAIRS = 1e-4;
const DIFFERENT_AREA = 1e-6;

const INTRO = [
  `Blobs of 24 to 119 corners (.2 to 20 ha, every third near a licence) against licences of 40 corners (20 to 400 ha) over a square of`,
  `400 km. PostGIS: plane coordinates, index, everything in memory, \`ST_Intersects\`, \`ST_Contains\`, \`ST_Intersection\`, \`ST_Area\`, as CREATE`,
  `TABLE AS. **tuban**: two processes beside the parent, areas on the ellipsoid, validity checked; from layers in memory to results in memory, as`,
  `PostGIS from tables to a table. Every round runs all rows once; seconds are medians (least–most), × is over the join of the same round.`,
  `Processor time is that of all processes. Memory: the whole process tree, sampled every 50 ms, each step in a fresh process after a collection of`,
  `garbage (at rest: the children started, boxes and places of both layers held), the layers on file, what was judged counted and let go.`,
];

/** @param options see images.mjs, and layers: { patches, licences }. @returns {Promise<{ intro, tables, raw, failures }>} */
export async function run({ rounds, seed, say, layers = { patches: PATCHES, licences: LICENCES } }) {
  say(`${layers.patches} patches, ${layers.licences} licences`);
  const timed = await measureTime({ rounds, seed, say, layers });
  const sizes = [Math.round(layers.patches / 4), layers.patches];
  const memory = await measureMemory({
    ...{ sizes, licences: layers.licences, seed, rounds, say },
    processes: PROCESSES,
  });
  return report(timed, layers, memory);
}

async function measureTime({ rounds, seed, say, layers }) {
  const made = makeLayers({ ...layers, seed });
  const peer = findPostgres().bin === null ? null : await loadPostgis(made);
  const own = await startOwn({ ...layers, seed, processes: PROCESSES });
  try {
    const rows = rowsOf(own, peer);
    for (const row of rows) row.result = await row.run();
    for (let round = 1; round <= rounds; round++) {
      for (const row of rows) {
        const { seconds, cpuSeconds } = await row.run();
        row.seconds.push(seconds);
        row.cpuSeconds.push(cpuSeconds);
        say(`round ${round} of ${rounds}, ${row.id}: ${seconds.toFixed(2)} s`);
      }
    }
    const agreement = peer ? compare(made, byId(rows, 'areas').result, byId(rows, 'join').result.rows) : null;
    return { rows, agreement, version: peer?.version ?? null };
  } finally {
    own.stop();
    await peer?.stop();
  }
}

const byId = (rows, id) => rows.find((row) => row.id === id);

function rowsOf(own, peer) {
  const joins = [
    { id: 'join', label: 'PostGIS, one process', workers: 0 },
    { id: 'join-parallel', label: 'PostGIS, up to two workers', workers: 2 },
  ].map((row) => ({ ...row, run: () => peer.join(row.workers) }));
  const steps = [
    { id: 'areas', label: '**tuban**, areas inside and outside' },
    { id: 'judge', label: '**tuban**, judgement and score' },
  ].map((row) => ({ ...row, run: () => own.ask(row.id) }));
  return [...(peer ? joins : []), ...steps].map((row) => ({ ...row, seconds: [], cpuSeconds: [] }));
}

/** Plane areas are larger by the square of the scale at the place. */
function compare({ patches }, { pairs, inside }, rows) {
  const plane = localPlane(MERIDIAN);
  let [ownM2, theirM2, planeM2, theirPairs, worst] = [0, 0, 0, 0, 0];
  rows.forEach((row, i) => {
    const [lon, lat] = plane.toLonLat([[[patches[i][0][0]]]])[0][0][0];
    const theirs = row.inside / plane.scaleAt(lon, lat) ** 2;
    ownM2 += inside[i];
    theirM2 += theirs;
    planeM2 += row.inside;
    theirPairs += row.licences;
    worst = Math.max(worst, Math.abs(inside[i] - theirs) / row.area);
  });
  const difference = Math.abs(ownM2 - theirM2) / theirM2;
  const agrees = Math.abs(pairs - theirPairs) <= DIFFERENT_PAIRS * theirPairs && difference <= DIFFERENT_AREA;
  return { pairs, theirPairs, insideHa: ownM2 / 1e4, theirInsideHa: planeM2 / 1e4, difference, worst, agrees };
}

function report({ rows, agreement, version }, layers, memory) {
  const join = byId(rows, 'join');
  const parallel = byId(rows, 'join-parallel');
  const overJoin = (row, other) => (other ? ranged(ratios(row.seconds, other.seconds)) : 'not installed');
  const table = [
    '|  | seconds | × one process | × two workers | asked | CPU s |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map((row) => {
      const cells = [
        ...[row.label, ranged(spread(row.seconds)), overJoin(row, join), overJoin(row, parallel)],
        ...[AIMS[row.id] ?? '', row.cpuSeconds.includes(null) ? '' : median(row.cpuSeconds).toFixed(1)],
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
  const judged = byId(rows, 'judge').result;
  const kinds = Object.entries(judged.kinds).map(([kind, count]) => `${count} ${kind}`);
  const lines = [
    ...table,
    '',
    agreementLine(agreement),
    '',
    `Judged: ${judged.overlaps} overlaps within reach; ${kinds.join(', ')}.`,
  ];
  const title = `${layers.patches} patches, ${layers.licences} licences (PostGIS ${version ?? 'not installed'})`;
  const raw = {
    ...{ layers, version, agreement },
    rows: rows.map(({ id, label, seconds, cpuSeconds }) => ({ id, label, seconds, cpuSeconds })),
    memory: memory.raw,
  };
  const tables = [
    { title, lines },
    { title: `Memory, ${layers.licences} licences`, lines: memory.lines },
  ];
  return { intro: INTRO, tables, raw, failures: agreement && !agreement.agrees ? 1 : 0 };
}

function agreementLine(agreement) {
  if (!agreement) return 'Without PostGIS nothing was held against the results.';
  const { pairs, theirPairs, insideHa, theirInsideHa, difference, worst, agrees } = agreement;
  return [
    `${agrees ? 'Agreement' : '**No agreement**'}: ${pairs} pairs here, ${theirPairs} there; inside ${insideHa.toFixed(1)} ha on the ellipsoid,`,
    `${theirInsideHa.toFixed(1)} ha in the plane, which is larger by the square of its scale; with that taken out the sums differ by`,
    `${difference.toExponential(0)} and no patch by more than ${worst.toExponential(0)} of its area (the scale is taken at one corner).`,
  ].join(' ');
}

const ranged = ({ middle, least, most }) => `${middle.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
