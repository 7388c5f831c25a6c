/** Files of tasks and their bundle on both databases: what is taken in, what is noticed, who sees it, and that a third party can check it. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import type { EngineDesk } from './ports/desk.js';
import type { IncomingFile } from './ports/evidence.js';
import { bundlePart, type FileParts, fileParts } from './queue-file-parts.js';
import { layFileGround, PLACE, testForm } from './testing/file-ground.js';
import { photo, streamed } from './testing/photos.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const as = (personId: string) => ({ personId, device: 'test' });
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** 80 m east of the middle of the patch. */
const NEAR = { lon: PLACE.lon + 0.0008, lat: PLACE.lat, takenAt: '2026:10:12 09:40:00' } as const;
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
const GPX = Buffer.from('<?xml version="1.0"?>\n<!-- a track -->\n<gpx version="1.1"><trk><name>a</name></trk></gpx>');
const OFFICE = (part: string, type: string) =>
  Buffer.from(
    zipSync({
      '[Content_Types].xml': Buffer.from(`<Types><Override PartName="/${part}" ContentType="${type}"/></Types>`),
      [part]: Buffer.from('<w/>'),
    }),
  );

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let desk: EngineDesk;
  let parts: FileParts;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    await layFileGround(workspace.database);
    desk = createDesk(workspace.database, () => '2026-10-12T04:00:00.000Z');
    const evidence = { ...workspace.queueSettings.evidence, documentMb: 0.05, taskMb: 0.5 };
    parts = fileParts({ ...workspace, queueSettings: { ...workspace.queueSettings, evidence } }, desk);
  });
  afterAll(() => workspace.close());

  const attach = (
    bytes: Uint8Array,
    name = 'IMG_1.jpg',
    more: Partial<IncomingFile> = {},
    taskId = 'Tp1',
    personId = 'e',
  ) => parts.evidence.attach(as(personId), taskId, { name, content: streamed(bytes), ...more });
  const aside = () => readdirSync(join(workspace.dir, 'evidence', 'incoming'));

  it('takes a photo in byte for byte, once, with what its camera said beside the patch', async () => {
    const bytes = await photo({ ...NEAR, headingDeg: 270 });
    const { file, added } = await attach(bytes);
    expect(added).toBe(true);
    expect(file).toMatchObject({
      sha256: hashOf(bytes),
      bytes: bytes.length,
      contentType: 'image/jpeg',
      flags: [],
      photo: {
        takenAt: '2026-10-12T09:40:00',
        offset: '+08:00',
        device: 'HUAWEI P60',
        headingDeg: 270,
        headingFrom: 'true',
      },
      place: {
        takenAt: '2026-10-12T01:40:00.000Z',
        datum: 'WGS84',
        datumAssumed: false,
        bearingDeg: 270,
        pointsAtPatch: true,
      },
    });
    // From the edge at 0.0004 degrees.
    expect(file.place?.distanceM).toBeCloseTo(38.8, 0);
    const again = await attach(bytes, 'other name.jpg');
    expect(again).toEqual({ file, added: false });
    expect(await parts.evidence.files(as('e'), 'Tp1')).toEqual([file]);
    const original = await parts.evidence.original(as('r1'), file.id);
    const read: Uint8Array[] = [];
    for await (const chunk of original.open()) read.push(chunk);
    expect(Buffer.concat(read).equals(bytes)).toBe(true);
    expect(original.fileName).toBe(`${file.sha256.slice(0, 12)}.jpg`);
    const preview = await parts.evidence.preview(as('e'), file.id, 100);
    const { width, height, exif } = await sharp(preview.bytes).metadata();
    expect([width, height, exif]).toEqual([100, 75, undefined]);
    expect(aside()).toEqual([]);
  });

  it('flags what a reviewer should look at, and keeps it all the same', async () => {
    const wishes: [Parameters<typeof photo>[0], Partial<IncomingFile>, string[]][] = [
      [{ shade: 1 }, {}, ['no-exif', 'no-time', 'no-position']],
      [{ takenAt: NEAR.takenAt, shade: 2 }, {}, ['no-position']],
      [{ ...NEAR, takenAt: '2026:07:31 23:59:00', shade: 3 }, {}, ['before-image']],
      [{ ...NEAR, takenAt: '2026:10:12 12:30:00', shade: 4 }, {}, ['future']],
      [{ ...NEAR, lon: PLACE.lon + 0.01, shade: 5 }, {}, ['far']],
      [{ ...NEAR, headingDeg: 90, shade: 6 }, {}, ['turned-away']],
      [{ ...NEAR, software: 'Adobe Photoshop 25', shade: 7 }, {}, ['edited']],
      [{ ...NEAR, software: 'HUAWEI firmware 4.2', shade: 8 }, {}, []],
      [{ ...NEAR, shade: 9 }, { datum: 'GCJ-02' }, ['far', 'shifted-datum']],
      [{ ...NEAR, format: 'png', shade: 10 }, {}, ['name-differs']],
    ];
    for (const [wish, more, flags] of wishes) {
      const { file } = await attach(await photo(wish), 'IMG_2.jpg', more);
      expect([...file.flags].sort(), JSON.stringify(wish)).toEqual([...flags].sort());
    }
    const whole = await photo({ ...NEAR, shade: 11 });
    const noise = await sharp({
      create: {
        width: 300,
        height: 300,
        channels: 3,
        background: '#888',
        noise: { type: 'gaussian', mean: 120, sigma: 40 },
      },
    })
      .jpeg()
      .toBuffer();
    expect((await attach(noise.subarray(0, noise.length / 2), 'cut.jpg')).file.flags).toContain('truncated');
    // The other task learns of it without learning which one it is, and so does the first.
    expect((await attach(whole)).file.flags).toEqual([]);
    expect((await attach(whole, 'w.jpg', {}, 'Tp2', 'w')).file.flags).toContain('repeated');
    const files = await parts.evidence.files(as('e'), 'Tp1');
    expect(files.find(({ sha256 }) => sha256 === hashOf(whole))?.flags).toEqual(['repeated']);
  });

  it('takes documents and tracks by their content', async () => {
    const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
    const kinds: [Uint8Array, string, string][] = [
      [PDF, 'licence.pdf', 'application/pdf'],
      [GPX, 'track.gpx', 'application/gpx+xml'],
      [Buffer.from('{"type":"Point","coordinates":[106.3,29.4]}'), 'p.geojson', 'application/geo+json'],
      [OFFICE('word/document.xml', `${word}.main+xml`), '说明.docx', word],
    ];
    for (const [bytes, name, type] of kinds) {
      const { file } = await attach(bytes, name);
      expect(file).toMatchObject({ contentType: type, name, photo: null, flags: [] });
      const preview = parts.evidence.preview(as('e'), file.id, 100);
      await expect(preview).rejects.toMatchObject({ code: 'evidence.no-preview' });
    }
    const odd = await attach(Buffer.concat([PDF, Buffer.from('%2')]), '../../=cmd|<b>"\u202egpj.pdf');
    expect(odd.file.name).toBe('=cmd|<b>"gpj.pdf');
  });

  it('refuses what is disguised, unknown, too large, not what was announced; and keeps none of it', async () => {
    const before = (await parts.evidence.files(as('e'), 'Tp1')).length;
    const jpeg = await photo({ ...NEAR, shade: 30 });
    const refused: [string, Uint8Array, string, Partial<IncomingFile>?][] = [
      ['evidence.disguised', PDF, 'photo.jpg'],
      ['evidence.disguised', jpeg, 'report.pdf'],
      ['evidence.disguised', jpeg, 'run.exe'],
      ['evidence.type', Buffer.from('MZ\u0090\u0000 a program '.repeat(50)), 'photo.jpg'],
      ['evidence.type', Buffer.from('<!doctype html><script>alert(1)</script>'), 'photo.jpg'],
      ['evidence.type', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>'), 'map.svg'],
      ['evidence.type', Buffer.from(zipSync({ 'a.txt': Buffer.from('x') })), 'files.docx'],
      ['evidence.type', Buffer.from('{"type":"script"}'), 'p.geojson'],
      ['evidence.broken', jpeg.subarray(0, 200), 'IMG.jpg'],
      ['evidence.empty', new Uint8Array(), 'IMG.jpg'],
      ['evidence.size', Buffer.concat([PDF, Buffer.alloc(60_000)]), 'big.pdf'],
      ['evidence.hash', jpeg, 'IMG.jpg', { sha256: '0'.repeat(64) }],
      ['evidence.name', jpeg, ' /\u0000'],
    ];
    for (const [code, bytes, name, more] of refused) {
      await expect(attach(bytes, name, more ?? {}), `${code} ${name}`).rejects.toMatchObject({ code });
    }
    const half: IncomingFile['content'] = (async function* () {
      yield jpeg.subarray(0, 100);
      throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    })();
    await expect(attach(jpeg, 'IMG.jpg', { content: half })).rejects.toMatchObject({
      code: 'evidence.disk',
      retryable: true,
    });
    for (let i = 0; i < 12; i++) {
      await attach(Buffer.concat([PDF, Buffer.alloc(45_000, i + 1)]), 'a.pdf', {}, 'Tp2', 'w').catch(() => undefined);
    }
    const last = attach(Buffer.concat([PDF, Buffer.alloc(45_000, 99)]), 'a.pdf', {}, 'Tp2', 'w');
    await expect(last).rejects.toMatchObject({ code: 'evidence.total' });
    expect(await parts.evidence.files(as('e'), 'Tp1')).toHaveLength(before);
    expect(aside()).toEqual([]);
  });

  it('shows a file to nobody who does not see its task’s place', async () => {
    const { file } = await attach(await photo({ ...NEAR, shade: 40 }));
    for (const work of [
      () => parts.evidence.files(as('w'), 'Tp1'),
      () => parts.evidence.preview(as('w'), file.id, 100),
      () => parts.evidence.original(as('w'), file.id),
      () => attach(PDF, 'a.pdf', {}, 'Tp1', 'w'),
      // Sealed: its officer sees the task's file, not its place.
      () => attach(PDF, 'a.pdf', {}, 'Tp3', 'e'),
      () => bundlePart(workspace, desk).write(as('w'), 'Tp1', async () => undefined),
    ]) {
      await expect(work()).rejects.toMatchObject({ code: expect.stringMatching(/^(task|evidence)\.none$/) });
    }
    await expect(attach(PDF, 'a.pdf', {}, 'Tp1', 'a')).rejects.toMatchObject({ code: 'evidence.role' });
    const raw = desk.as(as('w'), ({ sql }) =>
      sql.query(
        `INSERT INTO tuban.evidence_file VALUES ('E1', 'Tp1', '${file.sha256}', 1, 'image/jpeg', 'w', now(), '{"flags": []}')`,
      ),
    );
    await expect(raw).rejects.toThrow('row-level security');
    await expect(workspace.database.query(`DELETE FROM tuban.evidence_file`)).rejects.toThrow('append-only');
  });

  it('leaves as one archive that sha256sum checks, and that tells when a byte was changed', async () => {
    const shot = (await parts.evidence.files(as('e'), 'Tp1')).find(({ contentType }) => contentType === 'image/jpeg');
    await desk.as(as('e'), async (turn) => {
      const form = testForm({
        files: [{ sha256: shot?.sha256, role: 'near' }],
        offender: { kind: 'person', name: '王某某', idNumber: '500101199001011234', phone: '13900000000' },
      });
      await parts.steps.storeFinding(turn, 'F1', 2, await parts.steps.checkFinding(turn, 'Tp1', form));
    });
    const chunks: Uint8Array[] = [];
    const written = await bundlePart(workspace, desk).write(as('s'), 'Tp1', async (chunk) => void chunks.push(chunk));
    const bytes = Buffer.concat(chunks);
    const dir = mkdtempSync(join(tmpdir(), 'tuban-bundle-'));
    try {
      const found = Object.entries(unzipSync(bytes));
      expect(found).toHaveLength(written.files);
      for (const [name, content] of found) {
        mkdirSync(dirname(join(dir, name)), { recursive: true });
        writeFileSync(join(dir, name), content);
      }
      const check = () => spawnSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: dir, encoding: 'utf8' });
      expect(check()).toMatchObject({ status: 0, stderr: '' });
      const text = (name: string) => readFileSync(join(dir, name), 'utf8');
      expect(text('README.txt')).toContain('sha256sum -c SHA256SUMS');
      const audit = JSON.parse(text('audit.json')) as { action: string; body: string }[];
      expect(audit.map(({ action }) => action)).toContain('finding.store');
      expect(audit.find(({ action }) => action === 'finding.store')?.body).toContain(shot?.sha256);
      expect(text('findings.json')).toContain(shot?.sha256);
      expect(text('map.svg')).toContain('<svg');
      for (const [name, content] of found) {
        for (const secret of ['王某某', '500101199001011234', '13900000000']) {
          expect(Buffer.from(content).includes(secret), name).toBe(false);
        }
      }
      expect(existsSync(join(dir, 'originals', `${shot?.sha256.slice(0, 16)}.jpg`))).toBe(true);
      appendFileSync(join(dir, 'findings.json'), ' ');
      expect(check()).toMatchObject({ status: 1, stdout: expect.stringMatching(/findings\.json: FAILED/) });
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
    // An original that was changed on disk leaves no bundle at all.
    const sha256 = shot?.sha256 ?? '';
    writeFileSync(join(workspace.dir, 'evidence', sha256.slice(0, 2), sha256), 'changed');
    const sent: Uint8Array[] = [];
    const work = bundlePart(workspace, desk).write(as('s'), 'Tp1', async (chunk) => void sent.push(chunk));
    await expect(work).rejects.toMatchObject({ code: 'evidence.lost' });
    expect(sent).toEqual([]);
  });
}

describe('files on the embedded database', () => holds(async () => null));
withPostgres('files on a server', () => holds(freshDatabase));
