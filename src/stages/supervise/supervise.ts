/**
 * supervise: which closed tasks get a second look, and what the second looks say. The draw is random and can be made again: the first `count` by
 * SHA-256 of seed and task. A task of several parts counts by its gravest verdict.
 * In:  seed and tasks; first verdicts and answers. Out: the draw; agreement by group, and what differs. Groups are townships and levels, not people.
 */
import { createHash } from 'node:crypto';
import { type CodeTable, findCode } from '../../model/codes.js';
import { contentHash } from '../../model/id.js';
import type { Agreement, SecondLookReport } from '../../model/second-look.js';
import { cohensKappa, exactInterval } from './agreement.js';

export function drawTasks(seed: string, ids: readonly string[], count: number): string[] {
  const keyed = ids.map((id) => ({ id, key: createHash('sha256').update(`${seed}|${id}`).digest('hex') }));
  return keyed
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .slice(0, count)
    .map(({ id }) => id);
}

/** Of the tasks that could be drawn, whatever their order. */
export function digestOf(ids: readonly string[]): string {
  return contentHash([...ids].sort(), 64);
}

export interface LookOutcome {
  readonly lookId: string;
  readonly taskId: string;
  /** The last verdict of each part before the draw. */
  readonly verdicts: readonly string[];
  /** Null: not answered. */
  readonly code: string | null;
  readonly note: string | null;
  readonly township: string | null;
  readonly level: string | null;
}

const GRAVITY: readonly (string | null)[] = ['illegal', 'other', 'legal', 'pseudo'];

/** The gravest of the parts; of those alike the first by code. */
export function wholeVerdict(verdicts: readonly string[], codes: CodeTable): string | null {
  const weight = (code: string): number => {
    const place = GRAVITY.indexOf(findCode(codes, 'verdict', code)?.effect ?? null);
    return place < 0 ? GRAVITY.length : place;
  };
  return [...verdicts].sort((a, b) => weight(a) - weight(b) || (a < b ? -1 : 1))[0] ?? null;
}

export function reportOf(outcomes: readonly LookOutcome[], codes: CodeTable): SecondLookReport {
  const compared = outcomes.flatMap((one) => {
    const first = wholeVerdict(one.verdicts, codes);
    return one.code === null || first === null ? [] : [{ ...one, first, second: one.code }];
  });
  return {
    drawn: outcomes.length,
    answered: outcomes.filter(({ code }) => code !== null).length,
    all: agreementOf(compared),
    kappa: cohensKappa(compared.map(({ first, second }) => [first, second])),
    byTownship: byGroup(compared, ({ township }) => township),
    byLevel: byGroup(compared, ({ level }) => level),
    disagreements: compared
      .filter(({ first, second }) => first !== second)
      .map(({ lookId, taskId, first, second, note }) => ({ lookId, taskId, first, second, note: note ?? '' })),
  };
}

interface Compared extends LookOutcome {
  readonly first: string;
  readonly second: string;
}

function agreementOf(compared: readonly Compared[]): Agreement {
  const looks = compared.length;
  const agreed = compared.filter(({ first, second }) => first === second).length;
  if (looks === 0) return { looks, agreed, share: null, interval: null };
  return { looks, agreed, share: agreed / looks, interval: exactInterval(agreed, looks) };
}

function byGroup(
  compared: readonly Compared[],
  groupOf: (one: Compared) => string | null,
): (Agreement & { readonly group: string })[] {
  const groups = new Map<string, Compared[]>();
  for (const one of compared) {
    const group = groupOf(one) ?? '';
    groups.set(group, [...(groups.get(group) ?? []), one]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, members]) => ({ group, ...agreementOf(members) }));
}
