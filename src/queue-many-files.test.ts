/** A task with as many files as it may have, on both databases: one more is refused, the list and the bundle hold. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { photo } from './testing/photos.js';
import { multipart, openQueueApi, type QueueApi } from './testing/queue-api.js';
import { freshDatabase, withPostgres } from './testing/servers.js';

function holds(databaseUrl: () => Promise<string | null>) {
  let api: QueueApi;
  beforeAll(async () => {
    api = await openQueueApi(await databaseUrl());
    expect((await api.step('o1', 'Tp1', 'claim')).statusCode).toBe(200);
  });
  afterAll(() => api?.close());
  const attach = (bytes: Uint8Array) =>
    api.ask('o1', 'POST', '/api/tasks/Tp1/evidence', multipart([['f', { file: 'a.jpg', bytes }]]));

  it('holds at the limit and says where it lies', async () => {
    const { dir, database, queueSettings } = api.workspace;
    const most = queueSettings.evidence.taskFiles;
    expect(most).toBe(500);
    const own = await photo({ shade: 1 });
    expect((await attach(own)).statusCode).toBe(200);
    const [row] = await database.query<{ body: string }>('SELECT body::text AS body FROM tuban.evidence_file');
    const rows = Array.from({ length: most - 2 }, (_, i) => {
      const bytes = Buffer.from(`%PDF-1.4\n${i}`);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const path = join(dir, 'evidence', sha256.slice(0, 2), sha256);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
      return { id: `E${i}`, sha256, bytes: bytes.length };
    });
    await database.query(
      `INSERT INTO tuban.evidence_file (id, task_id, sha256, bytes, content_type, person_id, received_at, body)
       SELECT id, 'Tp1', sha256, bytes, 'application/pdf', 'o1', '2026-10-12T04:00:00Z', $2::jsonb
       FROM jsonb_to_recordset($1::jsonb) AS r (id text, sha256 text, bytes bigint)`,
      [JSON.stringify(rows), row?.body ?? ''],
    );

    // Two at once take the last place between them.
    const last = await Promise.all([2, 3].map(async (shade) => attach(await photo({ shade }))));
    expect(last.map(({ statusCode }) => statusCode).sort()).toEqual([200, 413]);
    const refused = last.find(({ statusCode }) => statusCode === 413)?.json();
    expect(refused).toMatchObject({
      code: 'evidence.most',
      detail: expect.stringMatching(/上限为 500 个.*queue\.evidence/),
    });
    // What is there already is there already.
    expect((await attach(own)).json().files).toMatchObject([{ added: false }]);

    const listed = await api.ask('o1', 'GET', '/api/tasks/Tp1/evidence');
    expect([listed.statusCode, listed.json().files.length]).toEqual([200, most]);
    const bundle = await api.ask('su', 'POST', '/api/tasks/Tp1/bundle');
    expect(bundle.statusCode).toBe(200);
    const originals = Object.keys(unzipSync(bundle.rawPayload)).filter((name) => name.startsWith('originals/'));
    expect(originals).toHaveLength(most);
  });
}

describe('many files on the embedded database', () => holds(async () => null));
withPostgres('many files on a server', () => holds(freshDatabase));
