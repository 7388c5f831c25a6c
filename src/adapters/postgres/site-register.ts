/** SiteRegister over SQL: rows are read, put together here; decisions are added and never changed. */
import { polygonAreaM2 } from '../../geo/ellipsoid-area.js';
import { interiorPoint } from '../../geo/interior-point.js';
import { fromWkb } from '../../geo/wkb.js';
import { type Decision, standingDecision } from '../../model/decision.js';
import { quarterIndex } from '../../model/quarter.js';
import type { Quarter } from '../../model/scene.js';
import { type SiteMerge, type SiteState, siteRoots } from '../../model/site.js';
import type { Task } from '../../model/task.js';
import type { Database, Sql } from '../../ports/database.js';
import type { SampledTask, SiteEntry, SiteHistory, SitePatchEntry, SiteRegister } from '../../ports/site-register.js';
import { decisionsOf, mergesOf } from './site-memory.js';

/** What a decision about a task makes of its state; the others leave it. */
const STATE_BY_KIND: Partial<Record<Decision['kind'], Task['state']>> = {
  dismissed: 'decided',
  confirmed: 'decided',
  penalty: 'decided',
  closed: 'decided',
  'written-off': 'decided',
  reopened: 'new',
};

interface SiteRow {
  id: string;
  first_quarter: Quarter;
  geom: Uint8Array;
}

interface PatchRow {
  id: string;
  site_id: string;
  quarter: Quarter;
  score: number;
  patch: { areaM2: number; lon: number; lat: number };
  violations: string[];
}

export function createSiteRegister(database: Database): SiteRegister {
  return {
    sites: async () => {
      const record = await readRecord(database);
      return [...record.members.keys()]
        .flatMap((id) => entryOf(id, record) ?? [])
        .filter(({ patches, id }) => patches > 0 || record.drawn.has(id) || record.decisions.has(id))
        .sort((a, b) => lastOf(b) - lastOf(a) || (a.id < b.id ? -1 : 1));
    },
    history: (siteId) => historyOf(database, siteId),
    states: () => statesOf(database),
    async decisions() {
      return byRoot(await decisionsOf(database), siteRoots(await mergesOf(database), null));
    },
    async task(id) {
      const [row] = await database.query<{ site_id: string; quarter: Quarter; stratum: string | null }>(
        `SELECT site_id, quarter, body->'sample'->>'stratum' AS stratum FROM tuban.task WHERE id = $1`,
        [id],
      );
      return row ? { siteId: row.site_id, quarter: row.quarter, sampledGround: row.stratum === 'ground' } : null;
    },
    record: (decision) =>
      database.transaction(async (sql) => {
        const added = await sql.query(
          `INSERT INTO tuban.decision (id, site_id, task_id, kind, decided_on, body)
           VALUES ($1, $2, $3, $4, $5::date, $6::jsonb) ON CONFLICT (id) DO NOTHING RETURNING id`,
          [decision.id, decision.siteId, decision.taskId, decision.kind, decision.on, JSON.stringify(decision)],
        );
        const state = STATE_BY_KIND[decision.kind];
        if (added.length > 0 && decision.taskId !== null && state) {
          await sql.query(
            `UPDATE tuban.task SET state = $2, body = jsonb_set(body, '{state}', to_jsonb($2::text)) WHERE id = $1`,
            [decision.taskId, state],
          );
        }
        return added.length > 0;
      }),
    async sampled(quarter) {
      const rows = await database.query<{ id: string; sample: SampledTask['sample'] }>(
        `SELECT id, body->'sample' AS sample FROM tuban.task
         WHERE quarter = $1 AND state <> 'withdrawn' AND jsonb_exists(body, 'sample') ORDER BY id COLLATE "C"`,
        [quarter],
      );
      const decisions = await decisionsOf(database);
      return rows.map((row) => ({ ...row, decisions: decisions.filter(({ taskId }) => taskId === row.id) }));
    },
  };
}

interface Places {
  /** By the site that stands. */
  readonly members: ReadonlyMap<string, readonly SiteRow[]>;
  readonly merges: readonly SiteMerge[];
  readonly root: (id: string) => string;
  readonly patches: ReadonlyMap<string, readonly PatchRow[]>;
  /** Quarters in which people drew something there: issued, or reported by hand. */
  readonly drawn: ReadonlyMap<string, readonly Quarter[]>;
  readonly decisions: ReadonlyMap<string, readonly Decision[]>;
  readonly states: ReadonlyMap<string, readonly SiteState[]>;
}

async function readRecord(sql: Sql): Promise<Places> {
  const merges = await mergesOf(sql);
  const root = siteRoots(merges, null);
  const rows = await sql.query<SiteRow>(
    'SELECT id, first_quarter, ST_AsBinary(geom) AS geom FROM tuban.site ORDER BY id COLLATE "C"',
  );
  const patches = await sql.query<PatchRow>(
    `SELECT id, site_id, quarter, score, body->'patch' AS patch, body->'judgement'->'violations' AS violations
     FROM tuban.patch ORDER BY id COLLATE "C"`,
  );
  const places = await sql.query<{ site_id: string; quarter: Quarter }>(
    'SELECT site_id, quarter FROM tuban.issued_place UNION SELECT site_id, quarter FROM tuban.reported_pit',
  );
  const drawn = grouped(places, ({ site_id }) => root(site_id));
  return {
    members: grouped(rows, ({ id }) => root(id)),
    merges,
    root,
    patches: grouped(patches, ({ site_id }) => root(site_id)),
    drawn: new Map([...drawn].map(([site, own]) => [site, own.map(({ quarter }) => quarter)])),
    decisions: byRoot(await decisionsOf(sql), root),
    states: grouped(await statesOf(sql), ({ siteId }) => root(siteId)),
  };
}

async function statesOf(sql: Sql): Promise<SiteState[]> {
  const rows = await sql.query<{ body: SiteState }>('SELECT body FROM tuban.site_state');
  return rows.map(({ body }) => body).sort(byQuarter);
}

function byRoot(decisions: readonly Decision[], root: (id: string) => string): Map<string, Decision[]> {
  return grouped(decisions, ({ siteId }) => root(siteId));
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function byQuarter<T extends { readonly quarter: Quarter }>(a: T, b: T): number {
  return quarterIndex(a.quarter) - quarterIndex(b.quarter);
}

const lastOf = ({ lastQuarter }: SiteEntry): number => (lastQuarter === null ? -1 : quarterIndex(lastQuarter));

function entryOf(id: string, record: Places): SiteEntry | null {
  const members = record.members.get(id) ?? [];
  const own = members.find((row) => row.id === id);
  if (!own) return null;
  const patches = [...(record.patches.get(id) ?? [])].sort(
    (a, b) => byQuarter(a, b) || b.patch.areaM2 - a.patch.areaM2,
  );
  const lastOwn = patches.at(-1)?.quarter;
  const newest = patches.find(({ quarter }) => quarter === lastOwn);
  const [last] = [...(record.drawn.get(id) ?? []), ...(lastOwn ? [lastOwn] : [])].sort(
    (a, b) => quarterIndex(b) - quarterIndex(a),
  );
  const outline = fromWkb(own.geom);
  const [first] = members.map((row) => row.first_quarter).sort((a, b) => quarterIndex(a) - quarterIndex(b));
  return {
    id,
    firstQuarter: first ?? own.first_quarter,
    lastQuarter: last ?? null,
    patches: patches.length,
    areaM2: newest?.patch.areaM2 ?? polygonAreaM2(outline),
    lon: newest?.patch.lon ?? interiorPoint(outline).lon,
    lat: newest?.patch.lat ?? interiorPoint(outline).lat,
    mergedFrom: members.filter((row) => row.id !== id).map((row) => row.id),
    standing: standingDecision(record.decisions.get(id) ?? []),
    state: record.states.get(id)?.at(-1) ?? null,
  };
}

async function historyOf(sql: Sql, siteId: string): Promise<SiteHistory | null> {
  const record = await readRecord(sql);
  const id = record.root(siteId);
  const site = entryOf(id, record);
  if (!site) return null;
  const members = new Set([id, ...site.mergedFrom]);
  const patches = [...(record.patches.get(id) ?? [])].sort(byQuarter).map(
    (row): SitePatchEntry => ({
      id: row.id,
      quarter: row.quarter,
      memberId: row.site_id,
      areaM2: row.patch.areaM2,
      score: row.score,
      violations: row.violations,
    }),
  );
  const own = new Set(patches.map((patch) => patch.id));
  const observations = await sql.query<{ boundary_id: string; quarter: Quarter; result: string; patches: string[] }>(
    `SELECT boundary_id, quarter, result, body->'patches' AS patches FROM tuban.observation
     WHERE result = 'changed' ORDER BY boundary_id COLLATE "C"`,
  );
  const tasks = await sql.query<Task & { site_id: string }>(
    `SELECT id, quarter, state, rank, site_id, body->>'origin' AS origin, body->'notes' AS notes
     FROM tuban.task ORDER BY id COLLATE "C"`,
  );
  return {
    site,
    patches,
    observations: observations
      .filter((row) => row.patches.some((patch) => own.has(patch)))
      .map((row) => ({
        boundaryId: row.boundary_id,
        quarter: row.quarter,
        result: row.result,
        patches: row.patches.filter((patch) => own.has(patch)),
      }))
      .sort(byQuarter),
    states: record.states.get(id) ?? [],
    tasks: tasks
      .filter((row) => members.has(row.site_id))
      .map(({ id: taskId, quarter, state, rank, origin, notes }) => ({
        id: taskId,
        quarter,
        state,
        rank,
        origin: origin ?? 'change',
        notes: notes ?? [],
      }))
      .sort(byQuarter),
    decisions: record.decisions.get(id) ?? [],
    merges: record.merges.filter((merge) => members.has(merge.siteId)).sort(byQuarter),
  };
}
