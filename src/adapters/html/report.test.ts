import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { MultiPolygonRings } from '../../model/grid.js';
import type { JudgedPatch } from '../../model/patch.js';
import type { Picture } from '../../model/work.js';
import type { WorkPool } from '../../ports/work-pool.js';
import { testJudgement, testOverlap, testPart } from '../../testing/judgement.js';
import { type ReportContent, reportHtml, writeReport } from './report.js';

const folder = mkdtempSync(join(tmpdir(), 'tuban-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const square = (lon: number, lat: number, size: number): MultiPolygonRings => [
  [
    [
      [lon, lat],
      [lon + size, lat],
      [lon + size, lat + size],
      [lon, lat + size],
      [lon, lat],
    ],
  ],
];

/** Answers `picture` with grey pixels and remembers the boxes asked for. */
function greyPool(asked: (readonly number[])[] = []): WorkPool {
  const answer = (box: readonly number[]): Picture => {
    asked.push(box);
    return {
      width: 4,
      height: 4,
      before: new Uint8Array(48),
      after: new Uint8Array(48),
      beforeData: new Uint8Array(16),
      afterData: new Uint8Array(16),
      metresPerPixel: 50,
      rendering: 'true-colour',
      transform: [box[0] ?? 0, 0.001, 0, box[3] ?? 0, 0, -0.001],
    };
  };
  return {
    size: 1,
    run: async (_name, input) => answer((input as { box: readonly number[] }).box) as never,
    close: async () => {},
  };
}

const judged = (id: string, lon: number, reason: string): JudgedPatch => ({
  patch: {
    id,
    pairs: ['p1'],
    geometry: square(lon, 36, 0.002),
    areaM2: 2000,
    perimeterM: 180,
    lon: lon + 0.001,
    lat: 36.001,
    confidence: 0.8,
    changeType: 'vegetation-to-bare',
    seenShare: 1,
    sigmaM: 5,
    dateBefore: '2026-05-01',
    dateAfter: '2026-08-01',
    reasons: [reason],
  },
  judgement: testJudgement({
    violations: ['no-licence'],
    licenceNo: null,
    outsideM2: 2000,
    outsideM: null,
    overlaps: [
      testOverlap({
        boundaryId: 'b1',
        kind: 'keyzones',
        areaInsideM2: 1234.4,
        areaOutsideM2: 765.6,
        greatestOutsideM: 10,
        distanceM: 0,
      }),
    ],
    reasons: [],
    score: 71.5,
    parts: [testPart({ part: 'area', name: '面积', points: 12.5, evidence: '2,000 m²' })],
  }),
});

const content: ReportContent = {
  path: join(folder, 'r.html'),
  title: '甲县 <script>alert(1)</script>',
  pairs: [
    {
      id: 'p1',
      pair: {
        before: { path: 'a.tif', bands: [], sensor: 's', acquiredOn: '2026-05-01' },
        after: { path: 'b.tif', bands: [], sensor: 's', acquiredOn: null },
        masks: [],
      },
      shiftPx: [0.5, 0],
      box: [117, 36, 117.1, 36.1],
    },
  ],
  judged: [judged('2026Q3-aa', 117.01, '理由 "一" & <b>'), judged('2026Q3-bb', 117.05, '理由二')],
  boundaries: [
    { id: 'b1', kind: 'keyzones', number: null, name: '红线', geometry: square(117, 36, 0.1) },
    { id: 'b2', kind: 'licences', number: 'C1', name: null, geometry: square(120, 36, 0.1) },
  ],
  facts: [{ words: { zh: '图斑', en: 'patches' }, value: '2' }],
  remarks: ['备注 <i>'],
  provenance: [{ words: { zh: '方法', en: 'method' }, value: 'any/1' }],
  notice: 'notice',
};
const encode = async () => Uint8Array.from([1, 2, 3]);

describe('report', () => {
  it('escapes every text that comes from outside', async () => {
    const html = await reportHtml(content, greyPool(), encode);
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&#60;script&#62;alert(1)');
    expect(html).toContain('理由 &#34;一&#34; &#38; &#60;b&#62;');
    expect(html).toContain('备注 &#60;i&#62;');
  });

  it('needs nothing from outside: pictures are embedded and a policy forbids the rest', async () => {
    const html = await reportHtml(content, greyPool(), encode);
    // A link that a person may click loads nothing by itself.
    const links = html.match(/<a href="https:[^>]*>/g) ?? [];
    expect(links).toHaveLength(3 * 2);
    for (const link of links) expect(link).toContain('target="_blank" rel="noopener noreferrer"');
    const loaded = links.reduce((rest, link) => rest.replace(link, ''), html);
    const sources = [...loaded.matchAll(/(?:src|href|url\()=?["']?([^"')>\s]+)/g)].map((match) => match[1] ?? '');
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) expect(source).toMatch(/^(data:image\/jpeg;base64,|#patch-\d+$)/);
    expect(html).toContain("default-src 'none'");
    expect(html.match(/data:image\/jpeg/g)).toHaveLength(2 * 3);
  });

  it('keeps the order given, names overlaps, draws only lines that meet the picture', async () => {
    const asked: (readonly number[])[] = [];
    const html = await reportHtml(content, greyPool(asked), encode);
    expect(html.indexOf('id="patch-1"')).toBeLessThan(html.indexOf('id="patch-2"'));
    expect(html).toContain('重点区域 红线：1,234 m²');
    expect(html).toContain('3.00 亩');
    expect(html.match(/class="kind-keyzones"/g)).toHaveLength(6);
    expect(html).not.toContain('class="kind-licences"');
    expect(asked[0]).toEqual([117, 36, 117.1, 36.1]);
    expect(asked[1]?.[0]).toBeLessThan(117.01);
    expect(asked[1]?.[2]).toBeGreaterThan(117.012);
  });

  it('says that nothing found is not nothing there', async () => {
    const html = await reportHtml({ ...content, judged: [] }, greyPool(), encode);
    expect(html).toContain('未看到的地方不等于没有变化');
  });

  it('writes the file whole or not at all', async () => {
    await writeReport(content, greyPool(), encode);
    expect(readFileSync(content.path, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    const nowhere = writeReport({ ...content, path: join(folder, 'none', 'r.html') }, greyPool(), encode);
    await expect(nowhere).rejects.toMatchObject({ code: 'report.write', blame: 'system' });
    expect(readdirSync(folder)).toEqual(['r.html']);
  });
});
