/** file-text: files of tasks for a terminal: whose, until when, what changed under them, what one may do. No place. */
import { FILE_STATE_WORDS, FLOW_ACTION_WORDS } from '../model/task-flow.js';
import { VIOLATION_WORDS } from '../model/words.js';
import type { FileAnswer, ListedFile } from '../ports/task-queue.js';
import { localTime } from './local-time.js';
import { table } from './table.js';

function due({ deadline, deadlineProvisional, overdue }: ListedFile): string {
  if (deadline === null) return '';
  return `${deadline}${deadlineProvisional ? '（暂定）' : ''}${overdue ? ' 逾期' : ''}`;
}

const whose = ({ holderName, assigneeName, teamName }: ListedFile): string =>
  holderName ?? [teamName, assigneeName].filter((name) => name !== null).join('/');

export function filesTable(files: readonly ListedFile[]): string {
  return table(files, [
    { head: '排名', right: true, cell: ({ rank }) => String(rank) },
    { head: '任务编号 (id)', cell: ({ taskId }) => taskId },
    { head: '得分', right: true, cell: ({ score }) => score?.toFixed(1) ?? '' },
    {
      head: '疑似类型',
      cell: ({ violations, areaM2 }) =>
        areaM2 === null ? '封存' : violations.map((code) => VIOLATION_WORDS[code].zh).join('、'),
    },
    { head: '状态', cell: ({ state }) => FILE_STATE_WORDS[state].zh },
    { head: '版本', right: true, cell: ({ revision }) => String(revision) },
    { head: '重点', cell: ({ key }) => (key ? '是' : '') },
    { head: '区域', cell: ({ areaNames }) => areaNames[0] ?? '' },
    { head: '由谁', cell: whose },
    { head: '领取至', cell: ({ leaseUntil }) => (leaseUntil === null ? '' : localTime(leaseUntil)) },
    { head: '期限', cell: due },
  ]);
}

/** Several lines, each ended. */
export function fileLines({ file, keyWhy, change, may }: Omit<FileAnswer, 'opened' | 'newest'>): string {
  const lines = [
    `  状态 ${FILE_STATE_WORDS[file.state].zh}  第 ${file.revision} 版${file.key ? '  重点图斑' : ''}  ${file.areaNames.join('、')}`,
    ...(file.key && keyWhy ? [`  重点图斑，因为：${keyWhy.join('；')} (why a key patch)`] : []),
    ...(whose(file) === '' ? [] : [`  由 ${whose(file)}`]),
    ...(file.leaseUntil === null
      ? []
      : [`  领取至 ${localTime(file.leaseUntil)}（第 ${file.leaseNo} 次领取，已续 ${file.leaseExtensions} 次）`]),
    ...(file.deadline === null ? [] : [`  期限 ${due(file)}`]),
    ...(file.extensionAsked === null ? [] : [`  申请延期至 ${file.extensionAsked}`]),
    ...(file.mergedInto === null ? [] : [`  已并入 ${file.mergedInto}`]),
    ...(file.splitFrom === null
      ? []
      : [`  由 ${file.splitFrom} 拆分，得分和名次是拆分前的 (score and rank of the undivided patch)`]),
  ];
  if (change) {
    lines.push(`  打开之后的变化${change.acknowledged ? '（已阅）' : `（提交或审核时须 --seen ${change.hash}）`}：`);
    lines.push(...change.sentences.map((sentence) => `    · ${sentence}`));
  }
  if (may.length > 0) lines.push(`  可以：${may.map((action) => FLOW_ACTION_WORDS[action].zh).join('、')}`);
  return lines.map((line) => `${line}\n`).join('');
}
