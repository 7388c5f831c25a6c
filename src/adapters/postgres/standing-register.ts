/** standing-register: the versions that stand in a period, with their boxes; the polygons are read when they are taken. */
import type { Boundary, VersionSpan } from '../../model/boundary.js';
import { Fault } from '../../model/fault.js';
import type { VersionRow } from '../../model/versions.js';
import type { Sql } from '../../ports/database.js';
import type { StandingRegister } from '../../ports/run-records.js';
import { boundariesById } from './version-rows.js';

/** `standing`: ids of rows, sorted. */
export function standingRegister(
  sql: Sql,
  rows: readonly VersionRow[],
  standing: readonly { readonly id: string; readonly span: VersionSpan | null }[],
): StandingRegister {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const boxes = new Float64Array(4 * standing.length);
  const versions = standing.map(({ id, span }, place) => {
    const row = byId.get(id);
    if (!row) throw gone(id);
    boxes.set(row.box, 4 * place);
    return { id, kind: row.kind, ...(span === null ? {} : { span }) };
  });
  return {
    versions,
    boxes,
    async take(places) {
      const asked = places.flatMap((place) => versions[place] ?? []);
      if (asked.length === 0) return [];
      const found = await boundariesById(
        sql,
        asked.map(({ id }) => id),
      );
      const polygons = new Map(found.map((boundary) => [boundary.id, boundary]));
      return asked.map(({ id, span }): Boundary => {
        const boundary = polygons.get(id);
        if (!boundary) throw gone(id);
        return span === undefined ? boundary : { ...boundary, span };
      });
    },
  };
}

function gone(id: string): Fault {
  return new Fault(
    'register.gone',
    `图层登记中缺少图形 ${id}，请重新运行同一命令 (a polygon of the register is not there; run again)`,
    {
      retryable: true,
    },
  );
}
