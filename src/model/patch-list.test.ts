import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile } from '../adapters/files/replace-file.js';
import { writeCsv } from '../adapters/files/write-csv.js';
import { xlsxOf } from '../adapters/xlsx/write-xlsx.js';
import { testJudgement, testPart } from '../testing/judgement.js';
import type { JudgedPatch } from './patch.js';
import { observationList, patchList, pieceList, taskList } from './patch-list.js';

const judged: JudgedPatch = {
  patch: {
    id: '2026Q3-ab',
    pairs: ['P1'],
    geometry: [],
    areaM2: 6670,
    perimeterM: 345.678,
    lon: 118.123456789,
    lat: 36.2,
    confidence: 0.87654,
    changeType: 'vegetation-to-bare',
    seenShare: 1,
    sigmaM: 5,
    dateBefore: '2026-05-01',
    dateAfter: '2026-08-01',
    reasons: ['=HYPERLINK("http://x","点我")', '新增裸地'],
  },
  judgement: testJudgement({
    violations: ['no-licence', 'exploration'],
    licenceNo: '+8613800000000',
    outsideM2: 6670,
    outsideM: null,
    overlaps: [],
    reasons: ['[NL-1] 疑似无证开采，“引号”"quoted"'],
    score: 76.4,
    parts: [testPart({ part: 'violation', name: '疑似类型', points: 40, evidence: 'no-licence' })],
  }),
};
const tasks = taskList([{ id: 'T2026Q3-ab', quarter: '2026Q3', siteId: 'S', rank: 1, judged, state: 'new' }]);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-list-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** Files of a zip archive by name. */
function unzip(bytes: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    const [size, nameLength] = [bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28)];
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(start, start + size);
    const text = bytes.readUInt16LE(at + 10) === 8 ? inflateRawSync(data) : data;
    files.set(bytes.toString('utf8', at + 46, at + 46 + nameLength), text.toString('utf8'));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}

describe('xlsxOf', () => {
  it('has Chinese heads in a frozen row, numbers as numbers, text as text, no formula', async () => {
    const files = unzip(Buffer.from(await xlsxOf(tasks)));
    const sheet = files.get('xl/worksheets/sheet1.xml') ?? '';
    const strings = [...(files.get('xl/sharedStrings.xml') ?? '').matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map((m) => m[1]);
    expect(strings).toEqual(expect.arrayContaining(['任务编号', '面积（m²）', '面积（亩）', '疑似类型', '理由']));
    expect(strings).toEqual(expect.arrayContaining(['疑似无证开采、疑似以采代探', '+8613800000000']));
    expect(sheet).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/);
    expect(sheet).toMatch(/<cols>/);
    // 6,670 m² = 10.005 亩, unrounded, as a number.
    expect(sheet).toMatch(/<v>10\.005<\/v>/);
    expect(sheet).toMatch(/<v>6670<\/v>/);
    expect(sheet).not.toMatch(/<f[ >]/);
  });
});

describe('writeCsv', () => {
  it('opens right in Excel: BOM, CRLF, quotes; formulas are neutralised and numbers are not', async () => {
    const path = join(dir, 'a.csv');
    await writeCsv(path, tasks);
    const bytes = readFileSync(path);
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const [heads, row, rest] = bytes.toString('utf8').slice(1).split('\r\n');
    expect(heads).toContain('任务编号 id,排名 rank,');
    expect(row).toContain(",'+8613800000000,");
    expect(row).toContain(`"'=HYPERLINK(""http://x"",""点我"")；新增裸地；[NL-1]`);
    expect(row).toContain(',6670,345.68,76.4,');
    expect(rest).toBe('');
    const negative = join(dir, 'n.csv');
    await writeCsv(negative, { ...tasks, rows: [{ geometry: [], values: [-70.25, '-1+2'] }] });
    expect(readFileSync(negative, 'utf8').split('\r\n')[1]).toBe("-70.25,'-1+2");
  });
});

describe('replaceFile', () => {
  it('says which folder is missing and leaves what was there', async () => {
    await expect(replaceFile(join(dir, 'none', 'a.csv'), new Uint8Array())).rejects.toMatchObject({
      code: 'output.folder',
    });
    writeFileSync(join(dir, 'a'), 'old');
    await replaceFile(join(dir, 'a'), Buffer.from('new'));
    expect(readdirSync(dir)).toEqual(['a']);
    expect(readFileSync(join(dir, 'a'), 'utf8')).toBe('new');
  });
});

describe('lists', () => {
  it('have a value for each column', () => {
    for (const list of [tasks, patchList([judged])]) {
      for (const { values } of list.rows) expect(values).toHaveLength(list.columns.length);
      expect(new Set(list.columns.map(({ name }) => name)).size).toBe(list.columns.length);
    }
  });

  it('keep an observation whose polygon is gone', () => {
    const list = observationList(
      [
        {
          boundaryId: 'licences-1',
          quarter: '2026Q3',
          result: 'not-seen',
          seenShare: 0.123456,
          changedM2: 0,
          pairs: [],
          patches: [],
          reason: '云',
        },
      ],
      new Map(),
    );
    expect(list.rows[0]?.values).toEqual([
      'licences-1',
      '2026Q3',
      null,
      null,
      null,
      'not-seen',
      '未看到',
      0.1235,
      0,
      [],
      [],
      '云',
    ]);
    expect(list.rows[0]?.values).toHaveLength(list.columns.length);
  });
});

it('gives a patch under two titles as two rows, one under none as one', () => {
  const piece = {
    piece: 1,
    areaM2: 5000,
    boundaryId: 'licences-1',
    title: '甲矿',
    violations: ['lawful'] as const,
    geometry: [],
  };
  const rest = {
    ...piece,
    piece: 2,
    areaM2: 1670,
    boundaryId: null,
    title: null,
    violations: ['beyond-boundary'] as const,
  };
  const split = { ...judged, judgement: { ...judged.judgement, pieces: [piece, rest] } };
  const { rows } = pieceList([split, judged]);
  expect(rows.map(({ values }) => [values[1], values[2], values[4], values[7]])).toEqual([
    [1, 5000, ['lawful'], '甲矿'],
    [2, 1670, ['beyond-boundary'], null],
    [1, 6670, ['no-licence', 'exploration'], null],
  ]);
});
