/**
 * round: which tasks a team visits in a day and in which order, so that what it sees is worth most within the time (an orienteering problem).
 * Method: tasks that must be seen first; then always the one with the most worth a minute that it adds, at its cheapest place in the order
 * (greedy insertion: T. Tsiligirides, Heuristic methods applied to orienteering, J. Opl Res. Soc. 35, 1984); the order is bettered by 2-opt
 * and or-opt, what that saves is filled again, and one stop is exchanged for one outside while that gains. Several weights of worth against
 * minutes are tried and the best round is kept. No randomness: the same tasks give the same round; ties fall to the smaller id.
 * In:  tasks with a point and a worth, start and end, minutes, how travel is reckoned (great circle × detour / speed, minutes a stop).
 * Out: the stops with their times, and of each task left out, why. A must that cannot be fitted in is left out like any other and says so.
 */
import type { Position } from '../../model/grid.js';
import type { RoundLeft, RoundPlan, RoundStop, RoundTravel } from '../../model/round.js';
import { type Order, orderMinutes, shortened } from './order.js';

export interface RoundCandidate {
  readonly taskId: string;
  readonly lon: number;
  readonly lat: number;
  /** Above 0. */
  readonly worth: number;
  readonly must: boolean;
}

export interface RoundQuestion {
  readonly candidates: readonly RoundCandidate[];
  readonly start: Position;
  readonly end: Position;
  readonly budgetMinutes: number;
  readonly travel: RoundTravel;
  readonly most: number;
}

/** Mean radius of the earth (IUGG), km. */
const EARTH_KM = 6371.0088;
/** Powers of worth over minutes: from "what is near" to "what is worth much". */
const WEIGHTS = [0.5, 1, 1.5, 2.5, 4] as const;
/** Rounding in sums of minutes is no reason to leave a stop out. */
const SLACK_MINUTES = 1e-6;

export function greatCircleKm([lon1, lat1]: Position, [lon2, lat2]: Position): number {
  const rad = Math.PI / 180;
  const a =
    Math.sin(((lat2 - lat1) * rad) / 2) ** 2 +
    Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(a)));
}

/** Places by number: the candidates, then start and end. */
interface Ground {
  readonly candidates: readonly RoundCandidate[];
  readonly start: number;
  readonly end: number;
  readonly budget: number;
  readonly most: number;
  readonly stop: number;
  /** Minutes on the way. */
  between(a: number, b: number): number;
}

export function planRound(question: RoundQuestion): RoundPlan {
  const { start, end, budgetMinutes, travel } = question;
  const candidates = [...question.candidates].sort((a, b) => (a.taskId < b.taskId ? -1 : 1));
  const places: Position[] = [...candidates.map(({ lon, lat }): Position => [lon, lat]), start, end];
  const kmOf = (a: number, b: number) => travel.detour * greatCircleKm(places[a] as Position, places[b] as Position);
  const count = places.length;
  const minutes = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < a; b++) {
      const value = (kmOf(a, b) / travel.speedKmh) * 60;
      minutes[a * count + b] = value;
      minutes[b * count + a] = value;
    }
  }
  const ground: Ground = {
    candidates,
    start: candidates.length,
    end: candidates.length + 1,
    budget: budgetMinutes + SLACK_MINUTES,
    most: question.most,
    stop: travel.stopMinutes,
    between: (a, b) => minutes[a * count + b] as number,
  };
  let best: Order = [];
  for (const weight of WEIGHTS) {
    const order = bettered(filled([], ground, weight), ground, weight);
    if (isBetter(order, best, ground)) best = order;
  }
  return answerOf(best, ground, question, kmOf);
}

const spent = (order: Order, ground: Ground) => orderMinutes(order, ground) + order.length * ground.stop;
const worthOf = (order: Order, { candidates }: Ground) =>
  order.reduce((sum, i) => sum + (candidates[i]?.worth ?? 0), 0);
const mustsOf = (order: Order, { candidates }: Ground) => order.filter((i) => candidates[i]?.must).length;

/** More musts, then more worth, then less time. */
function isBetter(order: Order, than: Order, ground: Ground): boolean {
  const musts = mustsOf(order, ground) - mustsOf(than, ground);
  if (musts !== 0) return musts > 0;
  const worth = worthOf(order, ground) - worthOf(than, ground);
  if (Math.abs(worth) > 1e-9) return worth > 0;
  return spent(order, ground) < spent(than, ground) - 1e-9;
}

/** The cheapest place of a task in an order: before the stop of this number. */
function cheapest(order: Order, task: number, { between, start, end }: Ground): { at: number; extra: number } {
  let [at, extra] = [0, Number.POSITIVE_INFINITY];
  for (let i = 0; i <= order.length; i++) {
    const from = i === 0 ? start : (order[i - 1] as number);
    const to = i === order.length ? end : (order[i] as number);
    const more = between(from, task) + between(task, to) - between(from, to);
    if (more < extra - 1e-12) [at, extra] = [i, more];
  }
  return { at, extra };
}

/** Adds what fits: musts by their worth first, then the most worth a minute. */
function filled(order: Order, ground: Ground, weight: number): Order {
  const { candidates, budget, most, stop } = ground;
  let now = order;
  for (const must of [true, false]) {
    for (;;) {
      let chosen: { task: number; at: number; value: number } | null = null;
      if (now.length >= most) return now;
      const room = budget - spent(now, ground);
      for (const [task, candidate] of candidates.entries()) {
        if (candidate.must !== must || now.includes(task)) continue;
        const { at, extra } = cheapest(now, task, ground);
        if (extra + stop > room) continue;
        const value = candidate.worth ** weight / (extra + stop);
        if (!chosen || value > chosen.value) chosen = { task, at, value };
      }
      if (!chosen) break;
      now = [...now.slice(0, chosen.at), chosen.task, ...now.slice(chosen.at)];
    }
  }
  return now;
}

/** Shorter order, filled again, one stop exchanged or given up for others: until nothing gains. */
function bettered(order: Order, ground: Ground, weight: number): Order {
  let now = filled(shortened(order, ground), ground, weight);
  for (;;) {
    const next = exchanged(now, ground, weight);
    if (!next) return now;
    now = next;
  }
}

/** The best round that taking one stop out leads to. */
function exchanged(order: Order, ground: Ground, weight: number): Order | null {
  const { candidates, budget, stop } = ground;
  let best: Order | null = null;
  for (const [i, out] of order.entries()) {
    const without = shortened([...order.slice(0, i), ...order.slice(i + 1)], ground);
    const room = budget - spent(without, ground);
    for (const task of candidates.keys()) {
      if (task === out || without.includes(task)) continue;
      const { at, extra } = cheapest(without, task, ground);
      if (extra + stop > room) continue;
      const swapped = [...without.slice(0, at), task, ...without.slice(at)];
      const refilled = isWorthARefill(swapped, order, ground)
        ? filled(shortened(swapped, ground), ground, weight)
        : swapped;
      if (isBetter(refilled, best ?? order, ground)) best = refilled;
    }
  }
  return best;
}

/** Filling again costs: only where what is left of the time could make up for what the exchange loses. */
function isWorthARefill(swapped: Order, order: Order, ground: Ground): boolean {
  const room = ground.budget - spent(swapped, ground);
  if (room < ground.stop) return false;
  const loss = worthOf(order, ground) - worthOf(swapped, ground);
  const most = ground.candidates.reduce((top, { worth }) => Math.max(top, worth), 0);
  return loss < most * Math.floor(room / ground.stop);
}

function answerOf(
  order: Order,
  ground: Ground,
  { start, end, budgetMinutes, travel }: RoundQuestion,
  kmOf: (a: number, b: number) => number,
): RoundPlan {
  const { candidates, stop, between } = ground;
  let [at, clock, totalKm] = [ground.start, 0, 0];
  const stops = order.map((i): RoundStop => {
    const { taskId, lon, lat, worth, must } = candidates[i] as RoundCandidate;
    const legKm = kmOf(at, i);
    const arriveMinutes = clock + between(at, i);
    [at, clock, totalKm] = [i, arriveMinutes + stop, totalKm + legKm];
    return { taskId, lon, lat, worth, must, legKm, arriveMinutes, leaveMinutes: clock };
  });
  const homeKm = order.length === 0 ? 0 : kmOf(at, ground.end);
  const totalMinutes = order.length === 0 ? 0 : clock + between(at, ground.end);
  const left = candidates
    .flatMap(({ taskId, worth, must }, i): RoundLeft[] => {
      if (order.includes(i)) return [];
      const alone = between(ground.start, i) + stop + between(i, ground.end);
      const extraMinutes = order.length === 0 ? alone : cheapest(order, i, ground).extra + stop;
      const why = alone > ground.budget ? 'too-far' : totalMinutes + extraMinutes > ground.budget ? 'no-time' : 'full';
      return [{ taskId, worth, must, why, extraMinutes }];
    })
    .sort((a, b) => b.worth - a.worth || (a.taskId < b.taskId ? -1 : 1));
  return {
    start,
    end,
    budgetMinutes,
    travel,
    stops,
    left,
    homeKm,
    totalKm: totalKm + homeKm,
    totalMinutes,
    worth: worthOf(order, ground),
  };
}
