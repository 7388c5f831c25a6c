/** version-rows: what of the register decides which version stands when (model/versions.ts), and the polygons by id. */
import { fromWkb } from '../../geo/wkb.js';
import type { Boundary } from '../../model/boundary.js';
import type { VersionFile, VersionRow } from '../../model/versions.js';
import type { Sql } from '../../ports/database.js';
import type { RegisterVersions } from '../../ports/layer-register.js';

interface FileRow {
  id: string;
  kind: VersionFile['kind'];
  seq: string | number;
  valid_from: string | null;
  complete: boolean;
}

interface Row {
  id: string;
  kind: VersionRow['kind'];
  lineage: string;
  meaning: string;
  box: string | number[];
  effective_from: string | null;
  valid_from: string | null;
  file: string;
}

const DATE = "'YYYY-MM-DD'";

/** In the order of recording; within an import by id. */
export async function versionRows(sql: Sql): Promise<RegisterVersions> {
  const files = await sql.query<FileRow>(
    `SELECT id, kind, seq::int AS seq, to_char(valid_from, ${DATE}) AS valid_from, complete FROM tuban.layer_file ORDER BY tuban.layer_file.seq`,
  );
  const byId = new Map(
    files.map(({ id, kind, seq, valid_from, complete }): [string, VersionFile] => [
      id,
      { id, kind, seq: Number(seq), validFrom: valid_from, complete },
    ]),
  );
  const rows = await sql.query<Row>(
    `SELECT b.id, b.kind, b.lineage, b.meaning, to_char(b.effective_from, ${DATE}) AS effective_from,
       to_char(b.valid_from, ${DATE}) AS valid_from, r.layer_file_id AS file,
       json_build_array(ST_XMin(b.geom), ST_YMin(b.geom), ST_XMax(b.geom), ST_YMax(b.geom))::text AS box
     FROM tuban.layer_row r JOIN tuban.boundary b ON b.id = r.boundary_id JOIN tuban.layer_file f ON f.id = r.layer_file_id
     ORDER BY f.seq, b.id COLLATE "C"`,
  );
  return {
    files: [...byId.values()],
    rows: rows.flatMap(({ id, kind, lineage, meaning, box, effective_from, valid_from, file }) => {
      const own = byId.get(file);
      if (!own) return [];
      const corners =
        typeof box === 'string' ? (JSON.parse(box) as VersionRow['box']) : (box as unknown as VersionRow['box']);
      return [
        { id, kind, lineage, meaning, box: corners, effectiveFrom: effective_from, validFrom: valid_from, file: own },
      ];
    }),
  };
}

/** Sorted by id; ids that are not there are left out. */
export async function boundariesById(sql: Sql, ids: readonly string[]): Promise<Boundary[]> {
  const rows = await sql.query<{ body: string | Omit<Boundary, 'geometry'>; geom: Uint8Array }>(
    `SELECT body, ST_AsBinary(geom) AS geom FROM tuban.boundary
     WHERE id IN (SELECT jsonb_array_elements_text($1::jsonb)) ORDER BY id COLLATE "C"`,
    [JSON.stringify(ids)],
  );
  return rows.map(({ body, geom }) => {
    const plain = typeof body === 'string' ? (JSON.parse(body) as Omit<Boundary, 'geometry'>) : body;
    return { ...plain, geometry: fromWkb(geom) };
  });
}
