/**
 * Sensor profiles: what the numbered bands of each sensor show, and in which order product files carry them.
 * Sources: Sentinel-2 User Handbook (ESA, 2015) table 1; Landsat 4-7 and 8-9 Collection 2 product guides (USGS);
 * CRESDA band tables for GF-1/2/6/7 and ZY-3; TripleSat/Beijing-2 product guide (21AT).
 */
import type { BandRole } from './raster.js';

export interface SensorProfile {
  /** Stable name, e.g. `sentinel-2`; stored with scenes. */
  readonly id: string;
  readonly name: string;
  readonly nameZh: string;
  /** Other spellings; compared without case, spaces, hyphens and underscores. */
  readonly aliases: readonly string[];
  /** Band number as printed by the producer (upper case, no leading zero) → role. */
  readonly bands: Readonly<Record<string, BandRole>>;
  /** Orders of bands met in files, one per band count. */
  readonly layouts: readonly (readonly string[])[];
  /** Product names of files and spacecraft names in metadata that mean this sensor. */
  readonly signature: RegExp;
}

const BGRN = { B1: 'blue', B2: 'green', B3: 'red', B4: 'nir' } as const;
const BGRN_LAYOUTS = [['B1', 'B2', 'B3', 'B4']] as const;
const TM = {
  B1: 'blue',
  B2: 'green',
  B3: 'red',
  B4: 'nir',
  B5: 'swir1',
  B6: 'thermal',
  B7: 'swir2',
} as const;
const TM_LAYOUTS = [
  ['B1', 'B2', 'B3', 'B4', 'B5', 'B7'],
  ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7'],
] as const;
const OLI = {
  B1: 'coastal',
  B2: 'blue',
  B3: 'green',
  B4: 'red',
  B5: 'nir',
  B6: 'swir1',
  B7: 'swir2',
  B8: 'pan',
  B9: 'cirrus',
  B10: 'thermal',
  B11: 'thermal2',
} as const;
const OLI_LAYOUTS = [
  ['B2', 'B3', 'B4', 'B5', 'B6', 'B7'],
  ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7'],
  ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B10'],
  ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8', 'B9', 'B10', 'B11'],
] as const;

export const SENSORS: readonly SensorProfile[] = [
  {
    id: 'sentinel-2',
    name: 'Sentinel-2 MSI',
    nameZh: '哨兵二号',
    aliases: ['s2', 's2a', 's2b', 's2c', 'sentinel2a', 'sentinel2b', 'sentinel2c', 'msi', '哨兵2', '哨兵2号'],
    bands: {
      B1: 'coastal',
      B2: 'blue',
      B3: 'green',
      B4: 'red',
      B5: 'rededge1',
      B6: 'rededge2',
      B7: 'rededge3',
      B8: 'nir',
      B8A: 'nir2',
      B9: 'watervapour',
      B10: 'cirrus',
      B11: 'swir1',
      B12: 'swir2',
    },
    layouts: [
      ['B2', 'B3', 'B4', 'B8'],
      ['B2', 'B3', 'B4', 'B8', 'B11', 'B12'],
      ['B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8', 'B8A', 'B11', 'B12'],
      ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8', 'B8A', 'B9', 'B11', 'B12'],
      ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8', 'B8A', 'B9', 'B10', 'B11', 'B12'],
    ],
    signature: /^(S2[ABC]_(MSI|OPER)|L[12][AC]_T\d{2}[A-Z]{3}_|T\d{2}[A-Z]{3}_\d{8}T\d{6}|SENTINEL-?2[ABC]?$|S2MSI)/i,
  },
  {
    id: 'landsat-5',
    name: 'Landsat 4/5 TM',
    nameZh: '陆地卫星5号',
    aliases: ['l5', 'l4', 'landsat4', 'tm', 'lt05', 'lt04'],
    bands: TM,
    layouts: TM_LAYOUTS,
    signature: /^(LT0?[45]_|LT[45]\d{13}|LANDSAT_?[45]$)/i,
  },
  {
    id: 'landsat-7',
    name: 'Landsat 7 ETM+',
    nameZh: '陆地卫星7号',
    aliases: ['l7', 'etm', 'etm+', 'le07'],
    bands: { ...TM, B8: 'pan' },
    layouts: [...TM_LAYOUTS, ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8']],
    signature: /^(LE0?7_|LE7\d{13}|LANDSAT_?7$)/i,
  },
  {
    id: 'landsat-8',
    name: 'Landsat 8 OLI/TIRS',
    nameZh: '陆地卫星8号',
    aliases: ['l8', 'oli', 'lc08', 'lo08'],
    bands: OLI,
    layouts: OLI_LAYOUTS,
    signature: /^(L[CO]0?8_|L[CO]8\d{13}|LANDSAT_?8$)/i,
  },
  {
    id: 'landsat-9',
    name: 'Landsat 9 OLI-2/TIRS-2',
    nameZh: '陆地卫星9号',
    aliases: ['l9', 'oli2', 'lc09', 'lo09'],
    bands: OLI,
    layouts: OLI_LAYOUTS,
    signature: /^(L[CO]0?9_|LANDSAT_?9$)/i,
  },
  {
    id: 'gf-1',
    name: 'GF-1 PMS/WFV',
    nameZh: '高分一号',
    aliases: ['gf1a', 'gf1b', 'gf1c', 'gf1d', 'gf1pms', 'gf1wfv', '高分1号', '高分1'],
    bands: BGRN,
    layouts: BGRN_LAYOUTS,
    signature: /^GF-?1[ABCD]?(_|$)/i,
  },
  {
    id: 'gf-2',
    name: 'GF-2 PMS',
    nameZh: '高分二号',
    aliases: ['gf2pms', '高分2号', '高分2'],
    bands: BGRN,
    layouts: BGRN_LAYOUTS,
    signature: /^GF-?2(_|$)/i,
  },
  {
    id: 'gf-6',
    name: 'GF-6 PMS/WFV',
    nameZh: '高分六号',
    aliases: ['gf6pms', 'gf6wfv', '高分6号', '高分6'],
    bands: { ...BGRN, B5: 'rededge1', B6: 'rededge2', B7: 'coastal', B8: 'yellow' },
    layouts: [...BGRN_LAYOUTS, ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8']],
    signature: /^GF-?6(_|$)/i,
  },
  {
    id: 'gf-7',
    name: 'GF-7 multispectral',
    nameZh: '高分七号',
    aliases: ['gf7mux', 'gf7bwd', '高分7号', '高分7'],
    bands: BGRN,
    layouts: BGRN_LAYOUTS,
    signature: /^GF-?7(_|$)/i,
  },
  {
    id: 'zy-3',
    name: 'ZY-3 multispectral',
    nameZh: '资源三号',
    aliases: ['zy301', 'zy302', 'zy303', 'zy3mux', '资源3号', '资源3'],
    bands: BGRN,
    layouts: BGRN_LAYOUTS,
    signature: /^ZY-?3(-?0[123])?(_|$)/i,
  },
  {
    id: 'bj-2',
    name: 'Beijing-2 (TripleSat) PMS',
    nameZh: '北京二号',
    aliases: ['beijing2', 'triplesat', '北京2号', '北京2'],
    bands: BGRN,
    layouts: BGRN_LAYOUTS,
    signature: /^(BJ-?2(_|$)|TRIPLESAT)/i,
  },
  {
    id: 'rgb',
    name: 'colour picture',
    nameZh: '真彩色影像',
    aliases: ['truecolour', 'truecolor', '真彩色'],
    bands: { B1: 'red', B2: 'green', B3: 'blue' },
    layouts: [['B1', 'B2', 'B3']],
    signature: /^RGB$/i,
  },
  {
    id: 'rgbn',
    name: 'red, green, blue, near infrared',
    nameZh: '红绿蓝近红外四波段影像',
    aliases: ['rgbnir'],
    bands: { B1: 'red', B2: 'green', B3: 'blue', B4: 'nir' },
    layouts: [['B1', 'B2', 'B3', 'B4']],
    signature: /^RGBN(IR)?$/i,
  },
  {
    id: 'bgrn',
    name: 'blue, green, red, near infrared',
    nameZh: '蓝绿红近红外四波段影像',
    aliases: ['bgrnir'],
    bands: BGRN,
    layouts: BGRN_LAYOUTS,
    signature: /^BGRN(IR)?$/i,
  },
  {
    id: 'pan',
    name: 'one panchromatic band',
    nameZh: '全色影像',
    aliases: ['panchromatic', 'grey', 'gray', '全色'],
    bands: { B1: 'pan' },
    layouts: [['B1']],
    signature: /^PAN$/i,
  },
  {
    id: 'sar',
    name: 'radar backscatter, one band',
    nameZh: '雷达影像',
    aliases: ['radar', 's1', 'sentinel1', 'gf3', 'ers', 'ers2', '雷达', '哨兵一号', '高分三号', '高分3号'],
    bands: { B1: 'sar' },
    layouts: [['B1']],
    signature: /^(S1[ABCD]_|GF-?3[BC]?_|SENTINEL-?1[ABCD]?$)/i,
  },
];

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '');
}

/** The profile of that name or alias, or undefined. */
export function sensorByName(name: string): SensorProfile | undefined {
  const wanted = plain(name);
  return SENSORS.find((s) => [s.id, s.name, s.nameZh, ...s.aliases].some((known) => plain(known) === wanted));
}

/** The roles of a profile's layout with that many bands, or undefined. */
export function layoutOf(sensor: SensorProfile, bandCount: number): BandRole[] | undefined {
  const layout = sensor.layouts.find((names) => names.length === bandCount);
  return layout?.map((name, i) => sensor.bands[name] ?? (`b${i + 1}` as const));
}
