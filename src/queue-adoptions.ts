/**
 * queue-adoptions: a rule set comes in force in steps, each whole by itself: on record as one to be written → into tuban.yaml → on record as written.
 * Wherever the program or the connection ends in between, the file says what counts, and the record is brought in step with it by whoever comes next.
 * In:  a person's wish. Out: what is in force, and an entry of the history that says what became of it.
 */
import { closeAdoption, keepRuleSet, lockLearning, openAdoption, openAdoptions } from './adapters/postgres/learning.js';
import { Fault } from './model/fault.js';
import type { JudgementRecipe } from './model/judgement-recipe.js';
import type { RuleAdoption } from './model/learning.js';
import type { Actor } from './model/person.js';
import { ruleSetHash } from './model/recipe.js';
import type { Desk, EngineDesk, Turn } from './ports/desk.js';
import type { RulesFile } from './queue-rules.js';

export interface Change {
  readonly kind: RuleAdoption['kind'];
  readonly rules: JudgementRecipe;
  readonly proposalId: string | null;
}

export interface AdoptionParts {
  readonly desk: Desk;
  readonly rules: RulesFile;
}

export interface Adopted {
  readonly before: string;
  readonly hash: string;
}

/** Longer ago than that, nobody is still at it. */
const AT_WORK_SECONDS = 60;

/** `decide`: checks who asks and what; `byName`: who, where the workspace has no people. Faults: those of `decide`, learning.stale; of writing the file. */
export async function putInForce(
  { desk, rules: file }: AdoptionParts,
  actor: Actor,
  { reason, byName = null }: { readonly reason: string; readonly byName?: string | null },
  decide: (turn: Turn, before: string) => Promise<Change>,
): Promise<Adopted> {
  const begun = await desk.as(actor, async (turn) => {
    await lockLearning(turn.sql);
    const present = file.read();
    const before = ruleSetHash(present);
    const { kind, rules, proposalId } = await decide(turn, before);
    await settle(turn, before);
    const hash = ruleSetHash(rules);
    await keepRuleSet(turn.sql, before, present);
    await keepRuleSet(turn.sql, hash, rules);
    const seq = await openAdoption(turn, { kind, hash, beforeHash: before, proposalId, reason: reason.trim(), byName });
    turn.record({
      action: `rules.${kind}`,
      subject: `rules:${hash}`,
      body: { before, proposalId, ...(byName === null ? {} : { by: byName }) },
    });
    return { seq, before, hash, rules };
  });
  const { seq, before, hash, rules } = begun;
  try {
    await desk.as(actor, async (turn) => {
      await lockLearning(turn.sql);
      const open = (await openAdoptions(turn.sql)).some((one) => one.seq === seq);
      if (!open || ruleSetHash(file.read()) !== before) throw stale();
      await file.write(rules);
      await close(turn, seq, hash, 'written');
    });
  } catch (error) {
    // Where this fails, too, whoever comes next does it.
    await desk.as(actor, (turn) => settledNow(turn, file)).catch(() => undefined);
    throw error;
  }
  return { before, hash };
}

/** What was begun and never ended is held against the file. Number of entries that were brought in step. */
export async function settleAdoptions(desk: EngineDesk, file: RulesFile): Promise<number> {
  return desk.engine('start', async (turn) => {
    if ((await openAdoptions(turn.sql, AT_WORK_SECONDS)).length === 0) return 0;
    return settledNow(turn, file);
  });
}

async function settledNow(turn: Turn, file: RulesFile): Promise<number> {
  await lockLearning(turn.sql);
  return settle(turn, ruleSetHash(file.read()));
}

/** Under the lock: nobody writes the file meanwhile. Of several only the last can be in the file. */
async function settle(turn: Turn, present: string): Promise<number> {
  const open = await openAdoptions(turn.sql);
  const last = open.at(-1);
  for (const one of open) {
    await close(turn, one.seq, one.hash, one === last && one.hash === present ? 'written' : 'left');
  }
  return open.length;
}

async function close(turn: Turn, seq: number, hash: string, outcome: 'written' | 'left'): Promise<void> {
  await closeAdoption(turn.sql, seq, outcome);
  turn.record({ action: `rules.${outcome}`, subject: `rules:${hash}` });
}

function stale(): Fault {
  return new Fault(
    'learning.stale',
    '规则刚被他人更换或改动，没有采用；请查看现行规则后重试 (the rules were changed meanwhile, nothing was adopted: look at what is in force and try again)',
  );
}
