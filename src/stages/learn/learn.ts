/**
 * learn: verified outcomes → whether other weights would have put violations higher, shown on quarters that were left out, and which.
 * Each quarter is judged by weights fitted on the others (the strength of the penalty chosen among those others in the same way), beside the present
 * rules. Other weights are proposed only where there are enough outcomes and the gain holds in 97.5 % of resamplings of the tasks (paired bootstrap);
 * else the answer says what is lacking.
 * In:  outcomes with the shares of their score's parts as they were frozen. Out: figures, and weights that add up to 100, or a refusal.
 */
import type { Compared, GroupGain, LearnInput, LearnReport, Outcome } from '../../model/learning.js';
import { calibrated, fitWeights, oddsOf, type Rows, type WeightFit } from './fit-weights.js';
import { areaUnderCurve, brier, precisionsAt, type Ranked, reliability } from './measure.js';
import { resampled } from './resample.js';

export const MOST_WEIGHT = 20;
/** Judgements: below these a fit of 14 weights says more of chance than of the ground. */
export const LEAST = { outcomes: 150, each: 30, quarters: 4 } as const;
const PENALTIES = [3, 1, 0.3, 0.1, 0.03, 0.01] as const;
/** Beside the k that is asked for. */
const OTHER_K = [10, 20, 50, 100] as const;

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
  const pairs = fitted.map((row) => ({
    present: { quarter: row.quarter, value: row.presentOdds, guilty: row.guilty },
    learned: { quarter: row.quarter, value: row.learnedOdds, guilty: row.guilty },
  }));
  const { gain, precisions } = resampled(pairs, usefulK(k, fitted));
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
    precision: figures((rows, odds) => precisionsAt(ranked(rows, odds), [k])[0] ?? null),
    precisions,
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

/** Beyond the largest quarter every k says the same. */
function usefulK(k: number, rows: readonly LeftOut[]): number[] {
  const sizes = new Map<string, number>();
  for (const { quarter } of rows) sizes.set(quarter, (sizes.get(quarter) ?? 0) + 1);
  const most = Math.max(0, ...sizes.values());
  return [...new Set([k, ...OTHER_K.filter((one) => one < most)])].sort((a, b) => a - b);
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
