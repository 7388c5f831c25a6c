/** Export entry: a file that left the system: who made it, when, of what; its SHA-256 once it was whole. */
import type { Quarter } from './scene.js';
import type { Words } from './words.js';

export const EXPORT_KINDS = [
  'tasks',
  'sheets',
  'bundle',
  'patches',
  'observations',
  'differences',
  'layer',
  'register',
  'results',
  'report',
  'canonical',
  'audit',
] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

export const EXPORT_KIND_WORDS: Readonly<Record<ExportKind, Words>> = {
  tasks: { zh: '任务清单', en: 'list of tasks' },
  sheets: { zh: '任务单', en: 'sheets for paper' },
  bundle: { zh: '任务档案', en: 'bundle of a task' },
  patches: { zh: '图斑', en: 'patches' },
  observations: { zh: '观测', en: 'observations' },
  differences: { zh: '重判差异', en: 'differences' },
  layer: { zh: '图层', en: 'layer' },
  register: { zh: '一张图', en: 'register' },
  results: { zh: '下发图斑结果', en: 'results' },
  report: { zh: '季度报告', en: 'report' },
  canonical: { zh: '规范导出', en: 'canonical export' },
  audit: { zh: '审计记录', en: 'the record' },
};

/** What leaves. */
export interface ExportWhat {
  readonly kind: ExportKind;
  /** Of the file's name, without the dot. */
  readonly format: string;
  readonly quarter: Quarter | null;
  /** Rows, tasks, entries. */
  readonly rows: number;
}

export interface ExportEntry extends ExportWhat {
  readonly id: string;
  /** UTC. */
  readonly at: string;
  readonly personId: string;
  readonly personName: string;
  readonly device: string;
  /** Null: the file was never whole, or the program ended before it could say so. */
  readonly sha256: string | null;
  readonly bytes: number | null;
}
