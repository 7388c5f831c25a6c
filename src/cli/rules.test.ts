/** tuban rules on an embedded workspace: what is shown, adopted, refused, and computed again from the record. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from '../adapters/postgres/desk.js';
import { createRuleSets } from '../adapters/postgres/rule-sets.js';
import { readSettings } from '../adapters/workspace/settings.js';
import { toWkb } from '../geo/wkb.js';
import { silentLog } from '../log.js';
import { judgementRecipeSchema } from '../model/judgement-recipe.js';
import { ruleSetHash } from '../model/recipe.js';
import { createLearning, learnAside } from '../queue-learning.js';
import { rulesFile } from '../queue-rules.js';
import { score } from '../stages/score/score.js';
import { commandsOn } from '../testing/commands.js';
import { testJudgement } from '../testing/judgement.js';
import { layPeople } from '../testing/queue-ground.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';
import { register as rules } from './rules.js';

const present = judgementRecipeSchema.parse({});
let workspace: TestWorkspace;
let dir: string;
let tuban: ReturnType<typeof commandsOn>;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-rules-'));
  workspace = await openTestWorkspace({ jobs: 1 });
  tuban = commandsOn(workspace, [rules], dir);
}, 120_000);
afterAll(async () => {
  await workspace.close();
  rmSync(dir, { recursive: true, force: true });
});

/** As the pages have it. `first`: people are made before. */
async function history(login: string, first = false) {
  const { database } = workspace;
  if (first) {
    await layPeople(database);
    await database.query(
      `INSERT INTO tuban.person (id, login, name) VALUES ('ad-e', 'ad-e', '东管'), ('n1', 'n1', '同名'), ('n2', 'n2', '同名')`,
    );
    await database.query(
      `INSERT INTO tuban.grant_of (person_id, role, area_id) VALUES ('ad-e', 'administrator', 'east')`,
    );
  }
  const parts = { rules: rulesFile(workspace.dir), log: silentLog(), learn: learnAside };
  return (await createLearning(createDesk(database), parts).state({ personId: login, device: 'test' })).adoptions;
}

describe('tuban rules', () => {
  it('lists every rule with what settles it', async () => {
    const { status, out } = await tuban('rules', 'list');
    expect(status).toBe(0);
    expect(out).toMatch(/BB-1 +是 +疑似越界开采 .*GNSS 实测/);
  });

  it('adopts what it showed, changed: into tuban.yaml with its remarks, and on record with who and why', async () => {
    const shown = (await tuban('rules', 'show')).out;
    const settings = join(workspace.dir, 'tuban.yaml');
    const before = readFileSync(settings, 'utf8');
    writeFileSync(join(dir, 'rules.yaml'), shown.replace('minOutsideM2: 400', 'minOutsideM2: 250'));
    const adopted = await tuban('rules', 'adopt', 'rules.yaml', '--by', '张三', '--note', '省厅要求 250 m²');
    expect(adopted.status).toBe(0);
    const changed = { ...present, minOutsideM2: 250 };
    expect(readSettings(settings).recipe.judgement).toEqual(changed);
    const text = readFileSync(settings, 'utf8');
    const remarks = before.split('\n').filter((line) => line.startsWith('#'));
    for (const remark of remarks) expect(text).toContain(remark);
    const sets = await createRuleSets(workspace.database).list();
    expect(sets.map(({ hash, adoptedBy, note }) => [hash, adoptedBy, note])).toEqual([
      [ruleSetHash(present), null, null],
      [ruleSetHash(changed), '张三', '省厅要求 250 m²'],
    ]);
    expect((await tuban('rules', 'show', ruleSetHash(present))).out).toContain('minOutsideM2: 400');
    expect((await tuban('rules', 'versions')).out).toMatch(/张三 +省厅要求/);
  });

  it('takes a person of the workspace once there are people, and one who may on the pages, too; the pages’ history tells of it', async () => {
    const alone = (await history('ad', true))[0];
    expect(alone).toMatchObject({ personName: '张三', kind: 'file', outcome: 'written', reason: '省厅要求 250 m²' });
    const { settings, adopt } = {
      settings: () => readFileSync(join(workspace.dir, 'tuban.yaml'), 'utf8'),
      adopt: (by: string) => tuban('rules', 'adopt', 'rules.yaml', '--by', by, '--note', '复议'),
    };
    writeFileSync(
      join(dir, 'rules.yaml'),
      (await tuban('rules', 'show')).out.replace(/minOutsideM2: .*/, 'minOutsideM2: 260'),
    );
    const before = settings();
    for (const [by, said] of [
      ['张三', '没有用户“张三”'],
      ['su', '只有管理员可以采用'],
      ['督', '只有管理员可以采用'],
      ['ad-e', '全域的角色'],
      ['同名', '有几位“同名”'],
    ] as const) {
      const { status, err } = await adopt(by);
      expect([by, status, err]).toEqual([by, 2, expect.stringContaining(said)]);
    }
    expect(settings()).toBe(before);
    expect((await adopt('管')).status).toBe(0);
    expect((await history('ad'))[0]).toMatchObject({
      personName: '管',
      kind: 'file',
      outcome: 'written',
      reason: '复议',
    });
    expect((await tuban('rules', 'versions')).out).toMatch(/管 +复议/);
  });

  it('refuses a wrong rule set with its line, an unknown hash, a missing file; tuban.yaml stays', async () => {
    const settings = readFileSync(join(workspace.dir, 'tuban.yaml'), 'utf8');
    writeFileSync(join(dir, 'wrong.yaml'), 'minOutsideM2: 300\nreachM: -1\nweight: {}\n');
    const wrong = await tuban('rules', 'adopt', 'wrong.yaml', '--by', 'a', '--note', 'b');
    expect(wrong.status).toBe(2);
    expect(wrong.err).toMatch(/line 2.*reachM/);
    expect(wrong.err).toMatch(/line 3.*weight/);
    expect((await tuban('rules', 'show', 'abc')).status).toBe(2);
    expect((await tuban('rules', 'adopt', 'none.yaml', '--by', 'a', '--note', 'b')).err).toContain('none.yaml');
    expect(readFileSync(join(workspace.dir, 'tuban.yaml'), 'utf8')).toBe(settings);
  });

  it('computes scores again from the record, and says where one does not agree', async () => {
    const { database } = workspace;
    await database.query(
      `INSERT INTO tuban.run (id, quarter, input_hash, recipe, recipe_hash, state, plan)
       VALUES ('R1', '2026Q3', 'h', '{}', 'r', 'done', '{"pairs": []}')`,
    );
    const facts = testJudgement({}).facts;
    const right = testJudgement({ ...score(facts, present), facts, ruleSet: ruleSetHash(present) });
    const bodies = { P1: right, P2: { ...right, score: 1 }, P3: { ...right, ruleSet: 'gone' } };
    const geom = Buffer.from(toWkb([])).toString('hex');
    for (const [id, judgement] of Object.entries(bodies)) {
      await database.query(
        `INSERT INTO tuban.site (id, first_quarter, geom) VALUES ($1, '2026Q3', ST_SetSRID(ST_GeomFromWKB(decode($2, 'hex')), 4490))`,
        [id, geom],
      );
      await database.query(
        `INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
         VALUES ($1, '2026Q3', $2, $2, 1, 1, 'new', $3::jsonb)`,
        [`T${id}`, id, JSON.stringify({ judged: { patch: {}, judgement } })],
      );
    }
    const { status, out } = await tuban('rules', 'replay', '--quarter', '2026Q3', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      tasks: 3,
      same: 1,
      differ: [
        { id: 'TP2', why: expect.stringContaining('得分 1.0，重算为') },
        { id: 'TP3', why: expect.stringContaining('gone') },
      ],
    });
  });
});
