/**
 * exchange: the exchange text of boundary points (勘测定界界址点坐标交换格式, .txt): `[属性描述]` with what the numbers mean, then `[地块坐标]`
 * with plots. Read with the variants met in practice: `【】`, sections before, missing header lines, blanks and full-width commas,
 * several plots. In: decoded text. Out: CornerText, or the text.
 */
import {
  type AngleNotation,
  type CornerDeclared,
  type CornerPlot,
  type CornerText,
  NOTHING_DECLARED,
} from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import { DATUM_WORDS, refuseShifted, widthNamed, zoneWidth } from './datum.js';
import { isPointLine, readPlot, type TextLine, writePlot } from './exchange-plot.js';

const SECTION = /^[[【]([^\]】]+)[\]】]$/;
const PAIR = /^([^=＝:：,]+)[=＝:：](.*)$/;

export function looksLikeExchange(text: string): boolean {
  return (
    /^[ \t]*[[【][ \t]*(?:属性描述|地块坐标)[ \t]*[\]】]/m.test(text) ||
    /^[^\n]*,\s*@\s*,?\s*\r?\n\s*[^,\n]*,\s*\d+\s*,/m.test(text)
  );
}

/** Faults: corners.shifted, corners.unit. */
export function readExchange(text: string): CornerText {
  const header: Record<string, string> = {};
  const body: TextLine[] = [];
  let inBody = !/^[ \t]*[[【]/m.test(text);
  for (const [i, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.replaceAll('，', ',').trim();
    const section = SECTION.exec(line)?.[1]?.trim();
    if (section !== undefined) inBody = section === '地块坐标';
    else if (line !== '' && (inBody || isHeading(line) || isPointLine(line))) body.push({ text: line, line: i + 1 });
    else {
      const [, key, value] = PAIR.exec(line) ?? [];
      if (key !== undefined && value !== undefined) header[key.trim()] = value.trim();
    }
  }
  refuseShifted(Object.values(header).join('\n'));
  const notes: string[] = [];
  const declared = declaredBy(header, notes);
  const plots: CornerPlot[] = [];
  const refused: { line: number; why: string }[] = [];
  for (const [heading, lines] of grouped(body, refused)) {
    try {
      plots.push(readPlot(heading, lines));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      refused.push({ line: heading.line, why: error.message });
    }
  }
  return { format: 'exchange', declared, plots, refused, notes };
}

/** Ends with @, or has more values than a point and begins with a count. */
function isHeading(line: string): boolean {
  return /,\s*@\s*,?$/.test(line) || (/^\d+\s*,/.test(line) && line.split(',').length >= 8);
}

function grouped(body: readonly TextLine[], refused: { line: number; why: string }[]): [TextLine, TextLine[]][] {
  const groups: [TextLine, TextLine[]][] = [];
  for (const line of body) {
    const group = groups.at(-1);
    if (isHeading(line.text)) groups.push([line, []]);
    else if (group) group[1].push(line);
    else if (isPointLine(line.text))
      refused.push({ line: line.line, why: '界址点之前没有地块行（界址点数,地块面积,…,@）' });
    else refused.push({ line: line.line, why: `不认识的行：${line.text.slice(0, 40)}` });
  }
  return groups;
}

function declaredBy(header: Readonly<Record<string, string>>, notes: string[]): CornerDeclared {
  const filled = (key: string): string | null => header[key]?.trim() || null;
  const zone = /\d+/.exec(filled('带号') ?? '')?.[0];
  const width = filled('几度分带');
  const unit = filled('计量单位');
  for (const key of ['数据产生单位', '数据产生日期']) {
    const value = filled(key);
    if (value !== null) notes.push(`${key}：${value}`);
  }
  if (/[^,\s0.]/.test(filled('转换参数') ?? '')) {
    notes.push(`文件带有转换参数，未使用`);
  }
  return {
    ...NOTHING_DECLARED,
    datum: filled('坐标系'),
    projection: filled('投影类型'),
    width: width === null ? null : widthNamed(width),
    zone: zone === undefined ? null : Number(zone),
    angle: unit === null ? null : angleOfUnit(unit),
  };
}

function angleOfUnit(unit: string): AngleNotation | null {
  if (/度分秒|ddd?\.?mm/i.test(unit)) return 'packed';
  if (/十进制|小数度/.test(unit)) return 'decimal';
  if (/^(?:米|m|metre|meter|公尺|度)$/i.test(unit)) return null;
  throw new Fault('corners.unit', `计量单位写“${unit.slice(0, 20)}”，应为米、度或度分秒，请核对后改正 (unknown unit)`);
}

export interface ExchangeHead {
  readonly zone: number;
  readonly producer: string;
}

/** In CGCS2000; values as they are. The date of production stays empty: the file depends on its content alone. */
export function writeExchange(plots: readonly CornerPlot[], { zone, producer }: ExchangeHead): string {
  const head = [
    '[属性描述]',
    '格式版本号=1.01',
    `数据产生单位=${producer}`,
    '数据产生日期=',
    `坐标系=${DATUM_WORDS.CGCS2000}`,
    `几度分带=${zoneWidth(zone)}`,
    '投影类型=高斯克吕格',
    '计量单位=米',
    `带号=${zone}`,
    '精度=0.001',
    '转换参数=,,,,,,',
    '[地块坐标]',
  ];
  return [...head, ...plots.flatMap(writePlot), ''].join('\r\n');
}
