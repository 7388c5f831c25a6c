/** LayerRegister over SQL. Rows hold whole boundaries; columns are copies for narrowing by kind, dates and place. */
import { fromWkb, toWkb } from '../../geo/wkb.js';
import type { Boundary } from '../../model/boundary.js';
import type { LayerFile } from '../../model/layer-file.js';
import { lineageOf, meaningOf } from '../../model/versions.js';
import type { Database, Sql } from '../../ports/database.js';
import type { LayerRegister, ListedLayerFile } from '../../ports/layer-register.js';
import { boundariesById, versionRows } from './version-rows.js';

/** Polygons per statement. */
const CHUNK = 500;

interface FileRow {
  readonly id: string;
  readonly kind: Boundary['kind'];
  readonly name: string;
  readonly sha256: string;
  readonly valid_from: string | null;
  readonly complete: boolean;
  readonly report: LayerFile['report'];
  readonly imported_at: string;
}

interface BoundaryRow {
  readonly body: Omit<Boundary, 'geometry'>;
  readonly geom: Uint8Array;
}

const FILE_FIELDS = `id, kind, name, sha256, to_char(valid_from, 'YYYY-MM-DD') AS valid_from, complete, report,
  to_char(imported_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS imported_at`;

export function createLayerRegister(database: Database): LayerRegister {
  return {
    async files() {
      const rows = await database.query<FileRow>(
        `SELECT ${FILE_FIELDS} FROM tuban.layer_file ORDER BY kind COLLATE "C", layer_file.seq, id COLLATE "C"`,
      );
      return rows.map(fileOf);
    },
    async file(id) {
      const [row] = await database.query<FileRow>(`SELECT ${FILE_FIELDS} FROM tuban.layer_file WHERE id = $1`, [id]);
      return row ? fileOf(row) : null;
    },
    add: (file, boundaries) => database.transaction((sql) => addAll(sql, file, boundaries)),
    async boundaries(kind) {
      const rows = await database.query<BoundaryRow>(
        `SELECT body, ST_AsBinary(geom) AS geom FROM tuban.boundary WHERE $1::text IS NULL OR kind = $1
         ORDER BY kind COLLATE "C", id COLLATE "C"`,
        [kind ?? null],
      );
      return rows.map(({ body, geom }) => ({ ...body, geometry: fromWkb(geom) }));
    },
    versions: () => versionRows(database),
    byIds: (ids) => boundariesById(database, ids),
  };
}

function fileOf(row: FileRow): ListedLayerFile {
  const { id, kind, name, sha256, valid_from: validFrom, complete, report, imported_at: importedAt } = row;
  return { id, kind, name, sha256, validFrom, ...(complete ? { complete } : {}), report, importedAt };
}

async function addAll(sql: Sql, file: LayerFile, boundaries: readonly Boundary[]): Promise<number> {
  // One import at a time: the order of recording has no ties.
  await sql.query('LOCK TABLE tuban.layer_file IN SHARE ROW EXCLUSIVE MODE');
  await sql.query(
    `INSERT INTO tuban.layer_file (id, kind, name, sha256, valid_from, report, complete, seq)
     SELECT $1, $2, $3, $4, $5::date, $6::jsonb, $7, coalesce(max(seq), 0) + 1 FROM tuban.layer_file
     ON CONFLICT (id) DO NOTHING`,
    [file.id, file.kind, file.name, file.sha256, file.validFrom, JSON.stringify(file.report), file.complete === true],
  );
  let added = 0;
  for (let from = 0; from < boundaries.length; from += CHUNK) {
    const rows = boundaries.slice(from, from + CHUNK).map(({ geometry, ...body }) => ({
      id: body.id,
      lineage: lineageOf(body),
      meaning: meaningOf({ ...body, geometry }, file.validFrom),
      effective_from: body.effectiveFrom ?? null,
      row_no: body.row,
      number: body.number,
      valid_from: body.validFrom,
      valid_to: body.validTo,
      geom: Buffer.from(toWkb(geometry)).toString('hex'),
      body,
    }));
    const inserted = await sql.query<{ id: string }>(
      `INSERT INTO tuban.boundary (id, layer_file_id, kind, row_no, number, valid_from, valid_to, geom, body, lineage,
         meaning, effective_from)
       SELECT r.id, $2, $3, r.row_no, r.number, r.valid_from, r.valid_to,
         ST_SetSRID(ST_GeomFromWKB(decode(r.geom, 'hex')), 4490), r.body, r.lineage, r.meaning, r.effective_from
       FROM jsonb_to_recordset($1::jsonb) AS r(id text, row_no integer, number text, valid_from date, valid_to date,
         geom text, body jsonb, lineage text, meaning text, effective_from date)
       ON CONFLICT (id) DO NOTHING RETURNING id`,
      [JSON.stringify(rows), file.id, file.kind],
    );
    added += inserted.length;
    await sql.query(
      `INSERT INTO tuban.layer_row (layer_file_id, boundary_id, row_no)
       SELECT $2, r.id, r.row_no FROM jsonb_to_recordset($1::jsonb) AS r(id text, row_no integer)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows.map(({ id, row_no }) => ({ id, row_no }))), file.id],
    );
  }
  return added;
}
