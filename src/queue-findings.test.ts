/** Findings, offenders, drafts and codes on both databases. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import type { Code } from './model/codes.js';
import { EVIDENCE_FLAGS } from './model/evidence.js';
import { findingFormSchema } from './model/finding-form.js';
import type { EngineDesk } from './ports/desk.js';
import { type FileParts, fileParts } from './queue-file-parts.js';
import { layFileGround, testForm } from './testing/file-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const as = (personId: string) => ({ personId, device: 'test' });
const OFFENDER = {
  kind: '个人',
  name: '王某某',
  idNumber: '500101199001011234',
  phone: '13900000000',
  address: '某村',
};

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let desk: EngineDesk;
  let parts: FileParts;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    await layFileGround(workspace.database);
    desk = createDesk(workspace.database, () => '2026-10-12T04:00:00.000Z');
    parts = fileParts(workspace, desk);
  });
  afterAll(() => workspace.close());

  const store = (id: string, revision: number, form: unknown, personId = 'e') =>
    desk.as(as(personId), async (turn) =>
      parts.steps.storeFinding(turn, id, revision, await parts.steps.checkFinding(turn, 'Tp1', form)),
    );

  it('tells every wrong field at once, in Chinese, and stores nothing', async () => {
    const form = testForm({ arrivedAt: '2027-01-01T00:00:00+08:00', officers: [{ name: '张三' }], extra: 1 });
    const { errors } = await parts.findings.check(as('e'), 'Tp1', form);
    expect(errors.map(({ path, code }) => [path, code])).toEqual([
      ['officers', 'form.too-small'],
      ['extra', 'form.unknown'],
    ]);
    await expect(store('F0', 1, form)).rejects.toMatchObject({ code: 'finding.invalid', details: { errors } });
    expect(await parts.findings.of(as('e'), 'Tp1')).toEqual([]);
    await expect(parts.findings.check(as('w'), 'Tp1', form)).rejects.toMatchObject({ code: 'task.none' });
  });

  it('stores a form once; the offender apart, encrypted, for its author, reviewers and supervisors, each look on record', async () => {
    const form = testForm({ offender: OFFENDER, description: '=HYPERLINK("x")<script>' });
    expect(await store('F1', 1, form)).toBe(true);
    expect(await store('F1', 1, form)).toBe(false);
    await expect(store('F1', 1, { ...form, description: '别的' })).rejects.toMatchObject({ code: 'finding.differs' });
    const [finding] = await parts.findings.of(as('r1'), 'Tp1');
    expect(finding).toMatchObject({
      id: 'F1',
      revision: 1,
      personId: 'e',
      formVersion: 1,
      offender: { kind: 'person' },
    });
    expect(finding?.form.description).toBe('=HYPERLINK("x")<script>');
    for (const personId of ['e', 'r1', 's']) {
      expect(await parts.findings.offender(as(personId), 'F1')).toMatchObject({ ...OFFENDER, kind: 'person' });
    }
    await expect(parts.findings.offender(as('a'), 'F1')).rejects.toMatchObject({ code: 'finding.offender-role' });
    await expect(parts.findings.offender(as('w'), 'F1')).rejects.toMatchObject({ code: 'finding.none' });
    await workspace.database.query(`INSERT INTO tuban.person (id, login, name) VALUES ('e2', 'e2', '东二')`);
    await workspace.database.query(
      `INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES ('e2', 'officer', 'east')`,
    );
    await expect(parts.findings.offender(as('e2'), 'F1')).rejects.toMatchObject({ code: 'finding.offender-role' });
    const looks = await workspace.database.query(
      `SELECT person FROM tuban.audit WHERE action = 'offender.read' ORDER BY seq`,
    );
    expect(looks).toEqual([{ person: 'e' }, { person: 'r1' }, { person: 's' }]);
    // Nowhere in the database as text.
    for (const table of ['finding', 'offender', 'finding_draft', 'audit', 'task_step', 'code_use']) {
      const rows = await workspace.database.query(`SELECT t::text AS text FROM tuban.${table} t`);
      expect(JSON.stringify(rows), table).not.toMatch(/王某某|500101199001011234|13900000000/);
    }
  });

  it('binds the encrypted offender to its finding: under another one it does not open', async () => {
    await store('F2', 2, testForm({ offender: { ...OFFENDER, name: '李某' } }));
    const moved = desk.engine('test', async ({ sql }) => {
      await sql.query('ALTER TABLE tuban.offender DISABLE TRIGGER offender_stays');
      await sql.query(
        `UPDATE tuban.offender SET sealed = (SELECT sealed FROM tuban.offender WHERE finding_id = 'F1') WHERE finding_id = 'F2'`,
      );
      await sql.query('ALTER TABLE tuban.offender ENABLE TRIGGER offender_stays');
    });
    await moved;
    await expect(parts.findings.offender(as('s'), 'F2')).rejects.toMatchObject({ code: 'secrets.key' });
  });

  it('keeps drafts for their author alone, encrypted, until the form is submitted', async () => {
    const draft = { id: 'F3', taskId: 'Tp1', form: { offender: OFFENDER, half: true } };
    await parts.findings.keepDraft(as('e'), { ...draft, form: {} });
    await parts.findings.keepDraft(as('e'), draft);
    expect(await parts.findings.drafts(as('e'))).toEqual([{ ...draft, at: '2026-10-12T04:00:00.000Z' }]);
    for (const personId of ['r1', 's', 'a']) expect(await parts.findings.drafts(as(personId))).toEqual([]);
    expect(await desk.as(as('s'), ({ sql }) => sql.query('SELECT * FROM tuban.finding_draft'))).toEqual([]);
    const foreign = desk.as(as('w'), ({ sql }) =>
      sql.query(`INSERT INTO tuban.finding_draft VALUES ('e', 'x', 'Tp1', now(), '')`),
    );
    await expect(foreign).rejects.toThrow('row-level security');
    await store('F3', 3, testForm());
    expect(await parts.findings.drafts(as('e'))).toEqual([]);
  });

  it('the database refuses findings and offenders in another’s name or area', async () => {
    const offender = (personId: string, findingId: string) =>
      desk.as(as(personId), ({ sql }) =>
        sql.query(`INSERT INTO tuban.offender VALUES ('${findingId}', 'Tp1', '${personId}', 'x', 'x')`),
      );
    await expect(offender('w', 'F3')).rejects.toThrow('row-level security');
    await expect(offender('r1', 'F3')).rejects.toThrow('row-level security');
    expect(await desk.as(as('w'), ({ sql }) => sql.query('SELECT * FROM tuban.offender'))).toEqual([]);
    await expect(workspace.database.query(`DELETE FROM tuban.offender`)).rejects.toThrow('append-only');
  });

  it('codes: administrators replace them whole, in versions; what is in use can be retired, not left out', async () => {
    const { version, codes } = await parts.codes.table(as('e'), null);
    expect(version).toBe(1);
    expect(
      codes
        .filter(({ kind }) => kind === 'flag')
        .map(({ code }) => code)
        .sort(),
    ).toEqual([...EVIDENCE_FLAGS].sort());
    const own: Code = {
      kind: 'verdict',
      code: 'road-works',
      zh: '道路建设',
      en: 'road works',
      effect: 'other',
      retired: false,
    };
    const wrong = parts.codes.replace(
      as('a'),
      [{ ...own, effect: 'guilty' }, ...codes.filter(({ code }) => code !== 'illegal')],
      '',
    );
    await expect(wrong).rejects.toMatchObject({
      code: 'codes.invalid',
      message: expect.stringMatching(/第 1 行[\s\S]*verdict\/illegal（违法）已被使用/),
    });
    await expect(parts.codes.replace(as('e'), [...codes, own], '')).rejects.toMatchObject({ code: 'codes.role' });
    const raw = desk.as(as('e'), ({ sql }) =>
      sql.query(`INSERT INTO tuban.code_version VALUES (2, now(), 'e', '', '[]')`),
    );
    await expect(raw).rejects.toThrow('row-level security');
    expect((await parts.codes.replace(as('a'), codes, '')).version).toBe(1);
    const retired = codes.map((one) => (one.code === 'building-stone' ? { ...one, retired: true } : one));
    const changed = retired.map((one) => (one.code === 'illegal' ? { ...one, effect: 'legal' } : one));
    await expect(parts.codes.replace(as('a'), changed, '')).rejects.toMatchObject({ code: 'codes.invalid' });
    expect((await parts.codes.replace(as('a'), [...retired, own], '县里补充')).version).toBe(2);
    expect((await parts.codes.table(as('e'), 1)).codes).toEqual(codes);
    expect(await parts.codes.versions(as('e'))).toMatchObject([
      { version: 1 },
      { version: 2, personId: 'a', note: '县里补充' },
    ]);
    await expect(parts.codes.table(as('e'), 9)).rejects.toMatchObject({ code: 'codes.version' });
    expect((await parts.findings.check(as('e'), 'Tp1', testForm())).errors).toEqual([
      expect.objectContaining({ path: 'parts.0.mineral', code: 'form.code-retired' }),
    ]);
    // What was filled in before can still be agreed with.
    const said = await desk.as(as('r1'), (turn) => parts.steps.giveVerdict(turn, 'Tp1', null, false));
    expect(said.parts).toMatchObject([{ code: 'illegal' }]);
  });

  it('describes the form as a JSON Schema with the codes to choose from', async () => {
    const { schema, version, codes } = await parts.findings.form(as('e'));
    expect(version).toBe(1);
    expect(codes.version).toBe(2);
    expect(schema).toMatchObject({ type: 'object', properties: { parts: { type: 'array', minItems: 1 } } });
    expect(JSON.stringify(schema)).toContain('"x-codes":"mineral"');
    expect(findingFormSchema.safeParse(testForm()).success).toBe(true);
  });
}

describe('findings on the embedded database', () => holds(async () => null));
withPostgres('findings on a server', () => holds(freshDatabase));
