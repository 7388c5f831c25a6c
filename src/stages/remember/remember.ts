/**
 * remember: what the record of a place says of its newest patch: the facts that the score takes, whether a dismissed place stays quiet, and
 * what the officer is told.
 *   dismissed (误报)  quiet while less than `limitM2` of new ground was dug since, up to the quarter in which the memory ends
 *   closed, written off (取缔、销号)  resumed (死灰复燃) where both images are younger than the signature; where it lies between them this is said
 * A decision counts by the quarter whose ground it speaks of, or by its day, so that a quarter worked again hears what it heard.
 * In:  the quarter, the day of BEFORE, the place's quarters, decisions and measured growth. Out: facts, quiet and notes (Chinese).
 */
import { DECISION_WORDS, type Decision, heardIn, inOrder, standingDecision } from '../../model/decision.js';
import { quarterDays, quarterIndex } from '../../model/quarter.js';
import type { Quarter } from '../../model/scene.js';
import type { Drawn } from '../../model/site.js';
import type { SiteFacts } from '../../model/site-facts.js';

const DRAWN_WORDS: Readonly<Record<Drawn, string>> = { issued: '上级下发图斑', reported: '人工上报图斑' };

export interface PlaceRecord {
  readonly quarter: Quarter;
  /** ISO days of the two images; null = unknown. */
  readonly dateBefore: string | null;
  readonly dateAfter: string | null;
  readonly earlierQuarters: readonly Quarter[];
  /** Of the place and of all that was merged into it, in the order of recording. */
  readonly decisions: readonly Decision[];
  readonly grownM2: number | null;
  /** Ground dug since the dismissal that stands and not at or before it, m²; null without one. */
  readonly grownSinceM2: number | null;
  /** Drawn by people: never quiet, and seen by them, not by our images. */
  readonly drawn: Drawn | null;
}

export interface Remembered {
  readonly facts: SiteFacts;
  readonly quiet: string | null;
  readonly notes: readonly string[];
}

/** The dismissal that stands when the quarter is worked, expired or not; one without a limit (of sampled ground) is no memory. */
export function standingDismissal(decisions: readonly Decision[], quarter: Quarter): Decision | null {
  const standing = standingDecision(heardIn(decisions, quarter));
  return standing?.kind === 'dismissed' && standing.limitM2 !== null ? standing : null;
}

export function remember(record: PlaceRecord): Remembered {
  const { quarter, earlierQuarters, grownM2 } = record;
  const decisions = heardIn(record.decisions, quarter);
  const visits = inOrder(decisions).filter(({ kind }) => kind === 'visited');
  const violations = decisions.filter(({ kind }) => kind === 'confirmed' || kind === 'penalty');
  const { resumed, note } = resumption(decisions, record);
  const memory = memoryOf(standingDismissal(decisions, quarter), record);
  return {
    facts: {
      earlierQuarters,
      resumed,
      repeats: new Set(violations.map((decision) => decision.quarter)).size,
      grownM2,
      lastVisit: visits.at(-1)?.on ?? null,
    },
    quiet: memory.quiet,
    notes: [...note, ...memory.notes],
  };
}

function resumption(
  decisions: readonly Decision[],
  { quarter, dateBefore, dateAfter, drawn }: PlaceRecord,
): { resumed: SiteFacts['resumed']; note: readonly string[] } {
  const seenUntil = dateAfter ?? quarterDays(quarter).last;
  const ended = inOrder(decisions).findLast(
    ({ kind, on }) => on <= seenUntil && ['closed', 'written-off', 'reopened'].includes(kind),
  );
  if (!ended || (ended.kind !== 'closed' && ended.kind !== 'written-off')) return { resumed: null, note: [] };
  const word = DECISION_WORDS[ended.kind].zh;
  const { kind: event, on } = ended;
  if (drawn !== null && dateBefore === null) {
    const what = drawn === 'issued' ? '下发图斑的前时相不详' : '上报时见到采坑，何时开挖不详';
    const unknown = `该地点于 ${on} ${word}（${ended.by}），${what}，不能认定变化在此之后`;
    return { resumed: null, note: [unknown] };
  }
  if (on > (dateBefore ?? quarterDays(quarter).first)) {
    const between = `该地点于 ${on} ${word}（${ended.by}），在前后两期影像之间，变化可能发生在此之前，不能认定为死灰复燃`;
    return { resumed: null, note: [between] };
  }
  const images = drawn === 'issued' ? '上级其后的影像' : '其后的影像';
  return { resumed: { event, on }, note: [`死灰复燃：该地点已于 ${on} ${word}（${ended.by}），${images}又见变化`] };
}

function memoryOf(
  dismissal: Decision | null,
  { quarter, grownSinceM2, drawn }: PlaceRecord,
): { quiet: string | null; notes: readonly string[] } {
  if (!dismissal) return { quiet: null, notes: [] };
  const { by, on, expires, limitM2, note } = dismissal;
  const said = `误报记忆：${dismissal.quarter} 的变化由 ${by} 于 ${on} 认定为误报（${note}）`;
  if (expires !== null && quarterIndex(expires) < quarterIndex(quarter)) {
    return { quiet: null, notes: [`${said}，记忆至 ${expires} 已到期，重新列入`] };
  }
  const grown = grownSinceM2 ?? 0;
  if (limitM2 !== null && grown >= limitM2) {
    const more = `其后新增 ${grown.toFixed(1)} m²，达到限值 ${limitM2.toFixed(0)} m²`;
    return { quiet: null, notes: [`${said}，${more}，重新列入`] };
  }
  const until = expires === null ? '' : `，有效至 ${expires}`;
  const limit = limitM2 === null ? '' : `（限值 ${limitM2.toFixed(0)} m²）`;
  const since = `${said}；其后新增 ${grown.toFixed(1)} m²${limit}${until}`;
  if (drawn !== null) return { quiet: null, notes: [`${since}；${DRAWN_WORDS[drawn]}仍须核查`] };
  return { quiet: `${since}，不再派发任务`, notes: [] };
}
