/**
 * canonical: everything that runs produced, as lines of JSON with sorted keys, sorted by kind and id, free of times of computing. Two
 * registers with the same content give the same bytes, whichever database holds them.
 */
import { fromWkb } from '../../geo/wkb.js';
import { canonicalJson } from '../../model/id.js';
import type { Sql } from '../../ports/database.js';
import { decisionsOf, mergesOf } from './site-memory.js';

interface Row {
  readonly id: string;
  readonly record: Readonly<Record<string, unknown>>;
}

/** One line per record, each with its line end. */
export async function canonicalLines(sql: Sql): Promise<string[]> {
  const kinds: readonly (readonly [string, Promise<Row[]>])[] = [
    ['decision', decisions(sql)],
    ['observation', observations(sql)],
    ['patch', patches(sql)],
    ['site', sites(sql)],
    ['site-merge', merges(sql)],
    ['site-state', siteStates(sql)],
    ['task', tasks(sql)],
  ];
  const lines: string[] = [];
  for (const [kind, rows] of kinds) {
    const sorted = (await rows).sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
    lines.push(...sorted.map(({ record }) => `${canonicalJson({ kind, ...record })}\n`));
  }
  return lines;
}

async function observations(sql: Sql): Promise<Row[]> {
  const rows = await sql.query<{ boundary_id: string; quarter: string; body: object }>(
    'SELECT boundary_id, quarter, body FROM tuban.observation',
  );
  return rows.map(({ boundary_id, quarter, body }) => ({ id: `${quarter}/${boundary_id}`, record: { ...body } }));
}

async function patches(sql: Sql): Promise<Row[]> {
  const rows = await sql.query<{ id: string; quarter: string; site_id: string; geom: Uint8Array; body: object }>(
    'SELECT id, quarter, site_id, ST_AsBinary(geom) AS geom, body FROM tuban.patch',
  );
  return rows.map(({ id, quarter, site_id, geom, body }) => ({
    id,
    record: { id, quarter, site: site_id, geometry: fromWkb(geom), ...body },
  }));
}

async function sites(sql: Sql): Promise<Row[]> {
  const rows = await sql.query<{ id: string; first_quarter: string; geom: Uint8Array }>(
    'SELECT id, first_quarter, ST_AsBinary(geom) AS geom FROM tuban.site',
  );
  return rows.map(({ id, first_quarter, geom }) => ({
    id,
    record: { id, firstQuarter: first_quarter, geometry: fromWkb(geom) },
  }));
}

async function merges(sql: Sql): Promise<Row[]> {
  return (await mergesOf(sql)).map((merge) => ({ id: `${merge.quarter}/${merge.siteId}`, record: { ...merge } }));
}

async function siteStates(sql: Sql): Promise<Row[]> {
  const rows = await sql.query<{ site_id: string; quarter: string; body: object }>(
    'SELECT site_id, quarter, body FROM tuban.site_state',
  );
  return rows.map(({ site_id, quarter, body }) => ({ id: `${quarter}/${site_id}`, record: { ...body } }));
}

async function decisions(sql: Sql): Promise<Row[]> {
  return (await decisionsOf(sql)).map((decision) => {
    const { kind, ...record } = decision;
    return { id: decision.id, record: { ...record, decision: kind } };
  });
}

async function tasks(sql: Sql): Promise<Row[]> {
  const rows = await sql.query<{ id: string; state: string; rank: number; body: object }>(
    'SELECT id, state, rank, body FROM tuban.task WHERE split_from IS NULL',
  );
  return rows.map(({ id, state, rank, body }) => ({ id, record: { ...body, id, state, rank } }));
}
