import { describe, expect, it } from 'vitest';
import type { BandInfo, RasterInfo } from './raster.js';
import { alphaBand, type BandWish, useBands } from './sensor.js';
import { layoutOf, SENSORS, sensorByName } from './sensor-profiles.js';

function info(
  count: number,
  more: { path?: string; names?: string[]; colours?: string[]; metadata?: Record<string, string> } = {},
): RasterInfo {
  const bands: BandInfo[] = Array.from({ length: count }, (_, i) => ({
    index: i + 1,
    type: 'uint16',
    description: more.names?.[i] ?? '',
    noData: null,
    colour: more.colours?.[i] ?? (i === 0 ? 'Gray' : 'Undefined'),
  }));
  return {
    path: more.path ?? '/data/t1.tif',
    driver: 'GTiff',
    grid: { crs: '', transform: [0, 1, 0, 0, 0, -1], width: 10, height: 10 },
    bands,
    tile: { width: 10, height: 1 },
    overviews: [],
    metadata: more.metadata ?? {},
  };
}

/** "sensor: role@index …" */
function read(raster: RasterInfo, wish: BandWish = {}): string {
  const { sensor, bands } = useBands(raster, wish);
  return `${sensor}: ${bands.map((b) => `${b.role}@${b.index}`).join(' ')}`;
}

const S2_13 =
  'sentinel-2: coastal@1 blue@2 green@3 red@4 rededge1@5 rededge2@6 rededge3@7 nir@8 nir2@9 watervapour@10 cirrus@11 swir1@12 swir2@13';
const SIX = 'blue@1 green@2 red@3 nir@4 swir1@5 swir2@6';

describe('useBands by count', () => {
  it.each([
    [1, 'one-band: b1@1'],
    [2, 'unknown: b1@1 b2@2'],
    [3, 'rgb: red@1 green@2 blue@3'],
    [4, 'bgrn: blue@1 green@2 red@3 nir@4'],
    [5, 'unknown: b1@1 b2@2 b3@3 b4@4 b5@5'],
    [6, `six-band: ${SIX}`],
    [
      12,
      'sentinel-2: coastal@1 blue@2 green@3 red@4 rededge1@5 rededge2@6 rededge3@7 nir@8 nir2@9 watervapour@10 swir1@11 swir2@12',
    ],
    [13, S2_13],
  ])('%i bands of which nothing is known', (count, expected) => {
    expect(read(info(count))).toBe(expected);
    expect(useBands(info(count)).assumptions).toHaveLength(1);
  });
});

describe('useBands by descriptions', () => {
  it.each<[string[], string]>([
    [['B02', 'B03', 'B04', 'B08', 'B11', 'B12'], `sentinel-2: ${SIX}`],
    [['B2', 'B3', 'B4', 'B8', 'B8A', 'B11', 'B12'], 'sentinel-2: blue@1 green@2 red@3 nir@4 nir2@5 swir1@6 swir2@7'],
    [['B4, central wavelength 665 nm', 'B8A, central wavelength 865 nm'], 'sentinel-2: red@1 nir2@2'],
    [['SR_B1', 'SR_B2', 'SR_B3', 'SR_B4', 'SR_B5', 'SR_B7'], `landsat-5: ${SIX}`],
    [['SR_B2', 'SR_B3', 'SR_B4', 'SR_B5', 'SR_B6', 'SR_B7'], `landsat-8: ${SIX}`],
    [['Blue', 'green', 'RED', 'Near Infrared'], 'unknown: blue@1 green@2 red@3 nir@4'],
    [['nir', 'red', 'green'], 'unknown: nir@1 red@2 green@3'],
    [['蓝', '绿', '红', '近红外波段'], 'unknown: blue@1 green@2 red@3 nir@4'],
    [['Red edge 1', 'SWIR 2', 'Coastal aerosol'], 'unknown: rededge1@1 swir2@2 coastal@3'],
    [['Blue (B2)', 'B4 - Red'], 'unknown: blue@1 red@2'],
    [['VV'], 'sar: sar@1'],
    [['slope', 'Red', 'Red'], 'unknown: b1@1 red@2 b3@3'],
  ])('%j', (names, expected) => {
    expect(read(info(names.length, { names }))).toBe(expected);
  });

  it('does not believe descriptions that only count', () => {
    expect(read(info(4, { names: ['Band 1', 'Band 2', 'Band 3', 'Band 4'] }))).toBe('bgrn: blue@1 green@2 red@3 nir@4');
    expect(read(info(3, { names: ['Layer_1', 'Layer_2', 'Layer_3'] }))).toBe('rgb: red@1 green@2 blue@3');
  });

  it('does not choose between sensors whose numbers mean different bands', () => {
    // B1–B4 is blue…nir for Landsat 7 and coastal…red for Landsat 8
    const names = ['SR_B1', 'SR_B2', 'SR_B3', 'SR_B4'];
    expect(useBands(info(4, { names })).assumptions[0]).toContain('按蓝、绿、红、近红外处理');
    expect(read(info(4, { names }), { sensor: 'L8' })).toBe('landsat-8: coastal@1 blue@2 green@3 red@4');
    expect(read(info(4, { names }), { sensor: 'L7' })).toBe('landsat-7: blue@1 green@2 red@3 nir@4');
  });

  it('warns when the names are those of another sensor than the user says', () => {
    const names = ['B02', 'B03', 'B04'];
    expect(useBands(info(3, { names }), { sensor: 'L8' }).assumptions).toEqual([expect.stringContaining('像哨兵二号')]);
    expect(useBands(info(3, { names }), { sensor: 'S2' }).assumptions).toEqual([]);
  });

  it('says which descriptions it could not use', () => {
    expect(useBands(info(3, { names: ['slope', 'Red', 'Red'] })).assumptions).toEqual([
      expect.stringContaining('1=“slope”、3=“Red”'),
    ]);
    expect(useBands(info(2, { names: ['Red', 'NIR'] })).assumptions).toEqual([]);
  });
});

describe('useBands by sensor', () => {
  it.each([
    ['s2', 13, S2_13],
    ['Sentinel-2', 6, `sentinel-2: ${SIX}`],
    ['S2A', 4, 'sentinel-2: blue@1 green@2 red@3 nir@4'],
    [
      'sentinel2',
      10,
      'sentinel-2: blue@1 green@2 red@3 rededge1@4 rededge2@5 rededge3@6 nir@7 nir2@8 swir1@9 swir2@10',
    ],
    ['Landsat7', 6, `landsat-7: ${SIX}`],
    ['landsat 5', 7, 'landsat-5: blue@1 green@2 red@3 nir@4 swir1@5 thermal@6 swir2@7'],
    ['L8', 7, 'landsat-8: coastal@1 blue@2 green@3 red@4 nir@5 swir1@6 swir2@7'],
    [
      'landsat_9',
      11,
      'landsat-9: coastal@1 blue@2 green@3 red@4 nir@5 swir1@6 swir2@7 pan@8 cirrus@9 thermal@10 thermal2@11',
    ],
    ['高分一号', 4, 'gf-1: blue@1 green@2 red@3 nir@4'],
    ['GF6', 8, 'gf-6: blue@1 green@2 red@3 nir@4 rededge1@5 rededge2@6 coastal@7 yellow@8'],
    ['资源三号', 4, 'zy-3: blue@1 green@2 red@3 nir@4'],
    ['rgbn', 4, 'rgbn: red@1 green@2 blue@3 nir@4'],
    ['SAR', 1, 'sar: sar@1'],
  ])('%s, %i bands', (sensor, count, expected) => {
    expect(read(info(count), { sensor })).toBe(expected);
  });

  it('refuses a name nobody knows and a count the sensor has not', () => {
    expect(() => useBands(info(4), { sensor: 'GF99' })).toThrow(/GF99.*sentinel-2/);
    expect(() => useBands(info(5), { sensor: 's2' })).toThrow(/有 5 个波段.*4、6、10、12、13/);
  });

  it('reads the sensor from product names and metadata, and says so', () => {
    const gf = info(4, { path: '/影像/GF1_PMS1_E117.9_N36.1_20260815_L1A0001-MSS1.tif' });
    expect(read(gf)).toBe('gf-1: blue@1 green@2 red@3 nir@4');
    expect(useBands(gf).assumptions[0]).toContain('高分一号');
    expect(read(info(7, { path: 'LC08_L2SP_122035_20230815_20230819_02_T1.tif' }))).toMatch(/^landsat-8: coastal@1/);
    expect(read(info(6, { metadata: { SPACECRAFT_ID: 'LANDSAT_7' } }))).toBe(`landsat-7: ${SIX}`);
    // a name that fits no layout of the sensor falls back to the count, the sensor stays known
    expect(read(info(5, { path: 'GF2_PMS1_x.tif' }))).toBe('gf-2: b1@1 b2@2 b3@3 b4@4 b5@5');
  });
});

describe('useBands by colour interpretation', () => {
  it('takes red, green, blue wherever they stand, leaves alpha out', () => {
    const bgra = info(4, { colours: ['Blue', 'Green', 'Red', 'Alpha'] });
    expect(read(bgra)).toBe('rgb: blue@1 green@2 red@3');
    expect(alphaBand(bgra, useBands(bgra).bands)).toBe(4);
    expect(read(info(4, { colours: ['Red', 'Green', 'Blue', 'Undefined'] }))).toBe('rgbn: red@1 green@2 blue@3 nir@4');
  });

  it('a named sensor wins over an infrared band marked as alpha by mistake', () => {
    const gf = info(4, { colours: ['Red', 'Green', 'Blue', 'Alpha'] });
    expect(read(gf, { sensor: 'gf2' })).toBe('gf-2: blue@1 green@2 red@3 nir@4');
    expect(alphaBand(gf, useBands(gf, { sensor: 'gf2' }).bands)).toBeNull();
  });

  it('refuses a paletted picture', () => {
    expect(() => useBands(info(1, { colours: ['Palette'] }))).toThrow(/-expand rgb/);
  });
});

describe('--bands', () => {
  it('takes roles, Chinese words, band numbers and gaps', () => {
    expect(read(info(5), { bands: 'blue,red,nir,swir1,swir2' })).toBe('unknown: blue@1 red@2 nir@3 swir1@4 swir2@5');
    expect(read(info(5), { bands: 'B02,B04,B08,B11,B12' })).toBe('sentinel-2: blue@1 red@2 nir@3 swir1@4 swir2@5');
    expect(read(info(4), { bands: 'B3,B2,B1,-', sensor: 'L7' })).toBe('landsat-7: red@1 green@2 blue@3');
    expect(read(info(3), { bands: '红, 绿，蓝' })).toBe('unknown: red@1 green@2 blue@3');
  });

  it('wins over descriptions', () => {
    expect(read(info(2, { names: ['Blue', 'Green'] }), { bands: ['red', 'nir'] })).toBe('unknown: red@1 nir@2');
  });

  it('may leave the alpha band out of the list', () => {
    const bgra = info(4, { colours: ['Alpha', 'Green', 'Red', 'Undefined'] });
    expect(read(bgra, { bands: 'green,red,nir' })).toBe('unknown: green@2 red@3 nir@4');
  });

  it('tells both counts when they do not fit', () => {
    expect(() => useBands(info(4), { bands: 'blue,green,red' })).toThrow(/给了 3 个波段.*有 4 个波段/);
  });

  it('refuses unknown words, numbers without a sensor, repetitions, nothing left', () => {
    expect(() => useBands(info(1), { bands: 'infra' })).toThrow(/infra/);
    expect(() => useBands(info(2), { bands: 'B3,B4' })).toThrow(/--sensor/);
    expect(() => useBands(info(2), { bands: 'red,RED' })).toThrow(/两次/);
    expect(() => useBands(info(2), { bands: '-,-' })).toThrow(/略过/);
  });
});

describe('sensor profiles', () => {
  it('have unambiguous names, roles used once, and layouts made of their own bands', () => {
    const owners = new Map<string, string>();
    for (const s of SENSORS) {
      for (const name of [s.id, s.nameZh, ...s.aliases]) {
        const key = name.toLowerCase().replace(/[\s_-]+/g, '');
        expect(owners.get(key) ?? s.id, `${name} of ${s.id}`).toBe(s.id);
        owners.set(key, s.id);
        expect(sensorByName(name)?.id).toBe(s.id);
      }
      const roles = Object.values(s.bands);
      expect(new Set(roles).size).toBe(roles.length);
      const counts = s.layouts.map((l) => l.length);
      expect(new Set(counts).size).toBe(counts.length);
      for (const layout of s.layouts) {
        for (const band of layout) expect(s.bands, `${s.id} ${band}`).toHaveProperty(band);
        expect(layoutOf(s, layout.length)).toHaveLength(layout.length);
      }
    }
  });
});
