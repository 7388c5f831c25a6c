/**
 * queue-supervise: the second look at closed tasks (四不两直). Drawn by a supervisor from what he sees, looked at by somebody who had no hand in it and
 * from whom the database hides what was found until he has answered. The record says that there was a draw, by a digest, not of what.
 */
import {
  addDraw,
  answerLook,
  drawable,
  drawsOf,
  holdLooker,
  lookerOf,
  lookOutcomes,
  looksOf,
  openedTask,
  recordHead,
} from './adapters/postgres/second-looks.js';
import { findCode } from './model/codes.js';
import { Fault } from './model/fault.js';
import { contentHash } from './model/id.js';
import type { Desk, Turn } from './ports/desk.js';
import type { SecondLook, Supervision } from './ports/supervision.js';
import { codesOf } from './queue-ground.js';
import { digestOf, drawTasks, reportOf } from './stages/supervise/supervise.js';

const MOST_DRAWN = 1000;
const LONGEST_SEED = 200;
const LONGEST_NOTE = 2000;

export function createSupervision(desk: Desk): Supervision {
  return {
    async draw(actor, { quarter, count, seed: given, looker: named }) {
      if (!Number.isInteger(count) || count < 1 || count > MOST_DRAWN) {
        throw new Fault('supervision.count', `抽取数量应为 1 至 ${MOST_DRAWN} 的整数 (expected a whole number)`);
      }
      if (given !== undefined && (given.trim() === '' || given.length > LONGEST_SEED)) {
        throw new Fault('supervision.seed', `随机种子应为 1 至 ${LONGEST_SEED} 个字 (the seed is empty or too long)`);
      }
      return desk.as(actor, async (turn) => {
        refuseOthers(turn);
        const looker = await lookerOf(turn, named);
        if (!looker?.blind || looker.id === turn.member.id) throw notBlind(named);
        const seed = given ?? (await recordHead(turn));
        if (seed === null) throw new Fault('supervision.seed', '尚无审计记录，请用 --seed 给出种子 (give a seed)');
        // Whatever is about to be given to him is seen by then, or is refused afterwards.
        await holdLooker(turn, looker.id);
        const from = await drawable(turn, quarter, looker.id);
        const drawn = drawTasks(seed, from, count);
        if (drawn.length === 0) {
          throw new Fault(
            'supervision.none',
            `${quarter} 没有可供抽查的已办结任务（督查人所见、复核人未经手的） (no closed task could be drawn)`,
          );
        }
        const id = `D${contentHash([seed, quarter, looker.id, turn.member.id, turn.at], 12)}`;
        const draw = { id, quarter, seed, from: from.length, drawn: drawn.length };
        const looks = drawn.map((taskId) => ({ id: `L${contentHash([id, taskId], 12)}`, taskId }));
        const digest = digestOf(from);
        await addDraw(turn, { ...draw, lookerId: looker.id, digest }, looks);
        turn.record({
          action: 'supervision.draw',
          subject: `draw:${id}`,
          body: { digest: contentHash({ ...draw, population: digest, drawn }, 64), seedGiven: given !== undefined },
        });
        return { ...draw, lookerName: looker.name, at: turn.at };
      });
    },
    draws: (actor) =>
      desk.as(actor, (turn) => {
        refuseOthers(turn);
        return drawsOf(turn);
      }),
    list: (actor) => desk.as(actor, (turn) => looksOf(turn, null)),
    show: (actor, id) =>
      desk.as(actor, async (turn) => {
        const look = await oneOf(turn, id);
        const task = await openedTask(turn, look.taskId);
        if (task) turn.record({ action: 'supervision.show', subject: `look:${id}` });
        return { look, task };
      }),
    place: (actor, id) =>
      desk.as(actor, async (turn) => {
        const { taskId } = await oneOf(turn, id);
        const task = await openedTask(turn, taskId);
        if (!task)
          throw new Fault('supervision.unknown', '这项复核的位置您已无权查看 (its place is not yours to see any more)');
        turn.record({ action: 'supervision.picture', subject: `look:${id}` });
        return task;
      }),
    answer: (actor, id, { code: text, note: written }) =>
      desk.as(actor, async (turn) => {
        const look = await oneOf(turn, id);
        if (!look.mine) throw new Fault('supervision.looker', '只有复核人可以答复 (only the person who looks answers)');
        if (look.answer)
          throw new Fault('supervision.answered', '该项复核已答复，不可更改 (answered before: it stands)');
        const codes = await codesOf(turn.sql, null);
        const code = findCode(codes, 'verdict', text);
        if (!code || code.retired) {
          const known = codes.codes.filter(({ kind, retired }) => kind === 'verdict' && !retired);
          const words = known.map((one) => `${one.code}（${one.zh}）`).join('、');
          throw new Fault('supervision.code', `没有认定代码“${text}”；应为 (expected one of) ${words}`);
        }
        const note = written.trim();
        if (note === '' || note.length > LONGEST_NOTE) {
          throw new Fault('supervision.note', `请说明复核情况，1–${LONGEST_NOTE} 字 (say what was found)`);
        }
        const answer = { code: code.code, note, codesVersion: codes.version };
        if (!(await answerLook(turn, id, answer))) {
          throw new Fault('supervision.answered', '该项复核已答复，不可更改 (answered before: it stands)');
        }
        turn.record({ action: 'supervision.answer', subject: `look:${id}` });
        return { ...look, answer: { code: code.code, note, at: turn.at } };
      }),
    report: (actor, quarter) =>
      desk.as(actor, async (turn) => {
        refuseOthers(turn);
        return reportOf(await lookOutcomes(turn, quarter), await codesOf(turn.sql, null));
      }),
  };
}

function refuseOthers({ member }: Turn): void {
  if (member.grants.some(({ role }) => role === 'supervisor')) return;
  throw new Fault('supervision.role', '只有督查人员可以抽查 (only supervisors draw second looks)');
}

function notBlind(named: string): Fault {
  return new Fault(
    'supervision.person',
    `“${named}”不能复核：应为执法、影像分析或审核人员，不是督查或管理人员（能读审计记录），也不是抽查人本人 (expected an officer, analyst or reviewer who cannot read the audit)`,
  );
}

async function oneOf(turn: Turn, id: string): Promise<SecondLook> {
  const [look] = await looksOf(turn, id);
  if (!look) throw new Fault('supervision.unknown', `没有编号为 ${id} 的复核 (no second look of that id)`);
  return look;
}
