/**
 * frame: what the two numbers of corner points mean, decided from the numbers, from what the source declares and from what the
 * person says, or refused. Decided means: only one reading is possible. Each thing assumed is said; what two readings would fit
 * is refused with the option that settles it. One plot at a time: files mix zones and systems.
 *
 * Rules. An easting of 8 digits begins with its zone (13–23: 6°, 25–45: 3°); one of 6 digits lacks it, so the zone must be told.
 * A northing in China has 7 digits. Longitudes (73–136) and latitudes (3–54) do not overlap in China. Degrees written as plain
 * numbers are decimal for certain only where a minute or second of 60 or more shows that they cannot be ddd.mmss.
 */
import type {
  AngleNotation,
  AxisOrder,
  CornerDeclared,
  CornerFrame,
  CornerPoint,
  CornerWish,
  Datum,
} from '../../model/corners.js';
import { Fault } from '../../model/fault.js';
import type { Position } from '../../model/grid.js';
import { angleDegrees, isDecimalDegrees, isDms, mayBePacked, plainNumber } from './angle.js';
import { type Column, columnOf, isAngle, shownColumn, zoneBefore } from './columns.js';
import {
  DATUM_WORDS,
  datumNamed,
  geographicCode,
  type NamedSystem,
  refuseShifted,
  systemOfCode,
  zoneCode,
  zoneMeridian,
  zoneWidth,
} from './datum.js';

export interface FrameDecision {
  readonly frame: CornerFrame;
  /** Chinese; what was assumed. */
  readonly notes: readonly string[];
}

/** Northings of China end at 53.6° N; roomily. */
const LARGEST_NORTHING = 6_300_000;

/** Faults: corners.axis, corners.zone, corners.angle, corners.datum, corners.shifted, corners.value, corners.frame. */
export function decideFrame(points: readonly CornerPoint[], declared: CornerDeclared, wish: CornerWish): FrameDecision {
  const first = points.map((point) => point.first);
  const second = points.map((point) => point.second);
  const named = wish.crs === null ? null : systemGiven(wish.crs);
  const columns = { first: columnOf(first), second: columnOf(second) };
  const lines = points.map(({ line }) => line);
  const found = `第一列${shownColumn(first, lines)}，第二列${shownColumn(second, lines)}`;
  const context: Context = { first, second, columns, declared, wish, named, found, notes: [] };
  if (wish.crs !== null && named === null) return otherFrame(wish.crs, context);
  const angular = isAngle(columns.first) && isAngle(columns.second);
  const frame = angular ? geographicFrame(context) : planeFrame(context);
  return { frame, notes: context.notes };
}

interface Context {
  readonly first: readonly string[];
  readonly second: readonly string[];
  readonly columns: { readonly first: Column; readonly second: Column };
  readonly declared: CornerDeclared;
  readonly wish: CornerWish;
  readonly named: NamedSystem | null;
  readonly found: string;
  readonly notes: string[];
}

function systemGiven(crs: string): NamedSystem | null {
  refuseShifted(crs);
  return systemOfCode(crs);
}

/** Which order the columns themselves prove; null = they do not. */
function provenOrder({ first, second }: Context['columns']): AxisOrder | null {
  const northing = (column: Column): boolean => column === 'seven' || column === 'lat';
  const easting = (column: Column): boolean => column === 'prefixed' || column === 'six' || column === 'lon';
  if (northing(first) && easting(second)) return 'xy';
  return easting(first) && northing(second) ? 'yx' : null;
}

function orderOf(context: Context): AxisOrder {
  const { columns, wish, declared, found, notes } = context;
  const proven = provenOrder(columns);
  if (proven === null) {
    const told = wish.axis ?? declared.axis;
    if (told === null) {
      throw new Fault(
        'corners.axis',
        `分不清哪一列是 X（北、纬度）、哪一列是 Y（东、经度）：${found}；请用 --axis xy（X 在前）或 --axis yx（Y 在前）说明，或核对数据 (which column is northing? give --axis)`,
      );
    }
    notes.push(told === 'xy' ? '按说明第一列为 X（北）' : '按说明第一列为 Y（东）');
    return told;
  }
  if (wish.axis !== null && wish.axis !== proven) {
    throw new Fault(
      'corners.axis',
      `--axis ${wish.axis} 与数据不符：${found}；请核对 (--axis contradicts the numbers)`,
    );
  }
  if (proven === 'yx') notes.push(`坐标次序为先 Y（东）后 X（北），与通常次序相反：${found}`);
  return proven;
}

function datumOf({ declared, wish, named, notes }: Context): Datum {
  const own = declared.datum === null ? null : datumNamed(declared.datum);
  if (named !== null) {
    if (own !== null && own !== named.datum) {
      notes.push(`文件写明 ${DATUM_WORDS[own]}，按 --crs 改用 ${DATUM_WORDS[named.datum]}`);
    }
    return named.datum;
  }
  if (own !== null) return own;
  if (declared.datum !== null && declared.datum.trim() !== '') {
    throw new Fault(
      'corners.datum',
      `不认识的坐标系“${declared.datum.slice(0, 40)}”，请确认后用 --crs 指定，例如 --crs EPSG:4528 (unknown reference system; give --crs)`,
      { details: { crs: wish.crs } },
    );
  }
  notes.push('文件未写明坐标系，按2000国家大地坐标系读；若为其他坐标系请用 --crs 指定');
  return 'CGCS2000';
}

function planeFrame(context: Context): CornerFrame {
  const { columns, first, second, found, named, declared } = context;
  const metric = (column: Column): boolean => column === 'prefixed' || column === 'seven' || column === 'six';
  if (!metric(columns.first) || !metric(columns.second)) {
    throw new Fault(
      'corners.value',
      `坐标值无法理解：${found}；应为 X（7位）和 Y（8位带号或6位），或经纬度，请核对数据 (coordinates not understood)`,
    );
  }
  if (named !== null && named.zone === null) {
    throw new Fault(
      'corners.frame',
      `--crs 为经纬度坐标系，但数据是平面坐标：${found} (plane numbers under a geographic --crs)`,
    );
  }
  if (named === null && declared.projection !== null && !/高斯|gauss|克吕格|克里格/i.test(declared.projection)) {
    throw new Fault(
      'corners.projection',
      `投影类型写明为“${declared.projection.slice(0, 40)}”，不是高斯克吕格投影；请用 --crs 指定坐标系 (not Gauss-Krüger; give --crs)`,
    );
  }
  if (columns.first === 'seven' && columns.second === 'seven') {
    throw new Fault(
      'corners.axis',
      `两列都是7位：${found}；Y 应为8位（含带号）或6位，可能缺一位数，请核对；若为其他投影请用 --crs 和 --axis 说明 (both columns have 7 digits)`,
    );
  }
  const order = orderOf(context);
  const [northings, eastings] = order === 'xy' ? [first, second] : [second, first];
  const eastColumn = order === 'xy' ? columns.second : columns.first;
  const highest = Math.max(...northings.map((text) => plainNumber(text) ?? Number.NaN));
  if (highest > LARGEST_NORTHING) {
    throw new Fault(
      'corners.value',
      `坐标值不在中国范围内或缺位：${found}；X 应为7位，Y 应为8位（含带号）或6位 (northing or easting impossible)`,
    );
  }
  const datum = datumOf(context);
  const prefixed = eastColumn === 'prefixed';
  const zone = prefixed ? prefixedZone(eastings, context) : toldZone(context);
  return { kind: 'plane', datum, width: zoneWidth(zone) ?? 3, zone, prefixed, order };
}

interface ZoneClaim {
  readonly who: string;
  readonly zone: number;
}

function zoneClaims({ wish, named, declared }: Context): ZoneClaim[] {
  return [
    { who: '--zone', zone: wish.zone },
    { who: '--crs', zone: named?.zone ?? null },
    { who: '文件中的带号', zone: declared.zone },
  ].flatMap(({ who, zone }) => (zone === null ? [] : [{ who, zone }]));
}

function prefixedZone(eastings: readonly string[], context: Context): number {
  const zones = [...new Set(eastings.map((text) => zoneBefore(plainNumber(text) ?? Number.NaN) ?? 0))].sort(
    (a, b) => a - b,
  );
  const [zone = 0] = zones;
  if (zones.length > 1) {
    throw new Fault(
      'corners.zone',
      `同一地块的 Y 坐标带号不一：${zones.join('、')}，请核对 (one plot in several zones)`,
    );
  }
  for (const claim of zoneClaims(context)) {
    if (claim.zone === zone) continue;
    throw new Fault(
      'corners.zone',
      `带号不一致：Y 坐标以 ${zone} 开头，${claim.who}为 ${claim.zone}，请核对 (zone before the easting and told zone differ)`,
    );
  }
  refuseWidth(zone, context);
  context.notes.push(`带号 ${zone} 取自 Y 坐标前两位：${zoneWords(zone)}`);
  return zone;
}

function toldZone(context: Context): number {
  const claims = zoneClaims(context);
  const [claim] = claims;
  if (!claim) {
    throw new Fault(
      'corners.zone',
      `缺少带号：${context.found}，Y 坐标前没有带号，文件中也未写明；请用 --zone 指定，例如 --zone 39（3度带25–45，6度带13–23） (zone missing; give --zone)`,
    );
  }
  const other = claims.find(({ zone }) => zone !== claim.zone);
  if (other) {
    throw new Fault(
      'corners.zone',
      `带号不一致：${claim.who}为 ${claim.zone}，${other.who}为 ${other.zone}，请核对 (told zones differ)`,
    );
  }
  if (zoneWidth(claim.zone) === null) {
    throw new Fault(
      'corners.zone',
      `${claim.who}为 ${claim.zone}，不是中国的带号：3度带为25–45，6度带为13–23 (no zone of China)`,
    );
  }
  refuseWidth(claim.zone, context);
  context.notes.push(`Y 坐标不含带号，${claim.who}为 ${claim.zone}：${zoneWords(claim.zone)}`);
  return claim.zone;
}

function refuseWidth(zone: number, { declared }: Context): void {
  if (declared.width === null || declared.width === zoneWidth(zone)) return;
  throw new Fault(
    'corners.zone',
    `文件写明 ${declared.width} 度分带，但带号 ${zone} 是 ${zoneWidth(zone)} 度带的带号，请核对 (zone width and zone number differ)`,
  );
}

function zoneWords(zone: number): string {
  return `${zoneWidth(zone)}度带第${zone}带，中央经线 ${zoneMeridian(zone)}°`;
}

function geographicFrame(context: Context): CornerFrame {
  const { named, wish, found, notes } = context;
  if (named !== null && named.zone !== null) {
    throw new Fault('corners.frame', `--crs 为平面坐标系，但数据是角度：${found} (degrees under a projected --crs)`);
  }
  const order = orderOf(context);
  const datum = datumOf(context);
  const angle = angleOf(context);
  if (wish.zone !== null) notes.push(`坐标为经纬度，--zone ${wish.zone} 未用到`);
  notes.push('经纬度是否为偏移坐标（GCJ-02、BD-09）无法从数值看出，请确认来源不是手机或网络地图');
  return { kind: 'geographic', datum, angle, order };
}

function angleOf({ first, second, wish, declared, found, notes }: Context): AngleNotation {
  const texts = [...first, ...second];
  if (texts.every(isDms)) return 'dms';
  if (texts.every(isDecimalDegrees)) return 'decimal';
  if (texts.some((text) => plainNumber(text) === null)) {
    throw new Fault('corners.angle', `同一地块中角度写法不一：${found}，请统一后再导入 (mixed notations of degrees)`);
  }
  const impossible = texts.find((text) => !mayBePacked(text));
  const told = wish.angle ?? declared.angle;
  if (told === 'packed' && impossible !== undefined) {
    throw new Fault(
      'corners.angle',
      `写明为 ddd.mmss，但 ${impossible} 的分或秒不小于60，不可能是度分秒，请核对 (cannot be ddd.mmss)`,
    );
  }
  if (told === 'dms') {
    throw new Fault(
      'corners.angle',
      `写明为度分秒，但数值中没有分隔符：${found}；若为 ddd.mmss 请用 --angle packed (no °′″ in the values)`,
    );
  }
  if (told !== null) {
    notes.push(told === 'packed' ? '角度按 ddd.mmss（度.分秒）读' : '角度按十进制度读');
    return told;
  }
  if (impossible !== undefined) {
    notes.push(`角度按十进制度读：${impossible} 的分或秒不小于60，不可能是 ddd.mmss`);
    return 'decimal';
  }
  throw new Fault(
    'corners.angle',
    `分不清角度是十进制度还是 ddd.mmss（度.分秒）：${found}，两种读法都说得通；请用 --angle decimal 或 --angle packed 说明 (decimal degrees or ddd.mmss? give --angle)`,
  );
}

function otherFrame(crs: string, context: Context): FrameDecision {
  const order = orderOf(context);
  const plain = [...context.first, ...context.second].every((text) => plainNumber(text) !== null);
  if (!plain) {
    throw new Fault('corners.value', `--crs ${crs} 需要数字坐标：${context.found} (plain numbers are needed)`);
  }
  context.notes.push(`按 --crs ${crs} 读坐标`);
  return { frame: { kind: 'other', crs, order }, notes: context.notes };
}

/** x = easting or longitude, y = northing or latitude, in the units of `frameCrs`. Faults: corners.value. */
export function cornerPosition(point: CornerPoint, frame: CornerFrame): Position {
  const value = (text: string): number => {
    const number = frame.kind === 'geographic' ? angleDegrees(text, frame.angle) : plainNumber(text);
    if (number !== null && Number.isFinite(number)) return number;
    throw new Fault(
      'corners.value',
      `第 ${point.line} 行点 ${point.name} 的坐标“${text.slice(0, 40)}”不是数值 (not a coordinate)`,
    );
  };
  const [first, second] = [value(point.first), value(point.second)];
  return frame.order === 'xy' ? [second, first] : [first, second];
}

/** For the coordinate transformation: `EPSG:4526`; x = easting or longitude. */
export function frameCrs(frame: CornerFrame): string {
  if (frame.kind === 'other') return frame.crs;
  const { datum } = frame;
  return `EPSG:${frame.kind === 'geographic' ? geographicCode(datum) : zoneCode(datum, frame.zone, frame.prefixed)}`;
}

export function frameWords(frame: CornerFrame): string {
  if (frame.kind === 'other') return frame.crs;
  if (frame.kind === 'geographic') return `${DATUM_WORDS[frame.datum]} 经纬度`;
  return `${DATUM_WORDS[frame.datum]} ${zoneWords(frame.zone)}${frame.prefixed ? '，Y 含带号' : '，Y 不含带号'}`;
}
