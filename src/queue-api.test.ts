/** The queue over HTTP, from claim to verdict, and everything that is refused on the way; on both databases. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOUN_SCHEMAS } from './api/nouns.js';
import { photo } from './testing/photos.js';
import { multipart, openQueueApi, type QueueApi } from './testing/queue-api.js';
import { queueTask, rightForm } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';

function holds(databaseUrl: () => Promise<string | null>) {
  let api: QueueApi;
  beforeAll(async () => {
    api = await openQueueApi(await databaseUrl(), 12);
  });
  afterAll(() => api?.close());

  const upload = async (login: string, taskId: string, parts: Parameters<typeof multipart>[0]) => {
    const { payload, headers } = multipart(parts);
    return api.ask(login, 'POST', `/api/tasks/${taskId}/evidence`, { payload, headers });
  };
  const shot = async (n: number, shade = n) => {
    const { lon, lat } = queueTask(n).judged.patch;
    return photo({ lon: lon + 0.0006, lat, takenAt: '2026:10:12 09:40:00', shade });
  };
  const formOf = (n: number, changes: object = {}) => ({ ...rightForm(queueTask(n)), ...changes });

  it('goes from claim over a finding with a photo and two reviews to a case, each step on record', async () => {
    const listed = await api.ask('o1', 'GET', '/api/queue/files?state=new&limit=2');
    expect(listed.statusCode).toBe(200);
    const page = listed.json();
    expect(page.files.map(({ taskId }: { taskId: string }) => taskId)).toEqual(['Tp1', 'Tp3']);
    for (const file of page.files) NOUN_SCHEMAS.get('ListedFile')?.parse(file);
    const second = (await api.ask('o1', 'GET', `/api/queue/files?state=new&limit=2&cursor=${page.next}`)).json();
    expect(second.files.map(({ taskId }: { taskId: string }) => taskId)).toEqual(['Tp5', 'Tp7']);

    const read = await api.ask('o1', 'GET', '/api/queue/files/Tp1');
    expect(read.headers.etag).toMatch(/^"1\.[\w-]{16}"$/);
    expect(NOUN_SCHEMAS.get('TaskFile')?.parse(read.json())).toMatchObject({ may: expect.arrayContaining(['claim']) });
    const claimed = await api.ask('o1', 'POST', '/api/queue/files/Tp1/claim', {
      headers: { 'if-match': `${read.headers.etag}` },
    });
    expect([claimed.statusCode, claimed.json().file]).toMatchObject([
      200,
      { state: 'claimed', holder: 'o1', revision: 2 },
    ]);
    expect((await api.step('o1', 'Tp1', 'depart')).json().file.state).toBe('field');

    const photos = [await shot(1, 1), await shot(1, 2), await shot(1, 3)];
    const sent = await upload(
      'o1',
      'Tp1',
      photos.map((bytes, i) => ['file', { file: `照片${i}.jpg`, bytes }]),
    );
    expect(sent.statusCode).toBe(200);
    const files = sent.json().files;
    expect(files.map(({ added, problem }: { added: boolean; problem: unknown }) => [added, problem])).toEqual([
      [true, null],
      [true, null],
      [true, null],
    ]);
    NOUN_SCHEMAS.get('EvidenceFile')?.parse(files[0].file);
    const original = await api.ask('r1', 'GET', `/api/evidence/${files[0].file.id}/original`);
    expect(original.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-disposition': expect.stringMatching(/^attachment; filename="[\w.-]+"$/),
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    });
    expect(original.rawPayload.equals(photos[0] ?? Buffer.alloc(0))).toBe(true);
    const preview = await api.ask('r1', 'GET', `/api/evidence/${files[0].file.id}/preview?px=64`);
    expect([preview.statusCode, preview.headers['content-type']]).toEqual([200, 'image/jpeg']);

    const form = formOf(1, {
      description: '<script>alert(1)</script> =HYPERLINK("http://x")',
      files: files.map(({ file }: { file: { sha256: string } }) => ({ sha256: file.sha256, role: 'near' })),
    });
    expect((await api.ask('o1', 'POST', '/api/tasks/Tp1/finding-check', { body: { form } })).json().errors).toEqual([]);
    const submitted = await api.step('o1', 'Tp1', 'submit', { finding: form, findingId: 'F-1' });
    expect([submitted.statusCode, submitted.json().file?.state]).toEqual([200, 'submitted']);
    const again = await api.step('o1', 'Tp1', 'submit', { finding: form, findingId: 'F-1' });
    expect([again.statusCode, again.json().file.revision]).toEqual([200, submitted.json().file.revision]);

    expect((await api.ask('r1', 'GET', '/api/queue/reviews')).json().files).toMatchObject([{ taskId: 'Tp1' }]);
    const [finding] = (await api.ask('r1', 'GET', '/api/tasks/Tp1/findings')).json().findings;
    expect(finding.form.description).toBe('<script>alert(1)</script> =HYPERLINK("http://x")');
    const approved = await api.step('r1', 'Tp1', 'approve');
    expect([approved.statusCode, approved.json().file?.reviewLevel]).toEqual([200, 'county']);
    const last = await api.step('r2', 'Tp1', 'approve');
    expect([last.statusCode, last.json().file?.state]).toEqual([200, 'case']);
    expect((await api.ask('su', 'GET', '/api/tasks/Tp1/verdicts')).json().verdicts).toMatchObject([
      { code: 'illegal' },
    ]);
    const { steps } = (await api.ask('su', 'GET', '/api/queue/files/Tp1/steps')).json();
    expect(steps.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['claim', 'depart', 'submit', 'approve', 'open-case']),
    );
    expect((await api.ask('su', 'GET', '/api/queue/counts')).json().byState.case).toBe(1);
  });

  it('refuses a step on what has changed, tells what came since, and wants a condition', async () => {
    const before = await api.ask('o1', 'GET', '/api/queue/files/Tp3');
    expect((await api.step('o2', 'Tp3', 'claim')).statusCode).toBe(200);
    const late = await api.ask('o1', 'POST', '/api/queue/files/Tp3/claim', {
      headers: { 'if-match': `${before.headers.etag}` },
    });
    expect([late.statusCode, late.json()]).toMatchObject([412, { code: 'flow.stale', since: [{ action: 'claim' }] }]);
    const none = await api.ask('o1', 'POST', '/api/queue/files/Tp3/claim');
    expect([none.statusCode, none.json().code]).toEqual([428, 'api.revision-missing']);
    const odd = await api.ask('o1', 'POST', '/api/queue/files/Tp3/claim', { headers: { 'if-match': '"abc"' } });
    expect([odd.statusCode, odd.json().code]).toEqual([400, 'api.revision']);
    const again = await api.ask('o2', 'GET', '/api/queue/files/Tp3');
    const same = await api.ask('o2', 'GET', '/api/queue/files/Tp3', {
      headers: { 'if-none-match': `${again.headers.etag}` },
    });
    expect(same.statusCode).toBe(304);
  });

  it('claims once under one key, however often and however fast it is sent', async () => {
    const claim = (key: string, count = 1) =>
      api.ask('o3', 'POST', '/api/queue/claims', { body: { count }, headers: { 'idempotency-key': key } });
    expect((await api.ask('o3', 'POST', '/api/queue/claims', { body: { count: 1 } })).json()).toMatchObject({
      status: 428,
      code: 'api.key-missing',
    });
    const all = await Promise.all(Array.from({ length: 8 }, () => claim('claim-key-1')));
    for (const { statusCode } of all) expect([200, 409]).toContain(statusCode);
    expect(all.some(({ statusCode }) => statusCode === 200)).toBe(true);
    const replay = await claim('claim-key-1');
    expect([replay.statusCode, replay.headers['idempotency-replayed']]).toEqual([200, 'true']);
    expect((await api.ask('o3', 'GET', '/api/queue/mine')).json().files).toHaveLength(1);
    expect((await claim('claim-key-1', 2)).json()).toMatchObject({ status: 422, code: 'api.key-reused' });
    expect((await claim('claim-key-2')).statusCode).toBe(200);
    expect((await api.ask('o3', 'GET', '/api/queue/mine')).json().files).toHaveLength(2);
    expect((await claim('short')).json()).toMatchObject({ status: 400, code: 'api.key' });
  });

  it('leaves the key of a refused step free, and gives the answer of a done one again', async () => {
    const headers = { 'idempotency-key': 'release-key', 'if-match': '"1"' };
    const refused = await api.ask('o1', 'POST', '/api/queue/files/Tp5/release', { headers });
    expect(refused.statusCode).toBeGreaterThanOrEqual(400);
    const [none] = await api.workspace.database.query(`SELECT 1 FROM tuban.once_key WHERE key = 'release-key'`);
    expect(none).toBeUndefined();
    const claim = () =>
      api.ask('o1', 'POST', '/api/queue/files/Tp5/claim', {
        headers: { 'idempotency-key': 'claim-tp5-key', 'if-match': '"1"' },
      });
    const first = await claim();
    const second = await claim();
    expect([first.statusCode, second.statusCode, second.body === first.body]).toEqual([200, 200, true]);
    expect(second.headers.etag).toBe(first.headers.etag);
  });

  it('keeps a finding that came too late as its author’s draft', async () => {
    await api.step('o1', 'Tp7', 'claim');
    await api.step('su', 'Tp7', 'release', { reason: '改派' });
    await api.step('o2', 'Tp7', 'claim');
    const late = await api.step('o1', 'Tp7', 'submit', { finding: formOf(7), findingId: 'F-7' });
    expect([late.statusCode, late.json().draftId]).toEqual([
      expect.toSatisfy((s) => s === 403 || s === 409),
      expect.any(String),
    ]);
    expect((await api.ask('o1', 'GET', '/api/drafts')).json().drafts).toMatchObject([{ taskId: 'Tp7' }]);
    expect((await api.ask('o2', 'GET', '/api/drafts')).json().drafts).toEqual([]);
  });

  it('tells every wrong field of a form at once: future days, places outside China, unknown codes, one officer', async () => {
    await api.step('o1', 'Tp9', 'claim');
    const bad = formOf(9, {
      arrivedAt: '2031-01-01T09:00:00+08:00',
      officers: [{ name: '张三', number: 'X001' }],
      position: { lon: 2.35, lat: 48.85, datum: 'CGCS2000', accuracyM: 8 },
      measures: ['no-such-measure'],
    });
    const refused = await api.step('o1', 'Tp9', 'submit', { finding: bad, findingId: 'F-9' });
    const problem = refused.json();
    expect([refused.statusCode, problem.code]).toEqual([422, 'finding.invalid']);
    const paths = problem.errors.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(['officers']));
    for (const { message } of problem.errors) expect(message).toMatch(/[\u4e00-\u9fff]/);
    expect((await api.ask('o1', 'GET', '/api/queue/files/Tp9')).json().file.state).toBe('claimed');
    const unknown = await api.step('o1', 'Tp9', 'submit', { finding: formOf(9), findingId: 'F-9', verdicts: 'yes' });
    expect([unknown.statusCode, unknown.json().code]).toEqual([422, 'api.body']);
  });

  it('takes each file by itself; refuses what is disguised, empty, of another hash; knows what it has', async () => {
    const good = await shot(9);
    const hash = '0'.repeat(64);
    const mixed = await upload('o1', 'Tp9', [
      ['file', { file: 'real.jpg', bytes: good }],
      ['file', { file: 'virus.jpg', bytes: Buffer.from('MZ\x90\x00 this is a program, not a picture') }],
      ['file', { file: 'again.jpg', bytes: good }],
      ['sha256', hash],
      ['file', { file: 'other.jpg', bytes: await shot(9, 77) }],
    ]);
    expect(mixed.statusCode).toBe(200);
    const results = mixed.json().files as { added: boolean; problem: { code: string } | null }[];
    expect(results.map(({ added, problem }) => [added, problem?.code ?? null])).toEqual([
      [true, null],
      [false, expect.stringMatching(/^evidence\.(type|disguised)$/)],
      [false, null],
      [false, 'evidence.hash'],
    ]);
    const page = Buffer.from('<html><script>alert(1)</script></html>');
    const html = await upload('o1', 'Tp9', [['file', { file: 'x.pdf', bytes: page }]]);
    expect([html.statusCode, html.json().code]).toEqual([415, expect.stringMatching(/^evidence\./)]);
    const foreign = await upload('o3', 'Tp9', [['file', { file: 'a.jpg', bytes: good }]]);
    expect([foreign.statusCode, foreign.json().code]).toEqual([404, 'task.none']);
    expect((await upload('o1', 'Tp9', [['note', 'no file']])).json().code).toBe('api.no-file');
    const json = await api.ask('o1', 'POST', '/api/tasks/Tp9/evidence', { body: {} });
    expect([json.statusCode, json.json().code]).toEqual([415, 'api.media-type']);
    const long = await upload('o1', 'Tp9', [
      ['datum', 'BD-09'],
      ['file', { file: 'a.jpg', bytes: await shot(9, 99) }],
    ]);
    expect([long.statusCode, long.json().errors?.[0]?.path]).toEqual([422, 'body.datum']);
    expect((await api.ask('o1', 'GET', '/api/tasks/Tp9/evidence')).json().files).toHaveLength(1);
  });

  it('lets nobody review own work, nor take part from another area', async () => {
    await api.workspace.database.query(
      `INSERT INTO tuban.grant_of (person_id, role, level, area_id) VALUES ('o1', 'reviewer', 'station', 'east')`,
    );
    await api.step('o1', 'Tp9', 'submit', { finding: formOf(9), findingId: 'F-9b' });
    const own = await api.step('o1', 'Tp9', 'approve');
    expect([own.statusCode, own.json().code]).toEqual([403, 'flow.own-work']);
    await api.workspace.database.query(`DELETE FROM tuban.grant_of WHERE person_id = 'o1' AND role = 'reviewer'`);
    const foreign = await api.step('o3', 'Tp9', 'claim');
    expect([foreign.statusCode, foreign.json().code]).toEqual([404, 'task.none']);
    expect((await api.ask('o3', 'GET', '/api/tasks/Tp9')).statusCode).toBe(404);
  });

  it('refuses a body that is no JSON, too large, or sent from another site', async () => {
    const raw = (payload: string) =>
      api.ask('o1', 'POST', '/api/queue/claims', {
        payload,
        headers: { 'content-type': 'application/json', 'idempotency-key': 'raw-key-1' },
      });
    expect((await raw('{"count":')).statusCode).toBe(400);
    expect((await raw(`{"count":1,"x":"${'a'.repeat(1_200_000)}"}`)).json()).toMatchObject({
      status: 413,
      code: 'api.too-large',
    });
    const other = await api.ask('o1', 'POST', '/api/queue/claims', {
      body: { count: 1 },
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'idempotency-key': 'raw-key-2' },
    });
    expect([other.statusCode, other.json().code]).toEqual([403, 'api.origin']);
  });
}

describe('the queue over HTTP on the embedded database', () => holds(async () => null));
withPostgres('the queue over HTTP on a server', () => holds(freshDatabase));
