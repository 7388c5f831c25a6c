/**
 * report-pit: what a person reports becomes a pit, and the pit a patch like our own. No image is asked: it is what somebody saw.
 * In:  the report, today. Out: the pit, or a Fault with everything that is wrong; the patch and the notes of its task.
 */
import { inChina } from '../../geo/china.js';
import { perimeterM, polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { interiorPoint } from '../../geo/interior-point.js';
import { Fault } from '../../model/fault.js';
import type { MultiPolygonRings } from '../../model/grid.js';
import { contentHash } from '../../model/id.js';
import { ISSUED_SIGMA_M } from '../../model/issued.js';
import type { Patch } from '../../model/patch.js';
import { quarterDays } from '../../model/quarter.js';
import type { PlacedPit, ReportedPit } from '../../model/reported-pit.js';
import type { Quarter } from '../../model/scene.js';
import { canonicalOutline, circleOf, outlineErrors } from './outline.js';

/** m²; smaller is a slip of the pen, larger one of the decimal point. */
const SMALLEST_M2 = 20;
const LARGEST_M2 = 2_000_000;
/** Of a point without an area: a small pit (a judgement). */
const USUAL_M2 = 1000;
const LONGEST_NOTE = 500;
/** What a person's word is worth in the score: as open ground on an image that issuer's outline names (a judgement). */
const CONFIDENCE = 0.7;

export interface PitWish {
  readonly quarter: Quarter;
  readonly place:
    | { readonly outline: MultiPolygonRings }
    | { readonly lon: number; readonly lat: number; readonly areaM2?: number };
  readonly note: string;
  readonly seenOn?: string;
}

/** `today`: ISO day in China. Faults: pit.note, pit.quarter, pit.future, pit.outline, pit.outside, pit.size. */
export function pitOf(wish: PitWish, today: string): ReportedPit {
  const { quarter } = wish;
  const note = wish.note.trim();
  if (note === '' || note.length > LONGEST_NOTE || /\p{Cc}/u.test(note)) {
    throw new Fault('pit.note', `请说明所见情况，1–${LONGEST_NOTE} 字，不含换行 (say what was seen, in one line)`);
  }
  const seenOn = dayOf(wish, today);
  const { geometry, sigmaM, drawn } = shapeOf(wish.place);
  const areaM2 = polygonAreaM2(geometry);
  if (!(areaM2 >= SMALLEST_M2 && areaM2 <= LARGEST_M2)) {
    throw new Fault(
      'pit.size',
      `面积为 ${areaM2.toFixed(1)} m²，应在 ${SMALLEST_M2}–${LARGEST_M2} m² 之间，请检查坐标 (the area is not that of a pit)`,
    );
  }
  const hash = contentHash(geometry, 12).toLowerCase();
  return { id: `${quarter}-r${hash}`, hash, quarter, seenOn, note, drawn, geometry, areaM2, sigmaM };
}

function dayOf({ quarter, seenOn = '' }: PitWish, today: string): string {
  const { first } = quarterDays(quarter);
  if (first > today) {
    throw new Fault('pit.quarter', `${quarter} 还没有开始 (this quarter has not begun)`);
  }
  const day = seenOn === '' ? today : seenOn;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) {
    throw new Fault('pit.quarter', `所见日期应写作 2026-08-15，得到的是“${day}” (expected a day like 2026-08-15)`);
  }
  if (day > today) throw new Fault('pit.future', `所见日期 ${day} 在未来 (seen in the future)`);
  if (day < first) {
    throw new Fault(
      'pit.quarter',
      `所见日期 ${day} 早于 ${quarter}；请报到它所在的季度 (seen before the quarter: report it for the quarter of that day)`,
    );
  }
  return day;
}

function shapeOf(place: PitWish['place']): Pick<ReportedPit, 'geometry' | 'sigmaM' | 'drawn'> {
  if ('outline' in place) {
    const errors = outlineErrors(place.outline);
    const [first] = errors;
    if (first) {
      throw new Fault(first.code, errors.map(({ message }) => message).join('；'), {
        details: { errors: errors.map(({ path, message }) => ({ path, message })) },
      });
    }
    return { geometry: canonicalOutline(place.outline), sigmaM: ISSUED_SIGMA_M, drawn: 'outline' };
  }
  const { lon, lat, areaM2 = USUAL_M2 } = place;
  if (!inChina([lon, lat])) {
    throw new Fault(
      'pit.outside',
      `位置 ${lon}, ${lat} 不在中国境内，请检查经纬度是否颠倒 (outside China: are longitude and latitude swapped?)`,
    );
  }
  if (!(areaM2 >= SMALLEST_M2 && areaM2 <= LARGEST_M2)) {
    throw new Fault('pit.size', `面积应在 ${SMALLEST_M2}–${LARGEST_M2} m² 之间 (expected the area of a pit)`);
  }
  const { outline, radiusM } = circleOf([lon, lat], areaM2);
  // Nobody said how it lies around the point.
  return { geometry: canonicalOutline(outline), sigmaM: Math.hypot(ISSUED_SIGMA_M, radiusM), drawn: 'point' };
}

export function pitPatch(pit: ReportedPit): Patch {
  const { id, quarter, geometry, areaM2, sigmaM, seenOn, drawn } = pit;
  const shape = drawn === 'outline' ? '范围由人工勾绘' : `只有一点，范围以 ${areaM2.toFixed(0)} m² 的圆表示`;
  return {
    id,
    pairs: [],
    geometry,
    areaM2,
    perimeterM: perimeterM(geometry),
    ...interiorPoint(geometry),
    confidence: CONFIDENCE,
    changeType: 'bare-deeper',
    seenShare: 0,
    sigmaM,
    dateBefore: null,
    dateAfter: seenOn,
    reasons: [`${quarter} 人工上报的疑似采坑，${seenOn} 所见，${shape}，未与影像比对`],
  };
}

export function pitNotes({ quarter, seenOn, note, detectedId }: PlacedPit): string[] {
  const late = seenOn > quarterDays(quarter).last;
  return [
    `人工上报：${note}`,
    '人工上报图斑，不受核查预算限制，也不因重新运行而撤回',
    ...(late ? [`所见日期 ${seenOn} 在 ${quarter} 之后，当季是否已有此坑不详`] : []),
    ...(detectedId === null ? [] : [`自动检测在同一位置有图斑 ${detectedId}，上报时不在核查清单上`]),
  ];
}
