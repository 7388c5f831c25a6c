/** Spreadsheets as layers beyond fixtures/register: quoting, dates, tables that say different things, files that are none. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import writeExcelFile from 'write-excel-file/node';
import type { LayerReading } from '../../model/boundary.js';
import { readLayer } from './read-layer.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-table-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function read(name: string, bytes: Uint8Array | string): LayerReading {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return readLayer({ path, kind: 'licences', crs: null, encoding: null, validFrom: null });
}
async function excel(rows: readonly (readonly (string | number | null)[])[]): Promise<Uint8Array> {
  const cells = rows.map((row) =>
    row.map((value) =>
      value === null ? null : typeof value === 'number' ? { value, type: Number } : { value, type: String },
    ),
  );
  return await writeExcelFile(cells).toBuffer();
}

const STRING = '1,3,J1,3998000,39560000,J2,3998000,39560300,J3,3998300,39560300,285,8,,1,';

describe('spreadsheets', () => {
  it('reads quoted fields with separators, quotes and line breaks inside, in GBK', () => {
    const text = `许可证号,"矿山名称","备注",拐点坐标\r\nC1,"东山""一""矿","第一行\n第二行","${STRING}"\r\n`;
    const [boundary] = read('a.csv', iconv.encode(text, 'gbk')).boundaries;
    expect(boundary).toMatchObject({ number: 'C1', name: '东山"一"矿', attributes: { 备注: '第一行\n第二行' } });
    const tabs = read('b.csv', text.replaceAll('",', '"\t').replaceAll('号,', '号\t').replaceAll('C1,', 'C1\t'));
    expect(tabs.boundaries[0]?.geometry).toEqual(boundary?.geometry);
  });

  it('takes days since 1899-12-30 as dates under titles of dates only', async () => {
    const rows = [
      ['许可证号', '有效期起', '有效期止', '生产规模', '拐点坐标'],
      ['C1', 43_835, '2030-01-05', 43_835, STRING],
    ];
    const [boundary] = read('a.xlsx', await excel(rows)).boundaries;
    expect(boundary).toMatchObject({
      validFrom: '2020-01-05',
      validTo: '2030-01-05',
      attributes: { 生产规模: '43835' },
    });
  });

  it('decides tables by themselves: one without a zone is refused with its row, the other goes on', async () => {
    const points = (rest: number) => [
      [1, 3998000, rest],
      [2, 3998000, rest + 300],
      [3, 3998300, rest + 300],
    ];
    const rows = [
      ['东山矿（1980西安坐标系）', null, null],
      ['点号', 'X', 'Y'],
      ...points(39560000),
      ['西山矿（2000国家大地坐标系）', null, null],
      ['点号', 'X', 'Y'],
      ...points(560000),
    ];
    const reading = read('a.xlsx', await excel(rows));
    expect(reading.boundaries).toMatchObject([{ name: '东山矿', excludedReason: expect.stringContaining('1980西安') }]);
    expect(reading.refused).toEqual([{ row: 8, why: expect.stringMatching(/^缺少带号/) }]);
  });

  it.each(['a.xlsx', 'a.ods', 'a.xls'])('says that %s is no spreadsheet', (name) => {
    expect(() => read(name, '点号,X,Y')).toThrow(expect.objectContaining({ code: 'layer.unreadable', blame: 'input' }));
  });
});
