/**
 * zone-kinds: what a polygon of the key zones (and of closed and prone places) is. Data: Chinese names, whether lines and points
 * are taken, and how wide they are made where the file does not say (judgements, to be set by the field 缓冲距离 in the file; no
 * public rule gives them). Names are found in the field zone_kind by code or by a part of the Chinese text.
 */
import type { Boundary, BoundaryKind } from './boundary.js';
import type { Words } from './words.js';

export interface ZoneKind extends Words {
  readonly code: string;
  /** Chinese or pinyin texts that mean it. */
  readonly texts: RegExp;
  /** Default width of a line on each side, metres; null = lines are not taken. */
  readonly lineM: number | null;
  /** Default radius around a point, metres; null = points are not taken. */
  readonly pointM: number | null;
  /** Never drawn, listed or exported by default. */
  readonly secret?: true;
}

const zone = (
  code: string,
  zh: string,
  en: string,
  texts: RegExp,
  [lineM, pointM]: readonly [line: number | null, point: number | null] = [null, null],
): ZoneKind => ({ code, zh, en, texts, lineM, pointM });

/** The first that fits. */
export const ZONE_KINDS: readonly ZoneKind[] = [
  { ...zone('secret', '涉密区域', 'secret area', /军事|涉密|保密|机密|military|secret/i, [200, 200]), secret: true },
  zone('outcrop', '露头煤线', 'coal outcrop', /露头|煤线|outcrop/i, [100, 100]),
  zone('border', '县界', 'county border', /县界|市界|省界|边界|交界|border/i, [500, null]),
  zone(
    'mine-surroundings',
    '国有矿山周边',
    'surroundings of a state mine',
    /矿山周边|矿区周边|煤矿周边|mine.?surroundings/i,
    [300, 500],
  ),
  zone('coal-yard', '储煤场', 'coal yard', /储煤|煤场|coal.?yard/i, [null, 150]),
  zone('washing-plant', '洗煤厂', 'washing plant', /洗煤|选煤|洗选|washing.?plant/i, [null, 150]),
  zone('red-line', '生态保护红线', 'ecological red line', /红线|red.?line/i),
  zone(
    'protected-area',
    '自然保护地',
    'protected area',
    /自然保护|保护区|保护地|森林公园|地质公园|湿地公园|protected/i,
  ),
  zone('farmland', '永久基本农田', 'permanent farmland', /基本农田|farmland/i),
  zone('river', '河流', 'river', /河|水库|湖|river|reservoir/i, [50, null]),
  zone('road', '道路', 'road', /公路|道路|铁路|高速|国道|省道|road|railway/i, [100, null]),
  zone('pipeline', '油气管道', 'pipeline', /管道|管线|pipeline/i, [200, null]),
  zone('closed-cave', '已取缔洞采坑点', 'closed cave working', /取缔|洞采|坑点|坑口|closed.?cave/i, [null, 100]),
  zone('yard', '院落厂房车库', 'yard, shed or garage', /养殖|大棚|厂房|院落|车库|farm|greenhouse|yard/i, [null, 100]),
];

/** Closed mines and prone places are often known by a point only. */
const OF_LAYER: Readonly<Partial<Record<BoundaryKind, ZoneKind>>> = {
  closed: zone('closed', '已关闭矿山', 'closed mine', /^$/, [null, 100]),
  prone: zone('prone', '易发区', 'prone area', /^$/, [100, 200]),
};

export function zoneKindOf({ kind, zoneKind }: Pick<Boundary, 'kind' | 'zoneKind'>): ZoneKind | null {
  const text = zoneKind?.normalize('NFKC').trim() ?? '';
  const named =
    ZONE_KINDS.find(({ code }) => code === text.toLowerCase()) ?? ZONE_KINDS.find(({ texts }) => texts.test(text));
  return (text === '' ? undefined : named) ?? OF_LAYER[kind] ?? null;
}

/** Military and other secret areas, in whichever layer they come. */
export function isSecret(boundary: Pick<Boundary, 'kind' | 'zoneKind'>): boolean {
  return zoneKindOf(boundary)?.secret === true;
}

/** What may be said of a secret area: that it is one. Others as they are. */
export function withheld<T extends Boundary>(boundary: T): T {
  if (!isSecret(boundary)) return boundary;
  const { persons: _persons, ...rest } = boundary;
  return {
    ...(rest as T),
    number: null,
    name: SECRET_NAME,
    holder: null,
    method: null,
    status: null,
    zoneKind: 'secret',
    attributes: {},
  };
}

/** For lists and maps: what may be said, and no place. */
export function undrawn<T extends Boundary>(boundary: T): T {
  return isSecret(boundary) ? { ...withheld(boundary), geometry: [], areaM2: 0 } : boundary;
}

const SECRET_NAME = '涉密区域';
