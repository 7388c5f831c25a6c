/** version-events: what happened to a thing of the register between two versions of it, by the fields that differ. */
import type { Boundary } from './boundary.js';
import { statusOf } from './standing.js';

export type VersionEvent =
  | 'granted'
  | 'extended'
  | 'enlarged'
  | 'reduced'
  | 'moved'
  | 'transferred'
  | 'method'
  | 'cancelled'
  | 'closed'
  | 'suspended'
  | 'resumed'
  | 'renewal-accepted'
  | 'corrected'
  | 'other';

export const EVENT_WORDS: Readonly<Record<VersionEvent, string>> = {
  granted: '新立',
  extended: '延续',
  enlarged: '扩大范围',
  reduced: '缩小范围',
  moved: '变更范围',
  transferred: '变更权利人',
  method: '变更开采方式',
  cancelled: '注销',
  closed: '政策性关闭',
  suspended: '停产或暂扣',
  resumed: '恢复',
  'renewal-accepted': '延续已受理',
  corrected: '更正',
  other: '其他内容变更',
};

/** Areas that differ by less are the same range drawn again, m² (a judgement: 0.015 mu). */
const LEAST_M2 = 10;

/** Never empty; `corrects`: the version before never stood. */
export function eventsBetween(before: Boundary, now: Boundary, corrects: boolean): VersionEvent[] {
  const events: VersionEvent[] = corrects ? ['corrected'] : [];
  const [was, is] = [conditionOf(before), conditionOf(now)];
  if (is !== was) events.push(is ?? 'resumed');
  if ((now.validTo ?? '') > (before.validTo ?? '') && before.validTo !== null) events.push('extended');
  if (JSON.stringify(now.geometry) !== JSON.stringify(before.geometry)) {
    const grown = now.areaM2 - before.areaM2;
    events.push(grown > LEAST_M2 ? 'enlarged' : grown < -LEAST_M2 ? 'reduced' : 'moved');
  }
  if (now.holder !== before.holder) events.push('transferred');
  if (now.method !== before.method) events.push('method');
  if (events.length === 0 || (corrects && events.length === 1)) events.push('other');
  return events;
}

/** What the first version of a thing says of itself. */
export function firstEvents(boundary: Boundary): VersionEvent[] {
  const condition = conditionOf(boundary);
  return condition === null ? ['granted'] : ['granted', condition];
}

function conditionOf(boundary: Boundary): 'cancelled' | 'closed' | 'suspended' | 'renewal-accepted' | null {
  const status = statusOf(boundary);
  if (status === 'policy-closed') return 'closed';
  if (status === 'cancelled' || boundary.endedOn !== undefined) return 'cancelled';
  if (status === 'suspended' || boundary.suspendedFrom !== undefined) return 'suspended';
  return status === 'renewal' || boundary.acceptedOn !== undefined || boundary.acceptedUntil !== undefined
    ? 'renewal-accepted'
    : null;
}
