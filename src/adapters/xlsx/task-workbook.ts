/**
 * taskWorkbook: a list of tasks as a workbook of three sheets: the list, the form to fill in (a row per task and part, codes to choose from),
 * and the codes. Who made it and when stands above each sheet, on each printed page, and in the workbook's properties.
 */
import type { Blob } from 'node:buffer';
import type Stream from 'node:stream';
import writeExcelFile, { type Cell, type Feature } from 'write-excel-file/node';
import { getCellAddress, sanitizeTextContent } from 'write-excel-file/utility';
import { CODE_KIND_WORDS, CODE_KINDS, type CodeKind, type CodeTable } from '../../model/codes.js';
import {
  FORM_COLUMNS,
  FORM_SHEET,
  type FormColumn,
  PART_COLUMN,
  ROW_HEADS,
  type RowIdentity,
  rowCheck,
} from '../../model/form-sheet.js';
import { type HandlingMark, markRecord, markText } from '../../model/handling-mark.js';
import type { ExportList } from '../../model/patch-list.js';
import { headCell, valueCell } from './write-xlsx.js';

export interface TaskWorkbook {
  readonly list: ExportList;
  /** A row of the form each. */
  readonly parts: readonly (RowIdentity & { readonly part: string })[];
  readonly codes: CodeTable;
  readonly mark: HandlingMark;
}

type BookFeature = Feature<Stream | Buffer | Blob>;

const LIST_SHEET = '任务清单';
const CODE_SHEET = '代码';
/** Mark and heads. */
const TOP_ROWS = 2;
const HINT = '每行一个地块；灰色列不改；空行不提交；时间写作 2026-10-12 09:30；代码见“代码”表，填名称或代码';
const FIXED = '#EEEEEE';
const CODE_KINDS_SHOWN: readonly CodeKind[] = CODE_KINDS.filter((kind) => kind !== 'flag' && kind !== 'role');

export async function taskWorkbook(book: TaskWorkbook): Promise<Uint8Array> {
  const { list, codes, mark } = book;
  const top = (hint = ''): Cell[] => [
    { value: `${markText(mark)}${hint && `　${hint}`}`, type: String, fontWeight: 'bold' },
  ];
  const form = formSheet(book);
  const sheets = [
    {
      sheet: LIST_SHEET,
      columns: list.columns.map(({ width }) => ({ width })),
      stickyRowsCount: TOP_ROWS,
      data: [
        top(),
        list.columns.map(({ zh }) => headCell(zh)),
        ...list.rows.map(({ values }) => list.columns.map((column, i) => valueCell(values[i] ?? null, column))),
      ],
    },
    { sheet: FORM_SHEET, stickyRowsCount: TOP_ROWS, columns: form.columns, data: [top(HINT), ...form.rows] },
    { sheet: CODE_SHEET, stickyRowsCount: TOP_ROWS, ...codeSheet(codes, top(`代码表第 ${codes.version} 版`)) },
  ];
  const last = TOP_ROWS + book.parts.length;
  return writeExcelFile(sheets, { features: [properties(mark), choices(codes, last), printedMark(mark)] }).toBuffer();
}

function formSheet({ parts }: TaskWorkbook): { readonly columns: { width: number }[]; readonly rows: Cell[][] } {
  const fixed = (value: string | number): Cell =>
    typeof value === 'number'
      ? { value, type: Number, format: '0', backgroundColor: FIXED }
      : { value, type: String, format: '@', backgroundColor: FIXED };
  const rows = parts.map((part): Cell[] => [
    fixed(part.taskId),
    fixed(part.revision),
    fixed(part.codesVersion),
    fixed(rowCheck(part)),
    { value: part.part, type: String, format: '@' },
    ...FORM_COLUMNS.map(emptyCell),
  ]);
  const heads = [...Object.values(ROW_HEADS), PART_COLUMN.zh, ...FORM_COLUMNS.map(({ zh }) => zh)];
  const widths = [25, 7, 11, 10, PART_COLUMN.width, ...FORM_COLUMNS.map(({ width }) => width)];
  return { columns: widths.map((width) => ({ width })), rows: [heads.map(headCell), ...rows] };
}

/** Text stays text: numbers of certificates have more digits than a number holds. */
function emptyCell({ reads }: FormColumn): Cell {
  return reads === 'text' || reads === 'word' ? { value: '', type: String, format: '@' } : null;
}

/** Two columns for each kind: name, code. */
function codeSheet(table: CodeTable, top: Cell[]): { readonly columns: { width: number }[]; readonly data: Cell[][] } {
  const kinds = CODE_KINDS_SHOWN.map((kind) => chosen(table, kind));
  const most = Math.max(0, ...kinds.map(({ length }) => length));
  const rows = Array.from({ length: most }, (_, n) =>
    kinds.flatMap((codes) => [valueCell(codes[n]?.zh ?? null, {}), valueCell(codes[n]?.code ?? null, {})]),
  );
  const heads = CODE_KINDS_SHOWN.flatMap((kind) => [headCell(CODE_KIND_WORDS[kind].zh), headCell('代码')]);
  return { columns: kinds.flatMap(() => [{ width: 22 }, { width: 20 }]), data: [top, heads, ...rows] };
}

function chosen(table: CodeTable, kind: CodeKind) {
  return table.codes.filter((code) => code.kind === kind && !code.retired);
}

/** Lists to choose from, where one code or word is asked for; others can be typed and are checked when the sheet comes back. */
function choices(table: CodeTable, last: number): BookFeature {
  const lists = FORM_COLUMNS.flatMap((column, i) => {
    const formula = listOf(column, table);
    if (formula === null) return [];
    const at = i + Object.keys(ROW_HEADS).length + 1;
    const range = `${getCellAddress(TOP_ROWS, at)}:${getCellAddress(Math.max(last, TOP_ROWS + 1) - 1, at)}`;
    return [
      `<dataValidation type="list" allowBlank="1" showErrorMessage="0" sqref="${range}"><formula1>${sanitizeTextContent(formula)}</formula1></dataValidation>`,
    ];
  });
  const markup = `<dataValidations count="${lists.length}">${lists.join('')}</dataValidations>`;
  return {
    files: {
      transform: {
        'xl/worksheets/sheet{id}.xml': { insert: (_, { sheetIndex }) => (sheetIndex === 1 ? markup : undefined) },
      },
    },
  };
}

function listOf({ codes: kind, words }: FormColumn, table: CodeTable): string | null {
  if (words) return `"${Object.keys(words).join(',')}"`;
  if (!kind) return null;
  const rows = chosen(table, kind).length;
  if (rows === 0) return null;
  const column = getCellAddress(0, CODE_KINDS_SHOWN.indexOf(kind) * 2).replace(/\d+$/, '');
  return `'${CODE_SHEET}'!$${column}$${TOP_ROWS + 1}:$${column}$${TOP_ROWS + rows}`;
}

/** Must follow the choices: the format has an order. */
function printedMark(mark: HandlingMark): BookFeature {
  const text = sanitizeTextContent(markText(mark).replaceAll('&', '&&'));
  const markup = `<headerFooter><oddFooter>&amp;C${text}　&amp;P / &amp;N</oddFooter></headerFooter>`;
  return { files: { transform: { 'xl/worksheets/sheet{id}.xml': { insert: () => markup } } } };
}

const CORE = 'docProps/core.xml';

function properties(mark: HandlingMark): BookFeature {
  const core = [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    `<dc:creator>${sanitizeTextContent(mark.name)}</dc:creator>`,
    `<dc:description>${sanitizeTextContent(markText(mark))}</dc:description>`,
    `<cp:keywords>${sanitizeTextContent(markRecord(mark))}</cp:keywords>`,
    `<dcterms:created xsi:type="dcterms:W3CDTF">${mark.at.slice(0, 19)}Z</dcterms:created>`,
    '</cp:coreProperties>',
  ].join('');
  return {
    files: {
      transform: {
        '[Content_Types].xml': {
          insert: () =>
            `<Override ContentType="application/vnd.openxmlformats-package.core-properties+xml" PartName="/${CORE}"/>`,
        },
        '_rels/.rels': {
          insert: () =>
            `<Relationship Id="rId-core" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="${CORE}"/>`,
        },
      },
      write: { files: () => ({ [CORE]: core }) },
    },
  };
}
