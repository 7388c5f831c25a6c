/**
 * Right: what a request is about, by name. A person signed in with a password has every right that the roles give; a token has, of
 * these, only those in its scope. A right never gives more than the role does.
 */
import type { Words } from './words.js';

export const RIGHTS = [
  'tasks.read',
  'tasks.work',
  'tasks.review',
  'tasks.plan',
  'evidence.read',
  'evidence.write',
  'lists.write',
  'notices',
  'people.read',
  'people.change',
  'learning',
  'audit.read',
  'runs',
] as const;
export type Right = (typeof RIGHTS)[number];

export const RIGHT_WORDS: Readonly<Record<Right, Words>> = {
  'tasks.read': { zh: '查看任务', en: 'read tasks' },
  'tasks.work': { zh: '领取、提交任务', en: 'claim and submit tasks' },
  'tasks.review': { zh: '审核任务', en: 'review tasks' },
  'tasks.plan': { zh: '分派、合并任务', en: 'assign and merge tasks' },
  'evidence.read': { zh: '查看举证材料', en: 'read evidence' },
  'evidence.write': { zh: '上传举证材料', en: 'add evidence' },
  'lists.write': { zh: '导出清单', en: 'export lists' },
  notices: { zh: '查看通知', en: 'read notices' },
  'people.read': { zh: '查看人员', en: 'read people' },
  'people.change': { zh: '管理人员与权限', en: 'change people and rights' },
  learning: { zh: '权重与抽查', en: 'weights and supervision' },
  'audit.read': { zh: '查看审计记录', en: 'read the audit' },
  runs: { zh: '运行季度', en: 'run quarters' },
};
