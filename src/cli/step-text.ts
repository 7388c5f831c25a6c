/** step-text: the steps of a file for a terminal: when (China's clock), what, by whom, and what came with it, in words. */
import { isReviewLevel, REVIEW_LEVEL_WORDS } from '../model/person.js';
import type { FileStep } from '../model/task-file.js';
import { FILE_STATE_WORDS, FLOW_ACTION_WORDS } from '../model/task-flow.js';
import { localTime } from './local-time.js';
import { table } from './table.js';

export function stepsTable(steps: readonly FileStep[], names: ReadonlyMap<string, string>): string {
  return table(steps, [
    { head: '版本', right: true, cell: ({ revision }) => String(revision) },
    { head: '时间', cell: ({ at }) => localTime(at) },
    { head: '办理', cell: ({ action }) => FLOW_ACTION_WORDS[action].zh },
    {
      head: '状态',
      cell: ({ from, to }) =>
        from === to ? FILE_STATE_WORDS[to].zh : `${FILE_STATE_WORDS[from].zh} → ${FILE_STATE_WORDS[to].zh}`,
    },
    { head: '经办', cell: ({ personId }) => (personId === null ? '系统' : (names.get(personId) ?? personId)) },
    { head: '设备', cell: ({ device }) => device },
    { head: '说明', cell: ({ body }) => saidOf(body, names) },
  ]);
}

function saidOf(body: FileStep['body'], names: ReadonlyMap<string, string>): string {
  const text = (name: string): string | null => {
    const value = body[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  };
  const say = (name: string, words: string, show: (value: string) => string = (value) => value): string[] => {
    const value = text(name);
    return value === null ? [] : [`${words} ${show(value)}`];
  };
  const named = (id: string): string => names.get(id) ?? id;
  const level = (value: string): string => (isReviewLevel(value) ? REVIEW_LEVEL_WORDS[value].zh : value);
  return [
    ...say('reason', '理由'),
    ...say('teamId', '给队伍', named),
    ...say('assignee', '给', named),
    ...say('to', '给', named),
    ...say('holder', '原持有人', named),
    ...say('leaseUntil', '领取至', localTime),
    ...say('leaseNo', '第', (value) => `${value} 次领取`),
    ...say('roundId', '巡查'),
    ...say('findingId', '核查记录'),
    ...say('level', '级别', level),
    ...say('next', '下一级', level),
    ...say('asked', '申请至'),
    ...say('before', '原期限'),
    ...say('deadline', '期限', (value) => (body.deadlineProvisional === true ? `${value}（暂定）` : value)),
    ...say('into', '并入'),
    ...(Array.isArray(body.tasks) ? [`并入的任务 ${body.tasks.join('、')}`] : []),
    ...(body.acknowledged === undefined ? [] : ['已阅变化']),
    ...(body.sealed === true ? ['封存'] : []),
  ].join('；');
}
