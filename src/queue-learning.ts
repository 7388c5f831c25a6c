/**
 * queue-learning: weights proposed from verdicts, previewed, adopted, put back. The fit runs in a child of its own (minutes where there are
 * thousands of verdicts): neither the requests nor the pictures of this server wait for it.
 */
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { createPool } from './adapters/pool/pool.js';
import * as rows from './adapters/postgres/learning.js';
import { createRuleSets } from './adapters/postgres/rule-sets.js';
import { Fault, faultRecord } from './model/fault.js';
import type { JudgementRecipe } from './model/judgement-recipe.js';
import type {
  LearnInput,
  LearningState,
  LearnReport,
  MovedTask,
  QuarterPreview,
  WeightProposal,
} from './model/learning.js';
import type { Actor, Member } from './model/person.js';
import { ruleSetHash } from './model/recipe.js';
import { unscored } from './model/unscored.js';
import type { Desk, Turn } from './ports/desk.js';
import type { Learning } from './ports/learning.js';
import { type Adopted, type Change, putInForce } from './queue-adoptions.js';
import { learnedRules, outcomesOnRecord } from './queue-learn.js';
import type { RulesFile } from './queue-rules.js';
import { previewQuarter } from './stages/learn/preview.js';
import { score } from './stages/score/score.js';

const READERS = ['analyst', 'supervisor', 'administrator'];
const MOST_QUARTERS = 12;
const MOST_MOVED = 50;
const MOST_REASON = 1000;
/** Of a patch that says nothing: for the names of the parts. */
const NEUTRAL = unscored({ areaM2: 0, changeType: 'other', dateAfter: null }, '').facts;

export interface LearningParts {
  readonly rules: RulesFile;
  readonly log: Pick<Logger, 'error'>;
  learn(input: LearnInput): Promise<LearnReport>;
}

/** In a process of its own, which ends with it. */
export async function learnAside(input: LearnInput): Promise<LearnReport> {
  const pool = createPool(1);
  try {
    return await pool.run('learn', input);
  } finally {
    await pool.close();
  }
}

export function createLearning(desk: Desk, { rules, log, learn }: LearningParts): Learning {
  const reading = <T>(actor: Actor, work: (turn: Turn) => Promise<T>): Promise<T> =>
    desk.as(actor, (turn) => {
      refuseUnless(turn.member, READERS);
      return work(turn);
    });
  const changing = async (actor: Actor, reason: string, decide: (turn: Turn, before: string) => Promise<Change>) => {
    await putInForce({ desk, rules }, actor, { reason }, (turn, before) => {
      refuseUnless(turn.member, ['administrator']);
      refuseReason(reason);
      return decide(turn, before);
    });
    // The request's key belongs to the change.
    return reading({ personId: actor.personId, device: actor.device }, (turn) => stateOf(turn, rules.read()));
  };
  return {
    state: (actor) => reading(actor, (turn) => stateOf(turn, rules.read())),
    proposal: (actor, id) => reading(actor, (turn) => known(turn, id)),
    async propose(actor, k) {
      const id = `W${randomBytes(8).toString('hex')}`;
      const present = rules.read();
      const { begun, input } = await reading(actor, async (turn) => {
        await rows.lockLearning(turn.sql);
        if ((await rows.newestProposal(turn))?.state === 'fitting') {
          throw new Fault('learning.busy', '正在拟合，请等它结束 (a fit is under way: wait for it)');
        }
        await rows.beginProposal(turn, id, k, ruleSetHash(present));
        turn.record({ action: 'weights.fit', subject: `weights:${id}`, body: { k } });
        return { begun: await known(turn, id), input: await outcomesOnRecord(turn.sql, present, k) };
      });
      // Answered before it is done; the request's key belongs to its first turn.
      const { personId, device } = actor;
      void finish(desk, { personId, device }, id, present, learn(input)).catch((err: unknown) =>
        log.error({ err, proposal: id }, 'Learning:Fit:Lost'),
      );
      return begun;
    },
    preview: async (actor, id) => {
      const { proposal, wished, all } = await reading(actor, async (turn) => ({
        proposal: await known(turn, id),
        wished: await proposedIn(turn, id),
        all: await rows.quartersWithTasks(turn.sql),
      }));
      const quarters: QuarterPreview[] = [];
      const moved: MovedTask[] = [];
      for (const quarter of all.slice(0, MOST_QUARTERS)) {
        const tasks = await reading(actor, ({ sql }) => rows.scoredTasks(sql, quarter));
        // Only drawn at random or reported: nothing has a score.
        if (tasks.length === 0) continue;
        const twice = tasks.map(({ facts, score: before, ...task }) => ({
          ...task,
          before,
          after: score(facts, wished).score,
        }));
        const shown = previewQuarter(quarter, twice, proposal.k);
        quarters.push(shown.quarter);
        moved.push(...shown.moved.slice(0, MOST_MOVED));
      }
      moved.sort((a, b) => Math.abs(b.from.place - b.to.place) - Math.abs(a.from.place - a.to.place));
      const left = Math.max(0, all.length - MOST_QUARTERS);
      return { proposalId: id, quarters, left, moved: moved.slice(0, MOST_MOVED) };
    },
    adopt: (actor, id, reason) =>
      changing(actor, reason, async (turn, before) => {
        const { baseHash } = await known(turn, id);
        const wished = await proposedIn(turn, id);
        if (baseHash !== before) {
          throw new Fault(
            'learning.stale',
            '提出之后规则已经更换，请重新拟合 (other rules came in force since it was proposed: fit again)',
          );
        }
        return { kind: 'adopt', rules: wished, proposalId: id };
      }),
    revert: (actor, hash, reason) =>
      changing(actor, reason, async (turn, before) => {
        if (hash === before) throw new Fault('learning.same', '这套规则正在执行 (this set is in force)');
        const set = await createRuleSets(turn.sql).byHash(hash);
        if (!set) throw new Fault('learning.unknown', `没有规则集 ${hash} (no such rule set)`);
        return { kind: 'revert', rules: set.body, proposalId: null };
      }),
  };
}

/**
 * A rule set from a file, at the command line. `byName`: who, where the workspace has no people; else whose turn it is has to be an administrator of
 * everywhere, as on the pages. Faults learning.role, learning.area, learning.reason, learning.stale.
 */
export function adoptFile(
  desk: Desk,
  actor: Actor,
  file: RulesFile,
  wish: { readonly rules: JudgementRecipe; readonly reason: string; readonly byName: string | null },
): Promise<Adopted> {
  return putInForce({ desk, rules: file }, actor, wish, async (turn) => {
    if (wish.byName === null) refuseUnless(turn.member, ['administrator']);
    refuseReason(wish.reason);
    return { kind: 'file', rules: wish.rules, proposalId: null };
  });
}

async function finish(
  desk: Desk,
  actor: Actor,
  id: string,
  present: JudgementRecipe,
  fitted: Promise<LearnReport>,
): Promise<void> {
  const nothing = { rules: null, hash: null };
  const done = await fitted.then(
    (report) => {
      if (report.weights === null) return { state: 'refused', report, failure: null, ...nothing } as const;
      const rules = learnedRules(present, report);
      return { state: 'proposed', report, rules, hash: ruleSetHash(rules), failure: null } as const;
    },
    (error: unknown) => ({ state: 'failed', report: null, failure: faultRecord(error).code, ...nothing }) as const,
  );
  await desk.as(actor, async (turn) => {
    await rows.endProposal(turn, id, done);
    const { state, hash } = done;
    turn.record({ action: 'weights.fitted', subject: `weights:${id}`, body: { state, hash } });
  });
}

async function stateOf(turn: Turn, present: JudgementRecipe): Promise<LearningState> {
  const hash = ruleSetHash(present);
  const adoptions = await rows.adoptionsOf(turn.sql);
  const sets = await createRuleSets(turn.sql).list();
  const last = adoptions.find(({ outcome }) => outcome !== 'left');
  return {
    // Changed in the file since: no longer what was adopted here.
    inForce: { hash, weights: present.weights, adoption: last?.hash === hash ? last : null },
    proposal: await rows.newestProposal(turn),
    adoptions,
    sets: sets.reverse().map(({ body, ...set }) => ({ ...set, weights: body.weights })),
    parts: score(NEUTRAL, present).parts.map(({ part, name }) => ({ part, name })),
    mayAdopt: holdsEverywhere(turn.member, ['administrator']),
  };
}

async function known(turn: Turn, id: string): Promise<WeightProposal> {
  const found = await rows.proposalOf(turn, id);
  if (!found) throw new Fault('learning.none', '没有这次拟合 (no such proposal)');
  return found;
}

async function proposedIn(turn: Turn, id: string): Promise<JudgementRecipe> {
  const rules = await rows.proposedRules(turn, id);
  if (rules) return rules;
  throw new Fault('learning.nothing', '这次拟合没有提出新的权重 (no other weights were proposed)');
}

function holdsEverywhere({ grants }: Member, roles: readonly string[]): boolean {
  return grants.some(({ role, areaId }) => areaId === null && roles.includes(role));
}

function refuseUnless(member: Member, roles: readonly string[]): void {
  if (holdsEverywhere(member, roles)) return;
  if (!member.grants.some(({ role }) => roles.includes(role))) {
    throw new Fault(
      'learning.role',
      roles.length === 1
        ? '只有管理员可以采用或恢复规则 (only administrators put rules in force)'
        : '只有分析、督查人员和管理员可以查看排序学习 (for analysts, supervisors and administrators)',
    );
  }
  throw new Fault(
    'learning.area',
    '需要全域的角色：权重对所有区域生效 (a role for everywhere: weights count in all areas)',
  );
}

function refuseReason(reason: string): void {
  if (reason.trim() !== '' && reason.length <= MOST_REASON) return;
  throw new Fault('learning.reason', `请写明理由，至多 ${MOST_REASON} 字 (say why)`);
}
