/** tuban tasks list with a filter of the queue: state, whose, team, area, overdue. */
import { Fault } from '../model/fault.js';
import { parseQuarter } from '../model/quarter.js';
import { FILE_STATES, type FileState } from '../model/task-flow.js';
import type { FileQuery, ListedFile } from '../ports/task-queue.js';
import { actorOf } from './as-person.js';
import type { CommandContext } from './command.js';
import { filesTable } from './file-text.js';
import { areaId, teamId } from './named.js';
import { queueOf } from './tasks-steps.js';

export interface QueueFilter {
  readonly mine?: boolean;
  readonly team?: string;
  readonly area?: string;
  readonly state?: readonly string[];
  readonly overdue?: boolean;
  readonly quarter?: string;
  readonly json?: boolean;
}

export const QUEUE_FILTERS: readonly (readonly [flags: string, about: string])[] = [
  ['--mine', '核查队列：分派给我、我领取或提交的 (of the queue: mine)'],
  ['--team <NAME>', '核查队列：某队伍的 (a team’s)'],
  ['--area <AREA>', '核查队列：某区域的，编号或名称 (an area’s)'],
  ['--state <STATE...>', `核查队列：状态 (state of the file): ${FILE_STATES.join(' ')}`],
  ['--overdue', '核查队列：已逾期 (overdue)'],
];

/** Any of the queue's filters was given: the answer is the queue's, seen as a person. */
export function asksQueue({ mine, team, area, state, overdue }: QueueFilter): boolean {
  return mine !== undefined || team !== undefined || area !== undefined || state !== undefined || overdue !== undefined;
}

export async function listQueue(filter: QueueFilter, context: CommandContext): Promise<void> {
  const { session } = context;
  const states = filter.state?.map(stateOf);
  const actor = await actorOf(context);
  const queue = await queueOf(context);
  const query: Omit<FileQuery, 'after'> = {
    order: filter.overdue ? 'deadline' : 'rank',
    limit: 200,
    ...(states ? { states } : {}),
    ...(filter.mine ? { mine: true } : {}),
    ...(filter.team === undefined ? {} : { teamId: await teamId(filter.team, context) }),
    ...(filter.area === undefined ? {} : { areaId: await areaId(filter.area, context) }),
    ...(filter.overdue ? { overdue: true } : {}),
    ...(filter.quarter === undefined ? {} : { quarter: parseQuarter(filter.quarter) }),
  };
  const files: ListedFile[] = [];
  let page = await queue.list(actor, { ...query, after: null });
  files.push(...page.files);
  while (page.next !== null) {
    session.signal.throwIfAborted();
    page = await queue.list(actor, { ...query, after: page.next });
    files.push(...page.files);
  }
  if (filter.json) session.out(`${JSON.stringify({ files })}\n`);
  else if (files.length === 0) session.err('没有这样的任务 (no such task)\n');
  else session.out(filesTable(files));
}

function stateOf(text: string): FileState {
  const found = FILE_STATES.find((state) => state === text);
  if (found !== undefined) return found;
  throw new Fault('tasks.state', `没有状态“${text}”，应为 (expected one of)：${FILE_STATES.join(' ')}`);
}
