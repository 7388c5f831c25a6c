/** scene-runs: one job becomes figures (plain objects) and, where wanted, a picture. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import gdal from 'gdal-async';
import { donors, plant } from '../train-mining/plant.mjs';
import { randomOf } from '../train-mining/random.mjs';
import { sceneAreaKm2 } from './area.mjs';
import { FEW, methodsFor, OPTICAL } from './baselines/list.mjs';
import { readCrops } from './crops.mjs';
import { DECEIVERS, makeDeceiver } from './deceivers/causes.mjs';
import { writePair } from './deceivers/write.mjs';
import { strip } from './pictures.mjs';
import { makeRadar, RADAR_SCENES } from './radar.mjs';
import { readPair, readPlane } from './raster.mjs';
import { fineScores, kindOf } from './scores/fine.mjs';
import { polygonsOf, readPolygons } from './scores/geometry.mjs';
import { groups, maskScores } from './scores/mask.mjs';
import { patchScores } from './scores/patch.mjs';
import { pixelScores } from './scores/pixel.mjs';
import { program, runDiff } from './tuban.mjs';

/** The least group of a plain method's change map: what --kind mining keeps at this pixel size. */
const LEAST_PX = 9;
let crops = null;

/** @returns figures; `picture` (JPEG) beside them when wanted and made. */
export async function runJob(job, wantPicture) {
  const scratch = mkdtempSync(join(tmpdir(), 'tuban-accuracy-'));
  try {
    if (job.section === 'real' || job.as === 'any') return await labelled(job, scratch, wantPicture);
    if (job.section === 'planted') return await planted(job, scratch, wantPicture);
    if (job.section === 'deceivers') return await deceiver(job, scratch, wantPicture);
    if (job.section === 'radar') return await radar(job, scratch, wantPicture);
    return job.as === 'fine' ? await fine(job, scratch) : await mining(job, scratch, wantPicture);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function filesOf(folder) {
  return { before: join(folder, 't1.tif'), after: join(folder, 't2.tif') };
}

/** Any change on labelled pixels: the product and every plain method. */
async function labelled({ folder }, scratch, wantPicture) {
  const files = filesOf(folder);
  const pair = readPair(files.before, files.after);
  const { plane: truth } = readPlane(join(folder, 'truth.tif'));
  const georeferenced = pair.frame.srs !== null;
  const run = await runDiff(scratch, { ...files, kind: 'any', georeferenced });
  if (!run.ok) return { failed: run.message };
  const methods = { tuban: pixelScores(truth, run.score, run.change) };
  for (const [name, method] of Object.entries(methodsFor(pair))) {
    const { score, change } = method(pair);
    methods[name] = pixelScores(truth, score, change);
  }
  const outlines = { change: run.change, truth: truth.map((t) => (t === 2 ? 1 : 0)) };
  return { methods, picture: wantPicture ? await strip(pair, run.score, outlines) : null };
}

async function radar({ id }, scratch, wantPicture) {
  const made = makeRadar(RADAR_SCENES.find((scene) => scene.id === id));
  const frame = { srs: null, transform: [0, 1, 0, 0, 0, 1] };
  writePair(scratch, made, frame);
  const figures = await labelled({ folder: scratch }, scratch, wantPicture);
  const changed = made.truth.reduce((n, t) => n + (t === 2 ? 1 : 0), 0) / made.truth.length;
  return { ...figures, changed };
}

function cropsOnce() {
  crops ??= readCrops();
  return crops;
}

/** Excavations planted on a real pair of dates. */
async function planted({ crop, on, seed }, scratch, wantPicture) {
  const all = cropsOnce();
  const scene = all[crop];
  const lent = Object.keys(all)
    .filter((name) => name !== crop)
    .map((name) => donors(all[name], randomOf(5), 40));
  const made = plant(scene, lent, { seed, count: 10, on });
  const pair = {
    ...scene,
    after: made.after,
    truth: made.truth.map((n) => (n > 0 ? 2 : 1)),
    files: { before: { type: 'uint16', block: 1 }, after: { type: 'uint16', block: 1 } },
  };
  writePair(scratch, pair, scene.frame);
  const run = await runDiff(scratch, { ...filesOf(scratch), kind: 'mining' });
  if (!run.ok) return { failed: run.message };
  const figures = miningFigures(run, made.truth, plainMaps(filesOf(scratch)), scene);
  const outlines = { mining: run.change, truth: made.truth.map((n) => (n > 0 ? 1 : 0)) };
  return { ...figures, picture: wantPicture ? await strip(pair, run.score, outlines) : null };
}

/** What each patch said of itself and whether it lies on a pit; patches on pits that are not asked for say nothing. */
function confidenceOf(patches, touched, excused) {
  return patches
    .map((patch, k) => ({ said: patch.confidence, real: touched[k], excused: excused[k] }))
    .filter((patch) => !patch.excused)
    .map(({ said, real }) => ({ said, real }));
}

/** Change maps of the plain methods that stand beside the product. */
function plainMaps({ before, after }) {
  const pair = readPair(before, after);
  return Object.fromEntries(FEW.map((name) => [name, OPTICAL[name](pair).change]));
}

/** @param pits number per pixel; negative: not asked for. */
function miningFigures(run, pits, maps, { width, height, frame }) {
  const areaKm2 = sceneAreaKm2(frame, width, height);
  const polygons = polygonsOf(pits, width, height, frame);
  const asked = polygons.filter(({ n }) => n > 0).map(({ geometry }) => geometry);
  const pardoned = polygons.filter(({ n }) => n < 0).map(({ geometry }) => geometry);
  const { touched, excused, ...scores } = patchScores(
    asked,
    run.patches.map(({ geometry }) => geometry),
    areaKm2,
    pardoned,
  );
  const confidence = confidenceOf(run.patches, touched, excused);
  const methods = { tuban: scores };
  for (const name of FEW) methods[name] = maskScores(pits, maps[name], width, LEAST_PX, areaKm2);
  return { areaKm2, methods, confidence };
}

/** One cause over unchanged ground: false alarm of any change, false patches of mining, and what was not seen. */
async function deceiver({ id }, scratch, wantPicture) {
  const scene = DECEIVERS.find((other) => other.id === id);
  const made = makeDeceiver(scene, cropsOnce());
  const { frame } = cropsOnce()[scene.ground];
  writePair(scratch, made, frame);
  const files = filesOf(scratch);
  const any = await runDiff(scratch, { ...files, kind: 'any' });
  const mine = await runDiff(scratch, { ...files, kind: 'mining' });
  const asked = made.pits.map((n, i) => (n > 0 && made.truth[i] !== 2 ? -n : n));
  const maps = plainMaps(files);
  const figures = { ground: scene.cause.ground, any: {}, mining: null, refused: {} };
  if (any.ok) figures.any.tuban = { ...anyFigures(made, any.change), ...unseen(made, any.change) };
  else figures.refused.any = any.message;
  for (const name of FEW) figures.any[name] = anyFigures(made, maps[name]);
  if (mine.ok) figures.mining = miningFigures(mine, asked, maps, { ...made, frame });
  else figures.refused.mining = mine.message;
  if (!wantPicture || !any.ok) return figures;
  const outlines = {
    change: any.change,
    mining: mine.ok ? mine.change : null,
    truth: made.pits.map((n) => (n > 0 ? 1 : 0)),
  };
  return { ...figures, picture: await strip(readPair(files.before, files.after), any.score, outlines) };
}

/**
 * Shares called change: of the unchanged ground (on causes that change the ground: of what the cause left alone), of the ground that
 * the cause changed; and pits found, 30 % covered.
 */
function anyFigures({ truth, cause, pits, ...made }, change) {
  const count = { quiet: 0, alarm: 0, cause: 0, detected: 0 };
  const size = new Map();
  const covered = new Map();
  truth.forEach((t, i) => {
    const said = change[i] === 1 ? 1 : 0;
    if (t === 2) {
      size.set(pits[i], (size.get(pits[i]) ?? 0) + 1);
      covered.set(pits[i], (covered.get(pits[i]) ?? 0) + said);
    } else if (t === 1 && made.groundChanges && cause[i]) {
      count.cause++;
      count.detected += said;
    } else if (t === 1) {
      count.quiet++;
      count.alarm += said;
    }
  });
  return {
    ...count,
    pits: size.size,
    found: [...size].filter(([n, pixels]) => covered.get(n) >= 0.3 * pixels).length,
  };
}

function unseen({ hidden }, change) {
  const count = { hidden: 0, hiddenUnseen: 0, open: 0, openUnseen: 0 };
  hidden.forEach((h, i) => {
    const not = change[i] === 255 ? 1 : 0;
    count[h ? 'hidden' : 'open']++;
    count[h ? 'hiddenUnseen' : 'openUnseen'] += not;
  });
  return count;
}

/** A folder with t1, t2 and mines.geojson. */
async function mining({ folder }, scratch, wantPicture) {
  const files = filesOf(folder);
  const pair = readPair(files.before, files.after);
  const run = await runDiff(scratch, { ...files, kind: 'mining' });
  if (!run.ok) return { failed: run.message };
  const lonLat = gdal.SpatialReference.fromEPSG(4326);
  const mines = readPolygons(join(folder, 'mines.geojson')).map(({ geometry }) => geometry);
  for (const mine of mines) mine.srs = lonLat;
  const areaKm2 = sceneAreaKm2(pair.frame, pair.width, pair.height);
  const { touched, excused, ...scores } = patchScores(
    mines,
    run.patches.map(({ geometry }) => geometry),
    areaKm2,
  );
  const confidence = confidenceOf(run.patches, touched, excused);
  const truthPath = join(folder, 'truth.tif');
  const truth = existsSync(truthPath) ? readPlane(truthPath).plane : null;
  const pixel = truth ? pixelScores(truth, run.score, run.change) : null;
  const outlines = { mining: run.change, truth: truth?.map((t) => (t === 2 ? 1 : 0)) };
  const picture = wantPicture ? await strip(pair, run.score, outlines) : null;
  const methods = { tuban: scores, ...plainPatchScores(pair, mines, areaKm2) };
  return { areaKm2, methods, confidence, pixel, picture };
}

/** The plain methods' groups as polygons; only where the images are in lon/lat already, as the mines are. */
function plainPatchScores(pair, mines, areaKm2) {
  if (!pair.frame.srs?.isGeographic()) return {};
  const named = FEW.filter((name) => methodsFor(pair)[name]).map((name) => {
    const label = groups(OPTICAL[name](pair).change, pair.width, LEAST_PX);
    const polygons = polygonsOf(label, pair.width, pair.height, pair.frame).map(({ geometry }) => geometry);
    const { touched: _touched, excused: _excused, ...scores } = patchScores(mines, polygons, areaKm2);
    return [name, scores];
  });
  return Object.fromEntries(named);
}

/** A 2 m pair with licences: t0, t1, truth.geojson, licences.gpkg. */
async function fine({ folder }, scratch) {
  const out = join(scratch, 'patches.gpkg');
  const layer = join(folder, 'licences.gpkg');
  const args = ['diff', join(folder, 't0.tif'), join(folder, 't1.tif'), '--kind', 'mining', '--out', out, '--json'];
  const bands = ['--bands', 'blue,green,red,nir'];
  const { status, stderr } = await program([
    ...args,
    ...bands,
    ...(existsSync(layer) ? ['--layer', `licences=${layer}`] : []),
  ]);
  if (status !== 0) return { failed: stderr.trim().split('\n').at(-1) ?? '' };
  const truths = readPolygons(join(folder, 'truth.geojson')).map(({ geometry, properties }) => ({
    geometry,
    mode: properties.mode,
    outsideM2: properties.outside,
  }));
  const patches = readPolygons(out).map(({ geometry, properties }) => ({
    geometry,
    kind: kindOf(properties.violation),
    outsideM2: properties.outside_m2,
  }));
  return { methods: { tuban: fineScores(truths, patches) } };
}
