/** The API of a workspace with the people and tasks of queue-ground.ts, asked as a browser of one of them asks. */
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { createDesk } from '../adapters/postgres/desk.js';
import { createOnceKeys } from '../adapters/postgres/once-keys.js';
import { createReading } from '../adapters/postgres/reading.js';
import { encodePng } from '../adapters/sharp/encode.js';
import { buildApi } from '../api/build.js';
import { guardOf } from '../api/sign-in.js';
import { silentLog } from '../log.js';
import type { Box } from '../model/grid.js';
import type { Picture } from '../model/work.js';
import { queueParts } from '../queue-parts.js';
import { peopleOf } from './people.js';
import { countyTasks, layPeople, layTasks } from './queue-ground.js';
import { openTestWorkspace, type TestWorkspace } from './workspace.js';

/** What the queue's clock begins with, so that days in forms are in the past on any day; each turn is a millisecond later. */
const NOW = '2026-10-12T04:00:00.000Z';
const PASSWORD = 'a long enough pass phrase';

export interface QueueApi {
  readonly workspace: TestWorkspace;
  readonly app: FastifyInstance;
  /** As this person's browser; null = nobody. `body` as JSON. */
  ask(
    login: string | null,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    more?: {
      readonly body?: unknown;
      readonly headers?: Record<string, string>;
      readonly payload?: InjectOptions['payload'];
    },
  ): Promise<LightMyRequestResponse>;
  /** Addresses a step to a file at its present revision. */
  step(login: string, taskId: string, action: string, body?: object): Promise<LightMyRequestResponse>;
  /** The next request of this person signs in anew. */
  forget(login: string): void;
  close(): Promise<void>;
}

export async function openQueueApi(databaseUrl: string | null, tasks = 6, log = silentLog()): Promise<QueueApi> {
  const workspace = await openTestWorkspace({ databaseUrl });
  const { database } = workspace;
  await layPeople(database);
  await layTasks(database, countyTasks(tasks));
  let turns = 0;
  const desk = createDesk(database, () => {
    turns += 1;
    return new Date(Date.parse(NOW) + turns).toISOString();
  });
  const people = peopleOf(database);
  const app = await buildApi({
    title: workspace.title,
    version: '0',
    database: database.kind,
    reading: createReading(database, desk),
    // Grey ground everywhere: what is tested is who sees it.
    views: { box: async () => [105, 28, 109, 31], picture: async (_pair, box) => grey(box) },
    encodePng,
    webFolder: null,
    log,
    people: { ...people, trustedProxy: null, guard: guardOf(people.signIn) },
    queue: queueParts(workspace, desk),
    onceKeys: createOnceKeys(desk),
  });
  await app.ready();
  const cookies = new Map<string, Promise<string>>();
  const signIn = async (login: string) => {
    await people.credentials.setPassword(people.console, login, PASSWORD);
    const { secret } = await people.signIn.signIn({ login, password: PASSWORD }, { address: '::1', device: 'test' });
    return `tuban=${secret}`;
  };
  const ask: QueueApi['ask'] = async (login, method, url, { body, headers = {}, payload } = {}) => {
    if (login !== null && !cookies.has(login)) cookies.set(login, signIn(login));
    const cookie = login === null ? undefined : await cookies.get(login);
    return app.inject({
      method,
      url,
      headers: { host: 'localhost', 'x-tuban': '1', ...(cookie ? { cookie } : {}), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
      ...(payload === undefined ? {} : { payload }),
    });
  };
  return {
    workspace,
    app,
    ask,
    async step(login, taskId, action, body) {
      const [row] = await database.query<{ revision: number }>(
        'SELECT revision FROM tuban.task_file WHERE task_id = $1',
        [taskId],
      );
      const headers = { 'if-match': `"${row?.revision ?? 0}"` };
      return ask(login, 'POST', `/api/queue/files/${taskId}/${action}`, { headers, ...(body ? { body } : {}) });
    },
    forget: (login) => void cookies.delete(login),
    async close() {
      await app.close();
      await workspace.close();
    },
  };
}

function grey([west, south, east, north]: Box): Picture {
  const side = 8;
  const rgb = new Uint8Array(side * side * 3).fill(128);
  const data = new Uint8Array(side * side).fill(255);
  const transform = [west, (east - west) / side, 0, north, 0, (south - north) / side] as const;
  const shown = { before: rgb, after: rgb, beforeData: data, afterData: data };
  return { width: side, height: side, ...shown, metresPerPixel: 1, rendering: 'grey', transform };
}

/** A multipart body of fields and files in their order. */
export function multipart(
  parts: readonly (readonly [name: string, value: string | { readonly file: string; readonly bytes: Uint8Array }])[],
): { readonly payload: Buffer; readonly headers: Record<string, string> } {
  const boundary = 'tuban-test-boundary';
  const chunks = parts.flatMap(([name, value]) =>
    typeof value === 'string'
      ? [Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)]
      : [
          Buffer.from(
            `--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="${value.file}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
          ),
          Buffer.from(value.bytes),
          Buffer.from('\r\n'),
        ],
  );
  const payload = Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]);
  return { payload, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}
