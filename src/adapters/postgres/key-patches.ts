/**
 * key-patches: why tasks are key patches. What the judgement says decides, and which mineral the polygons near it and the issued patches name: read here
 * from the attributes that were stored with them, at the moment when a file is opened.
 */
import {
  type IssuedMineral,
  type KeyRule,
  keyReasons,
  mineralGround,
  type NamedMineral,
} from '../../model/key-patch.js';
import { mineralOf } from '../../model/mineral.js';
import type { Task } from '../../model/task.js';
import type { Sql } from '../../ports/database.js';

type Attributes = Readonly<Record<string, unknown>>;

/** Of each task, in their order: Chinese sentences, none where it is no key patch. */
export async function keyReasonsOf(
  sql: Sql,
  tasks: readonly Pick<Task, 'judged' | 'issued'>[],
  rule: KeyRule,
): Promise<string[][]> {
  const near = tasks.flatMap(({ judged }) => mineralGround(judged, rule).map(({ boundaryId }) => boundaryId));
  const carried = rule.keyMinerals.length === 0 ? [] : tasks.flatMap(({ issued = [] }) => issued);
  const titles = await titlesOf(sql, [...new Set(near)]);
  const issued = await issuedOf(sql, [...new Set(carried.map(({ keyId }) => keyId))]);
  return tasks.map((task) => {
    const own = (task.issued ?? []).flatMap(({ keyId, number }): IssuedMineral[] => {
      const mineral = issued.get(keyId);
      return mineral === undefined ? [] : [{ mineral, number }];
    });
    return keyReasons(task.judged, rule, titles, own);
  });
}

async function titlesOf(sql: Sql, ids: readonly string[]): Promise<Map<string, NamedMineral>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query<{
    id: string;
    number: string | null;
    name: string | null;
    attributes: Attributes | null;
  }>(
    `SELECT id, number, body->>'name' AS name, body->'attributes' AS attributes FROM tuban.boundary
     WHERE id IN (SELECT jsonb_array_elements_text($1::jsonb))`,
    [JSON.stringify(ids)],
  );
  return new Map(
    rows.flatMap(({ id, number, name, attributes }): [string, NamedMineral][] => {
      const mineral = mineralOf(attributes ?? {});
      return mineral === null ? [] : [[id, { mineral, title: [name, number].filter(Boolean).join(' ') || id }]];
    }),
  );
}

/** By key: what its last import says. */
async function issuedOf(sql: Sql, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await sql.query<{ key_id: string; attributes: Attributes | null }>(
    `SELECT DISTINCT ON (key_id) key_id, body->'attributes' AS attributes FROM tuban.issued_version
     WHERE key_id IN (SELECT jsonb_array_elements_text($1::jsonb)) ORDER BY key_id, seq DESC`,
    [JSON.stringify(keys)],
  );
  return new Map(
    rows.flatMap(({ key_id, attributes }): [string, string][] => {
      const mineral = mineralOf(attributes ?? {});
      return mineral === null ? [] : [[key_id, mineral]];
    }),
  );
}
