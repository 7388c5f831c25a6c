/** One task's file on its page: what is known of it, loaded in parts, and steps on it. What was typed is never touched by a reload. */
import { reactive } from 'vue';
import type { EvidenceFile } from '../../model/evidence.js';
import type { Finding } from '../../model/finding-form.js';
import type { StepDetails } from '../../model/step-details.js';
import type { FlowAction } from '../../model/task-flow.js';
import type { TaskData } from '../api.js';
import { messageOf, Problem } from '../office/ask.js';
import type { FileAnswer, FileStep, TaskVerdicts } from '../office/data.js';
import * as queue from '../office/queue.js';

export interface TaskFileState {
  answer: FileAnswer | null;
  /** Null where the place is withheld. */
  place: TaskData | null;
  steps: readonly FileStep[];
  evidence: readonly EvidenceFile[];
  findings: readonly Finding[];
  verdicts: TaskVerdicts | null;
  /** All of it has come once: what is shown below does not move any more. */
  whole: boolean;
  trouble: string;
  /** Steps of others that came while something was being done here. */
  since: readonly FileStep[];
  /** Hash of the change that was ticked as read. */
  read: string | null;
  busy: boolean;
}

export interface TaskFileOnPage {
  readonly state: TaskFileState;
  load(): Promise<void>;
  loadEvidence(): Promise<void>;
  loadVerdicts(): Promise<void>;
  /** True: done. A refusal is told in `trouble` (and `since`), and given back where the caller wants its errors. */
  act(action: FlowAction, details: StepDetails): Promise<true | Problem>;
}

export function openTaskFile(id: string): TaskFileOnPage {
  const state = reactive<TaskFileState>({
    answer: null,
    place: null,
    steps: [],
    evidence: [],
    findings: [],
    verdicts: null,
    whole: false,
    trouble: '',
    since: [],
    read: null,
    busy: false,
  }) as TaskFileState;
  /** Sent again after a broken connection, the same step is done once. */
  let key = queue.newKey();
  /** Told of a load; gone with the next one that succeeds. What was told of a step stays. */
  let notLoaded = '';

  const loadEvidence = async () => {
    state.evidence = await queue.getEvidence(id);
  };
  const loadVerdicts = async () => {
    state.verdicts = await queue.getVerdicts(id);
  };
  const loadRest = async () => {
    state.steps = await queue.getSteps(id);
    if (state.answer?.opened == null) {
      Object.assign(state, { place: null, evidence: [], findings: [], verdicts: null, whole: true });
      return;
    }
    const [place, findings] = await Promise.all([queue.getPlace(id), queue.getFindings(id)]);
    Object.assign(state, { place, findings });
    await Promise.all([loadEvidence(), loadVerdicts()]);
    state.whole = true;
  };
  const load = async () => {
    try {
      state.answer = await queue.getFile(id);
      await loadRest();
      if (state.trouble === notLoaded) state.trouble = '';
    } catch (error) {
      notLoaded = messageOf(error);
      state.trouble = notLoaded;
    }
  };
  const act = async (action: FlowAction, details: StepDetails): Promise<true | Problem> => {
    if (state.answer === null) return new Problem(0, { detail: '任务还没有打开' });
    const { file, change } = state.answer;
    const acknowledged = change !== null && state.read === change.hash ? { acknowledged: change.hash } : {};
    Object.assign(state, { busy: true, trouble: '', since: [] });
    try {
      state.answer = await queue.act(id, action, file.revision, { ...details, ...acknowledged }, key);
      key = queue.newKey();
      await loadRest().catch((error: unknown) => {
        state.trouble = messageOf(error);
      });
      return true;
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(0, { detail: messageOf(error) });
      if (problem.status !== 0) key = queue.newKey();
      await load();
      state.trouble = problem.message;
      state.since = problem.since as readonly FileStep[];
      return problem;
    } finally {
      state.busy = false;
    }
  };
  return { state, load, loadEvidence, loadVerdicts, act };
}
