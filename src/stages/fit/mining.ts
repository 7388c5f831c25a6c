/**
 * fitMining: everything the mining detector knows of a pair before it looks at a block.
 * Method: relative radiometric normalisation of AFTER to BEFORE by straight lines through pixels that hardly changed (robust start from
 * medians and quartiles, then four rounds of reduced major axis regression on the least changed half; after Schott et al. 1988 and
 * Canty & Nielsen 2008), then medians and robust spreads of the indices. Fitted on the sample only, in index order.
 * In:  sample tiles of both dates, facts, measured shift. Out: PairModel `mining/1`. Faults: detect.bands, detect.unseen.
 */
import { flat, kindOf, kindReader } from '../../kernels/mining-class.js';
import { type IndexPlanes, indexPlanes, KIND_TERMS, kindChanges } from '../../kernels/mining-index.js';
import { fitKinds } from '../../kernels/mining-kinds.js';
import { INDEX_TERMS, indexTerms, NOT_SEEN, pixelScores } from '../../kernels/mining-score.js';
import { shapeHaloPx } from '../../kernels/mining-shape.js';
import { quantile } from '../../kernels/robust.js';
import type { AlignedPair, PairFacts, PairModel, Shift } from '../../model/change.js';
import { Fault } from '../../model/fault.js';
import type { MiningBands, MiningDetector, MiningKinds, MiningSpectrum } from '../../model/mining.js';
import type { BandRole } from '../../model/raster.js';
import { crowdingOf } from './crowding.js';
import { miningWeights } from './mining-weights.js';

/** Sampled pixels that the lines and spreads are fitted on, at most. */
const MOST_PIXELS = 50_000;
/** Enclosed holes up to this size belong to a patch: 4 ha of 10 m pixels, 2 ha of 2 m pixels. */
const FILL_COARSE_PX = 400;
const FILL_FINE_PX = 5000;
const FINE_BELOW_M = 5;
/** A pit that goes on over formerly bright ground is followed this far: about a parcel. */
const RECUT_MARGIN_FINE_PX = 60;
const NOT_OPTICAL = new Set<string>(['sar', 'thermal', 'pan', 'cirrus', 'watervapour']);
/** A spread below this is the noise of a nearly identical pair; changes are never measured in finer units. */
const LEAST_SPREAD = 0.02;

export function fitMining(sample: readonly AlignedPair[], facts: PairFacts, shift: Shift): PairModel {
  const roles = sample[0]?.roles ?? [];
  const fine = facts.gsdM !== null && facts.gsdM < FINE_BELOW_M;
  const found = miningBands(roles);
  // weights for fine imagery know no short-wave infrared
  const bands = fine ? { ...found, swir1: null, swir2: null } : found;
  const columns = gather(sample, roles.length);
  if (columns.count < 64) {
    throw new Fault(
      'detect.unseen',
      `样本中两期均可见的像元只有 ${columns.count} 个，无法比较；请检查云掩膜、无数据区和两期影像的重叠 (only ${columns.count} pixels of the sample are seen on both dates; at least 64 are needed)`,
    );
  }
  const lines = fitLines(columns);
  const spectrum: MiningSpectrum =
    bands.nir === null ? 'rgb' : bands.swir1 === null && bands.swir2 === null ? 'nir' : 'swir';
  const weights = miningWeights(spectrum, fine);
  const detector = describe(sample, columns, { bands, ...lines, weights, degraded: degradedBy(spectrum) }, fine);
  return {
    facts,
    roles,
    shift,
    method: `mining-${weights.spectrum}-${fine ? 'fine' : 'coarse'}/1`,
    detector: { ...settle(sample, detector) },
    haloPx: shapeHaloPx(weights.shape),
    fillHolesPx: fine ? FILL_FINE_PX : FILL_COARSE_PX,
    ...(fine ? { recutMarginPx: RECUT_MARGIN_FINE_PX } : {}),
  };
}

/** Roles to positions. Bands of unknown role are taken in the usual order blue, green, red, near infrared. */
export function miningBands(roles: readonly BandRole[]): MiningBands {
  const optical = roles.filter((role) => !NOT_OPTICAL.has(role));
  if (optical.length < 3) {
    throw new Fault(
      'detect.bands',
      `识别露天开采至少需要 3 个光学波段，这对影像只有 ${optical.length} 个（${roles.join(', ') || '无'}）；单波段或雷达影像请用 --kind any (mining needs at least 3 optical bands, found ${optical.length}; use --kind any)`,
    );
  }
  const of = (...names: readonly BandRole[]): number | null => {
    for (const name of names) {
      const at = roles.indexOf(name);
      if (at >= 0) return at;
    }
    return null;
  };
  const known = {
    blue: of('blue', 'coastal'),
    green: of('green'),
    red: of('red'),
    nir: of('nir', 'nir2', 'rededge3'),
    swir1: of('swir1'),
    swir2: of('swir2'),
  };
  const visible = [known.blue, known.green, known.red].filter((b) => b !== null).length;
  if (known.red !== null && (known.nir !== null || visible >= 2)) return known;
  const unknown = roles.every((role) => /^b\d+$/.test(role));
  if (!unknown) {
    throw new Fault(
      'detect.bands',
      `识别露天开采需要红波段和近红外波段（或红、绿波段），这对影像的波段是 ${roles.join(', ')}；请用 --bands 说明 (mining needs red and near infrared, or red and green; name the bands with --bands)`,
    );
  }
  return { blue: 0, green: 1, red: 2, nir: roles.length > 3 ? 3 : null, swir1: null, swir2: null };
}

function degradedBy(spectrum: MiningSpectrum): string | null {
  if (spectrum !== 'rgb') return null;
  return '影像只有可见光波段，植被指数以绿、红波段代替，判断把握较低';
}

interface Columns {
  readonly before: readonly Float64Array[];
  readonly after: readonly Float64Array[];
  readonly count: number;
}

/** Every n-th seen pixel of the sample, band by band. */
function gather(sample: readonly AlignedPair[], bandCount: number): Columns {
  let seen = 0;
  for (const tile of sample) for (const s of tile.seen) seen += s;
  const every = Math.max(1, Math.ceil(seen / MOST_PIXELS));
  const count = Math.ceil(seen / every);
  const make = () => Array.from({ length: bandCount }, () => new Float64Array(count));
  const before = make();
  const after = make();
  let ordinal = 0;
  let at = 0;
  for (const tile of sample) {
    for (let i = 0; i < tile.seen.length; i++) {
      if (tile.seen[i] === 0) continue;
      if (ordinal++ % every !== 0) continue;
      for (let b = 0; b < bandCount; b++) {
        const source = before[b];
        const target = after[b];
        if (source) source[at] = tile.before[b]?.[i] ?? 0;
        if (target) target[at] = tile.after[b]?.[i] ?? 0;
      }
      at++;
    }
  }
  return { before, after, count };
}

/** gain and offset per band so that before ≈ gain · after + offset on ground that hardly changed. */
function fitLines(columns: Columns): { gain: number[]; offset: number[] } {
  const { before, after, count } = columns;
  const bandCount = before.length;
  const gain: number[] = [];
  const offset: number[] = [];
  for (let b = 0; b < bandCount; b++) {
    const x = after[b] ?? new Float64Array();
    const y = before[b] ?? new Float64Array();
    const spreadX = quantile(x, 0.75) - quantile(x, 0.25);
    const spreadY = quantile(y, 0.75) - quantile(y, 0.25);
    const g = spreadX > 0 && spreadY > 0 ? spreadY / spreadX : 1;
    gain.push(g);
    offset.push(quantile(y, 0.5) - g * quantile(x, 0.5));
  }
  for (let round = 0; round < 4; round++) {
    const change = new Float64Array(count);
    for (let b = 0; b < bandCount; b++) {
      const x = after[b] ?? new Float64Array();
      const y = before[b] ?? new Float64Array();
      const residual = new Float64Array(count);
      for (let i = 0; i < count; i++)
        residual[i] = Math.abs((y[i] ?? 0) - (gain[b] ?? 1) * (x[i] ?? 0) - (offset[b] ?? 0));
      const unit = Math.max(quantile(residual, 0.5), 1e-9);
      for (let i = 0; i < count; i++) change[i] = (change[i] ?? 0) + Math.min((residual[i] ?? 0) / unit, 20);
    }
    const limit = quantile(change, 0.5);
    for (let b = 0; b < bandCount; b++) {
      const line = majorAxis(after[b] ?? new Float64Array(), before[b] ?? new Float64Array(), change, limit);
      if (!line) continue;
      gain[b] = line.gain;
      offset[b] = line.offset;
    }
  }
  return { gain, offset };
}

/** Reduced major axis through the pixels whose change is within the limit; null when they do not vary together. */
function majorAxis(
  x: Float64Array,
  y: Float64Array,
  change: Float64Array,
  limit: number,
): { gain: number; offset: number } | null {
  let n = 0;
  let sx = 0;
  let sy = 0;
  for (let i = 0; i < x.length; i++) {
    if ((change[i] ?? 0) > limit) continue;
    n++;
    sx += x[i] ?? 0;
    sy += y[i] ?? 0;
  }
  if (n < 32) return null;
  const mx = sx / n;
  const my = sy / n;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < x.length; i++) {
    if ((change[i] ?? 0) > limit) continue;
    const dx = (x[i] ?? 0) - mx;
    const dy = (y[i] ?? 0) - my;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  if (xx <= 0 || yy <= 0 || xy <= 0) return null;
  const gain = Math.sqrt(yy / xx);
  return { gain, offset: my - gain * mx };
}

/** Threshold and crowding: what the pair's own scores and objects say once the scales are known. */
export function settle(sample: readonly AlignedPair[], detector: MiningDetector): MiningDetector {
  const histogram = scoreHistogram(sample, detector);
  const { candidateShare, lowestScore, stricterShares = [], stricterScores = [] } = detector.weights;
  const thresholded = {
    ...detector,
    threshold: thresholdOf(histogram, candidateShare, lowestScore),
    stricter: [...stricterShares.map((share) => thresholdOf(histogram, share, lowestScore)), ...stricterScores],
    crowding: 0,
  };
  return { ...thresholded, crowding: crowdingOf(sample, thresholded) };
}

interface ScoreHistogram {
  readonly counts: Float64Array;
  readonly seen: number;
}

function scoreHistogram(sample: readonly AlignedPair[], detector: MiningDetector): ScoreHistogram {
  const counts = new Float64Array(65536);
  let seen = 0;
  for (const tile of sample) {
    const scores = pixelScores(indexPlanes(tile, detector), tile.seen, tile.width, detector);
    for (const score of scores) {
      if (score === NOT_SEEN) continue;
      seen++;
      counts[score + 32768] = (counts[score + 32768] ?? 0) + 1;
    }
  }
  return { counts, seen };
}

/** The score that the wanted share of the sample reaches; never under the lowest score. */
function thresholdOf({ counts, seen }: ScoreHistogram, share: number, lowest: number): number {
  const wanted = share * seen;
  let above = 0;
  let score = 32767;
  while (score > lowest && above < wanted) {
    above += counts[score + 32768] ?? 0;
    score--;
  }
  return score + 1;
}

/** Medians and robust spreads of the indices over the sample. */
function describe(
  sample: readonly AlignedPair[],
  columns: Columns,
  known: Pick<MiningDetector, 'bands' | 'gain' | 'offset' | 'weights' | 'degraded'>,
  fine: boolean,
): MiningDetector {
  const { bands } = known;
  const mean = new Float64Array(columns.count);
  const visible = [bands.blue, bands.green, bands.red].filter((b): b is number => b !== null);
  for (const b of visible)
    for (let i = 0; i < columns.count; i++) mean[i] = (mean[i] ?? 0) + (columns.before[b]?.[i] ?? 0);
  const long = bands.swir2 ?? bands.swir1 ?? bands.nir ?? bands.red ?? 0;
  const draft: MiningDetector = {
    ...known,
    brightMedian: Math.max(quantile(mean, 0.5) / visible.length, 1e-6),
    swirMedian: Math.max(quantile(columns.before[long] ?? new Float64Array(), 0.5), 1e-6),
    threshold: 0,
    stricter: [],
    termCentre: [],
    termSpread: [],
    crowding: 0,
    kinds: null,
  };
  const pixels: AlignedPair = {
    width: columns.count,
    height: 1,
    roles: sample[0]?.roles ?? [],
    before: columns.before.map((c) => Float32Array.from(c)),
    after: columns.after.map((c) => Float32Array.from(c)),
    seen: new Uint8Array(columns.count).fill(1),
  };
  const planes = indexPlanes(pixels, draft);
  const values = INDEX_TERMS.map(() => new Float64Array(columns.count));
  const terms = new Float64Array(INDEX_TERMS.length);
  for (let i = 0; i < columns.count; i++) {
    indexTerms(planes, i, terms);
    values.forEach((column, t) => {
      column[i] = terms[t] ?? 0;
    });
  }
  const termCentre = values.map((column) => quantile(column, 0.5));
  const termSpread = values.map((column, t) => {
    const centre = termCentre[t] ?? 0;
    const away = column.map((v) => Math.abs(v - centre));
    return Math.max(1.4826 * quantile(away, 0.5), LEAST_SPREAD);
  });
  const kinds = fine ? null : kindsOf(pixels, draft, planes);
  return { ...draft, termCentre, termSpread, kinds };
}

/** Upper quantile that a spread is read from besides the middle: where a part of a kind changed, all of it may. */
const UPPER = 0.95;
/** Distance of that quantile from the median of normal values, in deviations. */
const UPPER_Z = 1.645;

/** Kinds of ground with median and spread of their index changes. */
function kindsOf(pixels: AlignedPair, draft: MiningDetector, planes: IndexPlanes): MiningKinds | null {
  const { blue, green, red, nir, swir1, swir2 } = draft.bands;
  const bands = [blue, green, red, nir, swir1, swir2].filter((b): b is number => b !== null);
  const kinds = fitKinds(pixels.before, pixels.after, draft, bands);
  if (kinds === null) return null;
  const pixel = kindReader(pixels.before, pixels.after, draft, kinds);
  const centres = flat(kinds.centres);
  const kind = Uint8Array.from(pixels.seen, (_, i) => {
    pixel.read(i);
    return kindOf(pixel.before, 0, bands.length, centres);
  });
  const changes = new Float64Array(KIND_TERMS.length);
  const columns = KIND_TERMS.map(() => new Float64Array(kind.length));
  for (let i = 0; i < kind.length; i++) {
    kindChanges(planes, i, changes);
    columns.forEach((column, t) => {
      column[i] = changes[t] ?? 0;
    });
  }
  const termCentre: number[][] = [];
  const termSpread: number[][] = [];
  for (let c = 0; c < kinds.centres.length; c++) {
    const own = columns.map((column) => column.filter((_, i) => kind[i] === c));
    const centres = own.map((column) => (column.length === 0 ? 0 : quantile(column, 0.5)));
    termCentre.push(centres);
    termSpread.push(
      own.map((column, t) => {
        if (column.length === 0) return 1;
        const centre = centres[t] ?? 0;
        const away = column.map((v) => Math.abs(v - centre));
        return Math.max(1.4826 * quantile(away, 0.5), (quantile(column, UPPER) - centre) / UPPER_Z, LEAST_SPREAD);
      }),
    );
  }
  return { ...kinds, termCentre, termSpread };
}
