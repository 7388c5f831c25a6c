/** markedList: a list whose every row carries how it is to be handled, whose copy it is and since when: for formats that are nothing but rows. */
import { type HandlingMark, markRecord, markText } from './handling-mark.js';
import type { ExportList } from './patch-list.js';

export function markedList({ name, columns, rows }: ExportList, mark: HandlingMark): ExportList {
  const values = [markText(mark), markRecord(mark)];
  return {
    name,
    columns: [
      ...columns,
      { name: 'mark', type: 'text', zh: '密级与导出人', width: 40 },
      { name: 'mark_id', type: 'text', zh: '导出标记', width: 40 },
    ],
    rows: rows.map((row) => ({ ...row, values: [...row.values, ...values] })),
  };
}
