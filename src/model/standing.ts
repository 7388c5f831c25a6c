/**
 * standing: what a register polygon is worth between the two dates of a patch. Derived per date, never stored (domain: 有效, 过期,
 * 过期但延续已受理, 注销/自行废止, 政策性关闭, 未生效). The table below says what each standing is called and whether it counts.
 * In:  the polygon with its version's span, both dates. Out: standing, validity, since when, and a Chinese remark where the two dates
 * do not share one answer; null where this version stood at no time between the dates.
 */
import type { Boundary } from './boundary.js';
import type { Words } from './words.js';

/**
 * `valid`: in force on the later date; `unknown`: dates are missing, it counts and that is said; `suspended`: it holds its ground, not
 * its time; `expired`, `lapsed` (a renewal was accepted, but not for as long), `not-yet`, `ended`, `no-permit` (the right is registered, the
 * permit is not issued), `superseded`: does not count on the later date.
 */
export type Validity =
  | 'valid'
  | 'unknown'
  | 'expired'
  | 'lapsed'
  | 'not-yet'
  | 'ended'
  | 'suspended'
  | 'no-permit'
  | 'superseded';

export const STANDINGS = {
  'in-force': { zh: '有效', en: 'in force', validity: 'valid' },
  unknown: { zh: '有效期不详', en: 'dates unknown', validity: 'unknown' },
  expired: { zh: '过期', en: 'expired', validity: 'expired' },
  lapsed: { zh: '延续受理期已过', en: 'accepted renewal has run out', validity: 'lapsed' },
  'no-permit': { zh: '有采矿权、未取得许可证', en: 'right without permit', validity: 'no-permit' },
  renewal: { zh: '过期但延续已受理', en: 'expired, renewal accepted', validity: 'valid' },
  cancelled: { zh: '注销或自行废止', en: 'cancelled', validity: 'ended' },
  'policy-closed': { zh: '政策性关闭', en: 'closed by policy', validity: 'ended' },
  'not-yet': { zh: '未生效', en: 'not yet in force', validity: 'not-yet' },
  suspended: { zh: '停产或暂扣', en: 'suspended', validity: 'suspended' },
  superseded: { zh: '已由新版本替代', en: 'superseded', validity: 'superseded' },
  delisted: { zh: '完整名单中已无', en: 'no longer listed', validity: 'ended' },
} as const satisfies Record<string, Words & { validity: Validity }>;
export type Standing = keyof typeof STANDINGS;

/** What a status text says, the first that fits; none of them needs a date to hold. */
const STATUS_TEXTS: readonly (readonly [RegExp, Standing])[] = [
  [/未取得.*许可证|未核发|未发证|有权无证/, 'no-permit'],
  [/政策性|关闭|闭坑|取缔|closed/i, 'policy-closed'],
  [/注销|吊销|废止|撤销|失效|无效|cancel|revoked|invalid/i, 'cancelled'],
  [/延续.*受理|受理.*延续|renewal accepted/i, 'renewal'],
  [/停产|停工|暂扣|中止|暂停|suspended/i, 'suspended'],
  [/过期|到期|届满|expired/i, 'expired'],
];
/** Not so, not yet, only asked for, or over again: `未注销`, `拟关闭`, `申请注销中`, `已解除暂扣`. */
const DENIED =
  /(?:未|非|没有|无须|不予|拟|待|申请|即将|解除|撤回|取消|not |un)(?:被|曾|经|办理|政策性)?(?:政策性关闭|关闭|闭坑|取缔|注销|吊销|废止|撤销|失效|无效|停产|停工|暂扣|中止|暂停|过期|到期|届满|closed|cancell?ed|revoked|suspended|expired)/gi;

export interface StandingAt {
  readonly standing: Standing;
  readonly validity: Validity;
  /** It counts only from this day on, later than the earlier date. */
  readonly since: string | null;
  /** Chinese: what the two dates do not share, or what was not known; null = nothing to add. */
  readonly remark: string | null;
}

type Dated = Pick<
  Boundary,
  | 'validFrom'
  | 'validTo'
  | 'status'
  | 'purpose'
  | 'endedOn'
  | 'suspendedFrom'
  | 'suspendedTo'
  | 'acceptedOn'
  | 'acceptedUntil'
  | 'span'
>;

export function statusOf({ status, purpose }: Pick<Boundary, 'status' | 'purpose'>): Standing | null {
  const text = status ?? (purpose !== undefined && /注销|吊销/.test(purpose) ? purpose : '');
  const said = text.replace(DENIED, '');
  return STATUS_TEXTS.find(([pattern]) => pattern.test(said))?.[1] ?? null;
}

/** `before` null = only the later date is known; both null = dates unknown. */
export function standingAt(boundary: Dated, before: string | null, after: string | null): StandingAt | null {
  const { span } = boundary;
  if (after === null) return span?.until ? null : undated(boundary);
  const start = before ?? after;
  if (span?.from && span.from > after) return null;
  if (span?.until) {
    if (span.until <= start) return null;
    if (span.until <= after) {
      return answer(
        'superseded',
        `此版本自 ${span.until} 起由新版本替代，${between(before, after)}在替代前还是替代后影像不能区分`,
      );
    }
  }
  const at = atDate(boundary, start, after, between(before, after));
  if (span?.from && span.from > start && at.since === null && STANDINGS[at.standing].validity === 'valid') {
    return {
      ...at,
      since: span.from,
      remark: `此版本自 ${span.from} 起，${between(before, after)}在变更前还是变更后影像不能区分`,
    };
  }
  return at;
}

function between(before: string | null, after: string): string {
  return `前后时相 ${before ?? '不详'} 与 ${after} 之间的变化发生`;
}

function answer(standing: Standing, remark: string | null = null, since: string | null = null): StandingAt {
  return { standing, validity: STANDINGS[standing].validity, since, remark };
}

function undated(boundary: Dated): StandingAt {
  const status = statusOf(boundary);
  const holds = status === null || status === 'renewal' || status === 'expired';
  return answer(!holds ? status : boundary.span?.delistedOn ? 'delisted' : 'unknown');
}

function atDate(boundary: Dated, start: string, after: string, change: string): StandingAt {
  const { endedOn, span } = boundary;
  const status = statusOf(boundary);
  if (status === 'cancelled' || status === 'policy-closed' || endedOn !== undefined) {
    const standing = status === 'policy-closed' ? status : 'cancelled';
    const what = STANDINGS[standing].zh;
    if (endedOn === undefined) return answer(standing);
    if (endedOn <= start) return answer(standing, `${what}日期 ${endedOn}，不晚于前时相`);
    if (endedOn <= after) return answer(standing, `${what}日期 ${endedOn}，${change}在此前还是此后影像不能区分`);
  }
  if (span?.delistedOn && span.delistedOn <= after) {
    return answer('delisted', `${span.delistedOn} 起的完整名单中没有它，请核实是否已注销`);
  }
  if (status === 'no-permit') return answer(status);
  const term = termAt(boundary, start, after, change);
  // Suspended or not, a permit that has run out or not begun is none.
  const counts = term.validity === 'valid' || term.validity === 'unknown';
  return (counts ? suspension(boundary, start, after, change) : null) ?? term;
}

function termAt(boundary: Dated, start: string, after: string, change: string): StandingAt {
  const { validFrom, validTo } = boundary;
  if (validFrom !== null && validFrom > after) return answer('not-yet');
  const since = validFrom !== null && validFrom > start ? validFrom : null;
  const begun = since === null ? null : `有效期起 ${since}，${change}在生效前还是生效后影像不能区分`;
  if (validTo === null) return statusOf(boundary) === 'expired' ? answer('expired') : answer('unknown', begun, since);
  if (validTo >= after) return answer('in-force', begun, since);
  return accepted(boundary, { start, after, begun, since }) ?? answer('expired');
}

function suspension(boundary: Dated, start: string, after: string, change: string): StandingAt | null {
  const { suspendedFrom, suspendedTo } = boundary;
  const dated = suspendedFrom !== undefined || suspendedTo !== undefined;
  if (!dated) return statusOf(boundary) === 'suspended' ? answer('suspended') : null;
  const [from, to] = [suspendedFrom ?? '', suspendedTo ?? '9999-12-31'];
  if (from > after || to < start) return null;
  const period = `停产或暂扣期 ${suspendedFrom ?? '?'} 至 ${suspendedTo ?? '?'}`;
  if (from <= start && to >= after) return answer('suspended', `${period}，前后时相均在其中`);
  // On the later date it may be working again; the change may still be of the time when it was not to.
  return answer('suspended', `${period} 与前后时相只有一部分重合，${change}在停产期内还是期外影像不能区分`);
}

/** 2011 rules: lawful while the authority has accepted the renewal. */
function accepted(
  boundary: Dated,
  { start, after, begun, since }: { start: string; after: string; begun: string | null; since: string | null },
): StandingAt | null {
  const { acceptedOn, acceptedUntil, validTo } = boundary;
  if (statusOf(boundary) !== 'renewal' && acceptedOn === undefined && acceptedUntil === undefined) return null;
  if (acceptedOn !== undefined && acceptedOn > after)
    return answer('expired', `有效期止 ${validTo}，延续申请 ${acceptedOn} 才受理，晚于后时相 ${after}`);
  if (acceptedUntil !== undefined && acceptedUntil < after) {
    return answer('lapsed', `有效期止 ${validTo}，延续受理期至 ${acceptedUntil}，早于后时相 ${after}`);
  }
  // Between the end of the permit and the acceptance nothing covered it.
  if (acceptedOn !== undefined && validTo !== null && acceptedOn > dayAfter(validTo) && acceptedOn > start) {
    return answer(
      'renewal',
      `有效期止 ${validTo}，延续申请 ${acceptedOn} 才受理，${between(start, after)}在受理前还是受理后影像不能区分`,
      acceptedOn,
    );
  }
  const until = acceptedUntil === undefined ? '受理期限未登记' : `受理期至 ${acceptedUntil}`;
  return answer('renewal', begun ?? `有效期止 ${validTo}，延续申请已受理（${until}）`, since);
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
