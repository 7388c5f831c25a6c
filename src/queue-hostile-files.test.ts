/**
 * Files that somebody attaches who wishes the server or the reviewer ill, over the API on both databases: what is kept is kept byte for byte with the
 * right flags and given out as nothing that a browser runs; what is not is refused by its code; none of it fills memory or fails inside the program.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EvidenceFile } from './model/evidence.js';
import * as made from './testing/hostile-files.js';
import { photo } from './testing/photos.js';
import { openQueueApi, type QueueApi } from './testing/queue-api.js';
import { freshDatabase, withPostgres } from './testing/servers.js';

const { GPS_TAG, IMAGE_TAG, PHOTO_TAG, fractions, text } = made;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
/** 29°24′ north, 106°18′ east: where the first patch lies. */
const NORTH = fractions([29, 1], [24, 1], [0, 1]);
const EAST = fractions([106, 1], [18, 1], [3, 1]);
const NOON: made.ExifEntry = [PHOTO_TAG.takenAt, ...text('2026:10:02 12:00:00')];
const gps = (
  lat: ReturnType<typeof fractions>,
  lon: ReturnType<typeof fractions>,
  letters = 'NE',
): made.ExifEntry[] => [
  ...(letters === '' ? [] : [[GPS_TAG.latRef, ...text(letters.slice(0, 1))] as const]),
  [GPS_TAG.lat, ...lat],
  ...(letters === '' ? [] : [[GPS_TAG.lonRef, ...text(letters.slice(1))] as const]),
  [GPS_TAG.lon, ...lon],
];

function holds(databaseUrl: () => Promise<string | null>) {
  let api: QueueApi;
  let shade = 0;
  beforeAll(async () => {
    api = await openQueueApi(await databaseUrl());
    expect((await api.step('o1', 'Tp1', 'claim')).statusCode).toBe(200);
  });
  afterAll(() => api?.close());

  /** The name as bytes: what comes over a line is no text yet. */
  const attach = async (bytes: Uint8Array, name: string | Uint8Array = 'IMG.jpg') => {
    const payload = Buffer.concat([
      Buffer.from('--b\r\ncontent-disposition: form-data; name="f"; filename="'),
      Buffer.from(name as Uint8Array),
      Buffer.from('"\r\ncontent-type: text/html\r\n\r\n'),
      bytes,
      Buffer.from('\r\n--b--\r\n'),
    ]);
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const answer = await api.ask('o1', 'POST', '/api/tasks/Tp1/evidence', { payload, headers });
    return { status: answer.statusCode, code: answer.json().code as string | undefined, body: answer.json() };
  };
  const kept = async (bytes: Uint8Array, name?: string | Uint8Array): Promise<EvidenceFile> => {
    const { status, body } = await attach(bytes, name);
    expect(status, JSON.stringify(body)).toBe(200);
    return body.files[0].file as EvidenceFile;
  };
  const jpeg = () => {
    shade += 1;
    return photo({ shade });
  };
  const withExif = async (wish: made.ExifWish) => made.jpegWithExif(await jpeg(), made.exifBlock(wish));
  const given = (file: EvidenceFile) => api.ask('r2', 'GET', `/api/evidence/${file.id}/original`);

  it('reads a camera that says what it should', async () => {
    const make: made.ExifEntry = [IMAGE_TAG.make, ...text('美图')];
    const file = await kept(await withExif({ image: [make], photo: [NOON], gps: gps(NORTH, EAST) }));
    expect(file).toMatchObject({ photo: { takenAt: '2026-10-02T12:00:00', lat: 29.4, device: '美图' }, flags: [] });
    expect(file.photo?.lon).toBeCloseTo(106.300833, 6);
  });

  const entry = (tag: number, value: ReturnType<typeof fractions>): made.ExifEntry => [tag, ...value];
  it.each<readonly [string, made.ExifWish, readonly string[]]>([
    ['no letters beside the position', { photo: [NOON], gps: gps(NORTH, EAST, '') }, ['no-position']],
    ['letters that are none', { photo: [NOON], gps: gps(NORTH, EAST, 'QX') }, ['no-position']],
    ['0/0 for the minutes', { photo: [NOON], gps: gps(fractions([29, 1], [0, 0], [0, 1]), EAST) }, ['no-position']],
    ['degrees by zero', { photo: [NOON], gps: gps(fractions([29, 0], [0, 1], [0, 1]), EAST) }, ['no-position']],
    ['a negative part', { photo: [NOON], gps: gps(fractions([29, 1], [-24, 1], [0, 1]), EAST) }, ['no-position']],
    ['ninety minutes', { photo: [NOON], gps: gps(fractions([28, 1], [90, 1], [0, 1]), EAST) }, ['no-position']],
    ['beyond the pole', { photo: [NOON], gps: gps(fractions([91, 1], [0, 1], [0, 1]), EAST) }, ['no-position']],
    ['the other side of the world', { photo: [NOON], gps: gps(NORTH, EAST, 'SW') }, ['far']],
    ['zeros', { photo: [NOON], gps: gps(fractions([0, 1]), fractions([0, 1])) }, ['no-position']],
    [
      'a heading of 700',
      { photo: [NOON], gps: [...gps(NORTH, EAST), entry(GPS_TAG.heading, fractions([700, 1]))] },
      [],
    ],
    ['year 0000', { photo: [[PHOTO_TAG.takenAt, ...text('0000:00:00 00:00:00')]], gps: gps(NORTH, EAST) }, ['no-time']],
    [
      'the 30th of February',
      { photo: [[PHOTO_TAG.takenAt, ...text('2026:02:30 10:00:00')]] },
      ['no-time', 'no-position'],
    ],
    ['hour 99', { photo: [[PHOTO_TAG.takenAt, ...text('2026:10:02 99:00:00')]] }, ['no-time', 'no-position']],
    ['year 9999', { photo: [[PHOTO_TAG.takenAt, ...text('9999:12:31 23:59:59')]] }, ['no-time', 'no-position']],
    ['next year', { photo: [[PHOTO_TAG.takenAt, ...text('2027:10:02 12:00:00')]] }, ['future', 'no-position']],
    ['1970', { photo: [[PHOTO_TAG.takenAt, ...text('1970:01:01 08:00:00')]] }, ['before-image', 'no-position']],
    ['a time as numbers', { photo: [[PHOTO_TAG.takenAt, ...fractions([2026, 1])]] }, ['no-time', 'no-position']],
    [
      'four billion values',
      {
        photo: [NOON],
        gps: [
          [GPS_TAG.latRef, ...text('N')],
          [GPS_TAG.lat, 5, -1, 26],
        ],
      },
      ['no-position'],
    ],
    [
      'values outside of it',
      {
        photo: [NOON],
        gps: [
          [GPS_TAG.latRef, 2, 99, 0xffffff00],
          [GPS_TAG.lat, 5, 3, -1],
        ],
      },
      ['no-position'],
    ],
    [
      'a folder within itself',
      {
        image: [
          [IMAGE_TAG.photo, 4, 1, 8],
          [IMAGE_TAG.gps, 4, 1, 8],
        ],
      },
      ['no-time', 'no-position'],
    ],
    [
      'a folder outside of it',
      {
        image: [
          [IMAGE_TAG.photo, 4, 1, -1],
          [IMAGE_TAG.gps, 4, 1, 0],
        ],
      },
      ['no-time', 'no-position'],
    ],
    [
      'an editor in GBK',
      { image: [[IMAGE_TAG.software, ...text(Buffer.from('c3c0cdbcd0e3d0e3', 'hex'))]], photo: [NOON] },
      ['no-position', 'edited'],
    ],
    [
      'a huge note of the maker',
      { photo: [NOON, [PHOTO_TAG.makerNote, 7, 60_000, Buffer.alloc(60_000, 0xa5)]] },
      ['no-position'],
    ],
  ])('EXIF: %s', async (_what, wish, flags) => {
    const bytes = await withExif(wish);
    const file = await kept(bytes);
    expect([...file.flags].sort()).toEqual([...flags].sort());
    expect((await given(file)).rawPayload.equals(bytes)).toBe(true);
  });

  it('reads a block that unfolds into gigabytes like any other, and one that ends early', async () => {
    const before = process.memoryUsage().heapTotal;
    const file = await kept(made.jpegWithExif(await jpeg(), made.unfoldingExif()));
    expect(file.flags).toEqual(['no-time', 'no-position']);
    expect(process.memoryUsage().heapTotal - before).toBeLessThan(500_000_000);
    const block = made.exifBlock({ photo: [NOON], gps: gps(NORTH, EAST) });
    for (const end of [4, 9, 20, 40, 70, 100, block.length - 1]) {
      await kept(made.jpegWithExif(await jpeg(), block.subarray(0, end)));
    }
  });

  it('refuses pictures that would fill memory, and what is none', async () => {
    const whole = await jpeg();
    const noise = await sharp(Buffer.alloc(30_000, 7), { raw: { width: 100, height: 100, channels: 3 } })
      .webp()
      .toBuffer();
    const refused: [Uint8Array, string, string][] = [
      [made.vastPng(60_000, 60_000, false), 'a.png', 'evidence.broken'],
      [made.vastPng(2 ** 31 - 1, 2 ** 31 - 1, false), 'b.png', 'evidence.broken'],
      // Few enough pixels, but unpacked as a whole.
      [made.vastPng(12_000, 12_000, true), 'c.png', 'evidence.broken'],
      [whole.subarray(0, 200), 'd.jpg', 'evidence.broken'],
      [noise.subarray(0, 30), 'e.webp', 'evidence.broken'],
      [Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'), 'f.png', 'evidence.type'],
      [Buffer.concat([Buffer.from('<html>'), whole]), 'g.jpg', 'evidence.type'],
    ];
    for (const [bytes, name, code] of refused) {
      const answer = await attach(bytes, name);
      expect([name, answer.code]).toEqual([name, code]);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body.detail).toMatch(/[\u4e00-\u9fff].*\([a-z]/);
    }
    expect(readdirSync(join(api.workspace.dir, 'evidence', 'incoming'))).toEqual([]);
  });

  it('keeps archives that would unfold as they came, without unpacking them, and refuses those that are nothing else', async () => {
    for (const [bytes, name, type] of [
      [made.officeBomb('xl/workbook.xml', 40), 'bomb.xlsx', XLSX],
      [made.officeBomb('word/document.xml', 40), 'bomb.docx', DOCX],
    ] as const) {
      const file = await kept(bytes, name);
      expect(file).toMatchObject({ contentType: type, bytes: bytes.length });
      expect((await given(file)).rawPayload.equals(bytes)).toBe(true);
    }
    for (const name of ['bomb.zip', 'bomb.kmz', 'bomb.xlsx']) {
      expect(await attach(made.contentsBomb(40), name)).toMatchObject({ status: 415, code: 'evidence.type' });
    }
    const much = Buffer.from(`{"type":"FeatureCollection","features":[${'{},'.repeat(1_000_000)}{}]}`);
    expect(await kept(much, 'a.geojson')).toMatchObject({ contentType: 'application/geo+json' });
    for (const nested of ['{"type":"Point","coordinates":', `{"type":"Point","a":${'['.repeat(1_000_000)}`]) {
      expect(await attach(Buffer.from(nested), 'b.geojson')).toMatchObject({ status: 415, code: 'evidence.type' });
    }
  });

  it('gives out what is two things at once as a file to be saved, never as a page', async () => {
    const script = '<script>fetch("/api/me")</script>';
    const pdf = `%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n${script}\n%%EOF`;
    for (const [bytes, name, type] of [
      [Buffer.concat([await jpeg(), Buffer.from(`<html>${script}`)]), 'a.jpg', 'image/jpeg'],
      [Buffer.from(pdf), 'a.pdf', 'application/pdf'],
      [Buffer.from(JSON.stringify({ type: 'Feature', x: script })), 'a.geojson', 'application/geo+json'],
      [Buffer.from(`<gpx ><desc><![CDATA[${script}]]></desc></gpx>`), 'a.gpx', 'application/gpx+xml'],
    ] as const) {
      const file = await kept(bytes, name);
      expect(file.contentType).toBe(type);
      const { headers, rawPayload } = await given(file);
      expect(rawPayload.equals(bytes)).toBe(true);
      expect(headers).toMatchObject({
        'content-type': expect.stringMatching(`^${type.replace('+', '\\+')}`),
        'content-disposition': expect.stringMatching(/^attachment; filename="[0-9a-f]{12}\.[a-z]+"$/),
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringContaining('sandbox'),
      });
      if (type !== 'image/jpeg') continue;
      const preview = await api.ask('r2', 'GET', `/api/evidence/${file.id}/preview`);
      expect(preview.headers).toMatchObject({ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff' });
      expect(preview.rawPayload.includes('script')).toBe(false);
    }
  });

  it('takes names as labels, whatever they hold', async () => {
    const names: [string | Uint8Array, string | null][] = [
      ['\u202egpj.exe\u202c.jpg', 'gpj.exe.jpg'],
      ['../../etc/passwd.jpg', 'passwd.jpg'],
      ['C:\\\\x\\\\照片.jpg', '照片.jpg'],
      [`${'长'.repeat(300)}.jpg`, '长'.repeat(120)],
      [`<img src=x onerror=alert(1)>.jpg`, '<img src=x onerror=alert(1)>.jpg'],
      // GBK, as an old program sends it: no UTF-8, and it is not guessed what it is.
      [Buffer.concat([Buffer.from('d5d5c6ac', 'hex'), Buffer.from('.jpg')]), null],
      [Buffer.from('a\u0000b.jpg'), null],
    ];
    for (const [name, label] of names) {
      const { status, body } = await attach(await jpeg(), name);
      expect(status, JSON.stringify(body)).toBeLessThan(500);
      if (label !== null) expect(body.files[0].file.name).toBe(label);
      else if (status === 200) expect(body.files[0].file.name).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    }
  });
}

describe('hostile files on the embedded database', () => holds(async () => null));
withPostgres('hostile files on a server', () => holds(freshDatabase));
