/** dropSites: sites that nothing hangs on any more go; one that a task or a decision names stays, because somebody may have acted on it. */
import type { Sql } from '../../ports/database.js';

const UNUSED = `NOT EXISTS (SELECT FROM tuban.patch p WHERE p.site_id = s.id)
  AND NOT EXISTS (SELECT FROM tuban.task t WHERE t.site_id = s.id)
  AND NOT EXISTS (SELECT FROM tuban.decision d WHERE d.site_id = s.id)
  AND NOT EXISTS (SELECT FROM tuban.reported_pit r WHERE r.site_id = s.id)
  AND NOT EXISTS (SELECT FROM tuban.issued_place i WHERE i.site_id = s.id)
  AND NOT EXISTS (SELECT FROM tuban.site_merge m WHERE s.id IN (m.site_id, m.into_id))
  AND NOT EXISTS (SELECT FROM tuban.site_state e WHERE e.site_id = s.id)`;

/** Of those that began in the quarter. */
export async function dropSitesOfQuarter(sql: Sql, quarter: string): Promise<void> {
  await sql.query(`DELETE FROM tuban.site s WHERE s.first_quarter = $1 AND ${UNUSED}`, [quarter]);
}

/** Of those that began with an issued patch. */
export async function dropSitesOfIssued(sql: Sql): Promise<void> {
  await sql.query(
    `DELETE FROM tuban.site s WHERE EXISTS (SELECT FROM tuban.issued_place i WHERE i.patch_id = s.id) AND ${UNUSED}`,
  );
}
