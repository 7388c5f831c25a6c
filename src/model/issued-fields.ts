/**
 * issued-fields: the names under which patches issued from above carry what a comparison needs, the codes of the patch types as far
 * as they are published, and the unit of the area. Data, to be extended. Sources: field lists of the national change layer of 2026
 * and of an older county system; names are compared without case, blanks and underscores. In order of preference.
 */
import { normalisedName } from './field-name.js';

export type IssuedFieldRole =
  | 'number'
  | 'countyCode'
  | 'countyName'
  | 'type'
  | 'before'
  | 'after'
  | 'area'
  | 'farmland'
  | 'redLine'
  | 'remark';

export const ISSUED_ALIASES: Readonly<Record<IssuedFieldRole, readonly string[]>> = {
  number: [
    ...['JCBH', 'TBBH', 'TBH', '图斑编号', '监测编号', '监测图斑编号', '图斑号', 'TBBSM', '编号', 'patch_no', 'number'],
  ],
  countyCode: ['XZQDM', 'XZQHDM', 'XDM', 'XIANDM', '行政区代码', '行政区划代码', '县级行政区代码', 'county_code'],
  countyName: ['XZQMC', 'XZQHMC', 'XMC', '县名', '行政区名称', '行政区划名称', '县级行政区名称', 'county'],
  type: ['TBLX', 'JCLX', 'BHLX', '图斑类型', '监测类型', '变化类型', 'type'],
  before: ['QSX', 'QSXSJ', 'QSJ', '前时相', '前时相时间', 'date_before'],
  after: ['HSX', 'HSXSJ', 'HSJ', '后时相', '后时相时间', 'date_after'],
  area: [
    ...['JCMJ', 'TBMJ', 'MJ', '监测面积', '图斑面积', '面积', 'JCMJ_MU', 'TBMJ_MU', 'MJ_MU', 'MJ_M', 'MJ_HA', 'MJ_GQ'],
    ...['图斑面积亩', '面积亩', '图斑面积公顷', '面积公顷', '面积平方米', 'area', 'area_m2'],
  ],
  farmland: ['SFYN', 'SFZYJBNT', '是否永农', '是否永久基本农田'],
  redLine: ['SFHX', 'SFSTHX', '是否红线', '是否生态红线', '是否生态保护红线'],
  remark: ['BZ', '备注', '说明', 'remark'],
};

export type IssuedFieldMap = Readonly<Partial<Record<IssuedFieldRole, string>>>;

/** Which of a file's fields is which. */
export function mapIssuedFields(names: readonly string[]): IssuedFieldMap {
  const plain = new Map([...names].reverse().map((name) => [normalisedName(name), name]));
  const found: Partial<Record<IssuedFieldRole, string>> = {};
  for (const [role, aliases] of Object.entries(ISSUED_ALIASES) as [IssuedFieldRole, readonly string[]][]) {
    const alias = aliases.find((one) => plain.has(normalisedName(one)));
    const name = alias === undefined ? undefined : plain.get(normalisedName(alias));
    if (name !== undefined) found[role] = name;
  }
  return found;
}

export const AREA_UNITS = ['m2', 'mu', 'ha'] as const;
export type AreaUnit = (typeof AREA_UNITS)[number];

export const AREA_UNIT_M2: Readonly<Record<AreaUnit, number>> = { m2: 1, mu: 2000 / 3, ha: 10_000 };
export const AREA_UNIT_WORDS: Readonly<Record<AreaUnit, string>> = { m2: 'm²', mu: '亩', ha: '公顷' };

/** The unit that a field's name says; null where it says none. */
export function unitOfName(name: string): AreaUnit | null {
  if (/亩|_mu$/i.test(name)) return 'mu';
  if (/公顷|_ha$|_gq$/i.test(name)) return 'ha';
  return /平方米|_m$|_m2$/i.test(name) ? 'm2' : null;
}

/** Letters of the codes of the national change layer. Others are kept as they came and have no name here. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  CK: '采矿',
  DT: '动土',
  TD: '推堆土',
  TP: '推平',
  LT: '裸土地',
  LY: '裸岩石砾地',
  DL1: '道路',
  DL2: '道路',
  SM: '水面',
  KT: '坑塘',
  WL: '瓦砾',
};

export function typeNameOf(code: string): string | null {
  return TYPE_NAMES[code.toUpperCase()] ?? null;
}
