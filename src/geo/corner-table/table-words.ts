/**
 * table-words: what the text around a table of corner points says: reference system, zone, notation of degrees, heights, headings
 * of rings, labels with values. Data and small pure functions; words met in practice, to be extended.
 */
import { type CornerDeclared, NOTHING_DECLARED } from '../../model/corners.js';
import { mapFields } from '../../model/layer-fields.js';
import { datumNamed, refuseShifted, widthNamed, zoneWidth } from '../corner-points/datum.js';
import { plainTitle } from './sheet.js';

const DATUM =
  /cgcs-?2000|2000国家|国家2000|2000(坐标|系|大地)|wgs-?84|西安(19)?80|(19)?80(国家|年)?(西安|大地|坐标|系)|西安坐标|北京(19)?54|(19)?54(年)?(北京|坐标|系)|北京坐标|gcj-?0?2|bd-?0?9|火星坐标|百度坐标|高德坐标/;

/** The reference system that a text names, as it names it; null = none. Faults: corners.shifted. */
export function systemNamed(text: string): string | null {
  const plain = plainTitle(text);
  const found = /^(2000|80|54)$/.exec(plain)?.[0] ?? DATUM.exec(plain)?.[0];
  if (found === undefined) return null;
  refuseShifted(found);
  return datumNamed(found) === null ? null : found;
}

/** What a text says about numbers; null where it is silent. */
export function declaredIn(text: string): CornerDeclared {
  const plain = plainTitle(text);
  const meridian = Number(/中央(?:子午线|经线)[^\d]{0,4}(\d{2,3})/.exec(plain)?.[1] ?? Number.NaN);
  const width = /(三|六|3|6)度(分?带)?/.exec(plain)?.[1];
  const told = Number(
    /带号[^\d]{0,3}(\d{2})|第?(\d{2})带/
      .exec(plain)
      ?.slice(1)
      .find((found) => found) ?? Number.NaN,
  );
  const byMeridian = meridian % 3 === 0 && width !== '六' && width !== '6' ? meridian / 3 : (meridian + 3) / 6;
  const zone = [told, byMeridian].find((number) => zoneWidth(number) !== null) ?? null;
  return {
    ...NOTHING_DECLARED,
    datum: systemNamed(text),
    zone,
    width: width === undefined ? null : widthNamed(width),
    angle: /度分秒|d+\.?mm?s*|dms/.test(plain) ? 'packed' : /十进制/.test(plain) ? 'decimal' : null,
  };
}

/** Later texts say more exactly than earlier ones. */
export function joinDeclared(first: CornerDeclared, then: CornerDeclared): CornerDeclared {
  return {
    datum: then.datum ?? first.datum,
    zone: then.zone ?? first.zone,
    width: then.width ?? first.width,
    axis: then.axis ?? first.axis,
    angle: then.angle ?? first.angle,
    projection: then.projection ?? first.projection,
  };
}

export interface Heights {
  readonly upper: number;
  readonly lower: number;
}

/** "开采标高：由+285米至+8米", "285m~8m"; null = no two heights. */
export function heightsIn(text: string): Heights | null {
  if (!/标高|开采深度/.test(text)) return null;
  const after = text.normalize('NFKC').replace(/^.*?(标高|深度)/, '');
  const found = /([+-]?\d+(?:\.\d+)?)\s*(?:米|m)?\s*(?:至|到|~|～|—|–|-{1,2})\s*([+-]?\d+(?:\.\d+)?)/i.exec(after);
  const [one, two] = [Number(found?.[1] ?? Number.NaN), Number(found?.[2] ?? Number.NaN)];
  return Number.isFinite(one) && Number.isFinite(two) ? { upper: Math.max(one, two), lower: Math.min(one, two) } : null;
}

const RING = /^(第?[一二三四五六七八九十\d]+(圈|环)|圈号[:：]?\d+|[内外](圈|环)(界|线)?)|扣除|扣减|空白区|空洞|天窗/;
const DEDUCT = /扣除|扣减|空白区|空洞|天窗|^内(圈|环)/;

export interface RingHeading {
  readonly text: string;
  readonly deduct: boolean;
}

/** A line between two lists of points that begins another ring of the same plot; null = it does not. */
export function ringHeading(text: string): RingHeading | null {
  const plain = plainTitle(text);
  if (plain.length > 30 || !RING.test(plain)) return null;
  return { text: text.trim(), deduct: DEDUCT.test(plain) && !/不(予|再)?扣/.test(plain) };
}

export interface Label {
  readonly name: string;
  readonly value: string;
}

const LABELLED = /^\s*([^：:=]{2,20}?)\s*[：:=]\s*(.*)$/s;

/** `许可证号：C37…` in one cell, `许可证号：` beside its value, or a known name beside its value. Texts that are no labels remain. */
export function labelsOf(cells: readonly (string | null)[]): { readonly labels: Label[]; readonly texts: string[] } {
  const filled = cells.filter((cell) => cell !== null);
  const labels: Label[] = [];
  const texts: string[] = [];
  for (let i = 0; i < filled.length; i++) {
    const cell = filled[i] ?? '';
    const [, name, value] = LABELLED.exec(cell) ?? [];
    const next = filled[i + 1];
    if (name !== undefined && value !== undefined && value.trim() !== '') labels.push({ name, value: value.trim() });
    else if (next !== undefined && (name !== undefined || isFieldName(cell))) {
      labels.push({ name: name ?? cell, value: next });
      i++;
    } else if (name === undefined) texts.push(cell);
  }
  return { labels, texts };
}

export function isFieldName(text: string): boolean {
  return Object.keys(mapFields([text])).length > 0 || /^(矿区|登记)?面积|标高|坐标系/.test(text);
}

/** Of a title: what it is about. 某采石场矿区范围拐点坐标表 → 某采石场 */
export function subjectOf(title: string): string {
  const subject = title
    .trim()
    .replace(/[（(][^（）()]*[）)]/g, '')
    .replace(/(矿区|采矿权|探矿权|勘查区|项目)?(范围|边界|界线)?(拐点|界址点|坐标)+(坐标)?(一览|成果|明细)?表?$/, '');
  return subject === '' ? title.trim() : subject;
}
