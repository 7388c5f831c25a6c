/**
 * Task flow: the states of a task's file and the one table of what may be done in each, by whom, and what it needs. Nothing else in the
 * program decides whether a step is allowed.
 */
import type { Role } from './person.js';
import type { Words } from './words.js';

export const FILE_STATES = [
  'new',
  'assigned',
  'claimed',
  'field',
  'submitted',
  'returned',
  'verdict',
  'case',
  'closed',
  'bad-imagery',
  'unreachable',
  'merged',
  'split',
] as const;
export type FileState = (typeof FILE_STATES)[number];

export const FILE_STATE_WORDS: Readonly<Record<FileState, Words>> = {
  new: { zh: '待分派', en: 'new' },
  assigned: { zh: '已分派', en: 'assigned' },
  claimed: { zh: '已领取', en: 'claimed' },
  field: { zh: '现场核查', en: 'in the field' },
  submitted: { zh: '待审核', en: 'submitted' },
  returned: { zh: '退回补正', en: 'returned for correction' },
  verdict: { zh: '已认定', en: 'verdict given' },
  case: { zh: '已立案', en: 'case opened' },
  closed: { zh: '已办结', en: 'closed' },
  'bad-imagery': { zh: '影像不可用', en: 'imagery of no use' },
  unreachable: { zh: '无法到达', en: 'cannot be reached' },
  merged: { zh: '已合并', en: 'merged' },
  split: { zh: '已拆分', en: 'split' },
};

/** Nothing is to be done any more. */
export const ENDED_STATES: readonly FileState[] = ['closed', 'merged', 'split'];
/** Someone holds it under a lease. */
export const HELD_STATES: readonly FileState[] = ['claimed', 'field'];

/**
 * `holder`: who has the lease. `assignee`: whom it was given to (also the whole team); where it was given to nobody, anyone of the role.
 * `reviewer`: of the level it waits at, neither an author of it nor one who has approved it at another level. `other`: of the role, no author.
 * `anyone`: of the role. `system`: no person.
 */
export type Who = 'holder' | 'assignee' | 'reviewer' | 'other' | 'anyone' | 'system';
export const WHO_WORDS: Readonly<Record<Who, Words>> = {
  holder: { zh: '持有人', en: 'who holds it' },
  assignee: {
    zh: '被分派的人或队伍；未分派时为任何人',
    en: 'whom it was given to, or anyone where it was given to nobody',
  },
  reviewer: {
    zh: '本级审核人，未提交过、未在其他级审核过',
    en: 'of this level, neither an author nor a reviewer of another level',
  },
  other: { zh: '未提交过的人', en: 'no author of it' },
  anyone: { zh: '任何人', en: 'anyone' },
  system: { zh: '系统', en: 'the system' },
};

/** `deadline` of a return: given, or that of returned patches. `unlisted`: no longer on the newest run's list. `unsealed`: no sealed round keeps it. */
export type Need =
  | 'reason'
  | 'deadline'
  | 'finding'
  | 'tasks'
  | 'parts'
  | 'person'
  | 'lease'
  | 'acknowledged'
  | 'unlisted'
  | 'unsealed'
  | 'draft';
export const NEED_WORDS: Readonly<Record<Need, Words>> = {
  reason: { zh: '理由', en: 'a reason' },
  deadline: { zh: '期限', en: 'a deadline' },
  finding: { zh: '核查结果', en: 'a finding' },
  tasks: { zh: '要并入的任务', en: 'the tasks it takes in' },
  parts: { zh: '各部分', en: 'its parts' },
  person: { zh: '人员或队伍', en: 'a person or team' },
  lease: { zh: '领取时长', en: 'a lease' },
  acknowledged: { zh: '有变化时须确认已阅', en: 'what changed since is acknowledged' },
  unlisted: { zh: '最新运行已不列入', en: 'the newest run no longer lists it' },
  draft: { zh: '本人的草稿', en: 'a draft of one’s own' },
  unsealed: { zh: '所在的封存巡查已出发', en: 'no sealed round that has yet to depart' },
};

/**
 * `same`: the state stays. `waiting`: returned where it was returned and not submitted since, else assigned where it has an assignee or team, else
 * new. `next-review`: submitted at the next level, or verdict after the last.
 */
export type Follows = 'same' | 'waiting' | 'next-review';

export interface Transition {
  readonly action: FlowAction;
  readonly from: readonly FileState[];
  readonly to: FileState | Follows;
  readonly by: readonly { readonly role: Role | null; readonly who: Who }[];
  readonly needs: readonly Need[];
}

export const FLOW_ACTIONS = [
  'assign',
  'claim',
  'extend-lease',
  'release',
  'lapse',
  'depart',
  'submit',
  'approve',
  'return',
  'ask-extension',
  'grant-extension',
  'bad-imagery',
  'unreachable',
  'reopen',
  'close',
  'open-case',
  'merge',
  'join',
  'split',
  'take-off',
  'hand-over',
  'enter-round',
  'leave-round',
  'unseal',
] as const;
export type FlowAction = (typeof FLOW_ACTIONS)[number];

export const FLOW_ACTION_WORDS: Readonly<Record<FlowAction, Words>> = {
  assign: { zh: '分派', en: 'assign' },
  claim: { zh: '领取', en: 'claim' },
  'extend-lease': { zh: '续领', en: 'extend the lease' },
  release: { zh: '放回', en: 'release' },
  lapse: { zh: '领取到期', en: 'lease ended' },
  depart: { zh: '出发', en: 'depart' },
  submit: { zh: '提交', en: 'submit' },
  approve: { zh: '审核通过', en: 'approve' },
  return: { zh: '退回', en: 'return' },
  'ask-extension': { zh: '申请延期', en: 'ask for an extension' },
  'grant-extension': { zh: '同意延期', en: 'grant an extension' },
  'bad-imagery': { zh: '影像不可用', en: 'imagery of no use' },
  unreachable: { zh: '无法到达', en: 'cannot be reached' },
  reopen: { zh: '重新打开', en: 'reopen' },
  close: { zh: '办结', en: 'close' },
  'open-case': { zh: '立案', en: 'open a case' },
  merge: { zh: '并入其他任务', en: 'carry other tasks' },
  join: { zh: '合并到其他任务', en: 'be carried by another task' },
  split: { zh: '拆分', en: 'split' },
  'take-off': { zh: '撤出', en: 'take off the list' },
  'hand-over': { zh: '移交草稿', en: 'hand a draft over' },
  'enter-round': { zh: '排入巡查', en: 'kept for a round' },
  'leave-round': { zh: '巡查取消', en: 'its round was called off' },
  unseal: { zh: '解除封存', en: 'its sealed round departed' },
};

/** Roles that a task can be given to: those that can claim it. */
export const WORK_ROLES = ['officer'] as const satisfies readonly Role[];
export type WorkRole = (typeof WORK_ROLES)[number];

const PLANNERS = [
  { role: 'analyst', who: 'anyone' },
  { role: 'supervisor', who: 'anyone' },
  { role: 'administrator', who: 'anyone' },
] as const;
const HOLDER = [{ role: 'officer', who: 'holder' }] as const;
const REVIEWER = [{ role: 'reviewer', who: 'reviewer' }] as const;
const OVERSEERS = [
  { role: 'supervisor', who: 'anyone' },
  { role: 'administrator', who: 'anyone' },
] as const;

export const TRANSITIONS: readonly Transition[] = [
  { action: 'assign', from: ['new', 'assigned', 'returned'], to: 'waiting', by: PLANNERS, needs: ['person'] },
  {
    action: 'claim',
    from: ['new', 'assigned', 'returned'],
    to: 'claimed',
    by: [{ role: 'officer', who: 'assignee' }],
    needs: ['lease'],
  },
  { action: 'extend-lease', from: ['claimed', 'field'], to: 'same', by: HOLDER, needs: ['lease'] },
  { action: 'release', from: ['claimed', 'field'], to: 'waiting', by: [...HOLDER, ...OVERSEERS], needs: [] },
  { action: 'lapse', from: ['claimed', 'field'], to: 'waiting', by: [{ role: null, who: 'system' }], needs: [] },
  { action: 'depart', from: ['claimed'], to: 'field', by: HOLDER, needs: ['unsealed'] },
  {
    action: 'submit',
    from: ['claimed', 'field'],
    to: 'submitted',
    by: HOLDER,
    needs: ['unsealed', 'finding', 'acknowledged'],
  },
  { action: 'approve', from: ['submitted'], to: 'next-review', by: REVIEWER, needs: ['acknowledged'] },
  { action: 'return', from: ['submitted'], to: 'returned', by: REVIEWER, needs: ['reason', 'deadline'] },
  {
    action: 'ask-extension',
    from: ['assigned', 'claimed', 'field', 'returned'],
    to: 'same',
    by: [...HOLDER, { role: 'officer', who: 'assignee' }],
    needs: ['reason', 'deadline'],
  },
  {
    action: 'grant-extension',
    from: ['assigned', 'claimed', 'field', 'returned', 'submitted'],
    to: 'same',
    by: [...OVERSEERS, { role: 'reviewer', who: 'other' }],
    needs: ['reason', 'deadline'],
  },
  {
    action: 'bad-imagery',
    from: ['new', 'assigned', 'claimed', 'field', 'returned'],
    to: 'bad-imagery',
    by: [...HOLDER, { role: 'analyst', who: 'anyone' }],
    needs: ['reason'],
  },
  { action: 'unreachable', from: ['claimed', 'field'], to: 'unreachable', by: HOLDER, needs: ['unsealed', 'reason'] },
  {
    action: 'reopen',
    from: ['bad-imagery', 'unreachable', 'verdict', 'case', 'closed'],
    to: 'waiting',
    by: OVERSEERS,
    needs: ['reason'],
  },
  { action: 'open-case', from: ['verdict'], to: 'case', by: [{ role: 'reviewer', who: 'anyone' }], needs: [] },
  { action: 'close', from: ['verdict', 'case'], to: 'closed', by: [{ role: 'reviewer', who: 'anyone' }], needs: [] },
  {
    action: 'merge',
    from: ['new', 'assigned', 'claimed', 'field', 'returned'],
    to: 'same',
    by: PLANNERS,
    needs: ['tasks', 'reason'],
  },
  { action: 'join', from: ['new', 'assigned', 'returned'], to: 'merged', by: PLANNERS, needs: ['unsealed', 'reason'] },
  {
    action: 'split',
    from: ['new', 'assigned', 'returned'],
    to: 'split',
    by: PLANNERS,
    needs: ['unsealed', 'parts', 'reason'],
  },
  {
    action: 'take-off',
    from: ['new', 'assigned', 'returned'],
    to: 'closed',
    by: PLANNERS,
    needs: ['reason', 'unlisted'],
  },
  {
    action: 'hand-over',
    from: ['new', 'assigned', 'claimed', 'field', 'returned'],
    to: 'same',
    by: [{ role: 'officer', who: 'anyone' }],
    needs: ['unsealed', 'draft', 'person'],
  },
  { action: 'enter-round', from: ['new', 'assigned', 'returned'], to: 'same', by: PLANNERS, needs: [] },
  { action: 'leave-round', from: FILE_STATES, to: 'same', by: [{ role: null, who: 'system' }], needs: [] },
  { action: 'unseal', from: FILE_STATES, to: 'same', by: [{ role: null, who: 'system' }], needs: [] },
];

export function transitionOf(action: FlowAction): Transition {
  const found = TRANSITIONS.find((transition) => transition.action === action);
  if (!found) throw new Error(`no transition ${action}`);
  return found;
}
