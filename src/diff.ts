/** diff: everything the one-off comparison does between the words of the command line and its result. */
import { basename, extname } from 'node:path';
import { scratchFolder, startScores, writeChange } from './adapters/files/raw-raster.js';
import { type FittedPair, patchesOf, seenShares } from './comparison.js';
import { type Compared, comparePair } from './diff-compare.js';
import { type HistoryFile, historyScenes, withHistoryOf } from './diff-history.js';
import type { DiffOutcome } from './diff-outcome.js';
import { writeDiffReport } from './diff-report.js';
import { judgePatches } from './judge.js';
import { versionsBetween } from './layer-versions.js';
import { acquisitionDate } from './model/acquired.js';
import type { Boundary, BoundaryKind } from './model/boundary.js';
import { type ChangeKind, defaultMinAreaM2, type Shift } from './model/change.js';
import { commonBands } from './model/common-bands.js';
import { Fault } from './model/fault.js';
import { contentHash } from './model/id.js';
import type { JudgedPatch, Patch } from './model/patch.js';
import { PATCH_COLUMNS, patchRow } from './model/patch-columns.js';
import type { MaskUse, PairUse, RasterUse } from './model/raster.js';
import { type Recipe, rasterRecipeHash, recipeHash, recipeSchema } from './model/recipe.js';
import { useBands } from './model/sensor.js';
import { overviewFactor } from './overviews.js';
import type { WorkPool } from './ports/work-pool.js';

export interface DiffFile {
  readonly path: string;
  readonly sensor: string | undefined;
  readonly bands: string | undefined;
  readonly date: string | null;
}

export interface DiffRequest {
  readonly before: DiffFile;
  readonly after: DiffFile;
  readonly kind: ChangeKind;
  readonly layers: readonly { readonly kind: BoundaryKind; readonly path: string }[];
  readonly masks: readonly MaskUse[];
  /** Earlier images of the place. */
  readonly history: readonly HistoryFile[];
  readonly minAreaM2: number | null;
  readonly jobs: number | null;
  readonly out: readonly string[];
  readonly scorePath: string | null;
  readonly changePath: string | null;
  /** Decode every pixel, also where overviews would do. */
  readonly exact: boolean;
}

export interface DiffResult {
  readonly patchCount: number;
  /** Patches that earlier images showed to be season: not among the others. */
  readonly seasonalCount: number;
  /** Ranked by score; empty without a coordinate system. */
  readonly judged: readonly JudgedPatch[];
  readonly changeM2: number | null;
  readonly seenShare: number;
  readonly mode: Compared['mode'];
  /** Share of the extent that was decoded at full size. */
  readonly readShare: number;
  readonly shift: Shift;
  readonly seconds: number;
  readonly method: string;
  readonly recipeHash: string;
  readonly outputs: readonly string[];
}

/** Blocks of a one-off comparison: large enough that context costs little, small enough for a child's memory. */
const BLOCK_PX = 1024;

export async function compareFiles(
  pool: WorkPool,
  request: DiffRequest,
  tell: (text: string) => void,
): Promise<DiffResult> {
  const started = performance.now();
  const remarks: string[] = [];
  const note = (text: string): void => {
    remarks.push(text);
    tell(text);
  };
  const { pair, overviews } = await pairOf(pool, request, note);
  const met = await pool.run('meet', { pair });
  if (met.grid.crs === '' && (request.out.length > 0 || request.layers.length > 0 || request.history.length > 0)) {
    throw new Fault(
      'diff.crs',
      '影像没有坐标系，只能按像元比较：可用 --score、--change、--json，不能用 --out、--layer、--history。请先给影像指定坐标系 (no coordinate system: --out, --layer and --history need one)',
    );
  }
  const recipe = recipeSchema.parse({
    raster: {
      kind: request.kind,
      minAreaM2: request.minAreaM2 ?? defaultMinAreaM2(request.kind, met.gsdM),
      blockPx: BLOCK_PX,
    },
  });
  const boundaries = versionsBetween(
    await readLayers(pool, request, note),
    pair.before.acquiredOn,
    pair.after.acquiredOn,
  );
  const history = await historyScenes(pool, request.history, note);
  const scratchBeside = request.scorePath ?? request.changePath;
  const scratch = scratchFolder(scratchBeside);
  try {
    const rawScore = `${scratch.dir}/score`;
    const scores = ({ grid, extent }: FittedPair) => {
      startScores(rawScore, grid, extent);
      return { scorePath: rawScore, gridWidth: grid.width };
    };
    const whole = request.exact || request.changePath !== null || request.masks.length > 0;
    const compared = await comparePair(pool, pair, recipe.raster, {
      met,
      overview: whole ? null : overviewFactor(overviews.before, overviews.after, met.gsdM),
      scores: request.scorePath ? scores : null,
    });
    const { fitted, results } = compared;
    const { extent, model } = fitted;
    const placed = met.grid.crs !== '';
    const pairId = contentHash({ before: basename(pair.before.path), after: basename(pair.after.path) });
    const found = compared.components;
    const shares = seenShares(results, extent);
    const measured = placed ? await patchesOf(pool, fitted, found, shares, pairId) : [];
    const { patches, dropped } = await withHistoryOf(pool, fitted, measured, history, recipe.history);
    const season = new Set(dropped.map(({ id }) => id));
    const components = found.filter((_, i) => !season.has(String(i + 1)));
    if (history.length > 0 && patches.length > 0 && patches.every((patch) => patch.history?.available === 0)) {
      note('给出的历史影像都不在图斑所在的位置，未能用上，请检查文件 (no earlier image reaches any patch)');
    }
    if (season.size > 0) note(`${season.size} 处变化在往年同季也有，判为季节变化，已剔除 (season: left out)`);
    const outputs: string[] = [];
    if (request.scorePath) {
      await pool.run('writeRaster', {
        rawPath: rawScore,
        type: 'float32',
        noData: Number.NaN,
        grid: fitted.grid,
        path: request.scorePath,
      });
      outputs.push(request.scorePath);
    }
    if (request.changePath) {
      const rawChange = `${scratch.dir}/change`;
      writeChange(
        rawChange,
        fitted.grid,
        results.map((r) => r.seenRuns),
        components.map((c) => c.component.runs),
      );
      await pool.run('writeRaster', {
        rawPath: rawChange,
        type: 'uint8',
        noData: 255,
        grid: fitted.grid,
        path: request.changePath,
      });
      outputs.push(request.changePath);
    }
    const layers = [...new Set(request.layers.map(({ kind }) => kind))];
    const judged = await judge(pool, patches, boundaries, layers, recipe);
    const outcome: DiffOutcome = {
      fitted,
      pairId,
      judged,
      boundaries,
      seenShare: compared.seenPixels / (fitted.grid.width * fitted.grid.height),
      recipeHash: placed ? recipeHash(recipe) : rasterRecipeHash(recipe.raster),
      remarks,
      crs: met.projected ? met.grid.crs : null,
    };
    for (const path of request.out) {
      await writeOut(pool, path, outcome);
      outputs.push(path);
    }
    return {
      patchCount: components.length,
      seasonalCount: dropped.length,
      judged,
      changeM2: placed ? judged.reduce((sum, { patch }) => sum + patch.areaM2, 0) : null,
      seenShare: outcome.seenShare,
      mode: compared.mode,
      readShare: compared.readShare,
      shift: model.shift,
      seconds: (performance.now() - started) / 1000,
      method: model.method,
      recipeHash: outcome.recipeHash,
      outputs,
    };
  } finally {
    scratch.remove();
  }
}

interface PairFound {
  readonly pair: PairUse;
  /** Factors of each file's overviews. */
  readonly overviews: { readonly before: readonly number[]; readonly after: readonly number[] };
}

async function pairOf(pool: WorkPool, request: DiffRequest, note: (text: string) => void): Promise<PairFound> {
  const [before, after] = await Promise.all(
    [request.before, request.after].map(async (file) => {
      const info = await pool.run('inspect', { path: file.path });
      const { sensor, bands, assumptions } = useBands(info, { sensor: file.sensor, bands: file.bands });
      for (const text of assumptions) note(text);
      const acquiredOn = file.date ?? acquisitionDate(info, file.path).date;
      const use: RasterUse = { path: file.path, sensor, bands, acquiredOn };
      return { use, overviews: info.overviews };
    }),
  );
  if (!before || !after) throw new Fault('diff.files', '需要前后两期影像 (two images are needed)');
  const common = commonBands(before.use.bands, after.use.bands);
  for (const text of common.assumptions) note(text);
  const [beforeOn, afterOn] = [before.use.acquiredOn, after.use.acquiredOn];
  if (beforeOn !== null && afterOn !== null && beforeOn > afterOn) {
    throw new Fault(
      'diff.dates',
      `前期影像（${beforeOn}）比后期（${afterOn}）新，请核对次序 (the earlier image is the newer one)`,
    );
  }
  return {
    pair: {
      before: { ...before.use, bands: common.before },
      after: { ...after.use, bands: common.after },
      masks: request.masks,
    },
    overviews: { before: before.overviews, after: after.overviews },
  };
}

async function readLayers(pool: WorkPool, request: DiffRequest, note: (text: string) => void): Promise<Boundary[][]> {
  const lists: Boundary[][] = [];
  for (const { kind, path } of request.layers) {
    const reading = await pool.run('readLayer', { path, kind, crs: null, encoding: null, validFrom: null });
    lists.push([...reading.boundaries]);
    for (const text of reading.assumptions) note(`${basename(path)}：${text}`);
    for (const { row, what } of reading.repaired) note(`${basename(path)} 第 ${row} 行已修复：${what}`);
    for (const { row, why } of reading.refused) note(`${basename(path)} 第 ${row} 行未采用：${why}`);
  }
  return lists;
}

async function judge(
  pool: WorkPool,
  patches: readonly Patch[],
  boundaries: readonly Boundary[],
  layers: readonly BoundaryKind[],
  recipe: Recipe,
): Promise<JudgedPatch[]> {
  const judged = await judgePatches({ patches, boundaries, layers, recipe: recipe.judgement }, pool);
  return judged
    .toSorted(
      (a, b) =>
        b.judgement.score - a.judgement.score ||
        b.patch.areaM2 - a.patch.areaM2 ||
        Number(a.patch.id) - Number(b.patch.id),
    )
    .map(({ patch, judgement }, i) => ({ patch: { ...patch, id: String(i + 1) }, judgement }));
}

async function writeOut(pool: WorkPool, path: string, outcome: DiffOutcome): Promise<void> {
  if (extname(path).toLowerCase() === '.html') {
    await writeDiffReport(pool, path, outcome);
    return;
  }
  const features = outcome.judged.map((one) => ({ geometry: one.patch.geometry, values: patchRow(one) }));
  await pool.run('writeVector', { path, layer: 'patches', crs: outcome.crs, fields: PATCH_COLUMNS, features });
}
