/**
 * decide: what a person wants on record becomes a Decision, or a Fault that says what is missing. Every decision is signed, dated and explained.
 * A dismissal carries how long it is remembered and how much new ground ends it: as asked, else as the workspace's settings say now, so that
 * a later change of settings does not change what was signed. Of seen ground drawn at random nothing is remembered: there was no patch.
 * In:  the wish, what it is about, the settings, today. Out: Decision.
 */

import { parseDateText } from '../../model/date-text.js';
import { DECISION_KINDS, type Decision, type DecisionKind } from '../../model/decision.js';
import { Fault } from '../../model/fault.js';
import { contentHash } from '../../model/id.js';
import { quarterAfter } from '../../model/quarter.js';
import type { SitesRecipe } from '../../model/recipe.js';
import type { Quarter } from '../../model/scene.js';

export interface DecisionWish {
  readonly kind: string;
  readonly by: string;
  /** Null = today. */
  readonly on: string | null;
  readonly note: string;
  readonly until: Quarter | null;
  readonly limitM2: number | null;
}

export interface DecisionSubject {
  readonly siteId: string;
  readonly taskId: string | null;
  /** Of the task, else the newest in which the site had ground. */
  readonly quarter: Quarter;
  /** A cell of seen ground of the random sample. */
  readonly sampledGround: boolean;
}

/** Faults: decision.kind, decision.by, decision.note, decision.date, decision.future, decision.memory. */
export function decide(
  wish: DecisionWish,
  subject: DecisionSubject,
  settings: Pick<SitesRecipe, 'quietQuarters' | 'quietGrowthM2'>,
  today: string,
): Decision {
  const kind = kindOf(wish.kind);
  const by = wish.by.trim();
  const note = wish.note.trim();
  if (by === '')
    throw new Fault('decision.by', '决定必须由人签字：请用 --by 写明姓名 (a decision is signed: give --by NAME)');
  if (note === '') throw new Fault('decision.note', '请用 --note 写明理由 (say why: give --note TEXT)');
  const on = dayOf(wish.on, today);
  if (kind !== 'dismissed' && (wish.until !== null || wish.limitM2 !== null)) {
    throw new Fault(
      'decision.memory',
      `--until 和 --limit 只用于误报（dismissed），这里是 ${kind} (they belong to dismissed only)`,
    );
  }
  const remembers = kind === 'dismissed' && !subject.sampledGround;
  const body = {
    siteId: subject.siteId,
    taskId: subject.taskId,
    kind,
    by,
    on,
    quarter: subject.quarter,
    note,
    expires: remembers ? (wish.until ?? quarterAfter(subject.quarter, settings.quietQuarters)) : null,
    limitM2: remembers ? (wish.limitM2 ?? settings.quietGrowthM2) : null,
  };
  return { id: `D${contentHash(body)}`, ...body };
}

function kindOf(text: string): DecisionKind {
  const kind = DECISION_KINDS.find((one) => one === text);
  if (kind) return kind;
  throw new Fault(
    'decision.kind',
    `不认识的决定种类“${text}”；可用：${DECISION_KINDS.join('、')} (unknown kind of decision; expected one of these)`,
  );
}

function dayOf(asked: string | null, today: string): string {
  if (asked === null) return today;
  const day = parseDateText(asked, 'from');
  if (day === null) {
    throw new Fault('decision.date', `日期应写作 2026-08-15，得到的是“${asked}” (expected a date like 2026-08-15)`);
  }
  if (day > today) {
    throw new Fault('decision.future', `决定日期 ${day} 晚于今天 ${today} (the date of a decision lies in the future)`);
  }
  return day;
}
