/** A late licence file on a finished quarter of the made county: what is judged again, what the report says, that nothing else moves. */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalLines } from './adapters/postgres/canonical.js';
import { register as layer } from './cli/layer.js';
import { register as rejudge } from './cli/rejudge.js';
import { register as rules } from './cli/rules.js';
import { VIOLATION_CODES } from './model/patch.js';
import { recipeSchema } from './model/recipe.js';
import type { WorkCatalogue } from './model/work.js';
import type { Workspace } from './ports/workspace.js';
import { runQuarter } from './quarter-run.js';
import { rejudgeQuarter } from './rejudge.js';
import { commandsOn } from './testing/commands.js';
import { localQueues } from './testing/local-queues.js';
import { fillWorkspace, placeOf, type QuarterFixture, writeQuarterFixture } from './testing/quarter-fixture.js';
import { openTestWorkspace, type TestWorkspace } from './testing/workspace.js';

let folder: string;
let fixture: QuarterFixture;
let workspace: TestWorkspace;
const recipe = recipeSchema.parse({ raster: { blockPx: 256 }, sites: { sampleGround: 0 } });
const on = (one: TestWorkspace): Workspace => ({ ...one, recipe });
const run = (one: TestWorkspace, quarter: '2026Q2' | '2026Q3') =>
  runQuarter(on(one), localQueues(), quarter, { jobs: 2, signal: new AbortController().signal });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tuban-rejudge-'));
  fixture = writeQuarterFixture(join(folder, 'data'));
  workspace = await openTestWorkspace();
  await fillWorkspace(workspace, fixture);
  await run(workspace, '2026Q2');
  await run(workspace, '2026Q3');
}, 300_000);

afterAll(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Licence {
  readonly no: string;
  readonly x: number;
  readonly y: number;
  readonly halfM: number;
  readonly more?: Record<string, string>;
}

function licences(name: string, rows: readonly Licence[]): string {
  const features = rows.map(({ no, x, y, halfM, more }) => {
    const corners = [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
      [-1, -1],
    ].map(([i = 0, j = 0]) => placeOf({ x: x + i * halfM, y: y + j * halfM }));
    const properties = { licence_no: no, method: '露天', valid_from: '2020-01-01', valid_to: '2030-12-31', ...more };
    return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [corners] } };
  });
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features }));
  return path;
}

const canonical = async (one: TestWorkspace) => (await canonicalLines(one.database)).join('');

interface Judged {
  readonly rejudged: readonly {
    readonly quarter: string;
    readonly patches: number;
    readonly judgedAgain: number;
    readonly untouched: number;
    readonly tasks: readonly {
      readonly change: string;
      readonly before: { readonly violations: readonly string[] } | null;
      readonly after: { readonly violations: readonly string[]; readonly rank: number | null } | null;
      readonly causes: readonly string[];
    }[];
  }[];
}

describe('a late licence file', () => {
  it('judges again only what it touches, without images, and prints the difference', async () => {
    renameSync(fixture.dir, `${fixture.dir}-archived`);
    const overlaid: number[] = [];
    const counting: Workspace['pool'] = {
      size: workspace.pool.size,
      close: () => workspace.pool.close(),
      run(name, input) {
        if (name === 'overlayPairs') {
          const { patches } = input as WorkCatalogue['overlayPairs']['input'];
          overlaid.push(patches.shapeEnds.length);
        }
        return workspace.pool.run(name, input);
      },
    };
    const tuban = commandsOn({ ...on(workspace), pool: counting }, [layer, rejudge], folder);
    // covers the pit that no licence had; and the one beyond its boundary got a larger one before the earlier image
    const late = licences('late.geojson', [
      { no: 'C-late', x: 4_000, y: 1_500, halfM: 300 },
      { no: 'C-across', x: 5_990, y: 900, halfM: 250, more: { 变更日期: '2026-04-01' } },
    ]);
    const { out, status } = await tuban('layer', 'import', 'licences', late, '--json');
    expect(status).toBe(0);
    const { rejudged, files } = JSON.parse(out) as Judged & { files: [{ changes: unknown }] };
    expect(files[0].changes).toMatchObject({
      first: 1,
      same: 0,
      changed: [{ title: 'C-across', effective: '2026-04-01', events: ['enlarged'], undated: false }],
    });
    expect(rejudged.map(({ quarter, tasks }) => [quarter, tasks.length])).toEqual([
      ['2026Q2', 0],
      ['2026Q3', 2],
    ]);
    const third = rejudged[1];
    expect(
      third?.tasks.map(({ change, before, after, causes }) => [
        change,
        before?.violations,
        after?.violations,
        after?.rank,
        causes,
      ]),
    ).toEqual([
      ['vanished', ['beyond-boundary'], ['lawful'], null, ['C-across']],
      ['vanished', ['no-licence'], ['lawful'], null, ['C-late']],
    ]);
    expect([third?.patches, third?.judgedAgain, third?.untouched]).toEqual([5, 2, 2]);
    expect(overlaid).toEqual([2]);
    renameSync(`${fixture.dir}-archived`, fixture.dir);
  }, 120_000);

  it('leaves what a run from the beginning would leave, byte for byte', async () => {
    const fresh = await openTestWorkspace();
    try {
      await fillWorkspace(fresh, fixture);
      const tuban = commandsOn(on(fresh), [layer], folder);
      await tuban('layer', 'import', 'licences', join(folder, 'late.geojson'));
      await run(fresh, '2026Q2');
      await run(fresh, '2026Q3');
      const patchesOf = (lines: string) => lines.split('\n').filter((line) => !line.includes('"state":"withdrawn"'));
      expect(patchesOf(await canonical(workspace))).toEqual(patchesOf(await canonical(fresh)));
    } finally {
      await fresh.close();
    }
    // and a run finds it standing
    let stood = 0;
    const options = { jobs: 2, signal: new AbortController().signal, onStanding: () => void stood++ };
    await runQuarter(on(workspace), localQueues(), '2026Q3', options);
    expect(stood).toBe(1);
  }, 120_000);

  it('of a version that begins after the quarter touches nothing', async () => {
    const before = await canonical(workspace);
    const tuban = commandsOn(on(workspace), [layer, rejudge], folder);
    const path = licences('next.geojson', [
      { no: 'C-late', x: 4_000, y: 1_500, halfM: 10, more: { 变更日期: '2026-10-01' } },
    ]);
    const { out } = await tuban('layer', 'import', 'licences', path, '--json');
    expect((JSON.parse(out) as Judged).rejudged).toEqual([]);
    expect(await canonical(workspace)).toBe(before);
  });

  it('told dry stores nothing; then says the same in words and as a file', async () => {
    const before = await canonical(workspace);
    const tuban = commandsOn(on(workspace), [layer, rejudge], folder);
    const list = licences('list.geojson', [{ no: 'C-inside', x: 1_200, y: 2_400, halfM: 200 }]);
    const options = ['--replaces', '--valid-from', '2026-06-01', '--no-rejudge'];
    const told = await tuban('layer', 'import', 'licences', list, ...options);
    expect(told.out).toContain('名单中已无 (no longer listed) 5');
    expect(told.out).toContain('名单中已无：C-late，自 2026-06-01 起不再作为依据，请核实');
    const dry = await tuban('rejudge', '2026Q3', '--dry-run');
    expect(dry.out).toContain('重新判定（试算，未存储）：图斑 5，其中重判 2；核查任务 新出现 2，未变 2');
    expect(dry.out).toMatch(/在许可范围内 → 疑似无证开采；.*不列入 → [\d.]+ 分，第 \d 位；起因：C-late/);
    expect(await canonical(workspace)).toBe(before);
    const csv = join(folder, 'difference.csv');
    const done = await tuban('rejudge', '--out', csv);
    expect(done.out).toContain('核查任务 新出现 2，未变 2');
    const rows = readFileSync(csv, 'utf8').trim().split('\r\n');
    expect(rows[0]).toContain('新的理由');
    expect(rows[1]).toContain('新出现,在许可范围内,疑似无证开采');
  });

  it('shows what other settings would do, by the same report', async () => {
    const before = await canonical(workspace);
    const judgement = recipeSchema.parse({ judgement: { severity: { 'no-licence': 0.5 } } }).judgement;
    const difference = await rejudgeQuarter(on(workspace), '2026Q3', { recipe: judgement, dryRun: true });
    expect(difference?.judgedAgain).toBe(5);
    expect(new Set(difference?.tasks.map(({ change }) => change))).toEqual(new Set(['priority']));
    // Half of 28 points; of one whose licence is cancelled nobody wrote down when, four fifths of them.
    const moved = (difference?.tasks ?? []).map(({ before: was, after: is }) => (is?.score ?? 0) - (was?.score ?? 0));
    expect(new Set(moved.map((points) => points.toFixed(1)))).toEqual(new Set(['-14.0', '-11.2']));
    for (const { parts, before: was } of difference?.tasks ?? []) {
      expect(parts.map(({ part }) => part)).toEqual(['violation']);
      expect(was?.violations.every((code) => VIOLATION_CODES.includes(code))).toBe(true);
    }
    expect(await canonical(workspace)).toBe(before);
  });

  it('previews a rule set from a file on past quarters, and stores nothing', async () => {
    const before = await canonical(workspace);
    writeFileSync(join(folder, 'half.yaml'), 'severity: { no-licence: 0.5 }\n');
    const tuban = commandsOn(on(workspace), [rules], folder);
    const said = await tuban('rules', 'preview', 'half.yaml', '2026Q3', '--json');
    expect(said.status).toBe(0);
    const { quarters } = JSON.parse(said.out) as { quarters: { dryRun: boolean; tasks: { change: string }[] }[] };
    expect(quarters).toMatchObject([{ dryRun: true }]);
    expect(quarters[0]?.tasks.length).toBeGreaterThan(0);
    expect(new Set(quarters[0]?.tasks.map(({ change }) => change))).toEqual(new Set(['priority']));
    expect(await canonical(workspace)).toBe(before);
  });
});
