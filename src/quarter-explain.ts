/**
 * quarter-explain: why a place has a patch in a quarter, or none. Read from what the run stored: the patch with its reasons and
 * score; else, pair by pair, whether it covers the place, saw it, serves it, and what became of a change that was found there.
 */
import { drawnAgain } from './comparison.js';
import { isInside } from './geo/interior-point.js';
import type { Component } from './model/change.js';
import { Fault } from './model/fault.js';
import type { GeoTransform, Position, Window } from './model/grid.js';
import type { JudgedPatch, Patch } from './model/patch.js';
import { quarterDays } from './model/quarter.js';
import { type FitOutcome, isRefused, type PlannedPair, type RecalledQuarter, type RunRecord } from './model/run.js';
import type { Quarter } from './model/scene.js';
import type { Observation, Task } from './model/task.js';
import type { QuarterRecord } from './ports/quarter-record.js';
import type { RunRecords } from './ports/run-records.js';
import type { WorkPool } from './ports/work-pool.js';
import { type ComparedPair, fitsOf, quarterGround } from './quarter-ground.js';
import { recallKey } from './quarter-steps.js';
import { assembleLevels } from './stages/assemble/assemble.js';
import { judgeObject } from './stages/detect/object.js';

/** What one pair says of the place. */
export interface PairAnswer {
  readonly pair: string;
  readonly beforeOn: string;
  readonly afterOn: string;
  readonly answer: 'refused' | 'outside' | 'not-seen' | 'unchanged' | 'too-small' | 'rejected' | 'changed';
  /** Of the pairs that saw the place, the rule chose this one. */
  readonly serves: boolean;
  /** Chinese. */
  readonly why: string;
}

export interface Explanation {
  readonly lon: number;
  readonly lat: number;
  readonly quarter: Quarter;
  readonly run: string;
  readonly runState: string;
  readonly patches: readonly JudgedPatch[];
  /** Of these patches: on the list, in reserve, quiet, decided or withdrawn, and why. */
  readonly tasks: readonly (Pick<Task, 'id' | 'rank' | 'state'> & { readonly notes: readonly string[] })[];
  /** Change here that earlier images showed to be season, so that it is no patch. */
  readonly seasonal: readonly Patch[];
  readonly pairs: readonly PairAnswer[];
  /** Of the register polygons over the place. */
  readonly observations: readonly (Observation & { readonly name: string })[];
}

export interface ExplainPorts {
  readonly record: QuarterRecord;
  readonly records: RunRecords;
  readonly pool: WorkPool;
}

/** Faults: explain.no-run; run.result-missing where the run was cut short. */
export async function explainPlace(
  { record, records, pool }: ExplainPorts,
  [lon, lat]: Position,
  quarter: Quarter,
): Promise<Explanation> {
  const newest = await record.run(quarter);
  const run = newest ? await records.run(newest.id) : null;
  if (!run) {
    throw new Fault(
      'explain.no-run',
      `${quarter} 还没有运行过，请先 tuban run ${quarter} (this quarter was not run yet)`,
    );
  }
  const patches = (await record.patches(quarter)).filter(({ patch }) => isInside(patch.geometry, lon, lat));
  const tasks = await Promise.all(patches.map(({ patch }) => record.task(`T${patch.id}`)));
  return {
    lon,
    lat,
    quarter,
    run: run.record.id,
    runState: run.state,
    patches,
    tasks: tasks.flatMap((task) =>
      task ? [{ id: task.id, rank: task.rank, state: task.state, notes: task.notes ?? [] }] : [],
    ),
    seasonal: await seasonalAt(run.record, [lon, lat], records),
    pairs: await pairAnswers(run.record, [lon, lat], records, pool),
    observations: await observationsAt(record, [lon, lat], quarter),
  };
}

/** Runs from before earlier images were asked have none. */
async function seasonalAt(run: RunRecord, [lon, lat]: Position, records: RunRecords): Promise<readonly Patch[]> {
  const stored = await records.result('recall', recallKey(run, await fitsOf(records, run)));
  const dropped = (stored?.body as RecalledQuarter | undefined)?.dropped ?? [];
  return dropped.filter(({ geometry }) => isInside(geometry, lon, lat));
}

async function pairAnswers(
  run: RunRecord,
  place: Position,
  records: RunRecords,
  pool: WorkPool,
): Promise<PairAnswer[]> {
  const fits = await fitsOf(records, run);
  const { compared, coverage } = await quarterGround(records, pool, run);
  const serving = new Set(coverage.servedBy(place[0], place[1]).map((index) => coverage.pairs[index]));
  const answers: PairAnswer[] = [];
  for (const [i, pair] of run.plan.pairs.entries()) {
    const { id, beforeOn, afterOn } = pair;
    const [point] = await pool.run('toMap', { crs: pair.grid.crs, points: [place] });
    const pixel = point ? pixelAt(pair.grid.transform, point) : null;
    const found = compared.find((one) => one.pair.id === id);
    const answer = await answerOf(pool, pair, fits[i], found, pixel);
    answers.push({ pair: id, beforeOn, afterOn, serves: serving.has(id), ...answer });
  }
  return answers.filter(({ answer }) => answer !== 'outside');
}

async function answerOf(
  pool: WorkPool,
  pair: PlannedPair,
  fit: FitOutcome | undefined,
  found: ComparedPair | undefined,
  pixel: Position | null,
): Promise<Pick<PairAnswer, 'answer' | 'why'>> {
  if (!pixel || !isIn(pair.extent, pixel)) return { answer: 'outside', why: '不在两期影像的重叠范围内' };
  if (fit && isRefused(fit)) return { answer: 'refused', why: `两期影像不能比较：${fit.refused.message}` };
  const block = found?.blocks.find(({ window }) => isIn(window, pixel));
  if (!found || !block || !inRuns(block.seenRuns, pixel)) {
    return { answer: 'not-seen', why: '未看到：云、阴影、雪、无数据或掩膜，不等于没有变化' };
  }
  const component = componentAt(found, pixel);
  if (!component) return { answer: 'unchanged', why: '看到了，变化强度未达到阈值，或被形态筛除' };
  return verdictOn(pool, component, found);
}

async function verdictOn(
  pool: WorkPool,
  component: Component,
  { pair, model }: ComparedPair,
): Promise<Pick<PairAnswer, 'answer' | 'why'>> {
  const { pixelAreaM2, minAreaM2 } = model.facts;
  const areaM2 = component.pixels * (pixelAreaM2 ?? 1);
  const size = `${component.pixels} 像元，约 ${areaM2.toFixed(0)} m²`;
  if (areaM2 < minAreaM2 * (1 - 1e-9)) {
    return { answer: 'too-small', why: `检出变化（${size}），小于最小图斑 ${minAreaM2} m²` };
  }
  const judgement = judgeObject(component, model);
  const fitted = { pair: pair.use, extent: pair.extent, model };
  const [drawn] = judgement.keep ? await drawnAgain(pool, fitted, [{ component, judgement }]) : [];
  const { keep, reasons, confidence } = drawn?.judgement ?? judgement;
  const said = reasons.join('；');
  if (!keep) return { answer: 'rejected', why: `检出变化（${size}），但不像所查的变化，已剔除：${said}` };
  return { answer: 'changed', why: `检出变化（${size}），可信度 ${confidence.toFixed(2)}：${said}` };
}

/** Of the components over the pixel the one that the object stage believes most. */
function componentAt({ blocks, model }: ComparedPair, pixel: Position): Component | undefined {
  const over = assembleLevels(blocks.flatMap(({ patches }) => patches)).flatMap((components) =>
    components.filter(({ runs }) => inRuns(runs, pixel)),
  );
  if (over.length < 2) return over[0];
  const rankOf = (component: Component) => {
    const { rank, confidence } = judgeObject(component, model);
    return rank ?? confidence;
  };
  return over.map((component) => ({ component, rank: rankOf(component) })).sort((a, b) => b.rank - a.rank)[0]
    ?.component;
}

function inRuns(runs: Int32Array, [col, row]: Position): boolean {
  for (let i = 0; i + 2 < runs.length; i += 3) {
    if (runs[i] === row && (runs[i + 1] ?? 0) <= col && col <= (runs[i + 2] ?? -1)) return true;
  }
  return false;
}

function isIn({ col, row, width, height }: Window, [x, y]: Position): boolean {
  return x >= col && y >= row && x < col + width && y < row + height;
}

/** The pixel in which a map point lies. */
function pixelAt([t0, t1, t2, t3, t4, t5]: GeoTransform, [x, y]: Position): Position {
  const det = t1 * t5 - t2 * t4;
  return [Math.floor((t5 * (x - t0) - t2 * (y - t3)) / det), Math.floor((t1 * (y - t3) - t4 * (x - t0)) / det)];
}

async function observationsAt(
  record: QuarterRecord,
  [lon, lat]: Position,
  quarter: Quarter,
): Promise<Explanation['observations']> {
  const here = (await record.boundaries([lon, lat, lon, lat], quarterDays(quarter).last)).filter(({ geometry }) =>
    isInside(geometry, lon, lat),
  );
  const names = new Map(
    here.map(({ id, name, number }) => [id, [name, number].filter((text) => text !== null).join(' ')]),
  );
  const all = await record.observations(quarter);
  return all.flatMap((observation) => {
    const name = names.get(observation.boundaryId);
    return name === undefined ? [] : [{ ...observation, name }];
  });
}
