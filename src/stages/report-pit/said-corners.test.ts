/** Corner points that people paste, against the same square in each way of writing it. */
import { describe, expect, it } from 'vitest';
import { planeCoordinates } from '../../geo/plane-coordinates.js';
import type { Position } from '../../model/grid.js';
import { outlineSaid } from './said-corners.js';

const CORNERS: readonly Position[] = [
  [118.0213, 36.0177],
  [118.0223, 36.0177],
  [118.0223, 36.0187],
  [118.0213, 36.0187],
];

function near(text: string, more: { axis?: 'xy' | 'yx'; zone?: number } = {}): void {
  const { outline } = outlineSaid({ text, ...more });
  expect(outline).toHaveLength(1);
  const ring = outline[0]?.[0] ?? [];
  expect(ring).toHaveLength(5);
  for (const [i, [lon, lat]] of CORNERS.entries()) {
    expect(ring[i]?.[0]).toBeCloseTo(lon, 7);
    expect(ring[i]?.[1]).toBeCloseTo(lat, 7);
  }
}
const lines = (write: (corner: Position, i: number) => string) => CORNERS.map(write).join('\n');
const plane = ([lon, lat]: Position) => {
  const at = planeCoordinates(lon, lat);
  if (!at) throw new Error('outside');
  return at;
};

describe('corners that a person says', () => {
  it('in degrees, either first, with names or without, closed or not', () => {
    near(lines(([lon, lat]) => `${lon} ${lat}`));
    near(lines(([lon, lat], i) => `J${i + 1}, ${lat}, ${lon}`));
    near(`${lines(([lon, lat]) => `${lon}，${lat}`)}\n118.0213，36.0177\n`);
    expect(outlineSaid({ text: lines(([lon, lat]) => `${lon} ${lat}`) }).notes.join()).toContain('十进制度');
  });

  it('in degrees, minutes and seconds', () => {
    const dms = (value: number) => {
      const seconds = Math.round(value * 3600 * 1000) / 1000;
      return `${Math.floor(seconds / 3600)}°${Math.floor((seconds % 3600) / 60)}′${(seconds % 60).toFixed(3)}″`;
    };
    near(lines(([lon, lat]) => `${dms(lat)} ${dms(lon)}`));
  });

  it('in the plane, the easting with its zone or the zone said', () => {
    const x = (corner: Position) => plane(corner).northingM.toFixed(3);
    near(lines((corner) => `${x(corner)} ${plane(corner).eastingM.toFixed(3)}`));
    near(
      lines((corner) => `${(plane(corner).eastingM - 39_000_000).toFixed(3)} ${x(corner)}`),
      { zone: 39 },
    );
    const flat = CORNERS.map((corner, i) => `${i + 1},${x(corner)},${plane(corner).eastingM.toFixed(3)}`);
    near(`1,4,${flat.join(',')},,,,1,`);
  });

  it('refuses what it cannot read, with the line', () => {
    const cases: [string, string, RegExp][] = [
      ['', 'pit.outline', /一个地块/],
      ['118.02 36.01\n山坡', 'pit.outline', /第 2 行/],
      ['118.02 36.01\n118.03 36.01', 'pit.corners', /3 个/],
      [
        lines((corner) => `${plane(corner).northingM} ${plane(corner).eastingM - 39_000_000}`),
        'pit.corners',
        /用 “带号” 指定，例如 带号 39/,
      ],
      ['36 36\n37 37\n38 38', 'pit.corners', /请用 “先 X（北）后 Y（东）”（X 在前）/],
    ];
    for (const [text, code, said] of cases) {
      const wrong = () => outlineSaid({ text });
      expect(wrong, text).toThrow(expect.objectContaining({ code, message: expect.stringMatching(said) }));
    }
  });
});
