import { describe, expect, it } from 'vitest';
import { FORM_COLUMNS, PART_COLUMN, ROW_HEADS, rowCheck, type SheetCell } from '../../model/form-sheet.js';
import { readCell } from './cells.js';
import { readBack } from './read-back.js';

const HEADS = [...Object.values(ROW_HEADS), PART_COLUMN.zh, ...FORM_COLUMNS.map(({ zh }) => zh)];

function row(taskId: string, part: string, said: Record<string, SheetCell>, changes: Record<string, SheetCell> = {}) {
  const identity = { taskId, revision: 2, codesVersion: 1 };
  const cells: Record<string, SheetCell> = {
    [ROW_HEADS.taskId]: taskId,
    [ROW_HEADS.revision]: 2,
    [ROW_HEADS.codesVersion]: 1,
    [ROW_HEADS.check]: rowCheck(identity),
    [PART_COLUMN.zh]: part,
    ...said,
    ...changes,
  };
  return HEADS.map((head) => cells[head] ?? null);
}

const cellAt = (row: number, zh: string) => {
  const n = HEADS.indexOf(zh);
  return `${n < 26 ? '' : 'A'}${String.fromCharCode(65 + (n % 26))}${row}`;
};

describe('readBack', () => {
  it('makes one form of a task’s rows: the visit once, each part by itself', () => {
    const { forms, empty } = readBack([
      ['内部资料'],
      HEADS,
      row('T1', '1', {
        到达时间: '2026/10/12 9:30',
        离开时间: '2026-10-12T10:10:00',
        执法人员一: '张三',
        执法人员二: '李四',
        现场核查描述: ' =1+1 ',
        正在开采: '否',
        '现场措施（用；分开）': '断水；断电',
        停止违法行为通知书文书号: '2026-7',
        通知书日期: '2026年10月12日',
        '设备及台套（如 挖掘机×2；装载机×1）': '挖掘机×2；装载机 1台',
        '方量（立方米）': '７０５.55',
        认定意见: '违法',
      }),
      row('T2', '1', {}),
      [null, null],
      row('T1', '2', { 正在开采: '是', 认定意见: '合法', 执法人员一: '张三' }),
    ]);
    expect(empty).toBe(1);
    expect(forms).toHaveLength(1);
    expect(forms[0]).toMatchObject({ taskId: 'T1', revision: 2, rows: [3, 6], errors: [] });
    expect(forms[0]?.form).toEqual({
      codesVersion: 1,
      arrivedAt: '2026-10-12T09:30:00+08:00',
      leftAt: '2026-10-12T10:10:00+08:00',
      officers: [{ name: '张三' }, { name: '李四' }],
      description: '=1+1',
      measures: ['断水', '断电'],
      stopNotice: { number: '2026-7', on: '2026-10-12' },
      parts: [
        {
          part: '1',
          active: 'no',
          equipment: [
            { code: '挖掘机', count: 2 },
            { code: '装载机', count: 1 },
          ],
          quantities: { volumeM3: 705.55 },
          verdict: '违法',
        },
        { part: '2', active: 'yes', verdict: '合法' },
      ],
    });
    expect(forms[0]?.cellOf('parts.1.verdict')).toEqual({ row: 6, cell: cellAt(6, '认定意见') });
    expect(forms[0]?.cellOf('measures.1')).toEqual({ row: 3, cell: cellAt(3, '现场措施（用；分开）') });
    expect(forms[0]?.cellOf('officers.1.number').cell).toBe(cellAt(3, '执法证号二'));
    expect(forms[0]?.cellOf('position').cell).toBe(cellAt(3, '核查位置经度'));
    expect(forms[0]?.cellOf('').cell).toBe('A3');
  });

  it('points at the first empty field of a group that is not whole', () => {
    const { forms } = readBack([HEADS, row('T1', '1', { 执法人员一: '张三', 执法证号一: 'X1' })]);
    expect(forms[0]?.cellOf('officers').cell).toBe(cellAt(2, '执法人员二'));
  });

  it('refuses by cell what was changed, contradicts itself, or was left half done', () => {
    const said = { 现场核查描述: '坑' };
    const { forms } = readBack([
      HEADS,
      row('T1', '1', said, { [ROW_HEADS.taskId]: 'T9' }),
      row('T2', '1', said, { [ROW_HEADS.revision]: 3 }),
      row('T3', '1', said),
      row('T3', '2', { 现场核查描述: '另一处' }),
      row('T4', '1', said),
      row('T4', '2', {}),
      row('', '1', said, { [ROW_HEADS.taskId]: null }),
      row('T5', '1', { ...said, '价值（元）': '约三万', 到达时间: '2026-10-12', 通知书日期: '2026-02-30' }),
    ]);
    expect(forms.flatMap(({ errors }) => errors.map(({ cell, code }) => `${cell} ${code}`))).toEqual([
      'A2 form.row-changed',
      'A3 form.row-changed',
      `${cellAt(5, '现场核查描述')} form.differs`,
      'E7 form.part-empty',
      'A8 form.required',
      `${cellAt(9, '到达时间')} form.time`,
      `${cellAt(9, '价值（元）')} form.number`,
      `${cellAt(9, '通知书日期')} form.day`,
    ]);
  });

  it('takes columns in any order, and none that is missing', () => {
    const turned = [HEADS, row('T1', '1', { 现场核查描述: '坑' })].map((cells) => [...cells].reverse());
    expect(readBack(turned).forms[0]).toMatchObject({ taskId: 'T1', form: { description: '坑' }, errors: [] });
    expect(() => readBack([HEADS.filter((head) => head !== '认定意见')])).toThrow('表头缺少：认定意见');
    expect(() => readBack([['a']])).toThrow('表头缺少：任务编号');
  });
});

describe('readCell', () => {
  const read = (cell: SheetCell, reads: Parameters<typeof readCell>[1]['reads']) =>
    readCell(cell, { path: '', zh: '', width: 1, reads });

  it('does not take a number that has lost its last digits for a certificate', () => {
    expect(read(Number('370101199001011234'), 'text').problem?.code).toBe('form.digits');
    expect(read('370101199001011234', 'text').value).toBe('370101199001011234');
    expect(read(13800000000, 'text').value).toBe('13800000000');
  });

  it('asks for the number of machines, and for a time of day', () => {
    expect(read('挖掘机', 'equipment').problem?.code).toBe('form.equipment');
    expect(read('2026-10-12 24:10', 'time').problem?.code).toBe('form.time');
    expect(read('2026年10月12日 9时05分', 'time').value).toBe('2026-10-12T09:05:00+08:00');
    expect(read(true, 'number').problem?.code).toBe('form.number');
    for (const odd of ['0x10', '1e3', '1,2', '12,34,5', '=700+5', '705m³', 'Infinity', '']) {
      expect([odd, read(odd, 'number').value]).toEqual([odd, null]);
    }
    expect(read('７０５．５', 'number').value).toBe(705.5);
    expect(read('-1,234,567.25', 'number').value).toBe(-1234567.25);
    expect(read(46346.39583, 'time').problem?.message).toContain('序列号');
    expect(read('1', 'day').problem?.message).not.toContain('序列号');
    expect(read('1,200', 'number').value).toBe(1200);
    expect(read('  ', 'number')).toEqual({ value: null, problem: null });
  });
});
