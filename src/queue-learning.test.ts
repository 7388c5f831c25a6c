/**
 * Learning on a real workspace, embedded and on a server: made verdicts are fitted in a child of its own, previewed, adopted by a named person into
 * tuban.yaml, put back; who may, and what a request sees and changes where the program forgot to ask.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from './adapters/postgres/desk.js';
import { readSettings } from './adapters/workspace/settings.js';
import { silentLog } from './log.js';
import { ruleSetHash } from './model/recipe.js';
import type { Desk } from './ports/desk.js';
import type { Learning } from './ports/learning.js';
import { createLearning, learnAside } from './queue-learning.js';
import { rulesFile } from './queue-rules.js';
import { layOutcomes } from './testing/outcomes.js';
import { layPeople } from './testing/queue-ground.js';
import { freshDatabase, withPostgres } from './testing/servers.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

const actor = (personId: string) => ({ personId, device: 'test' });
const WAIT = { timeout: 60_000, interval: 200 };

function holds(databaseUrl: () => Promise<string | null>) {
  let workspace: TestWorkspace;
  let desk: Desk;
  let learning: Learning;
  beforeAll(async () => {
    workspace = await openTestWorkspace({ databaseUrl: await databaseUrl() });
    await layPeople(workspace.database);
    await workspace.database.query(
      `INSERT INTO tuban.person (id, login, name) VALUES ('su-e', 'su-e', '东督'), ('ad-e', 'ad-e', '东管')`,
    );
    await workspace.database.query(
      `INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES ('su-e', 'supervisor', 'east'), ('ad-e', 'administrator', 'east')`,
    );
    desk = createDesk(workspace.database);
    learning = createLearning(desk, { rules: rulesFile(workspace.dir), log: silentLog(), learn: learnAside });
  });
  afterAll(() => workspace?.close());

  const done = async (id: string) => {
    await expect.poll(async () => (await learning.proposal(actor('an'), id)).state, WAIT).not.toBe('fitting');
    return learning.proposal(actor('an'), id);
  };
  const settings = () => readSettings(join(workspace.dir, 'tuban.yaml')).recipe.judgement;

  it('refuses on a record that says nothing, and says what is missing', async () => {
    const begun = await learning.propose(actor('an'), 20);
    expect(begun).toMatchObject({ state: 'fitting', personName: '析', k: 20, report: null });
    const refused = await done(begun.id);
    expect(refused).toMatchObject({ state: 'refused', hash: null });
    expect(refused.report?.refused.join()).toContain('0 个，少于 150 个');
    await expect(learning.preview(actor('an'), begun.id)).rejects.toMatchObject({ code: 'learning.nothing' });
    await expect(learning.adopt(actor('ad'), begun.id, '试')).rejects.toMatchObject({ code: 'learning.nothing' });
  });

  it('fits verdicts beside the requests, and one at a time', async () => {
    await layOutcomes(workspace.database, workspace.recipe.judgement, 420, 30);
    const begun = await learning.propose(actor('su'), 30);
    await expect(learning.propose(actor('an'), 20)).rejects.toMatchObject({ code: 'learning.busy' });
    await done(begun.id);
    const found = await learning.proposal(actor('an'), begun.id);
    expect(found).toMatchObject({ state: 'proposed', k: 30, failure: null });
    expect(found.report?.weights?.keyzone).toBeGreaterThan(30);
    expect(found.report?.byArea.map(({ group }) => group)).toEqual(['东镇', '西镇']);
  });

  it('previews which open tasks would move, and violations among the first k, without storing anything', async () => {
    const { proposal } = await learning.state(actor('an'));
    const before = readFileSync(join(workspace.dir, 'tuban.yaml'), 'utf8');
    const preview = await learning.preview(actor('su'), proposal?.id ?? '');
    expect(preview.quarters.map(({ quarter }) => quarter)).toEqual([
      '2025Q2',
      '2025Q1',
      '2024Q4',
      '2024Q3',
      '2024Q2',
      '2024Q1',
    ]);
    const sum = (of: (one: (typeof preview.quarters)[number]) => number) =>
      preview.quarters.reduce((all, one) => all + of(one), 0);
    expect(sum(({ violations }) => violations.after)).toBeGreaterThan(sum(({ violations }) => violations.before));
    expect(preview.moved.length).toBeGreaterThan(5);
    expect(new Set(preview.moved.map(({ state }) => state))).toEqual(new Set(['new']));
    expect(readFileSync(join(workspace.dir, 'tuban.yaml'), 'utf8')).toBe(before);
  });

  it('is adopted by a named administrator with a reason, into tuban.yaml and on record; and an earlier set is put back', async () => {
    const { proposal, inForce } = await learning.state(actor('ad'));
    const id = proposal?.id ?? '';
    expect(inForce.adoption).toBeNull();
    await expect(learning.adopt(actor('ad'), id, '  ')).rejects.toMatchObject({ code: 'learning.reason' });
    await expect(learning.adopt(actor('su'), id, '好')).rejects.toMatchObject({ code: 'learning.role' });
    await expect(learning.adopt(actor('ad-e'), id, '好')).rejects.toMatchObject({ code: 'learning.area' });
    expect(ruleSetHash(settings())).toBe(inForce.hash);
    const after = await learning.adopt(actor('ad'), id, '留出季度上确有改进');
    expect(after.inForce).toMatchObject({
      hash: proposal?.hash,
      weights: proposal?.report?.weights,
      adoption: { personName: '管', kind: 'adopt', beforeHash: inForce.hash, reason: '留出季度上确有改进' },
    });
    expect(ruleSetHash(settings())).toBe(proposal?.hash);
    expect(after.sets.map(({ hash, adoptedBy }) => [hash, adoptedBy])).toEqual([
      [proposal?.hash, '管'],
      [inForce.hash, null],
    ]);
    await expect(learning.adopt(actor('ad'), id, '再')).rejects.toMatchObject({ code: 'learning.stale' });
    await expect(learning.revert(actor('ad'), after.inForce.hash, '再')).rejects.toMatchObject({
      code: 'learning.same',
    });
    await expect(learning.revert(actor('ad'), 'none', '再')).rejects.toMatchObject({ code: 'learning.unknown' });
    const back = await learning.revert(actor('ad'), inForce.hash, '先恢复');
    expect(back.inForce).toMatchObject({ hash: inForce.hash, adoption: { kind: 'revert', reason: '先恢复' } });
    expect(settings()).toEqual(workspace.recipe.judgement);
    const entries = await workspace.database.query<{ action: string; person: string }>(
      `SELECT action, person FROM tuban.audit WHERE action LIKE 'rules.%' ORDER BY seq`,
    );
    expect(entries).toEqual([
      { action: 'rules.adopt', person: 'ad' },
      { action: 'rules.written', person: 'ad' },
      { action: 'rules.revert', person: 'ad' },
      { action: 'rules.written', person: 'ad' },
    ]);
  });

  it('says that a set was changed in the file, not adopted', async () => {
    await rulesFile(workspace.dir).write({ ...settings(), minOutsideM2: 333 });
    expect((await learning.state(actor('ad'))).inForce.adoption).toBeNull();
  });

  it('is shown to nobody without a role for everywhere', async () => {
    await expect(learning.state(actor('o1'))).rejects.toMatchObject({ code: 'learning.role' });
    await expect(learning.propose(actor('r2'), 20)).rejects.toMatchObject({ code: 'learning.role' });
    await expect(learning.state(actor('su-e'))).rejects.toMatchObject({ code: 'learning.area' });
  });

  it('holds where the program forgets to ask: nothing is seen, begun, changed or put in force', async () => {
    const { proposal } = await learning.state(actor('ad'));
    const count = (who: string, table: string) =>
      desk.as(actor(who), async ({ sql }) => (await sql.query(`SELECT 1 FROM tuban.${table}`)).length);
    for (const table of ['weight_proposal', 'rule_adoption', 'rule_set', 'site_state']) {
      expect([await count('o1', table), await count('su-e', table)], table).toEqual([0, 0]);
    }
    const tries: [who: string, sql: string][] = [
      [
        'su-e',
        `INSERT INTO tuban.weight_proposal (id, at, person_id, k, base_hash, state) VALUES ('x', now(), 'su-e', 1, 'h', 'fitting')`,
      ],
      [
        'an',
        `INSERT INTO tuban.weight_proposal (id, at, person_id, k, base_hash, state) VALUES ('x', now(), 'su', 1, 'h', 'fitting')`,
      ],
      ['su', `INSERT INTO tuban.rule_set (hash, body) VALUES ('x', '{}')`],
      [
        'ad-e',
        `INSERT INTO tuban.rule_adoption (at, person_id, kind, hash, before_hash, reason) SELECT now(), 'ad-e', 'revert', hash, 'x', 'y' FROM tuban.rule_set LIMIT 1`,
      ],
      [
        'su',
        `INSERT INTO tuban.rule_adoption (at, person_id, kind, hash, before_hash, reason) SELECT now(), 'su', 'revert', hash, 'x', 'y' FROM tuban.rule_set LIMIT 1`,
      ],
      [
        'ad',
        `INSERT INTO tuban.rule_adoption (at, person_id, kind, hash, before_hash, proposal_id, reason) VALUES (now(), 'ad', 'adopt', (SELECT hash FROM tuban.rule_set LIMIT 1), 'other', '${proposal?.id}', 'y')`,
      ],
    ];
    for (const [who, statement] of tries) {
      // Without a set to see, nothing is inserted from it.
      const added = desk.as(actor(who), ({ sql }) => sql.query(`${statement} RETURNING 1`));
      expect(
        await added.then(
          (rows) => rows.length,
          () => 0,
        ),
        `${who}: ${statement}`,
      ).toBe(0);
    }
    await expect(
      workspace.database.query(`UPDATE tuban.weight_proposal SET k = 99 WHERE id = $1`, [proposal?.id ?? '']),
    ).rejects.toThrow(/append-only/);
  });
}

describe('learning on the embedded database', () => holds(async () => null));
withPostgres('learning on a server', () => holds(freshDatabase));
