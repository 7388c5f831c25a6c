/**
 * The embedded database's side of the thread: PGlite with PostGIS, one request after the other. It runs in a thread because a
 * query blocks the thread it runs in, and in no process of its own because a thread dies with the holder, even by kill -9,
 * so that a data folder never has two writers.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { PGlite, type QueryOptions, type Results, types } from '@electric-sql/pglite';
import { postgis } from '@electric-sql/pglite-postgis';
import type { ThreadError, ThreadReply, ThreadRequest, ThreadResult, ThreadSetup } from './thread-messages.js';
import { parsers, SESSION_SETTINGS } from './values.js';

const hex = (bytes: Uint8Array) =>
  `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
const text = (value: string) => value;

/** Types that PGlite reads otherwise than values.ts says, or that values.ts leaves as text. */
const plainParsers = { ...Object.fromEntries(Object.keys(types.parsers).map((type) => [type, text])), ...parsers };
/** The pg driver gives int8 as text. */
const driverParsers = { [types.INT8]: text };

const NOTHING: ThreadResult = { rows: [], rowCount: null, command: '' };

export async function serveEmbedded(port: MessagePort, { dataDir, create }: ThreadSetup): Promise<void> {
  const send = (reply: ThreadReply) => port.postMessage(reply);
  try {
    const database = await open(dataDir, create);
    database.onNotification((channel, payload) => send({ kind: 'notification', channel, payload }));
    let turn = Promise.resolve();
    port.on('message', (request: ThreadRequest) => {
      turn = turn.then(async () => {
        try {
          send({ kind: 'done', id: request.id, result: await answer(database, request) });
        } catch (error) {
          send({ kind: 'failed', id: request.id, error: told(error) });
        }
        if (request.kind === 'close') port.close();
      });
    });
    send({ kind: 'ready' });
  } catch (error) {
    send({ kind: 'failed', id: null, error: told(error) });
    port.close();
  }
}

async function open(dataDir: string, create: boolean): Promise<PGlite> {
  if (!create && !existsSync(join(dataDir, 'PG_VERSION'))) {
    throw Object.assign(new Error(`no database in ${dataDir}`), { code: 'no-database' });
  }
  const database = await PGlite.create({
    dataDir,
    extensions: { postgis },
    // 1 MB instead of 16 MB a segment: a workspace of 40 MB instead of 62 MB.
    initDbStartParams: ['--wal-segsize=1'],
    serializers: { [types.BYTEA]: hex },
  });
  for (const [name, value] of Object.entries(SESSION_SETTINGS)) {
    await database.query(`SELECT set_config($1, $2, false)`, [name, value]);
  }
  return database;
}

async function answer(database: PGlite, request: ThreadRequest): Promise<ThreadResult> {
  if (request.kind === 'close') {
    await database.close();
    return NOTHING;
  }
  if (request.kind === 'script') {
    await database.exec(request.text);
    return NOTHING;
  }
  const options = { parsers: request.reading === 'plain' ? plainParsers : driverParsers };
  const result =
    request.values.length > 0
      ? await database.query<object>(request.text, [...request.values], options)
      : await simple(database, request.text, options);
  return { rows: result.rows, rowCount: result.rowCount ?? null, command: result.command ?? '' };
}

/** Without values a text may hold several statements, as the pg driver allows; the last one's result counts. */
async function simple(database: PGlite, text: string, options: QueryOptions): Promise<Results<object>> {
  const results = await database.exec(text, options);
  return (results.at(-1) ?? { rows: [], fields: [] }) as Results<object>;
}

function told(error: unknown): ThreadError {
  const { message, code, detail } = error as { message?: unknown; code?: unknown; detail?: unknown };
  return { message: String(message ?? error), code: String(code ?? ''), detail: String(detail ?? '') };
}
