/** The queue's requests by name. */
import type { EvidenceFile } from '../../model/evidence.js';
import type { Finding } from '../../model/finding-form.js';
import type { StepDetails } from '../../model/step-details.js';
import { ENDED_STATES, FILE_STATES, type FlowAction } from '../../model/task-flow.js';
import type { PartVerdict, Remark } from '../../model/verdict.js';
import type { TaskData } from '../api.js';
import { ask } from './ask.js';
import type {
  AllotAnswer,
  ClaimAnswer,
  FileAnswer,
  FileCounts,
  FileFilter,
  FilePage,
  FileStep,
  FormDescription,
  TaskVerdicts,
} from './data.js';
import { session } from './session.js';

const at = (id: string): string => encodeURIComponent(id);
export const newKey = (): string => crypto.randomUUID();
const PAGE = 50;

export function listFiles(filter: FileFilter, cursor: string | null, signal?: AbortSignal): Promise<FilePage> {
  const query = queryOf(filter);
  query.set('order', filter.order);
  query.set('limit', `${PAGE}`);
  if (cursor !== null) query.set('cursor', cursor);
  return ask('GET', `/queue/files?${query}`, signal ? { signal } : {});
}

export const countFiles = (filter: FileFilter): Promise<FileCounts> => ask('GET', `/queue/counts?${queryOf(filter)}`);

function queryOf(filter: FileFilter): URLSearchParams {
  const { quarter, state, whose, area, violation, overdue, text } = filter;
  const query = new URLSearchParams();
  if (quarter !== '') query.set('quarter', quarter);
  if (state === 'open') query.set('state', FILE_STATES.filter((one) => !ENDED_STATES.includes(one)).join(','));
  else if (state !== '') query.set('state', state);
  const [team] = session.me?.teams ?? [];
  if (whose === 'mine') query.set('mine', 'true');
  if (whose === 'team' && team !== undefined) query.set('team', team);
  if (area !== '') query.set('area', area);
  if (violation !== '') query.set('violation', violation);
  if (overdue) query.set('overdue', 'true');
  if (text.trim() !== '') query.set('text', text.trim());
  return query;
}

export const getFile = (id: string): Promise<FileAnswer> => ask('GET', `/queue/files/${at(id)}`);
export const getSteps = async (id: string): Promise<readonly FileStep[]> =>
  (await ask<{ steps: FileStep[] }>('GET', `/queue/files/${at(id)}/steps`)).steps;
export const getPlace = (id: string): Promise<TaskData> => ask('GET', `/tasks/${at(id)}`);
export const getEvidence = async (id: string): Promise<readonly EvidenceFile[]> =>
  (await ask<{ files: EvidenceFile[] }>('GET', `/tasks/${at(id)}/evidence`)).files;
export const getFindings = async (id: string): Promise<readonly Finding[]> =>
  (await ask<{ findings: Finding[] }>('GET', `/tasks/${at(id)}/findings`)).findings;
export const getVerdicts = (id: string): Promise<TaskVerdicts> => ask('GET', `/tasks/${at(id)}/verdicts`);

export function act(
  id: string,
  action: FlowAction,
  revision: number,
  details: StepDetails,
  key: string,
): Promise<FileAnswer> {
  return ask('POST', `/queue/files/${at(id)}/${action}`, { body: details, revision, key });
}

export const claimFiles = (claim: {
  readonly ids?: readonly string[];
  readonly count?: number;
}): Promise<ClaimAnswer> => ask('POST', '/queue/claims', { body: claim, key: newKey() });

/** `role` null: to those who answer for the area. */
export const allotFiles = (ids: readonly string[], role: string | null): Promise<AllotAnswer> =>
  ask('POST', '/queue/allot', { body: { ids, count: ids.length, ...(role === null ? {} : { role }) } });

export const reviewList = (cursor: string | null): Promise<FilePage> =>
  ask('GET', `/queue/reviews?limit=${PAGE}${cursor === null ? '' : `&cursor=${cursor}`}`);

export const checkVerdicts = async (id: string, parts: readonly PartVerdict[] | null): Promise<readonly Remark[]> =>
  (await ask<{ remarks: Remark[] }>('POST', `/tasks/${at(id)}/verdict-check`, { body: { parts } })).remarks;

export const opine = (id: string, parts: readonly PartVerdict[] | null): Promise<void> =>
  ask('POST', `/tasks/${at(id)}/opinions`, { body: { parts } });

let form: Promise<FormDescription> | null = null;
/** The form and the codes; asked for once a page load. */
export function getForm(): Promise<FormDescription> {
  form ??= ask<FormDescription>('GET', '/finding-form').catch((error: unknown) => {
    form = null;
    throw error;
  });
  return form;
}

export interface Draft {
  readonly id: string;
  readonly taskId: string;
  readonly at: string;
  readonly form: unknown;
}
export const getDrafts = async (): Promise<readonly Draft[]> =>
  (await ask<{ drafts: Draft[] }>('GET', '/drafts')).drafts;
export const keepDraft = (id: string, taskId: string, form: unknown): Promise<void> =>
  ask('PUT', `/drafts/${at(id)}`, { body: { taskId, form } });
export const dropDraft = (id: string): Promise<void> => ask('DELETE', `/drafts/${at(id)}`);
export const checkFinding = (
  id: string,
  form: unknown,
): Promise<{ errors: { path: string; message: string }[]; remarks: Remark[] }> =>
  ask('POST', `/tasks/${at(id)}/finding-check`, { body: { form } });
