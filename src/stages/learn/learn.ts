/**
 * learn: verified outcomes → whether other weights would have put violations higher, shown on quarters that were left out, and which.
 * Each quarter is judged by weights fitted on the others (the strength of the penalty chosen among those others in the same way), beside the present
 * rules. Other weights are proposed only where there are enough outcomes and the gain holds in 97.5 % of resamplings of the tasks (paired bootstrap);
 * else the answer says what is lacking.
 * In:  outcomes with the shares of their score's parts as they were frozen. Out: figures, and weights that add up to 100, or a refusal.
 */
import { calibrated, fitWeights, oddsOf, type Rows, type WeightFit } from './fit-weights.js';
import { areaUnderCurve, brier, precisionAt, type Ranked, type ReliabilityBin, reliability } from './measure.js';

export interface Outcome {
  readonly taskId: string;
  readonly quarter: string;
  /** Township; null = unknown. */
  readonly area: string | null;
  readonly violations: readonly string[];
  /** Of each part's points, 0–1, in the order of `parts`. */
  readonly shares: readonly number[];
  readonly guilty: boolean;
  /** 1; of the random sample one over its probability, at most `MOST_WEIGHT`. */
  readonly weight: number;
}

export interface LearnInput {
  readonly outcomes: readonly Outcome[];
  /** Names of the parts, and the present weights in the same order. */
  readonly parts: readonly string[];
  readonly present: readonly number[];
  /** Tasks that a brigade visits in a quarter. */
  readonly k: number;
}

export const MOST_WEIGHT = 20;
/** Judgements: below these a fit of 14 weights says more of chance than of the ground. */
export const LEAST = { outcomes: 150, each: 30, quarters: 4 } as const;
const PENALTIES = [3, 1, 0.3, 0.1, 0.03, 0.01] as const;
const RESAMPLINGS = 1000;

export interface Compared {
  readonly present: number | null;
  readonly learned: number | null;
}

export interface GroupGain {
  readonly group: string;
  readonly outcomes: number;
  readonly guilty: number;
  readonly auc: Compared;
}

export interface LearnReport {
  readonly outcomes: number;
  readonly guilty: number;
  readonly quarters: readonly string[];
  /** Chinese: what is lacking; empty = weights are proposed. */
  readonly refused: readonly string[];
  readonly k: number;
  readonly precision: Compared;
  readonly auc: Compared;
  readonly brier: Compared;
  /** Of the learned area under the curve less the present one: 95 % interval. */
  readonly gain: readonly [low: number, high: number] | null;
  readonly reliability: { readonly present: readonly ReliabilityBin[]; readonly learned: readonly ReliabilityBin[] };
  readonly byType: readonly GroupGain[];
  readonly byArea: readonly GroupGain[];
  readonly penalty: number | null;
  /** By part, 0–100, sum 100; null where refused. */
  readonly weights: Readonly<Record<string, number>> | null;
}

interface LeftOut extends Outcome {
  readonly presentOdds: number;
  readonly learnedOdds: number;
}

export function learn({ outcomes, parts, present, k }: LearnInput): LearnReport {
  const sorted = [...outcomes].sort((a, b) => (a.taskId < b.taskId ? -1 : a.taskId > b.taskId ? 1 : 0));
  const quarters = [...new Set(sorted.map(({ quarter }) => quarter))].sort();
  const guilty = sorted.filter((one) => one.guilty).length;
  const lacking = lackOf(sorted.length, guilty, quarters.length);
  const weights = Float64Array.from(present);
  const fitted = lacking.length === 0 ? leaveOut(sorted, quarters, weights) : [];
  const gain = fitted.length > 0 ? gainOf(fitted) : null;
  const refused = [...lacking];
  if (gain !== null && gain[0] <= 0) {
    refused.push(
      `留出季度上的改进不能确认：排序能力之差的 95% 区间为 ${gain[0].toFixed(3)} 至 ${gain[1].toFixed(3)}，包含零或更差`,
    );
  }
  const penalty = lacking.length === 0 ? choosePenalty(sorted, quarters, weights) : null;
  const figures = (of: (rows: readonly LeftOut[], odds: (row: LeftOut) => number) => number | null): Compared => ({
    present: fitted.length > 0 ? of(fitted, ({ presentOdds }) => presentOdds) : null,
    learned: fitted.length > 0 ? of(fitted, ({ learnedOdds }) => learnedOdds) : null,
  });
  return {
    outcomes: sorted.length,
    guilty,
    quarters,
    refused,
    k,
    precision: figures((rows, odds) => precisionAt(ranked(rows, odds), k)),
    auc: figures((rows, odds) => areaUnderCurve(ranked(rows, odds))),
    brier: figures((rows, odds) => brier(rows.map((row) => ({ odds: odds(row), guilty: row.guilty })))),
    gain,
    reliability: {
      present: reliability(fitted.map(({ presentOdds: odds, guilty: found }) => ({ odds, guilty: found }))),
      learned: reliability(fitted.map(({ learnedOdds: odds, guilty: found }) => ({ odds, guilty: found }))),
    },
    byType: groupsOf(fitted, ({ violations }) => violations),
    byArea: groupsOf(fitted, ({ area }) => (area === null ? [] : [area])),
    penalty: refused.length === 0 ? penalty : null,
    weights:
      refused.length === 0 && penalty !== null
        ? namedWeights(parts, fitWeights(rowsOf(sorted), weights, penalty))
        : null,
  };
}

function lackOf(outcomes: number, guilty: number, quarters: number): string[] {
  const lacking: string[] = [];
  if (outcomes < LEAST.outcomes) lacking.push(`已认定的任务 ${outcomes} 个，少于 ${LEAST.outcomes} 个`);
  if (guilty < LEAST.each) lacking.push(`其中违法 ${guilty} 个，少于 ${LEAST.each} 个`);
  if (outcomes - guilty < LEAST.each) lacking.push(`其中非违法 ${outcomes - guilty} 个，少于 ${LEAST.each} 个`);
  if (quarters < LEAST.quarters) lacking.push(`涉及 ${quarters} 个季度，少于 ${LEAST.quarters} 个`);
  return lacking;
}

/** Each quarter by the others. */
function leaveOut(outcomes: readonly Outcome[], quarters: readonly string[], present: Float64Array): LeftOut[] {
  return quarters.flatMap((quarter) => {
    const others = outcomes.filter((one) => one.quarter !== quarter);
    const own = outcomes.filter((one) => one.quarter === quarter);
    const penalty = choosePenalty(
      others,
      quarters.filter((one) => one !== quarter),
      present,
    );
    const training = rowsOf(others);
    const [now, then] = [calibrated(training, present), fitWeights(training, present, penalty)];
    const rows = rowsOf(own);
    return own.map((one, row) => ({
      ...one,
      presentOdds: oddsOf(now, rows, row),
      learnedOdds: oddsOf(then, rows, row),
    }));
  });
}

/** The strongest penalty whose log loss on quarters left out is within one standard error of the best (Breiman et al. 1984). */
function choosePenalty(outcomes: readonly Outcome[], quarters: readonly string[], present: Float64Array): number {
  const folds = quarters.map((quarter) => ({
    training: rowsOf(outcomes.filter((one) => one.quarter !== quarter)),
    held: rowsOf(outcomes.filter((one) => one.quarter === quarter)),
  }));
  const measured = PENALTIES.map((penalty) => {
    const losses = folds.map(({ training, held }) => logLoss(fitWeights(training, present, penalty), held));
    const mean = losses.reduce((sum, one) => sum + one, 0) / losses.length;
    const variance = losses.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, losses.length - 1);
    return { penalty, mean, error: Math.sqrt(variance / losses.length) };
  });
  const best = measured.reduce((a, b) => (b.mean < a.mean ? b : a));
  return measured.find(({ mean }) => mean <= best.mean + best.error)?.penalty ?? best.penalty;
}

function logLoss(fit: WeightFit, rows: Rows): number {
  let loss = 0;
  for (let row = 0; row < rows.count; row += 1) {
    const odds = Math.min(1 - 1e-12, Math.max(1e-12, oddsOf(fit, rows, row)));
    loss -= rows.answers[row] === 1 ? Math.log(odds) : Math.log(1 - odds);
  }
  return loss / Math.max(1, rows.count);
}

function rowsOf(outcomes: readonly Outcome[]): Rows {
  const width = outcomes[0]?.shares.length ?? 0;
  return {
    shares: Float64Array.from(outcomes.flatMap(({ shares }) => shares)),
    answers: Uint8Array.from(outcomes, ({ guilty }) => (guilty ? 1 : 0)),
    weights: Float64Array.from(outcomes, ({ weight }) => weight),
    count: outcomes.length,
    width,
  };
}

function ranked(rows: readonly LeftOut[], odds: (row: LeftOut) => number): Ranked[] {
  return rows.map((row) => ({ quarter: row.quarter, value: odds(row), guilty: row.guilty }));
}

/** Tasks drawn again with repetition, by a generator that starts the same each time (Park & Miller 1988). */
function gainOf(rows: readonly LeftOut[]): [number, number] {
  let state = 20260101;
  const next = (): number => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const gains: number[] = [];
  for (let round = 0; round < RESAMPLINGS; round += 1) {
    const drawn = rows.map(() => rows[Math.floor(next() * rows.length)] ?? rows[0]).filter((row) => row !== undefined);
    const learned = areaUnderCurve(ranked(drawn, ({ learnedOdds }) => learnedOdds));
    const present = areaUnderCurve(ranked(drawn, ({ presentOdds }) => presentOdds));
    if (learned !== null && present !== null) gains.push(learned - present);
  }
  gains.sort((a, b) => a - b);
  const at = (share: number): number => gains[Math.floor(share * (gains.length - 1))] ?? 0;
  return [at(0.025), at(0.975)];
}

function groupsOf(rows: readonly LeftOut[], groups: (row: LeftOut) => readonly string[]): GroupGain[] {
  const names = [...new Set(rows.flatMap(groups))].sort();
  return names.map((group) => {
    const own = rows.filter((row) => groups(row).includes(group));
    return {
      group,
      outcomes: own.length,
      guilty: own.filter(({ guilty }) => guilty).length,
      auc: {
        present: areaUnderCurve(ranked(own, ({ presentOdds }) => presentOdds)),
        learned: areaUnderCurve(ranked(own, ({ learnedOdds }) => learnedOdds)),
      },
    };
  });
}

/** Tenths that add up to 100: what is over goes to the largest remainders, ties in the order of the parts. */
function namedWeights(parts: readonly string[], { beta }: WeightFit): Record<string, number> {
  const total = beta.reduce((sum, one) => sum + one, 0);
  const exact = [...beta].map((one) => (total === 0 ? 0 : (one / total) * 1000));
  const whole = exact.map(Math.floor);
  const over = 1000 - whole.reduce((sum, one) => sum + one, 0);
  const byRest = exact
    .map((one, i) => ({ i, rest: one - Math.floor(one) }))
    .sort((a, b) => b.rest - a.rest || a.i - b.i);
  for (const { i } of byRest.slice(0, total === 0 ? 0 : over)) whole[i] = (whole[i] ?? 0) + 1;
  return Object.fromEntries(parts.map((part, i) => [part, (whole[i] ?? 0) / 10]));
}
