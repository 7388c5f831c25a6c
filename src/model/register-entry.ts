/** Register entry: a polygon of the register as it stands on a day, with where it comes from; and the entries as a list to export. */
import { type Boundary, PERSON_LEVELS, type PersonLevel } from './boundary.js';
import { BOUNDARY_STYLE } from './map-style.js';
import type { ExportList, ListColumn, ListValue } from './patch-list.js';
import { STANDINGS, type Standing } from './standing.js';
import { BOUNDARY_WORDS, muOf } from './words.js';
import { isSecret, undrawn, zoneKindOf } from './zone-kinds.js';

export interface RegisterEntry {
  readonly boundary: Boundary;
  readonly standing: Standing;
  /** Chinese; what there is to say about the standing. */
  readonly remark: string | null;
  /** Since when this version stands; null = as far as is known. */
  readonly since: string | null;
  /** How many versions are known of the thing. */
  readonly versions: number;
  /** File of its first import, without folder. */
  readonly file: string;
}

export const PERSON_WORDS: Readonly<Record<PersonLevel, string>> = {
  county: '县级',
  township: '乡镇级',
  village: '村级',
};

/** 县级 张三 13800000000；村级 李四. */
export function personsText({ persons = [] }: Pick<Boundary, 'persons'>): string {
  return persons
    .map(({ level, name, phone }) => `${PERSON_WORDS[level]} ${name}${phone === null ? '' : ` ${phone}`}`)
    .join('；');
}

/** 自 … 至 …, with what is not known said. */
export function termText({ validFrom, validTo }: Pick<Boundary, 'validFrom' | 'validTo'>): string {
  if (validFrom === null && validTo === null) return '未登记';
  return `${validFrom ?? '不详'} 至 ${validTo === '9999-12-31' ? '长期' : (validTo ?? '不详')}`;
}

/** A place that is not granted for a time is simply registered. */
export function standingText({ boundary, standing, remark }: RegisterEntry): string {
  const placed = ['closed', 'prone', 'keyzones', 'admin'].includes(boundary.kind) && standing === 'unknown';
  const state = placed ? '在册' : STANDINGS[standing].zh;
  return [state, remark, boundary.excludedReason].filter((text) => text !== null).join('；');
}

export function kindText(boundary: Pick<Boundary, 'kind' | 'zoneKind'>): string {
  const zone = boundary.kind === 'keyzones' ? zoneKindOf(boundary) : null;
  return zone?.zh ?? BOUNDARY_WORDS[boundary.kind].zh;
}

/** The entry without what a secret area may not show: its name and its place. */
export function openly(entry: RegisterEntry): RegisterEntry {
  if (!isSecret(entry.boundary)) return entry;
  return { ...entry, file: '—', boundary: undrawn(entry.boundary) };
}

const COLUMNS: readonly ListColumn[] = [
  { name: 'id', type: 'text', zh: '多边形编号', width: 30 },
  { name: 'kind', type: 'text', zh: '图层代码', width: 12 },
  { name: 'kind_zh', type: 'text', zh: '图层', width: 14 },
  { name: 'zone_kind', type: 'text', zh: '区域类型', width: 16 },
  { name: 'number', type: 'text', zh: '证号或编号', width: 25 },
  { name: 'name', type: 'text', zh: '名称', width: 24 },
  { name: 'holder', type: 'text', zh: '权利人', width: 24 },
  { name: 'method', type: 'text', zh: '开采方式', width: 10 },
  { name: 'standing', type: 'text', zh: '状态', width: 18 },
  { name: 'valid_from', type: 'text', zh: '有效期起', width: 12 },
  { name: 'valid_to', type: 'text', zh: '有效期止', width: 12 },
  { name: 'since', type: 'text', zh: '本版本起', width: 12 },
  { name: 'versions', type: 'integer', zh: '版本数', width: 8, digits: 0 },
  ...PERSON_LEVELS.flatMap((level): ListColumn[] => [
    { name: `${level}_who`, type: 'text', zh: `${PERSON_WORDS[level]}责任人`, width: 12 },
    { name: `${level}_tel`, type: 'text', zh: `${PERSON_WORDS[level]}责任人电话`, width: 15 },
  ]),
  { name: 'area_m2', type: 'real', zh: '面积（m²）', width: 14, digits: 2 },
  { name: 'area_mu', type: 'real', zh: '面积（亩）', width: 12, digits: 2 },
  { name: 'buffer_m', type: 'real', zh: '缓冲（m）', width: 10, digits: 1 },
  { name: 'excluded', type: 'text', zh: '不参加判定的原因', width: 30 },
  { name: 'file', type: 'text', zh: '来源文件', width: 24 },
  { name: 'row', type: 'integer', zh: '行号', width: 7, digits: 0 },
  { name: 'colour', type: 'text', zh: '线色', width: 9 },
  { name: 'dash', type: 'text', zh: '线型', width: 8 },
];

export function registerList(entries: readonly RegisterEntry[]): ExportList {
  return {
    name: 'register',
    columns: COLUMNS,
    rows: entries.map((entry) => ({ geometry: entry.boundary.geometry, values: valuesOf(entry) })),
  };
}

function valuesOf(entry: RegisterEntry): ListValue[] {
  const { boundary, since, versions, file } = entry;
  const style = BOUNDARY_STYLE[boundary.kind];
  return [
    boundary.id,
    boundary.kind,
    BOUNDARY_WORDS[boundary.kind].zh,
    boundary.kind === 'keyzones' ? kindText(boundary) : boundary.zoneKind,
    boundary.number,
    boundary.name,
    boundary.holder,
    boundary.method,
    standingText(entry),
    boundary.validFrom,
    boundary.validTo,
    since,
    versions,
    ...PERSON_LEVELS.flatMap((level) => {
      const person = boundary.persons?.find((one) => one.level === level);
      return [person?.name ?? null, person?.phone ?? null];
    }),
    Math.round(boundary.areaM2 * 100) / 100,
    Math.round(muOf(boundary.areaM2) * 1e6) / 1e6,
    boundary.buffered?.metres ?? null,
    boundary.excludedReason,
    file,
    boundary.row,
    style.colour,
    style.dash.join(' '),
  ];
}
