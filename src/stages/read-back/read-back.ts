/**
 * read-back: the form sheet as it comes back → a form for each task, not yet checked against codes and time (check-finding does that), with
 * everything that is wrong by its cell. Rows of one task are its parts: what is said of the whole visit stands in one of them, or in all alike.
 * In:  rows of the sheet. Out: a form per task in the order of the sheet; how many rows were left empty. Fault form.heads.
 */
import { Fault } from '../../model/fault.js';
import {
  type CellError,
  FORM_COLUMNS,
  type FormColumn,
  PART_COLUMN,
  ROW_HEADS,
  type RowIdentity,
  rowCheck,
  type SheetCell,
} from '../../model/form-sheet.js';
import { canonicalJson } from '../../model/id.js';
import { cellText, readCell } from './cells.js';

export interface FilledForm extends RowIdentity {
  /** Rows of the sheet, counted from 1, one per part. */
  readonly rows: readonly number[];
  /** For checkFinding. */
  readonly form: object;
  readonly errors: readonly CellError[];
  /** False: what ties its rows to the task was changed, so that nothing else can be said of them. */
  readonly tied: boolean;
  /** Where a field of the form stands, such as `parts.1.verdict`. */
  readonly cellOf: (path: string) => Pick<CellError, 'row' | 'cell'>;
  readonly taskCell: Pick<CellError, 'row' | 'cell'>;
  readonly revisionCell: Pick<CellError, 'row' | 'cell'>;
}

/** The head stands in one of the first rows: a mark may stand above it. */
const HEAD_WITHIN = 10;
const COLUMNS = [PART_COLUMN, ...FORM_COLUMNS];

interface SheetRow {
  readonly row: number;
  readonly cells: readonly SheetCell[];
}
type Places = ReadonlyMap<string, number>;

export function readBack(sheet: readonly (readonly SheetCell[])[]): {
  readonly forms: FilledForm[];
  readonly empty: number;
} {
  const { places, first } = headsOf(sheet);
  const rows = sheet.slice(first).map((cells, i) => ({ row: first + i + 1, cells }));
  const groups = new Map<string, SheetRow[]>();
  let empty = 0;
  for (const row of rows) {
    const taskId = cellText(at(row, places, ROW_HEADS.taskId));
    const filled = isFilled(row, places);
    if (taskId === null && !filled) continue;
    if (!filled) empty++;
    const key = taskId ?? `\n${row.row}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const begun = [...groups.values()].filter((group) => group.some((row) => isFilled(row, places)));
  return { forms: begun.map((group) => formOf(group, places)), empty };
}

function headsOf(sheet: readonly (readonly SheetCell[])[]): { readonly places: Places; readonly first: number } {
  const head = sheet.slice(0, HEAD_WITHIN).findIndex((row) => row.some((cell) => cellText(cell) === ROW_HEADS.taskId));
  const names = head < 0 ? [] : (sheet[head] ?? []).map(cellText);
  const places = new Map(names.flatMap((name, i) => (name === null ? [] : [[name, i] as const])).reverse());
  const wanted = [...Object.values(ROW_HEADS), ...COLUMNS.map(({ zh }) => zh)];
  const missing = wanted.filter((zh) => !places.has(zh));
  if (missing.length > 0) {
    throw new Fault(
      'form.heads',
      `表头缺少：${missing.join('、')}；请用导出的表格填写，不要改动表头 (heads are missing: use the exported sheet)`,
      { details: { missing } },
    );
  }
  return { places, first: head + 1 };
}

const at = ({ cells }: SheetRow, places: Places, zh: string): SheetCell => cells[places.get(zh) ?? -1] ?? null;

function isFilled(row: SheetRow, places: Places): boolean {
  return FORM_COLUMNS.some(({ zh }) => cellText(at(row, places, zh)) !== null);
}

function formOf(group: readonly SheetRow[], places: Places): FilledForm {
  const place = ({ row }: SheetRow, zh: string) => ({ row, cell: `${letters(places.get(zh) ?? 0)}${row}` });
  const errors: CellError[] = [];
  const refuse = (row: SheetRow, zh: string, code: string, message: string) =>
    void errors.push({ ...place(row, zh), code, message });
  const [head] = group;
  if (!head) throw new Error('a form has a row');
  const identity = identityOf(head, places);
  for (const row of group) checkIdentity(row, identity, places, (zh, code, message) => refuse(row, zh, code, message));
  const tied = errors.length === 0;

  const form: Tree = { codesVersion: identity.codesVersion, parts: [] };
  const parts: Tree[] = group.map(() => ({}));
  for (const column of COLUMNS) {
    const ofPart = column.path.startsWith('parts.');
    let said: unknown = null;
    for (const [i, row] of group.entries()) {
      const { value, problem } = readCell(at(row, places, column.zh), column);
      if (problem) refuse(row, column.zh, problem.code, problem.message);
      if (value === null) continue;
      if (ofPart) put(parts[i] ?? {}, column.path.split('.').slice(1), value);
      else if (said === null) {
        said = value;
        put(form, column.path.split('.'), value);
      } else if (canonicalJson(said) !== canonicalJson(value)) {
        refuse(
          row,
          column.zh,
          'form.differs',
          '与同一任务的上一行不同；整次核查只有一个答案 (differs from the row above)',
        );
      }
    }
  }
  Object.assign(form, { parts });
  for (const row of group) {
    if (!tied || isFilled(row, places)) continue;
    const message =
      '同一任务的这一地块没有填写；请填写，或删去这一行 (this part was left empty: fill it in, or delete the row)';
    refuse(row, PART_COLUMN.zh, 'form.part-empty', message);
  }
  return {
    ...identity,
    rows: group.map(({ row }) => row),
    form,
    errors,
    tied,
    cellOf: (path) => cellOf(path, group, head, places, place),
    taskCell: place(head, ROW_HEADS.taskId),
    revisionCell: place(head, ROW_HEADS.revision),
  };
}

function identityOf(row: SheetRow, places: Places): RowIdentity {
  const number = (zh: string) => Number(cellText(at(row, places, zh)) ?? Number.NaN);
  return {
    taskId: cellText(at(row, places, ROW_HEADS.taskId)) ?? '',
    revision: number(ROW_HEADS.revision),
    codesVersion: number(ROW_HEADS.codesVersion),
  };
}

function checkIdentity(
  row: SheetRow,
  first: RowIdentity,
  places: Places,
  refuse: (zh: string, code: string, message: string) => void,
): void {
  const own = identityOf(row, places);
  if (own.taskId === '') refuse(ROW_HEADS.taskId, 'form.required', '没有任务编号 (no task id)');
  else if (cellText(at(row, places, ROW_HEADS.check)) !== rowCheck(own)) {
    refuse(
      ROW_HEADS.taskId,
      'form.row-changed',
      '任务编号、修订号、代码表版本与校验码不符：这几列不能改动，请从导出的表格中重新复制 (the columns that tie this row to its task were changed)',
    );
  } else if (own.revision !== first.revision || own.codesVersion !== first.codesVersion) {
    refuse(
      ROW_HEADS.revision,
      'form.differs',
      '与同一任务的上一行不是同一次导出 (not of the same export as the row above)',
    );
  }
}

type Tree = Record<string, unknown>;

/** Numbers in the path are places in a list; what lies before them is there, empty. */
function put(tree: Tree, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const [next = ''] = rest;
  if (/^\d+$/.test(next)) {
    const list = (tree[key] ?? []) as Tree[];
    tree[key] = list;
    while (list.length <= Number(next)) list.push({});
    put(list[Number(next)] ?? {}, rest.slice(1), value);
    return;
  }
  const inner = (tree[key] ?? {}) as Tree;
  tree[key] = inner;
  put(inner, rest, value);
}

/** The column of the field itself, or of what it is part of; of a group of fields the first that is empty. */
function cellOf(
  path: string,
  group: readonly SheetRow[],
  head: SheetRow,
  places: Places,
  place: (row: SheetRow, zh: string) => Pick<CellError, 'row' | 'cell'>,
): Pick<CellError, 'row' | 'cell'> {
  const part = /^parts\.(\d+)(?:\.|$)/.exec(path);
  const plain = path.replace(/^parts\.\d+/, 'parts');
  const under = (a: string, b: string) => a === b || a.startsWith(`${b}.`);
  const columns: readonly FormColumn[] = COLUMNS.filter((one) => under(plain, one.path) || under(one.path, plain));
  const rows = part ? group.slice(Number(part[1]), Number(part[1]) + 1) : group;
  const rowOf = (zh: string) => rows.find((row) => cellText(at(row, places, zh)) !== null) ?? rows[0] ?? head;
  const column = columns.find(({ zh }) => rows.every((row) => cellText(at(row, places, zh)) === null)) ?? columns[0];
  return column ? place(rowOf(column.zh), column.zh) : place(head, ROW_HEADS.taskId);
}

/** 0 → A, 26 → AA. */
function letters(column: number): string {
  const rest = Math.floor(column / 26) - 1;
  return `${rest < 0 ? '' : letters(rest)}${String.fromCharCode(65 + (column % 26))}`;
}
