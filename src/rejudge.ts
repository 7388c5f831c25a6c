/**
 * rejudge: a finished quarter judged again with the register (or the judgement settings) as they are now. No image is needed: the plan
 * of the last finished run stands, only attribute, publish and report are done; patches whose judgement rests on the same things keep
 * it. The same inputs as a run from the beginning, so that `tuban run` finds it standing afterwards.
 * A dry run stores nothing: what would be stored is caught, and the difference is told.
 */
import { createLayerRegister } from './adapters/postgres/layer-register.js';
import { quarterRecord } from './adapters/postgres/quarter-record.js';
import { createRunRecords } from './adapters/postgres/run-records.js';
import { takeRunLock } from './jobs/run-lock.js';
import type { QuarterDifference } from './model/difference.js';
import { Fault } from './model/fault.js';
import type { JudgementRecipe } from './model/judgement-recipe.js';
import { type JudgedQuarter, type RunRecord, sinceOf } from './model/run.js';
import type { Quarter } from './model/scene.js';
import { withheld } from './model/zone-kinds.js';
import type { Publication, RunRecords, StageResult } from './ports/run-records.js';
import type { WorkPool } from './ports/work-pool.js';
import { attributeJob, reportJob } from './quarter-jobs.js';
import { finishedRun, judgedOf } from './quarter-judged.js';
import { runOf } from './quarter-plan.js';
import { publishJob } from './quarter-publish.js';
import type { RunWorkspace } from './quarter-run.js';
import { titleOf } from './stages/register/changes.js';
import { differencesOf } from './stages/rejudge/difference.js';

export interface RejudgeOptions {
  /** Default: the workspace's. */
  readonly recipe?: JudgementRecipe;
  readonly dryRun: boolean;
}

/**
 * Null: the quarter has no finished run. Faults: run.locked; run.result-missing where results of its steps were cleared away.
 */
export async function rejudgeQuarter(
  workspace: RunWorkspace,
  quarter: Quarter,
  options: RejudgeOptions,
): Promise<QuarterDifference | null> {
  if (options.dryRun) return rejudge(workspace, quarter, options);
  const lock = await takeRunLock(workspace.database);
  if (!lock) {
    throw new Fault(
      'run.locked',
      '另一个运行正在进行，未重新判定；结束后请运行 tuban rejudge (another run is under way: run tuban rejudge afterwards)',
      { blame: 'system' },
    );
  }
  try {
    return await rejudge(workspace, quarter, options);
  } finally {
    await lock.release();
  }
}

async function rejudge(
  { database, pool, recipe, queueSettings }: RunWorkspace,
  quarter: Quarter,
  { recipe: judgement = recipe.judgement, dryRun }: RejudgeOptions,
): Promise<QuarterDifference | null> {
  const records = createRunRecords(database, queueSettings);
  const old = await finishedRun(records, quarter);
  if (!old) return null;
  const layersHash = await records.layersHash(quarter, sinceOf(old.plan));
  const run = runOf({ ...old.plan, layersHash }, { ...old.recipe, judgement });
  const before = await records.tasks(quarter);
  const judgedBefore = await judgedOf(records, old);
  if (run.id === old.id) {
    const untouched = before.filter(({ state }) => state !== 'withdrawn').length;
    const patches = judgedBefore?.judged.length ?? 0;
    return {
      quarter,
      dryRun,
      runBefore: old.id,
      runAfter: run.id,
      tasks: [],
      untouched,
      rankOnly: 0,
      patches,
      judgedAgain: 0,
    };
  }
  const patchesBefore = await quarterRecord(database).patches(quarter);
  const { judged, publication } = await carryOut(records, pool, run, dryRun);
  const changed = await changedPolygons(database, judgedBefore, judged);
  const known = new Set(judgedBefore?.basis?.patches);
  return {
    quarter,
    dryRun,
    runBefore: old.id,
    runAfter: run.id,
    ...differencesOf({
      before,
      after: publication.standing,
      judgedBefore: patchesBefore,
      judged: publication.patches.map((patch) => patch.judged),
      changed,
      decided: await records.decidedTasks(quarter),
    }),
    patches: judged.judged.length,
    judgedAgain: (judged.basis?.patches ?? []).filter((basis) => !known.has(basis)).length,
  };
}

async function carryOut(
  records: RunRecords,
  pool: WorkPool,
  run: RunRecord,
  dryRun: boolean,
): Promise<{ judged: JudgedQuarter; publication: Publication }> {
  const caught = catching(records, dryRun);
  const ports = { records: caught.records, pool };
  await caught.records.beginRun(run);
  try {
    await attributeJob(ports, run);
    await publishJob(ports, run);
    await reportJob(ports, run);
  } catch (error) {
    await caught.records.failRun(run.id);
    throw error;
  }
  const judged = await judgedOf(caught.records, run);
  const publication = caught.publication();
  if (judged && publication) return { judged, publication };
  throw new Fault('rejudge.nothing', `${run.quarter} 重新判定没有留下结果 (judging again left no result)`, {
    blame: 'system',
  });
}

/** Records that remember what is published, and of a dry run store nothing: what was saved is found again in memory only. */
function catching(records: RunRecords, dryRun: boolean): { records: RunRecords; publication(): Publication | null } {
  let published: Publication | null = null;
  const publish = async (publication: Publication): Promise<void> => {
    published = publication;
    if (!dryRun) await records.publish(publication);
  };
  const publication = (): Publication | null => published;
  if (!dryRun) return { records: { ...records, publish }, publication };
  const saved = new Map<string, StageResult>();
  const place = (stage: string, key: string): string => `${stage} ${key}`;
  const nothing = async (): Promise<void> => undefined;
  return {
    publication,
    records: {
      ...records,
      publish,
      beginRun: nothing,
      failRun: nothing,
      finishRun: nothing,
      addFailure: nothing,
      async save(stage, key, body, payload) {
        saved.set(place(stage, key), { body, payload: payload ?? null });
      },
      async result(stage, key) {
        return saved.get(place(stage, key)) ?? (await records.result(stage, key));
      },
      async results(stage, keys) {
        const open = keys.filter((key) => !saved.has(place(stage, key)));
        const found = new Map((await records.results(stage, open)).map((result, i) => [open[i] ?? '', result]));
        return keys.flatMap((key) => saved.get(place(stage, key)) ?? found.get(key) ?? []);
      },
      async doneKeys(stage, keys) {
        const done = await records.doneKeys(stage, keys);
        return new Set(keys.filter((key) => done.has(key) || saved.has(place(stage, key))));
      },
    },
  };
}

/** Polygons whose versions differ between two judgings, with their titles. */
async function changedPolygons(
  database: RunWorkspace['database'],
  before: JudgedQuarter | null,
  after: JudgedQuarter,
): Promise<Map<string, string>> {
  const texts = (judged: JudgedQuarter | null): Set<string> =>
    new Set((judged?.basis?.versions ?? []).map((version) => JSON.stringify(version)));
  const [old, now] = [texts(before), texts(after)];
  if (!before?.basis) return new Map();
  const differ = [...[...old].filter((text) => !now.has(text)), ...[...now].filter((text) => !old.has(text))];
  const ids = [...new Set(differ.map((text) => [JSON.parse(text)].flat()[0] as string))].sort();
  const polygons = await createLayerRegister(database).byIds(ids);
  return new Map(polygons.map((polygon) => [polygon.id, titleOf(withheld(polygon))]));
}
