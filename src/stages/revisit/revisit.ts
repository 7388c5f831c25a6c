/**
 * revisit: an issued patch, the issuer's outline and the newest imagery become one of four answers, with the numbers that decided:
 *   grown              newly opened ground reaches beyond the outline by more than the positional tolerance
 *   no-visible-change  open ground within the outline, nothing beyond it; also where only part of it is still open
 *   recovered          hardly any of it is open: recovered, or never dug (the image cannot tell the two apart, and that is said)
 *   not-seen           no image from HSX on, hidden, or not to be told from bare surroundings: never "no change"
 * An answer is what the image shows, not a verdict. Limits are judgements, said with every answer.
 * In: the patch, images, what the children read (GroundLook), own patches that touch it. Out: an IssuedAnswer in Chinese.
 */
import type { MultiPolygonRings } from '../../model/grid.js';
import type { IssuedAnswer, IssuedImage, IssuedPatch } from '../../model/issued.js';
import { muOf } from '../../model/words.js';
import type { GroundLook } from '../../model/work.js';
import { type Horizon, horizonOf } from './images.js';

/** Of the seen outline: up to this open, the place counts as recovered. */
export const RECOVERED_SHARE = 0.2;
/** Up to this open, it is said that part of it has recovered. */
const PARTLY_SHARE = 0.7;

export interface OwnTouch {
  readonly id: string;
  readonly quarter: string;
  /** Beyond the outline and the tolerance, m². */
  readonly beyondM2: number;
}

export interface Measured {
  /** Open ground at the place now, with own patches that reach beyond the outline. */
  readonly geometry: MultiPolygonRings;
  readonly areaM2: number;
  readonly outsideM2: number;
  readonly beyondM2: number;
}

export interface RevisitInput {
  readonly patch: IssuedPatch;
  /** Images that come near the place, of whatever date. */
  readonly near: readonly { readonly acquiredOn: string }[];
  /** Of those from HSX on, the ones that did not show it; newest first. */
  readonly hidden: readonly { readonly on: string; readonly reached: boolean }[];
  readonly newest: IssuedImage | null;
  readonly reference: IssuedImage | null;
  /** Chinese: why an earlier image could not serve; null = it does, or there is none. */
  readonly referenceRefused: string | null;
  readonly look: GroundLook | null;
  readonly measured: Measured | null;
  readonly own: readonly OwnTouch[];
  readonly toleranceM: number;
  readonly minGrownM2: number;
}

type Told = Pick<IssuedAnswer, 'result' | 'measured' | 'measuredM2' | 'grownM2'>;

const UNTOLD: Omit<Told, 'result'> = { measured: null, measuredM2: null, grownM2: null };

export function revisit(input: RevisitInput): IssuedAnswer {
  const { patch, newest, reference, look, own } = input;
  const horizon = horizonOf(patch);
  const facts = {
    newest,
    reference,
    seenShare: look && look.outlinePixels > 0 ? rounded(look.seenPixels / look.outlinePixels) : null,
    openShare: look && look.telling !== 'too-few' && look.telling !== 'alike' ? rounded(openShareOf(look)) : null,
    ownPatches: own.map(({ id }) => id).sort(),
  };
  if (patch.geometry === null) {
    const reasons = [
      `[IP-0] 图形不能使用（${patch.refused ?? '原因未知'}），无法与影像比对，请下发单位或县级补正图形后重新导入`,
    ];
    return { result: 'no-outline', ...UNTOLD, ...facts, reasons };
  }
  const assumed = horizon.assumed
    ? [
        `[IP-1] 后时相${patch.facts.after ? `“${patch.facts.after.raw}”不能识别` : '缺失'}，按下发季度末日 ${horizon.on} 处理`,
      ]
    : [];
  if (!newest || !look || look.telling === 'too-few') {
    return { result: 'not-seen', ...UNTOLD, ...facts, reasons: [...assumed, whyUnseen(input, horizon)] };
  }
  const said = [...assumed, imagesSaid(input, facts.seenShare ?? 0)];
  if (look.telling === 'alike' && !grownByOwn(input)) {
    const why = '图斑与周围地表在最新影像上无法区分（均为裸露或同类地表），不能判断是否变化';
    return { result: 'not-seen', ...UNTOLD, ...facts, reasons: [...said, `[IP-4] ${why}`] };
  }
  const told = tell(input, look);
  return { ...told, ...facts, reasons: [...said, ...numbersSaid(input, look, told)] };
}

function tell(input: RevisitInput, look: GroundLook): Told {
  const { measured, minGrownM2 } = input;
  const open = { measured: measured?.geometry ?? [], measuredM2: cents(measured?.areaM2 ?? 0) };
  if (measured && measured.beyondM2 >= minGrownM2) {
    return { result: 'grown', ...open, grownM2: cents(measured.outsideM2) };
  }
  const result = openShareOf(look) <= RECOVERED_SHARE ? 'recovered' : 'no-visible-change';
  return { result, ...open, grownM2: 0 };
}

const openShareOf = ({ openPixels, seenPixels }: GroundLook): number =>
  seenPixels === 0 ? 0 : openPixels / seenPixels;

const grownByOwn = ({ own, minGrownM2 }: RevisitInput): boolean => own.some(({ beyondM2 }) => beyondM2 >= minGrownM2);

function whyUnseen({ near, hidden }: RevisitInput, horizon: Horizon): string {
  if (near.length === 0) return '[IP-2] 没有覆盖该图斑的影像';
  const days = near.map(({ acquiredOn }) => acquiredOn).sort();
  if (hidden.length === 0) {
    return `[IP-3] 最新影像 ${days.at(-1)} 早于后时相 ${horizon.on}，不能说明此后情况`;
  }
  const each = hidden.map(({ on, reached }) =>
    reached ? `${on} 图斑或其周围被云、阴影遮挡或无数据` : `${on} 未覆盖图斑`,
  );
  return `[IP-2] 后时相 ${horizon.on} 以来的影像均看不清图斑：${[...new Set(each)].join('；')}`;
}

function imagesSaid({ newest, reference, referenceRefused, hidden, own }: RevisitInput, seenShare: number): string {
  const name = (image: IssuedImage): string => `${image.on}（${image.sensor}，${image.gsdM.toFixed(1)} m）`;
  const skipped = hidden.length > 0 ? `，更新的影像 ${hidden.map(({ on }) => on).join('、')} 看不清` : '';
  const held = reference
    ? `参照影像 ${name(reference)}`
    : `没有可用的参照影像${referenceRefused === null ? '' : `（${referenceRefused}）`}，只与下发边界相比，界外裸地是否为新增不能确定`;
  const ours =
    own.length === 0
      ? ''
      : `；本系统图斑 ${own.map(({ id, quarter }) => `${id}（${quarter}）`).join('、')} 与其重叠或相接`;
  return `[IP-5] 最新影像 ${newest ? name(newest) : ''}，图斑可见 ${percent(seenShare)}${skipped}；${held}${ours}`;
}

function numbersSaid(input: RevisitInput, look: GroundLook, told: Told): string[] {
  const { measured, toleranceM, minGrownM2 } = input;
  const share = openShareOf(look);
  const now =
    told.measuredM2 === null
      ? ''
      : `，现状裸地 ${told.measuredM2.toFixed(1)} m²（${muOf(told.measuredM2).toFixed(2)} 亩）`;
  const inside = insideSaid(look, percent(share));
  const lines = [`[IP-6] ${inside}${now}`];
  const limits = `容差 ${toleranceM.toFixed(1)} m，下限 ${minGrownM2.toFixed(0)} m²`;
  if (told.result === 'grown') {
    const by = input.own.filter(({ beyondM2 }) => beyondM2 > 0).map(({ id }) => id);
    const evidence = by.length > 0 ? `，其中含本系统图斑 ${by.join('、')}` : '';
    const beyond = (measured?.beyondM2 ?? 0).toFixed(1);
    lines.push(
      `[IP-7] 界外新增裸地 ${(told.grownM2 ?? 0).toFixed(1)} m²，扣除容差后 ${beyond} m²（${limits}）${evidence}：扩大`,
    );
    if (look.cut) lines.push('[IP-7] 新增裸地伸出读取范围，实际可能更大');
  } else if (told.result === 'recovered') {
    const before = look.openThenShare;
    const never =
      before !== null && before <= RECOVERED_SHARE
        ? '参照影像上也未见裸地，可能从未开挖（疑似伪变化）'
        : '影像不能区分已恢复与从未开挖';
    lines.push(`[IP-8] 裸地占比不超过 ${percent(RECOVERED_SHARE)}：按已恢复；${never}，以现场核查为准`);
  } else {
    const beyond = (measured?.beyondM2 ?? 0).toFixed(1);
    lines.push(`[IP-9] 扣除容差后界外新增裸地 ${beyond} m²，未达下限（${limits}）：无明显变化`);
    if (share <= PARTLY_SHARE) lines.push(`[IP-9] 仅 ${percent(share)} 仍为裸地，其余部分可能已恢复`);
  }
  return lines;
}

function insideSaid({ telling }: GroundLook, share: string): string {
  if (telling === 'open') return `界内裸地占 ${share}`;
  const by = '最新影像上图斑与周围相近，改以参照影像判断';
  if (telling === 'changed') return `${by}：与开挖前的参照影像相比，界内 ${share} 仍不同于开挖前`;
  if (telling === 'same') return `${by}：界内 ${share} 与后时相的参照影像一致`;
  return telling === 'back' ? '与参照影像相比，界内与开挖前一致，或已变得与周围一致' : '界内未见与周围不同的裸地';
}

const cents = (value: number): number => Math.round(value * 100) / 100;
const rounded = (share: number): number => Math.round(share * 1e4) / 1e4;
const percent = (share: number): string => `${Math.round(100 * share)}%`;
