/** Sheets for paper, as a reader sees them: rendered pages have ink where the words are, and the words can be found. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxOf } from '../../geo/distance.js';
import { boxesMeet, squareBoxAround } from '../../geo/map-frame.js';
import type { CodeTable } from '../../model/codes.js';
import { Fault } from '../../model/fault.js';
import type { SheetList, TaskSheet } from '../../model/task-sheet.js';
import { DEMO_PAIR, demoBoundaries, demoTasks } from '../../testing/demo-quarter.js';
import { picture } from '../gdal/picture.js';
import { encodeJpeg } from '../sharp/encode.js';
import { chosenFont } from './font.js';
import { writeSheets } from './write-sheets.js';

const codes: CodeTable = {
  version: 1,
  codes: [
    ['verdict', '违法'],
    ['verdict', '合法'],
    ['verdict', '伪变化'],
    ['handling', '立案'],
    ['mineral', '石灰岩'],
    ['method', '露天'],
    ['measure', '责令停止'],
  ].map(([kind, zh], i) => ({ kind, code: `c${i}`, zh, en: '', effect: null, retired: false }) as never),
};
const mark = { personId: 'p-li', name: '李四', at: '2026-11-27T00:30:00.000Z' };

function listOf(sheets: readonly TaskSheet[]): SheetList {
  const lines = sheets.map(({ task, deadline }) => ({ task, deadline }));
  return { bureau: '演示县自然资源局', quarter: '2018Q2', mark, roundId: null, lines, codes };
}

async function sheetOf(index: number): Promise<TaskSheet> {
  const task = demoTasks()[index];
  if (!task) throw new Error('no such task');
  const box = squareBoxAround(task.judged.patch.geometry);
  const { before, after, width, height, metresPerPixel, transform } = picture({ pair: DEMO_PAIR, box, maxPx: 400 });
  return {
    task,
    deadline: '2026-12-11',
    deadlineProvisional: false,
    revision: 3,
    pictures: {
      before: await encodeJpeg({ rgb: before, width, height }),
      after: await encodeJpeg({ rgb: after, width, height }),
      width,
      height,
      metresPerPixel,
      transform,
      notice: 'Contains modified Copernicus Sentinel data',
    },
    boundaries: demoBoundaries().filter(({ geometry }) => boxesMeet(boxOf(geometry), box)),
    history: ['2017Q4  变化 1200 m²', '2018-01-05  发现违法（李四）'],
  };
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function pdfOf(sheets: readonly TaskSheet[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  await writeSheets(listOf(sheets), each(sheets), async (chunk) => void chunks.push(chunk));
  return Buffer.concat(chunks);
}

describe('writeSheets', () => {
  let dir: string;
  let path: string;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'tuban-pdf-'));
    path = join(dir, 'list.pdf');
    writeFileSync(path, await pdfOf([await sheetOf(0), await sheetOf(1)]));
    if (process.env.KEEP_PDF) writeFileSync(process.env.KEEP_PDF, readFileSync(path));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const text = (page: number) =>
    execFileSync('pdftotext', ['-f', String(page), '-l', String(page), '-layout', path, '-'], { encoding: 'utf8' });

  /** Share of dark pixels in a part of a page (0–1 of its width and height). */
  async function ink(page: number, [left, top, right, bottom]: readonly [number, number, number, number]) {
    const png = execFileSync('pdftoppm', ['-f', String(page), '-l', String(page), '-r', '100', '-png', path], {
      maxBuffer: 1e8,
    });
    const { width, height } = await sharp(png).metadata();
    const box = {
      left: Math.round(left * width),
      top: Math.round(top * height),
      width: Math.round((right - left) * width),
      height: Math.round((bottom - top) * height),
    };
    const { data } = await sharp(png).extract(box).greyscale().raw().toBuffer({ resolveWithObject: true });
    return data.reduce((sum, value) => sum + (value < 140 ? 1 : 0), 0) / data.length;
  }

  it('prints the bureau’s name in Chinese: there is ink, and a search finds it', async () => {
    expect(text(1)).toContain('演示县自然资源局');
    // Two lines of 24 and 20 points; a font whose outlines do not come out leaves this strip white.
    expect(await ink(1, [0.25, 0.09, 0.75, 0.15])).toBeGreaterThan(0.03);
    expect(await ink(1, [0.02, 0.02, 0.04, 0.04])).toBe(0);
  });

  it('carries on every page whose copy it is, and the same in its metadata', () => {
    const info = execFileSync('pdfinfo', [path], { encoding: 'utf8' });
    const pages = Number(/^Pages:\s+(\d+)$/m.exec(info)?.[1]);
    expect(pages).toBeGreaterThanOrEqual(5);
    for (let page = 1; page <= pages; page++) {
      expect(text(page)).toContain('内部资料 注意保密');
      expect(text(page)).toMatch(/李四\s+2026-11-27 08:30/);
    }
    expect(info).toMatch(/^Keywords:\s+tuban-mark person=p-li at=2026-11-27T00:30:00\.000Z$/m);
    expect(info).toMatch(/^Subject:\s+内部资料 注意保密$/m);
    // What a folder shows of a file is no place.
    expect(info).toMatch(/^Title:\s+核查任务单 2018Q2$/m);
  });

  it('says where it is in degrees and in the plane, what lies there, why, and what is to be filled in', async () => {
    const front = text(2);
    expect(front).toMatch(/106°\d\d′\d\d\.\d{3}″/);
    expect(front).toMatch(/X（北）\s+325\d{4}\.\d\d m/);
    expect(front).toMatch(/Y（东）\s+35\d{6}\.\d\d m/);
    expect(front).toContain('第 35 带');
    expect(front).toContain('附近的登记范围');
    const back = text(3);
    for (const words of [
      '列入的理由',
      '得分组成',
      '地点的历史',
      '发现违法（李四）',
      '到达时间',
      '认定意见',
      '伪变化',
      '签名',
    ]) {
      expect(back).toContain(words);
    }
    expect(await ink(2, [0.07, 0.14, 0.48, 0.4])).toBeGreaterThan(0.02);
  });

  it('is the same, byte by byte, for the same list', async () => {
    expect(await pdfOf([await sheetOf(0), await sheetOf(1)])).toEqual(readFileSync(path));
  });

  it('holds what one sheet needs, however long the list', async () => {
    const sheet = await sheetOf(0);
    const most = { waiting: 0, chunk: 0 };
    async function* many() {
      for (let i = 0; i < 30; i++) {
        yield { ...sheet, task: { ...sheet.task, id: `T${i}` } };
        // Everything of the sheets before has been handed on.
        most.waiting = Math.max(most.waiting, most.chunk);
        most.chunk = 0;
      }
    }
    let total = 0;
    const pages = await writeSheets(listOf([sheet]), many(), async (chunk) => {
      total += chunk.length;
      most.chunk += chunk.length;
    });
    expect(pages).toBeGreaterThan(60);
    expect(total).toBeGreaterThan(20 * (sheet.pictures?.before.length ?? 0));
    expect(most.waiting).toBeGreaterThan(0);
    expect(most.waiting).toBeLessThan(total / 10);
  });

  it('refuses to print without a Chinese font, and takes the best one of what there is', () => {
    expect(() => chosenFont('')).toThrow(Fault);
    expect(() => chosenFont('/fonts/noto-sans-sc.woff2|NotoSansSC-Regular|Noto Sans SC|Regular\n')).toThrow(/中文字体/);
    const list = [
      '/f/NotoSerifCJK-Regular.ttc|NotoSerifCJKsc-Regular|Noto Serif CJK SC|Regular',
      '/f/NotoSansCJK-Bold.ttc|NotoSansCJKsc-Bold|Noto Sans CJK SC|Bold',
      '/f/NotoSansCJK-Regular.ttc|NotoSansCJKsc-Regular|Noto Sans CJK SC|Regular',
    ].join('\n');
    expect(chosenFont(list)).toEqual({ path: '/f/NotoSansCJK-Regular.ttc', name: 'NotoSansCJKsc-Regular' });
  });
});
