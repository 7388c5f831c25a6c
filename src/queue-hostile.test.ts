/**
 * What somebody sends who wishes the server ill, on both databases: no request fails inside the program, none takes it down or holds it up, and
 * none brings a place into the log by way of an error.
 */
import { strToU8, zipSync } from 'fflate';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORM_SHEET } from './model/form-sheet.js';
import { multipart, openQueueApi, type QueueApi } from './testing/queue-api.js';
import { queueTask, rightForm } from './testing/queue-ground.js';
import { type Ask, type MatrixGround, RIGHTS_ROWS } from './testing/rights-matrix.js';
import { freshDatabase, withPostgres } from './testing/servers.js';

const NUL = '\u0000';
const HOSTILE: Readonly<Record<string, unknown>> = {
  nul: `a${NUL}b`,
  half: 'x\ud800y',
  tooLarge: 2 ** 31,
  farTooLarge: Number.MAX_SAFE_INTEGER,
  yearZero: '0000-01-01',
  lastYear: '9999-12-31T23:59:59+14:00',
  proto: JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":{}}}'),
  sql: `'; DROP TABLE tuban.task; --`,
};
const ADDRESSES = ['a%00b', '2147483648', '9007199254740991', '%25_', '0000Q1', '0000-01-01T00:00:00Z'];
const PARAMETERS = [
  'quarter',
  'team',
  'area',
  'text',
  'person',
  'since',
  'before',
  'offset',
  'version',
  'assignee',
  'subject',
];
const cursor = (...of: unknown[]) => Buffer.from(JSON.stringify(of)).toString('base64url');

/** What is asked with one of its values, each in turn, replaced. */
function* replaced(value: unknown, by: unknown): Generator<unknown> {
  yield by;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    for (const one of replaced(inner, by)) {
      yield Array.isArray(value) ? value.map((own, i) => (`${i}` === key ? one : own)) : { ...value, [key]: one };
    }
  }
}

const sheetWith = (cells: string) =>
  zipSync({
    'xl/workbook.xml': strToU8(
      `<workbook xmlns:r="r"><sheets><sheet name="${FORM_SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      '<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    ),
    'xl/worksheets/sheet1.xml': strToU8(`<worksheet><sheetData>${cells}</sheetData></worksheet>`),
  });

function holds(databaseUrl: () => Promise<string | null>) {
  let api: QueueApi;
  let ground: MatrixGround;
  const logged: string[] = [];
  beforeAll(async () => {
    const log = pino({ level: 'trace' }, { write: (line) => void logged.push(line) });
    api = await openQueueApi(await databaseUrl(), 6, log);
    await api.step('o1', 'Tp1', 'claim');
    const finding = { ...rightForm(queueTask(1)), offender: { kind: 'person', name: '王某' } };
    expect((await api.step('o1', 'Tp1', 'submit', { finding, findingId: 'F-first' })).statusCode).toBe(200);
    ground = {
      api,
      revision: async (taskId) => {
        const [row] = await api.workspace.database.query<{ revision: number }>(
          'SELECT revision FROM tuban.task_file WHERE task_id = $1',
          [taskId],
        );
        return row?.revision ?? 0;
      },
      ...{ evidenceId: 'E1', findingId: 'F-first', lookId: 'L1', roundId: async () => 'R1' },
    };
  }, 60_000);
  afterAll(() => api?.close());

  const failures = async (login: string, method: string, asks: readonly Ask[]) => {
    const failed: string[] = [];
    for (const { url, ...more } of asks) {
      const { statusCode, body } = await api.ask(login, method as 'GET', url, more);
      if (statusCode >= 500) failed.push(`${method} ${url} ${JSON.stringify(more.body)}: ${body}`);
    }
    return failed;
  };
  const secret = /sign-|password|totp|disable|\/codes$/;

  it.each(RIGHTS_ROWS.filter(({ route }) => !secret.test(route)).map((row) => [row.route, row] as const))(
    '%s',
    async (route, row) => {
      const [method = 'GET'] = route.split(' ');
      const asked = await row.ask(ground);
      const asks: Ask[] = [{ ...asked, url: asked.url.replace(/\/[^/]+(?=\/?[a-z]*$)/, '/a%00b') }];
      if (method === 'GET') {
        const more = (query: string) => ({
          ...asked,
          url: `${asked.url}${asked.url.includes('?') ? '&' : '?'}${query}`,
        });
        for (const name of PARAMETERS) asks.push(...ADDRESSES.map((value) => more(`${name}=${value}`)));
        asks.push(
          ...[cursor('rank', 2 ** 31, 'x'), cursor('rank', 1, NUL), cursor('rank', 1, '\ud800')].map((one) =>
            more(`cursor=${one}`),
          ),
          more(`order=deadline&cursor=${cursor('deadline', '0000-01-01', 'x')}`),
        );
      } else if (asked.payload === undefined) {
        for (const by of Object.values(HOSTILE)) {
          for (const body of [...replaced(asked.body, by)].slice(0, 16)) asks.push({ ...asked, body });
        }
      }
      for (const login of method === 'GET' ? ['ad'] : ['ad', 'o1'])
        expect(await failures(login, method, asks)).toEqual([]);
    },
    60_000,
  );

  it('refuses a body that is nested without end, in a form, too', async () => {
    const before = logged.length;
    for (const depth of [60, 20_000, 300_000]) {
      const payload = `{"taskId":"Tp1","form":${'['.repeat(depth)}1${']'.repeat(depth)}}`;
      const headers = { 'content-type': 'application/json', 'idempotency-key': `nested-${depth}` };
      const answer = await api.ask('o1', 'PUT', '/api/drafts/D1', { payload, headers });
      expect([answer.statusCode, answer.json().code]).toEqual([422, 'api.body']);
    }
    expect(logged.slice(before).join('')).not.toContain('Api:Answer:Failed');
  });

  it('keeps nothing of what was sent in an error of the database', async () => {
    const { database } = api.workspace;
    const place = '李家沟 106.301,29.401';
    for (const [text, value] of [
      ['SELECT $1::jsonb', `{"reason":"${place}\\u0000"}`],
      ['SELECT $1::integer', place],
      ['SELECT $1::timestamptz', place],
      [`INSERT INTO tuban.team (id, name) SELECT $1, $1 FROM generate_series(1, 2)`, place],
      [`INSERT INTO tuban.person (id, login, name, kind) VALUES ('x', 'x', $1, 'nothing')`, place],
    ] as const) {
      const error = await database.query(text, [value]).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(Error);
      const { message, stack } = error as Error;
      expect(JSON.stringify({ message, stack, ...(error as object) }), text).not.toMatch(/李家沟|106\.301/);
    }
  });

  it('reads no file backwards: a track of nothing but blanks or comments is told at once', async () => {
    for (const text of [' '.repeat(1_500_000), '<!---->'.repeat(200_000), `${' '.repeat(700_000)}<?xml`]) {
      const body = multipart([['file', { file: 'a.gpx', bytes: Buffer.from(text) }]]);
      const answer = await api.ask('o1', 'POST', '/api/tasks/Tp1/evidence', body);
      expect([answer.statusCode, answer.json().code]).toEqual([415, 'evidence.type']);
    }
  }, 20_000);

  it('does not spread a small workbook out over a whole sheet', async () => {
    const far = ['XFD1048576', 'A1048576', 'XFD30000', 'AAAA1', '\u{ffff}1', '&#88;FD9000', 'A1e6'];
    for (const cells of [
      ...far.map((place) => `<row><c r="A1"><v>1</v></c></row><row><c r="${place}"><v>1</v></c></row>`),
      `<row r="90000000"><c r="A1"><v>1</v></c></row>`,
      `<row><x:c x='>' r='XFD9000'><v>1</v></x:c></row>`,
    ]) {
      const answer = await api.ask('o1', 'POST', '/api/lists/read-back', {
        ...multipart([['file', { file: 'a.xlsx', bytes: sheetWith(cells) }]]),
      });
      expect([answer.statusCode, answer.json().code], cells).toEqual([422, 'form.file']);
    }
    // One that fits is read.
    const near = sheetWith('<row r="1"><c r="A1"><v>1</v></c><c r="ZZ1"><v>1</v></c></row>');
    const answer = await api.ask('o1', 'POST', '/api/lists/read-back', {
      ...multipart([['file', { file: 'a.xlsx', bytes: near }]]),
    });
    expect(answer.json().code).toBe('form.heads');
  });
}

describe('hostile requests on the embedded database', () => holds(async () => null));
withPostgres('hostile requests on a server', () => holds(freshDatabase));
