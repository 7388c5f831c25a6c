/** From a form to the place's record, on both databases; and that nobody gets there another way, whatever the program asks for. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { createSiteRegister } from './adapters/postgres/site-register.js';
import { contentHash } from './model/id.js';
import type { EngineDesk, Turn } from './ports/desk.js';
import { type FileParts, fileParts } from './queue-file-parts.js';
import { layFileGround, PLACE, testForm } from './testing/file-ground.js';
import { photo, streamed } from './testing/photos.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const as = (personId: string) => ({ personId, device: 'test' });
/** North-east, south-east, south-west, north-west of the patch, some 80 m from its middle. */
const CORNERS = [
  [1, 1],
  [1, -1],
  [-1, -1],
  [-1, 1],
] as const;

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let desk: EngineDesk;
  let parts: FileParts;
  let count = 0;

  beforeEach(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    await layFileGround(workspace.database);
    desk = createDesk(workspace.database, () => '2026-10-12T04:00:00.000Z');
    parts = fileParts(workspace, desk);
    return () => workspace.close();
  });

  const submit = async (form: Record<string, unknown>, personId = 'e', taskId = 'Tp1') => {
    count += 1;
    const id = `F${count}`;
    await desk.as(as(personId), async (turn) => {
      await parts.steps.storeFinding(turn, id, count, await parts.steps.checkFinding(turn, taskId, form));
    });
    return id;
  };
  const give = (personId: string, last: boolean, given: Parameters<FileParts['steps']['giveVerdict']>[2] = null) =>
    desk.as(as(personId), (turn) => parts.steps.giveVerdict(turn, 'Tp1', given, last));
  const shoot = async (corner: number, more = {}) => {
    const [east, north] = CORNERS[corner] ?? [0, 0];
    const place = { lon: PLACE.lon + east * 0.0006, lat: PLACE.lat + north * 0.0006 };
    const bytes = await photo({ ...place, takenAt: '2026:10:12 09:40:00', shade: corner, ...more });
    const { file } = await parts.evidence.attach(as('e'), 'Tp1', { name: 'IMG.jpg', content: streamed(bytes) });
    return file.sha256;
  };
  const decisions = () =>
    workspace.database.query<{ kind: string; by: string; on: string }>(
      `SELECT kind, body->>'by' AS by, body->>'on' AS on FROM tuban.decision ORDER BY seq`,
    );
  const state = async () =>
    (await workspace.database.query<{ state: string }>(`SELECT state FROM tuban.task WHERE id = 'Tp1'`))[0]?.state;

  it('a violation is heard by the place with the last review, not before', async () => {
    await submit(testForm({ measures: ['stop-notice', '取缔'] }));
    expect(await give('r1', false)).toMatchObject({
      leadsToCase: true,
      parts: [{ code: 'illegal', handling: 'case' }],
    });
    expect(await decisions()).toEqual([]);
    expect(await give('r2', true)).toMatchObject({ leadsToCase: true });
    expect(await decisions()).toEqual([
      { kind: 'visited', by: '审二', on: '2026-10-12' },
      { kind: 'confirmed', by: '审二', on: '2026-10-12' },
      { kind: 'closed', by: '审二', on: '2026-10-12' },
    ]);
    expect(await state()).toBe('decided');
    const said = await parts.verdicts.of(as('s'), 'Tp1');
    expect(said.verdicts).toMatchObject([{ code: 'illegal', personId: 'r2', secondPersonId: 'r1', codesVersion: 1 }]);
    expect(said.opinions).toMatchObject([{ personId: 'r1', code: 'illegal' }]);
    const history = await createSiteRegister(workspace.database).history('p1');
    expect(history?.site.standing?.kind).toBe('closed');
  });

  it('伪变化 needs photos from several directions, a newer image, and a second reviewer; then the place is quiet', async () => {
    const pseudo = { verdict: '伪变化', handling: null, violation: null, mineral: null, method: null, quantities: {} };
    const shots = [await shoot(0), await shoot(1), await shoot(2)];
    const image = await shoot(3, { software: 'DJI' });
    const near = (hashes: string[]) => hashes.map((sha256) => ({ sha256, role: 'near' }));
    await submit(testForm({ measures: [], files: near(shots.slice(0, 2)) }, pseudo));
    await expect(give('r1', false)).rejects.toMatchObject({
      code: 'verdict.evidence',
      details: { remarks: [{ rule: 'V20', value: 2 }, { rule: 'V21' }] },
    });
    await submit(testForm({ measures: [], files: [...near(shots), { sha256: image, role: 'drone' }] }, pseudo));
    await expect(give('r2', true)).rejects.toMatchObject({ code: 'verdict.second-person' });
    expect(await decisions()).toEqual([]);
    await parts.verdicts.opine(as('r1'), 'Tp1', null);
    // The same person again is no second one.
    await expect(give('r1', true)).rejects.toMatchObject({ code: 'verdict.second-person' });
    await give('r2', true);
    expect((await decisions()).map(({ kind }) => kind)).toEqual(['visited', 'dismissed']);
    const [row] = await workspace.database.query(
      `SELECT body->'limitM2' AS limit, body->>'expires' AS expires FROM tuban.decision WHERE kind = 'dismissed'`,
    );
    expect(row).toEqual({ limit: 900, expires: '2028Q3' });
    await desk.as(as('s'), (turn) => parts.steps.takeBack(turn, 'Tp1', '复查发现新坑'));
    expect((await decisions()).at(-1)?.kind).toBe('reopened');
    expect(await state()).toBe('new');
  });

  it('parts may differ: one violation stands for the place; 不处理 wants reason and attachment', async () => {
    const sha256 = await shoot(0);
    const form = testForm();
    const [first] = form.parts as Record<string, unknown>[];
    const second = {
      ...first,
      part: '2',
      verdict: 'historic',
      handling: null,
      violation: null,
      reason: '2009 年以前',
      files: [{ sha256, role: 'near' }],
    };
    await submit({ ...form, parts: [{ ...first, handling: '不处理' }, second] });
    await expect(give('r1', true)).rejects.toMatchObject({
      details: {
        remarks: [
          { rule: 'V03', part: '1' },
          { rule: 'V04', part: '1' },
        ],
      },
    });
    const given = [
      { part: '1', code: 'illegal', handling: 'none', reason: '已自然恢复', attachments: [sha256] },
      { part: '2', code: 'historic', handling: null, reason: '2009 年以前', attachments: [] },
    ];
    await expect(give('r1', true, given.slice(0, 1))).rejects.toMatchObject({ code: 'verdict.parts' });
    await expect(give('r1', true, [{ ...given[0], code: 'nothing' }, given[1]] as typeof given)).rejects.toMatchObject({
      code: 'verdict.code',
    });
    await expect(give('r1', true, [{ part: 1 }] as never)).rejects.toMatchObject({ code: 'verdict.form' });
    expect(await give('r1', true, given)).toMatchObject({ leadsToCase: false });
    expect((await decisions()).map(({ kind }) => kind)).toEqual(['visited', 'confirmed']);
  });

  it('nobody gives a verdict on own work, outside his area, without the role, or before there is a finding', async () => {
    await expect(give('r1', true)).rejects.toMatchObject({ code: 'verdict.finding' });
    await submit(testForm());
    await workspace.database.query(
      `INSERT INTO tuban.grant_of (person_id, role, level) VALUES ('e', 'reviewer', 'county')`,
    );
    await expect(give('e', true)).rejects.toMatchObject({ code: 'verdict.own-work' });
    await expect(give('s', true)).rejects.toMatchObject({ code: 'verdict.role' });
    await expect(give('rw', true)).rejects.toMatchObject({ code: 'task.none' });
    expect(await decisions()).toEqual([]);
  });

  it('the database refuses what the code would have: verdicts, opinions and decisions by raw statements', async () => {
    const findingId = await submit(testForm());
    await workspace.database.query(
      `INSERT INTO tuban.grant_of (person_id, role, level) VALUES ('e', 'reviewer', 'county')`,
    );
    const verdict = (personId: string, code: string, second: string | null = null) =>
      `INSERT INTO tuban.verdict (task_id, part, code, person_id, second_person_id, at, body) VALUES
       ('Tp1', '1', '${code}', '${personId}', ${second === null ? 'NULL' : `'${second}'`}, now(), '{"codesVersion": 1, "findingId": "${findingId}"}')`;
    const opinion = (personId: string) =>
      `INSERT INTO tuban.opinion (task_id, finding_id, part, code, person_id, at, body) VALUES ('Tp1', '${findingId}', '1', 'pseudo-change', '${personId}', now(), '{}')`;
    const decision = (kind: string, by: string, taskId = 'Tp1', siteId = 'p1', limitM2: number | null = null) => {
      const body = {
        siteId,
        taskId,
        kind,
        by,
        on: '2026-10-12',
        quarter: '2026Q3',
        note: 'x',
        expires: null,
        limitM2,
      };
      return `SELECT tuban.record_decision('${JSON.stringify({ id: `D${contentHash(body)}`, ...body })}'::jsonb)`;
    };
    const run = (personId: string, ...texts: string[]) =>
      desk.as(as(personId), async ({ sql }: Turn) => {
        for (const text of texts) await sql.query(text);
      });
    const refused: [string, ...string[]][] = [
      ['e', verdict('e', 'illegal')],
      ['e', opinion('e')],
      ['s', verdict('s', 'illegal')],
      ['rw', verdict('rw', 'illegal')],
      ['r1', verdict('r2', 'illegal')],
      ['r1', verdict('r1', 'pseudo-change', 'r1')],
      ['r1', opinion('r2')],
      // A decision without a verdict, of another kind than the verdict's, in another's name, about another place.
      ['r1', decision('confirmed', '审一')],
      ['r1', verdict('r1', 'illegal'), decision('dismissed', '审一')],
      ['r1', verdict('r1', 'illegal'), decision('written-off', '审一')],
      ['r1', verdict('r1', 'illegal'), decision('confirmed', '审二')],
      ['r1', verdict('r1', 'illegal'), decision('confirmed', '审一', 'Tp1', 'p2')],
      ['r1', verdict('r1', 'illegal'), decision('confirmed', '审一', 'Tp2', 'p2')],
      // A dismissal by one person, or with a second one who never said so.
      ['r1', verdict('r1', 'pseudo-change'), decision('dismissed', '审一')],
      ['r1', verdict('r1', 'pseudo-change', 'r2'), decision('dismissed', '审一')],
      ['r1', opinion('r1'), verdict('r1', 'pseudo-change', 'r2'), decision('dismissed', '审一')],
      ['s', decision('reopened', '督查')],
      // Closed where no finding says so; a size below which a violation would stay quiet.
      ['r1', verdict('r1', 'illegal'), decision('closed', '审一')],
      ['r1', verdict('r1', 'illegal'), decision('confirmed', '审一', 'Tp1', 'p1', 1e6)],
      // A finding by somebody who is no officer there.
      ...['s', 'r1', 'rw'].map((personId): [string, string] => [
        personId,
        `INSERT INTO tuban.finding (id, task_id, revision, person_id, at, body) VALUES ('F${personId}', 'Tp1', 99, '${personId}', now(), '{}')`,
      ]),
      [
        'r1',
        `INSERT INTO tuban.decision (id, site_id, task_id, kind, decided_on, body) VALUES ('D1', 'p1', 'Tp1', 'dismissed', now(), '{}')`,
      ],
      ['r1', `UPDATE tuban.task SET state = 'decided'`],
    ];
    for (const [personId, ...texts] of refused) {
      await expect(run(personId, ...texts), texts.join('\n')).rejects.toThrow(
        /permission denied|row-level security|record_decision|tuban.decision/,
      );
    }
    expect(await decisions()).toEqual([]);
    // A verdict of an earlier transaction is none of this one.
    await run('r1', verdict('r1', 'illegal'));
    await expect(run('r1', decision('confirmed', '审一'))).rejects.toThrow('record_decision');
    await run('r1', verdict('r1', 'illegal'), decision('confirmed', '审一'));
    await expect(run('r1', decision('reopened', '审一'))).rejects.toThrow('record_decision');
    await run('r2', opinion('r2'));
    await run('r1', verdict('r1', 'pseudo-change', 'r2'), decision('dismissed', '审一'));
    expect((await decisions()).map(({ kind }) => kind)).toEqual(['confirmed', 'dismissed']);
  });
}

describe('verdicts on the embedded database', () => holds(async () => null));
withPostgres('verdicts on a server', () => holds(freshDatabase));
