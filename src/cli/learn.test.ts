/** tuban learn, calendar and notices on a real workspace. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRuleSet, parseSettings } from '../adapters/workspace/settings.js';
import { commandsOn } from '../testing/commands.js';
import { openTestWorkspace, type TestWorkspace } from '../testing/workspace.js';
import { register as calendar } from './calendar.js';
import { register as learn } from './learn.js';
import { register as notices } from './notices.js';
import { register as rules } from './rules.js';

let dir: string;
let workspace: TestWorkspace;
const tuban = (...argv: string[]) => commandsOn(workspace, [learn, rules, calendar, notices], dir)(...argv);

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-learn-'));
  workspace = await openTestWorkspace();
});
afterAll(async () => {
  await workspace.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Tasks of six quarters and what people found: violations where the key zone is, whatever the rest of the score said. */
async function verdicts(count: number): Promise<void> {
  const parts = Object.entries(workspace.recipe.judgement.weights);
  let state = 17;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const rows = Array.from({ length: count }, (_, i) => {
    const shares = parts.map(() => next());
    const zone = shares[parts.findIndex(([part]) => part === 'keyzone')] ?? 0;
    return {
      id: `p${i}`,
      quarter: `202${4 + Math.floor((i % 6) / 4)}Q${(i % 4) + 1}`,
      kind: next() < 1 / (1 + Math.exp(4 - 9 * zone)) ? 'confirmed' : 'dismissed',
      body: {
        judged: {
          judgement: {
            violations: ['no-licence'],
            parts: parts.map(([part, most], k) => ({ part, most, points: most * (shares[k] ?? 0) })),
          },
        },
      },
    };
  });
  await workspace.database.query(
    `WITH r AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS r (id text, quarter text, kind text, body jsonb)),
       s AS (INSERT INTO tuban.site (id, first_quarter, geom) SELECT id, quarter,
         ST_GeomFromText('MULTIPOLYGON(((0 0,0 1,1 1,0 0)))', 4490) FROM r RETURNING id),
       t AS (INSERT INTO tuban.task (id, quarter, patch_id, site_id, rank, score, state, body)
         SELECT 'T' || id, quarter, id, id, 1, 50, 'decided', body FROM r RETURNING id)
     INSERT INTO tuban.decision (id, site_id, task_id, kind, decided_on, body)
       SELECT 'd' || id, id, 'T' || id, kind, '2026-01-01', '{}' FROM r`,
    [JSON.stringify(rows)],
  );
}

describe('tuban learn', () => {
  it('refuses to propose on a record that says nothing, and says what is lacking', async () => {
    const { status, err } = await tuban('learn', 'propose', 'new.yaml');
    expect(status).toBe(2);
    expect(err).toContain('0 个，少于 150 个');
  });

  it('shows the gain on quarters left out and writes a rule set that rules preview and adopt take', async () => {
    await verdicts(420);
    const { out } = await tuban('learn', 'report', '--json');
    const report = JSON.parse(out);
    expect(report).toMatchObject({ outcomes: 420, refused: [] });
    expect(report.auc.learned).toBeGreaterThan(report.auc.present + 0.1);
    const proposed = await tuban('learn', 'propose', 'new.yaml');
    expect(proposed.status).toBe(0);
    const set = parseRuleSet(readFileSync(join(dir, 'new.yaml'), 'utf8'), 'new.yaml');
    expect(set.weights.keyzone).toBe(report.weights.keyzone);
    expect(set.weights.keyzone).toBeGreaterThan(30);
    const present = workspace.recipe.judgement;
    expect({ ...set, weights: null }).toEqual({ ...present, weights: null });

    // The commands that it prints are the next ones, as they stand; and adopting prints the way back.
    const typed = (said: string, command: string) => {
      const [, words] = new RegExp(`^ +tuban(?: -C \\S+)? (rules ${command} .+)$`, 'm').exec(said) ?? [];
      return words?.split(' ') ?? [];
    };
    expect((await tuban(...typed(proposed.out, 'preview'))).status).toBe(0);
    const adopted = await tuban(...typed(proposed.out, 'adopt'));
    expect(adopted.status).toBe(0);
    const inForce = () =>
      parseSettings(readFileSync(join(workspace.dir, 'tuban.yaml'), 'utf8'), 'tuban.yaml').recipe.judgement;
    expect(inForce()).toEqual(set);
    const [show = '', to = ''] = typed(adopted.out, 'show').join(' ').split(' > ');
    writeFileSync(join(dir, to), (await tuban(...show.split(' '))).out);
    expect((await tuban(...typed(adopted.out, 'adopt'))).status).toBe(0);
    expect(inForce()).toEqual(present);
  });
});

describe('tuban calendar', () => {
  it('counts working days, and says where the year is not official yet', async () => {
    expect((await tuban('calendar', 'due', '2026-02-13', '3')).out).toBe('2026-02-25\n');
    expect((await tuban('calendar', 'due', '2026-12-25', '5')).out).toContain('暂定');
    expect((await tuban('calendar', 'due', '2026-12-25', 'x')).status).toBe(2);
    expect((await tuban('calendar', 'show', '2027')).err).toContain('tuban calendar import');
  });

  it('takes a year from an administrator, and from nobody else', async () => {
    await workspace.database.query(
      `INSERT INTO tuban.person (id, login, name) VALUES ('a', 'admin', '管'), ('o', 'off', '办')`,
    );
    await workspace.database.query(
      `INSERT INTO tuban.grant_of (person_id, role) VALUES ('a', 'administrator'), ('o', 'officer')`,
    );
    // As Excel in China saves it.
    writeFileSync(
      join(dir, '2027.csv'),
      iconv.encode('日期,类型\n2027-01-01,休\n2027-01-02,休\n2027-01-09,班\n', 'gbk'),
    );
    const importAs = (login: string) =>
      tuban('calendar', 'import', '2027.csv', '--source', '国办发明电〔2026〕9号', '--as', login);
    expect((await importAs('off')).err).toContain('只有全域管理员');
    expect((await tuban('calendar', 'due', '2026-12-31', '1')).out).toContain('2027-01-01');
    expect((await importAs('admin')).status).toBe(0);
    expect((await tuban('calendar', 'due', '2026-12-31', '1')).out).toBe('2027-01-04\n');
    expect((await tuban('calendar', 'export', '2027', 'again.csv')).status).toBe(0);
    expect(readFileSync(join(dir, 'again.csv'), 'utf8')).toContain('2027-01-09,班');
  });

  it('tells every wrong line of a file', async () => {
    writeFileSync(join(dir, 'bad.csv'), '2027-13-01,休\n2027-01-04,班\n');
    const { status, err } = await tuban('calendar', 'import', 'bad.csv', '--source', 'x', '--as', 'admin');
    expect(status).toBe(2);
    expect(err).toMatch(/line 1[\s\S]*line 2/);
    expect((await tuban('calendar', 'import', 'none.csv', '--source', 'x', '--as', 'admin')).err).toContain('none.csv');
  });
});

describe('tuban notices', () => {
  it('says on a terminal, and not to cron, that nothing leaves where no channel is set up; shows a person an empty list', async () => {
    const atTerminal = commandsOn(workspace, [notices], dir, { terminal: true });
    expect((await atTerminal('notices', 'send')).err).toContain('只在系统内显示');
    expect(await tuban('notices', 'send')).toEqual({ status: 0, out: '', err: '' });
    expect((await tuban('notices', 'list', '--as', 'off')).err).toContain('没有通知');
    expect((await tuban('notices', 'list', '--as', 'nobody')).status).toBe(2);
  });
});
