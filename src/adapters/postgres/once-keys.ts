/**
 * once-keys: the key of an unsafe request is taken in the transaction of its change. Two of the same at once: the second waits for the row of
 * the first, finds it taken and does nothing. Where the program ended between change and answer the key stays taken without one: sent again
 * it is refused, never done twice.
 */
import { Fault } from '../../model/fault.js';
import { ONCE_HOURS, type Once } from '../../model/once.js';
import type { Sql } from '../../ports/database.js';
import type { Desk, EngineDesk, Turn, TurnWays } from '../../ports/desk.js';
import type { OnceAnswer, OnceKeys } from '../../ports/once-keys.js';

/** The desk that takes the key of whoever acts under one, before the work. */
export function deskWithKeys<D extends Desk>(desk: D): D {
  return {
    ...desk,
    as: <T>(actor: Parameters<Desk['as']>[0], work: (turn: Turn) => Promise<T>, ways?: TurnWays): Promise<T> =>
      desk.as(
        actor,
        async (turn) => {
          if (actor.once) await takeKey(turn, actor.once);
          return work(turn);
        },
        ways,
      ),
  };
}

async function takeKey({ sql, member }: Turn, { key, hash, requestId }: Once): Promise<void> {
  await sql.query(`DELETE FROM tuban.once_key WHERE taken_at < now() - interval '${ONCE_HOURS} hours'`);
  const [taken] = await sql.query(
    `INSERT INTO tuban.once_key (person_id, key, request_hash, request_id) VALUES ($1, $2, $3, $4)
     ON CONFLICT (person_id, key) DO NOTHING RETURNING key`,
    [member.id, key, hash, requestId],
  );
  if (taken) return;
  const [row] = await sql.query<{ request_id: string }>('SELECT request_id FROM tuban.once_key WHERE key = $1', [key]);
  if (row?.request_id !== requestId) throw busy();
}

/** `desk`: the plain one, without keys of its own. */
export function createOnceKeys(desk: Desk): OnceKeys {
  return {
    answer: (actor, once) =>
      desk.as(actor, async ({ sql }) => {
        const [row] = await sql.query<{ request_hash: string; answer: OnceAnswer | null }>(
          `SELECT request_hash, answer FROM tuban.once_key
           WHERE key = $1 AND taken_at >= now() - interval '${ONCE_HOURS} hours'`,
          [once.key],
        );
        if (!row) return null;
        if (row.request_hash !== once.hash) {
          throw new Fault(
            'api.key-reused',
            '这个 Idempotency-Key 已用于另一个请求 (the key was used for another request)；请换一个 (choose another)',
          );
        }
        if (row.answer === null) throw busy();
        return row.answer;
      }),
    keep: (actor, once, answer) =>
      desk.as(actor, async ({ sql }) => {
        await sql.query('UPDATE tuban.once_key SET answer = $3::jsonb WHERE key = $1 AND request_id = $2', [
          once.key,
          once.requestId,
          JSON.stringify(answer),
        ]);
      }),
    free: (actor, once) =>
      desk.as(actor, async ({ sql }) => {
        await sql.query('DELETE FROM tuban.once_key WHERE key = $1 AND request_id = $2 AND answer IS NULL', [
          once.key,
          once.requestId,
        ]);
      }),
  };
}

/** Answers hold what a person read: none is kept longer than it is of use. */
export function forgetOldKeys(desk: EngineDesk): Promise<void> {
  return desk.engine('sweep', async ({ sql }: { readonly sql: Sql }) => {
    await sql.query(`DELETE FROM tuban.once_key WHERE taken_at < now() - interval '${ONCE_HOURS} hours'`);
  });
}

function busy(): Fault {
  return new Fault(
    'api.key-busy',
    '同一个 Idempotency-Key 的请求正在处理，或其结果不明；请查看现状 (a request with this key is in progress, or its outcome is not known; look before sending again)',
    { details: { seconds: 1 } },
  );
}
