/** What is asked for each step before it is sent; steps that are not here need nothing, or have a form of their own. */
import type { FlowAction } from '../../model/task-flow.js';

export type StepField = 'reason' | 'deadline' | 'to' | 'person' | 'tasks';

export const STEP_FIELDS: Readonly<Partial<Record<FlowAction, readonly StepField[]>>> = {
  assign: ['to'],
  return: ['reason', 'deadline'],
  'ask-extension': ['reason', 'deadline'],
  'grant-extension': ['reason', 'deadline'],
  'bad-imagery': ['reason'],
  unreachable: ['reason'],
  reopen: ['reason'],
  'take-off': ['reason'],
  'hand-over': ['person'],
  merge: ['tasks', 'reason'],
  split: ['reason'],
};

/** Of a return it may be left to the rules. */
export const DEADLINE_OPTIONAL: readonly FlowAction[] = ['return'];

/** Have forms of their own on the page. */
export const OWN_FORMS: readonly FlowAction[] = ['submit', 'approve'];

/** What is most likely to be done next comes first. */
const ORDER: readonly FlowAction[] = ['claim', 'depart', 'submit', 'approve', 'close', 'open-case', 'return', 'assign'];
export const inOrder = (may: readonly FlowAction[]): FlowAction[] => [...may].sort((a, b) => place(a) - place(b));
const place = (action: FlowAction): number => (ORDER.includes(action) ? ORDER.indexOf(action) : ORDER.length);

/** Asked once more before it is done: it cannot be taken back by oneself. */
export const STEP_HINTS: Readonly<Partial<Record<FlowAction, string>>> = {
  release: '放回后其他人可以领取；您已保存的草稿仍在，可用“移交草稿”交给同事。',
  unreachable: '任务转为“无法到达”，由督查人员或管理员重新打开。',
  'bad-imagery': '任务转为“影像不可用”，由督查人员或管理员重新打开。',
  'hand-over': '您在本任务上的草稿移交给所在区域的另一位执法人员，您自己不再保留；由对方领取后继续填写。',
  split: '拆成几个任务，以后分别办理；本任务结束。',
  merge: '选中的任务并入本任务，以后只办理本任务。',
  return: '退回给原提交人补正；期限留空则按规则。',
};
