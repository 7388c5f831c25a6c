/**
 * pipeline: the table of contents. Jobs and stages in their order, one line each: input → output. A job is what the queue carries and
 * what is done or not done; a stage is what it calls. `docs/pipeline.md` is made from this table by scripts/docs-pipeline.mjs.
 */
import { Fault } from './model/fault.js';
import type { RunRecord } from './model/run.js';
import type { JobRequest } from './ports/job-queue.js';
import { assembleJob, attributeJob, compareJob, fitJob, type JobPorts, recallJob, reportJob } from './quarter-jobs.js';
import { publishJob } from './quarter-publish.js';

export type { JobPorts } from './quarter-jobs.js';
export { jobId, progressOf, type RunProgress } from './quarter-progress.js';

export interface Step {
  /** `add` and `plan` are done by commands, the others are jobs of the queue. */
  readonly job: 'add' | 'plan' | 'fit' | 'compare' | 'assemble' | 'recall' | 'attribute' | 'publish' | 'report';
  readonly stage: string;
  readonly input: string;
  readonly output: string;
}

export const PIPELINE: readonly Step[] = [
  { job: 'add', stage: 'ingest', input: 'a raster file', output: 'Scene' },
  { job: 'plan', stage: 'pair', input: 'Scene[], Quarter, RasterRecipe', output: 'ScenePair[]' },
  { job: 'plan', stage: 'pair/history', input: 'Scene[], Quarter, HistoryRecipe', output: 'HistoryScene[]' },
  { job: 'plan', stage: 'plan', input: 'ScenePair[], Recipe, layers’ hash', output: 'RunRecord (pairs, blocks, keys)' },
  { job: 'fit', stage: 'fit', input: 'AlignedPair[] (fixed sample of a pair)', output: 'PairModel or refusal' },
  { job: 'compare', stage: 'align', input: 'PairUse, Window (block + halo)', output: 'AlignedPair' },
  { job: 'compare', stage: 'detect', input: 'AlignedPair, PairModel', output: 'BlockChange' },
  { job: 'compare', stage: 'vectorise', input: 'BlockChange', output: 'BlockResult (BlockPatch[], seen runs)' },
  {
    job: 'assemble',
    stage: 'pair/ground',
    input: 'seen runs of all pairs',
    output: 'Coverage (which pair serves which ground)',
  },
  { job: 'assemble', stage: 'assemble', input: 'BlockPatch[], PairModel, Coverage', output: 'Patch[]' },
  {
    job: 'recall',
    stage: 'recall',
    input: 'Patch[], earlier scenes’ GroundReading[]',
    output: 'Patch[] with PatchHistory; season dropped',
  },
  { job: 'attribute', stage: 'attribute', input: 'Patch, Boundary[]', output: 'AttributedPatch' },
  { job: 'attribute', stage: 'classify', input: 'AttributedPatch, OutsideMeasure', output: 'Classification' },
  { job: 'attribute', stage: 'score', input: 'AttributedPatch, Classification', output: 'JudgedPatch' },
  { job: 'attribute', stage: 'observe', input: 'Boundary[], Coverage, JudgedPatch[]', output: 'Observation[]' },
  { job: 'publish', stage: 'track', input: 'Patch[], ground of earlier quarters', output: 'Site of each, SiteMerge[]' },
  {
    job: 'publish',
    stage: 'remember',
    input: 'Site’s quarters, Decision[], growth',
    output: 'SiteFacts, quiet or not, notes',
  },
  { job: 'publish', stage: 'score', input: 'JudgedPatch, SiteFacts', output: 'SitedPatch' },
  { job: 'publish', stage: 'regrow', input: 'Sites without a patch, GroundReading[] of AFTER', output: 'SiteState[]' },
  { job: 'publish', stage: 'sample', input: 'Coverage, seed', output: 'cells of seen ground without a patch' },
  {
    job: 'publish',
    stage: 'publish',
    input: 'SitedPatch[], cells, Task[] that stand',
    output: 'Task[] (ranked, in reserve, quiet, withdrawn)',
  },
  { job: 'report', stage: 'report', input: 'RunRecord', output: 'RunSummary, finished run' },
];

/** Carries out one job of a run. What it needs to know is its name, and the pair and block it is about. */
export async function runJob(ports: JobPorts, run: RunRecord, { name, data }: JobRequest): Promise<void> {
  const pair = run.plan.pairs.find(({ id }) => id === data.pair);
  const index = Number(data.index);
  if (name === 'fit' && pair) return fitJob(ports, run, pair);
  if (name === 'compare' && pair) return compareJob(ports, run, { pair, index });
  if (name === 'assemble') return assembleJob(ports, run);
  if (name === 'recall') return recallJob(ports, run);
  if (name === 'attribute') return attributeJob(ports, run);
  if (name === 'publish') return publishJob(ports, run);
  if (name === 'report') return reportJob(ports, run);
  throw new Fault('run.unknown-job', `不认识的任务 ${name} (unknown job)`, { blame: 'system', details: { ...data } });
}

/** The table of docs/pipeline.md. */
export function pipelineTable(): string {
  const rows = PIPELINE.map(({ job, stage, input, output }) => `| ${job} | ${stage} | ${input} | ${output} |`);
  return ['| job | stage | input | output |', '|---|---|---|---|', ...rows].join('\n');
}

const MARKS = ['<!-- table: made by scripts/docs-pipeline.mjs -->', '<!-- end of table -->'] as const;

/** The document with its table renewed. */
export function pipelineDocument(text: string, table: string): string {
  const [from, to] = MARKS.map((mark) => text.indexOf(mark)) as [number, number];
  if (from < 0 || to < from) {
    throw new Fault('docs.marks', `docs/pipeline.md has lost its marks ${MARKS.join(' … ')}`, { blame: 'system' });
  }
  return `${text.slice(0, from + MARKS[0].length)}\n${table}\n${text.slice(to)}`;
}
