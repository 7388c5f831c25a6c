import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { MultiPolygonRings } from '../../model/grid.js';
import type { Picture } from '../../model/work.js';
import { type ChipContent, chipPng, chipSvg } from './chip.js';
import { encodeJpeg, encodePng } from './encode.js';

const picture: Picture = {
  width: 200,
  height: 160,
  before: new Uint8Array(200 * 160 * 3).fill(40),
  after: new Uint8Array(200 * 160 * 3).fill(90),
  beforeData: new Uint8Array(200 * 160).fill(255),
  afterData: new Uint8Array(200 * 160).fill(255),
  metresPerPixel: 2,
  rendering: 'true-colour',
  transform: [117, 0.00002, 0, 36.0032, 0, -0.00002],
};
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
const content: ChipContent = {
  picture,
  outline: square(117.001, 36.001, 0.001),
  boundaries: [{ kind: 'licences', geometry: square(117.0005, 36.0005, 0.0025) }],
  title: { zh: '第 1 名 <疑似>', en: 'rank 1 <suspected>' },
  facts: { zh: '面积 1.2 亩', en: 'area 800 m²' },
  dateBefore: '2017-04-14',
  dateAfter: null,
  notice: 'Copernicus & ESA',
  mark: null,
};

async function pixel(png: Buffer, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray((y * info.width + x) * info.channels, (y * info.width + x) * info.channels + 3)];
}

describe('chip', () => {
  it('sets both dates side by side with the outline at its place', async () => {
    const png = await chipPng(content);
    const { width, height } = await sharp(png).metadata();
    expect([width, height]).toEqual([2 * 200 + 10 + 28, 66 + 160 + 74]);
    expect(await pixel(png, 14 + 10, 66 + 40)).toEqual([40, 40, 40]);
    expect(await pixel(png, 14 + 210 + 10, 66 + 40)).toEqual([90, 90, 90]);
    // Left edge of the outline: lon 117.001 = column 50 of the picture, half-way down the square.
    const [r = 0, g = 0, b = 0] = await pixel(png, 14 + 210 + 50, 66 + 85);
    expect(r).toBeGreaterThan(200);
    expect(Math.max(g, b)).toBeLessThan(90);
  });

  it('writes Chinese where it can be drawn, English elsewhere, and escapes what it is given', () => {
    const zh = chipSvg(content, 438, 300, true);
    expect(zh).toContain('第 1 名 &#60;疑似&#62;');
    expect(zh).toContain('后时相  日期不详');
    expect(zh).toContain('采矿许可证');
    expect(zh).toContain('Copernicus &#38; ESA');
    const en = chipSvg(content, 438, 300, false);
    expect(en).not.toMatch(/[一-鿿]/);
    expect(en).toContain('rank 1 &#60;suspected&#62;');
  });

  it('carries whose copy it is, to be read by people and by programs', async () => {
    const mark = { personId: 'Uli', name: '李<四>', at: '2026-11-27T00:30:00.000Z', exportId: 'X1' };
    const marked = { ...content, mark };
    expect(chipSvg(marked, 438, 318, true)).toContain('内部资料 注意保密　导出：李&#60;四&#62;　2026-11-27 08:30');
    const { height, exif } = await sharp(await chipPng(marked)).metadata();
    expect(height).toBe(66 + 160 + 74 + 18);
    expect(exif?.toString('latin1')).toContain('tuban-mark person=Uli at=2026-11-27T00:30:00.000Z export=X1');
    expect((await sharp(await chipPng(content)).metadata()).exif).toBeUndefined();
  });

  it('is the same every time', async () => {
    expect((await chipPng(content)).equals(await chipPng(content))).toBe(true);
  });
});

describe('encode', () => {
  it('makes PNG without loss and JPEG of the same size', async () => {
    const rgb = Uint8Array.from({ length: 12 }, (_, i) => i * 20);
    const png = await encodePng({ width: 2, height: 2, rgb });
    expect([...(await sharp(png).raw().toBuffer())]).toEqual([...rgb]);
    const clear = await encodePng({ width: 2, height: 2, rgb, alpha: Uint8Array.of(255, 0, 255, 255) });
    expect([...(await sharp(clear).raw().toBuffer())].filter((_, i) => i % 4 === 3)).toEqual([255, 0, 255, 255]);
    expect(await sharp(await encodeJpeg({ width: 2, height: 2, rgb })).metadata()).toMatchObject({
      width: 2,
      format: 'jpeg',
    });
  });
});
