/** queue-round: a day's round planned over the tasks that a person may see, kept, claimed, and departed: then the places of a sealed one appear. */
import { randomBytes } from 'node:crypto';
import { knownIds } from './adapters/postgres/allot-rows.js';
import { sawPlaces } from './adapters/postgres/place-reads.js';
import {
  endRound,
  heldOf,
  moveRound,
  type RoundGround,
  roundGround,
  roundOf,
  roundsOf,
  type StoredRound,
  saveRound,
} from './adapters/postgres/rounds.js';
import { notToBeGiven } from './adapters/postgres/second-looks.js';
import { membersOf } from './adapters/postgres/task-files.js';
import { Fault } from './model/fault.js';
import type { Position } from './model/grid.js';
import { areasWhere, type Member, type Role } from './model/person.js';
import type { QueueSettings } from './model/queue-settings.js';
import type { Round } from './model/round.js';
import { chinaDay } from './model/working-days.js';
import type { Desk, Turn } from './ports/desk.js';
import type { RoundAnswer, Rounds, RoundWish } from './ports/rounds.js';
import type { TaskQueue } from './ports/task-queue.js';
import { keepForRound } from './queue-keep.js';
import { planRound } from './stages/round/round.js';

type Refused = RoundAnswer['refused'][number];

const PLANNERS: readonly Role[] = ['analyst', 'supervisor', 'administrator'];
/** Planning, departing and calling off touch nothing but the database. */
const AGAIN = { again: true };
const MOST_HOURS = 24;
/** A score of 0 is still a task: without worth it would never be visited. */
const LEAST_WORTH = 0.1;

export function createRounds(
  desk: Desk,
  queue: Pick<TaskQueue, 'claimBatch' | 'act'>,
  settings: QueueSettings,
): Rounds {
  return {
    async plan(actor, wish) {
      checkWish(wish);
      const stored = await desk.as(actor, async (turn) => shown(turn, await planIn(turn, wish, settings)), AGAIN);
      if (!wish.claim) return { ...stored, refused: [] };
      const ids = stored.tasks.map(({ taskId }) => taskId);
      const { refused } = await queue.claimBatch(actor, {
        ids,
        count: ids.length,
        roundId: stored.round.id,
        hours: settings.lease.roundHours,
      });
      return { ...stored, refused };
    },
    list: (actor, query) => desk.as(actor, (turn) => roundsOf(turn, query)),
    show: (actor, id) =>
      desk.as(actor, async (turn) => {
        const stored = await known(turn, id);
        if (stored.plan) turn.record({ action: 'round.read', subject: `round:${id}` });
        return { ...(await shown(turn, stored)), refused: [] };
      }),
    async depart(actor, id) {
      const { stored, held } = await desk.as(actor, (turn) => departIn(turn, id), AGAIN);
      const refused: Refused[] = [];
      for (const { taskId, revision } of held) {
        try {
          await queue.act(actor, taskId, { action: 'depart', revision });
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          refused.push({ taskId, code: error.code, message: error.message });
        }
      }
      return { ...stored, refused };
    },
    cancel: (actor, id) =>
      desk.as(
        actor,
        async (turn) => {
          const { round } = await known(turn, id);
          if (round.state === 'departed') {
            throw new Fault('round.departed', `巡查 ${id} 已出发，不能取消 (the round has departed)`);
          }
          if (round.madeBy !== turn.member.id && !isPlanner(turn.member)) throw mayNot();
          if (round.state === 'planned') {
            await moveRound(turn, id, 'cancelled');
            await endRound(turn, id);
            turn.record({ action: 'round.cancel', subject: `round:${id}` });
          }
          return { ...(await shown(turn, await known(turn, id))), refused: [] };
        },
        AGAIN,
      ),
  };
}

const isPlanner = ({ grants }: Pick<Member, 'grants'>) => grants.some(({ role }) => PLANNERS.includes(role));

function checkWish({ hours, start, end = start, most }: RoundWish): void {
  if (!(hours >= 0.5 && hours <= MOST_HOURS)) {
    throw new Fault('round.hours', `巡查时间应为 0.5 至 ${MOST_HOURS} 小时，现为 ${hours} (hours of the round)`);
  }
  for (const [lon, lat] of [start, end] satisfies Position[]) {
    if (!(lon >= 73 && lon <= 136 && lat >= 3 && lat <= 54)) {
      throw new Fault(
        'round.start',
        `起点或终点 ${lon},${lat} 不在我国范围内；应为“经度,纬度”，如 118.15,36.18 (start or end is not in China)`,
      );
    }
  }
  if (most !== undefined && !(Number.isInteger(most) && most >= 1)) {
    throw new Fault('round.most', '停靠数应为正整数 (the most stops: a whole number)');
  }
}

const mayNot = () =>
  new Fault(
    'round.role',
    '只有影像分析、督查和管理人员可以为他人安排、封存或取消巡查，执法人员可为自己安排 (only planners plan, seal or call off for others)',
  );

async function planIn(turn: Turn, wish: RoundWish, settings: QueueSettings): Promise<StoredRound> {
  const { member, at } = turn;
  const { sealed = false, teamId = null, personId = null } = wish;
  const planner = isPlanner(member);
  const forOthers = teamId !== null || (personId !== null && personId !== member.id);
  const officer = member.grants.some(({ role }) => role === 'officer');
  if (!planner && (sealed || forOthers || !officer)) throw mayNot();
  await checkFor(turn, teamId, personId);
  const { quarter, taskIds } = wish;
  const ground = await roundGround(turn, {
    // What the person could not claim is no stop of his own round; what he does not plan for is none of those that he plans.
    areas: wish.claim || !planner ? areasWhere(member, 'officer') : planningAreas(member),
    ...(quarter ? { quarter } : {}),
    ...(taskIds ? { taskIds } : {}),
    ...(teamId === null ? {} : { teamId }),
    ...(teamId === null && (personId !== null || !planner) ? { personId: personId ?? member.id } : {}),
  });
  const today = chinaDay(at);
  const candidates = await withoutLookers(turn, ground, await goers(turn, teamId, personId));
  const plan = planRound({
    candidates: candidates.map(({ taskId, lon, lat, score, deadline }) => ({
      taskId,
      lon,
      lat,
      worth: Math.max(LEAST_WORTH, score),
      must: deadline !== null && deadline <= today,
    })),
    start: wish.start,
    end: wish.end ?? wish.start,
    budgetMinutes: wish.hours * 60,
    travel: settings.round,
    most: wish.most ?? candidates.length,
  });
  const first = ground.find(({ taskId }) => taskId === plan.stops[0]?.taskId);
  if (!first) {
    throw new Fault(
      'round.nothing',
      `${wish.hours} 小时内没有可到达的待核查任务（可选 ${candidates.length} 个）；请增加时间、换起点，或先放回、分派任务 (no task can be visited in the time)`,
    );
  }
  const round: Round = {
    id: `R${randomBytes(8).toString('hex')}`,
    quarter: quarter ?? first.quarter,
    state: 'planned',
    sealed,
    madeBy: member.id,
    madeAt: at,
    personId,
    teamId,
    stops: plan.stops.length,
    hours: wish.hours,
    departedBy: null,
    departedAt: null,
  };
  await saveRound(turn, round, plan);
  const ids = plan.stops.map(({ taskId }) => taskId);
  // An officer's own round keeps only what he claims.
  if (planner && (await keepForRound(turn, round, ids, settings)) < ids.length) {
    throw new Fault('round.taken', '有任务刚被他人领取或安排，请重新安排 (a task was taken meanwhile; plan again)', {
      retryable: true,
    });
  }
  turn.record({
    action: 'round.plan',
    subject: `round:${round.id}`,
    body: { tasks: [...ids].sort(), sealed, teamId, personId, hours: wish.hours },
  });
  return { round, tasks: ids.map((taskId, i) => ({ taskId, position: i + 1 })), plan };
}

/** For whom the round is; whoever makes it where it names nobody. */
async function goers(turn: Turn, teamId: string | null, personId: string | null): Promise<readonly string[]> {
  if (personId !== null) return [personId];
  return teamId === null ? [turn.member.id] : membersOf(turn, teamId);
}

/** Without the places that one of them still has to look at blind. */
async function withoutLookers(
  turn: Turn,
  ground: readonly RoundGround[],
  people: readonly string[],
): Promise<readonly RoundGround[]> {
  const owed = await notToBeGiven(
    turn,
    ground.map(({ taskId }) => taskId),
    people,
  );
  return ground.filter(({ taskId }) => !people.some((id) => owed.get(taskId)?.has(id)));
}

/** Where the person plans; null = everywhere. */
function planningAreas(member: Member): string[] | null {
  const areas = PLANNERS.map((role) => areasWhere(member, role));
  return areas.includes(null) ? null : [...new Set(areas.flatMap((ids) => ids ?? []))].sort();
}

async function checkFor(turn: Turn, teamId: string | null, personId: string | null): Promise<void> {
  const unknown = [
    ...(teamId === null || (await knownIds(turn, 'team', [teamId])).has(teamId) ? [] : [teamId]),
    ...(personId === null || (await knownIds(turn, 'person', [personId])).has(personId) ? [] : [personId]),
  ];
  if (unknown.length === 0) return;
  throw new Fault(
    'round.for',
    `没有编号为 ${unknown.join('、')} 的队伍或人员，或人员已停用，不能为其安排巡查 (no such team or person, or disabled)`,
  );
}

async function departIn(turn: Turn, id: string) {
  const { round } = await known(turn, id);
  if (round.state === 'cancelled') {
    throw new Fault('round.cancelled', `巡查 ${id} 已取消，不能出发 (the round was cancelled)`);
  }
  if (!turn.member.grants.some(({ role }) => role === 'officer' || PLANNERS.includes(role))) throw mayNot();
  if (await moveRound(turn, id, 'departed')) {
    await endRound(turn, id);
    turn.record({ action: 'round.depart', subject: `round:${id}`, body: { sealed: round.sealed } });
  }
  return { stored: await shown(turn, await known(turn, id)), held: await heldOf(turn, id) };
}

/** Where there is a plan, its places are shown: on record. */
async function shown(turn: Turn, stored: StoredRound): Promise<StoredRound> {
  if (stored.plan) {
    await sawPlaces(
      turn,
      'round',
      stored.tasks.map(({ taskId }) => taskId),
    );
  }
  return stored;
}

async function known(turn: Turn, id: string): Promise<StoredRound> {
  const stored = await roundOf(turn, id);
  if (stored) return stored;
  throw new Fault('round.none', `没有编号为 ${id} 的巡查；用 tuban rounds list 查看 (no such round)`);
}
