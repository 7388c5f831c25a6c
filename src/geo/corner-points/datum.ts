/**
 * datum: the reference system that a corner-point source or a person names, and the EPSG codes of the Chinese zones.
 * Codes: EPSG register; PROJ agrees with every one of them (adapters/gdal/corner-rows.test.ts). GCJ-02 and BD-09 are refused by
 * name: nothing in the numbers gives them away, so the name is the only chance.
 */
import type { Datum, ZoneWidth } from '../../model/corners.js';
import { Fault } from '../../model/fault.js';

export const DATUM_WORDS: Readonly<Record<Datum, string>> = {
  CGCS2000: '2000国家大地坐标系',
  WGS84: 'WGS 84',
  Xian80: '1980西安坐标系',
  Beijing54: '1954北京坐标系',
};

const SHIFTED: readonly (readonly [RegExp, string])[] = [
  [/GCJ[-_ ]?0?2|火星坐标|国测局坐标|高德坐标|腾讯坐标/i, 'GCJ-02（火星坐标）'],
  [/BD[-_ ]?0?9|百度坐标/i, 'BD-09（百度坐标）'],
];

/** Faults: corners.shifted where a text names a shifted map system. */
export function refuseShifted(text: string): void {
  const [, name] = SHIFTED.find(([pattern]) => pattern.test(text)) ?? [];
  if (name === undefined) return;
  throw new Fault(
    'corners.shifted',
    `坐标系写明为 ${name}：这是经过偏移的地图坐标，不能作为界线，请取得2000国家大地坐标后再导入 (shifted map coordinates are refused)`,
    { details: { found: text.slice(0, 100) } },
  );
}

/** null: the text names none that is known. Faults: corners.shifted. */
export function datumNamed(text: string): Datum | null {
  refuseShifted(text);
  const plain = text.normalize('NFKC');
  if (/2000|CGCS/i.test(plain)) return 'CGCS2000';
  if (/WGS/i.test(plain)) return 'WGS84';
  if (/80|西安|xi'?an/i.test(plain)) return 'Xian80';
  return /54|北京|beijing/i.test(plain) ? 'Beijing54' : null;
}

const ZONES: Readonly<Record<ZoneWidth, readonly [first: number, last: number]>> = { 3: [25, 45], 6: [13, 23] };

/** The numbers of China's 3° zones (25–45) and 6° zones (13–23) do not overlap; null = neither. */
export function zoneWidth(zone: number): ZoneWidth | null {
  for (const width of [3, 6] as const) {
    const [first, last] = ZONES[width];
    if (Number.isInteger(zone) && zone >= first && zone <= last) return width;
  }
  return null;
}

/** "3", "3度", "六度带"; null = says neither. */
export function widthNamed(text: string): ZoneWidth | null {
  if (/3|三/.test(text)) return 3;
  return /6|六/.test(text) ? 6 : null;
}

/** Central meridian, degrees east. */
export function zoneMeridian(zone: number): number {
  return zoneWidth(zone) === 6 ? zone * 6 - 3 : zone * 3;
}

/** EPSG code minus zone number, with and without the zone before the easting. */
const CODES: Readonly<Record<Datum, Readonly<Record<ZoneWidth, { prefixed: number; bare: number }>>>> = {
  CGCS2000: { 3: { prefixed: 4488, bare: 4509 }, 6: { prefixed: 4478, bare: 4489 } },
  // A zone on WGS 84 has no code; it counts as CGCS2000 (less than 1 m apart).
  WGS84: { 3: { prefixed: 4488, bare: 4509 }, 6: { prefixed: 4478, bare: 4489 } },
  Xian80: { 3: { prefixed: 2324, bare: 2345 }, 6: { prefixed: 2314, bare: 2325 } },
  Beijing54: { 3: { prefixed: 2376, bare: 2397 }, 6: { prefixed: 21400, bare: 21440 } },
};
const GEOGRAPHIC: Readonly<Record<Datum, number>> = { CGCS2000: 4490, WGS84: 4326, Xian80: 4610, Beijing54: 4214 };

export function zoneCode(datum: Datum, zone: number, prefixed: boolean): number {
  const code = CODES[datum][zoneWidth(zone) ?? 3];
  return (prefixed ? code.prefixed : code.bare) + zone;
}

export function geographicCode(datum: Datum): number {
  return GEOGRAPHIC[datum];
}

/** A coordinate system that is told by its code: which datum, and which zone (null: longitude and latitude). */
export interface NamedSystem {
  readonly datum: Datum;
  readonly zone: number | null;
}

/** null: another system than the Chinese ones. */
export function systemOfCode(crs: string): NamedSystem | null {
  const code = Number(/^(?:EPSG:)?(\d+)$/i.exec(crs.trim())?.[1] ?? Number.NaN);
  for (const datum of ['CGCS2000', 'Xian80', 'Beijing54', 'WGS84'] as const) {
    if (GEOGRAPHIC[datum] === code) return { datum, zone: null };
    if (datum === 'WGS84') continue;
    for (const width of [3, 6] as const) {
      const [first, last] = ZONES[width];
      for (const offset of Object.values(CODES[datum][width])) {
        if (code - offset >= first && code - offset <= last) return { datum, zone: code - offset };
      }
    }
  }
  return null;
}
