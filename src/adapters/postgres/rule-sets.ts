/** RuleSets over SQL. */
import { ruleSetHash } from '../../model/recipe.js';
import type { Sql } from '../../ports/database.js';
import type { RuleSet, RuleSets } from '../../ports/rule-sets.js';

interface Row {
  readonly hash: string;
  readonly version: number;
  readonly body: RuleSet['body'];
  readonly adopted_by: string | null;
  readonly note: string | null;
  readonly recorded_at: string;
}

/** Who first put it in force, and why: of the history where the set itself does not say. */
const ADOPTED = (what: string) => `(SELECT ${what} FROM tuban.rule_adoption a JOIN tuban.person p ON p.id = a.person_id
  WHERE a.hash = rule_set.hash AND a.outcome = 'written' ORDER BY a.seq LIMIT 1)`;
const FIELDS = `hash, version, body, coalesce(adopted_by, ${ADOPTED('coalesce(a.by_name, p.name)')}) AS adopted_by,
  coalesce(note, ${ADOPTED('a.reason')}) AS note,
  to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS recorded_at`;

export function createRuleSets(sql: Sql): RuleSets {
  return {
    async list() {
      const rows = await sql.query<Row>(`SELECT ${FIELDS} FROM tuban.rule_set ORDER BY version`);
      return rows.map(ruleSetOf);
    },
    async byHash(hash) {
      const [row] = await sql.query<Row>(`SELECT ${FIELDS} FROM tuban.rule_set WHERE hash = $1`, [hash]);
      return row ? ruleSetOf(row) : null;
    },
    async record(body, by, note) {
      await sql.query(
        `INSERT INTO tuban.rule_set AS known (hash, body, adopted_by, note) VALUES ($1, $2::jsonb, $3, $4)
         ON CONFLICT (hash) DO UPDATE SET adopted_by = coalesce(known.adopted_by, excluded.adopted_by),
           note = coalesce(known.note, excluded.note)`,
        [ruleSetHash(body), JSON.stringify(body), by, note],
      );
    },
  };
}

function ruleSetOf({ hash, version, body, adopted_by, note, recorded_at }: Row): RuleSet {
  return { hash, version, body, adoptedBy: adopted_by, note, recordedAt: recorded_at };
}
