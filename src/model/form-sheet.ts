/**
 * Form sheet: the finding form (finding-form.ts) as a spreadsheet, one row per task and part: its columns with Chinese heads, what each of
 * them fills in, and the rows as they leave the program. Not asked for here: surveyed outlines and files, which belong on the task's page.
 */
import type { CodeKind } from './codes.js';
import { contentHash } from './id.js';
import type { Task } from './task.js';

export const FORM_SHEET = '核查记录';

/** As it stands in a sheet; days and times as text of the clock on the wall. */
export type SheetCell = string | number | boolean | null;

/** A cell that was refused. */
export interface CellError {
  readonly row: number;
  /** Such as `B7`. */
  readonly cell: string;
  /** Stable: `form.<what>`, or that of the step that was refused. */
  readonly code: string;
  /** Chinese first. */
  readonly message: string;
}

export interface FormColumn {
  /** Field of the form; `parts.` stands for the part that the row is about. */
  readonly path: string;
  readonly zh: string;
  readonly width: number;
  readonly reads: 'text' | 'number' | 'time' | 'day' | 'word' | 'list' | 'equipment';
  readonly codes?: CodeKind;
  /** Chinese word → value; anything else stays as it is written and is refused by the form. */
  readonly words?: Readonly<Record<string, string>>;
}

/** What ties a row to its task; nobody fills it in. */
export const ROW_HEADS = {
  taskId: '任务编号',
  revision: '修订号',
  codesVersion: '代码表版本',
  check: '校验码',
} as const;

const DATUM_WORDS = { CGCS2000: 'CGCS2000', WGS84: 'WGS84', 'GCJ-02': 'GCJ-02' };
const ACTIVE_WORDS = { 是: 'yes', 否: 'no', 不能确定: 'unknown' };
const HOW_WORDS = { 实测: 'measured', 估算: 'estimated', 当事人陈述: 'stated' };

export const PART_COLUMN: FormColumn = { path: 'parts.part', zh: '地块号', width: 7, reads: 'text' };
export const FORM_COLUMNS: readonly FormColumn[] = [
  { path: 'arrivedAt', zh: '到达时间', width: 17, reads: 'time' },
  { path: 'leftAt', zh: '离开时间', width: 17, reads: 'time' },
  { path: 'officers.0.name', zh: '执法人员一', width: 11, reads: 'text' },
  { path: 'officers.0.number', zh: '执法证号一', width: 14, reads: 'text' },
  { path: 'officers.1.name', zh: '执法人员二', width: 11, reads: 'text' },
  { path: 'officers.1.number', zh: '执法证号二', width: 14, reads: 'text' },
  { path: 'position.lon', zh: '核查位置经度', width: 14, reads: 'number' },
  { path: 'position.lat', zh: '核查位置纬度', width: 14, reads: 'number' },
  { path: 'position.datum', zh: '坐标系', width: 11, reads: 'word', words: DATUM_WORDS },
  { path: 'position.accuracyM', zh: '定位精度（米）', width: 14, reads: 'number' },
  { path: 'noPositionReason', zh: '无定位的原因', width: 18, reads: 'text' },
  { path: 'description', zh: '现场核查描述', width: 40, reads: 'text' },
  { path: 'parts.active', zh: '正在开采', width: 10, reads: 'word', words: ACTIVE_WORDS },
  { path: 'parts.violation', zh: '违法类型', width: 18, reads: 'text', codes: 'violation' },
  { path: 'parts.mineral', zh: '矿种', width: 12, reads: 'text', codes: 'mineral' },
  { path: 'parts.method', zh: '开采方式', width: 13, reads: 'text', codes: 'method' },
  { path: 'parts.equipment', zh: '设备及台套（如 挖掘机×2；装载机×1）', width: 30, reads: 'equipment' },
  { path: 'parts.quantities.volumeM3', zh: '方量（立方米）', width: 14, reads: 'number' },
  { path: 'parts.quantities.massT', zh: '重量（吨）', width: 11, reads: 'number' },
  { path: 'parts.quantities.valueYuan', zh: '价值（元）', width: 12, reads: 'number' },
  { path: 'parts.quantities.soldM3', zh: '已销售方量（立方米）', width: 19, reads: 'number' },
  { path: 'parts.quantities.how', zh: '数量来源', width: 12, reads: 'word', words: HOW_WORDS },
  { path: 'offender.kind', zh: '违法主体类别', width: 13, reads: 'text', codes: 'offender' },
  { path: 'offender.name', zh: '违法主体姓名或名称', width: 19, reads: 'text' },
  { path: 'offender.idNumber', zh: '违法主体证件号码', width: 21, reads: 'text' },
  { path: 'offender.phone', zh: '违法主体电话', width: 14, reads: 'text' },
  { path: 'offender.address', zh: '违法主体地址', width: 24, reads: 'text' },
  { path: 'offender.note', zh: '违法主体说明', width: 20, reads: 'text' },
  { path: 'measures', zh: '现场措施（用；分开）', width: 26, reads: 'list' },
  { path: 'stopNotice.number', zh: '停止违法行为通知书文书号', width: 24, reads: 'text' },
  { path: 'stopNotice.on', zh: '通知书日期', width: 12, reads: 'day' },
  { path: 'parts.verdict', zh: '认定意见', width: 13, reads: 'text', codes: 'verdict' },
  { path: 'parts.handling', zh: '处理方式', width: 12, reads: 'text', codes: 'handling' },
  { path: 'parts.reason', zh: '理由', width: 30, reads: 'text' },
];

export interface RowIdentity {
  readonly taskId: string;
  /** Of the task's file when the sheet was made. */
  readonly revision: number;
  readonly codesVersion: number;
}

/** Slips of the hand in what ties a row to its task are seen; it is no secret. Begins with a letter, so that no program takes it for a number. */
export function rowCheck({ taskId, revision, codesVersion }: RowIdentity): string {
  return `K${contentHash([taskId, revision, codesVersion], 7)}`;
}

/** The parts that a task is filled in for: those that the judgement told apart by title, else one. */
export function partsOf({ judged: { judgement } }: Task): string[] {
  return judgement.pieces.length > 0 ? judgement.pieces.map(({ piece }) => String(piece)) : ['1'];
}
