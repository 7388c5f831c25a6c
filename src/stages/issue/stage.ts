/**
 * issue: a file of issued patches enters the register. Load (children: decode, mend, move to lon/lat) → call → save (one transaction).
 * The same file for the same origin again changes nothing. An error anywhere leaves the register as it was.
 */
import { basename } from 'node:path';
import { contentHash } from '../../model/id.js';
import type { IssuedBatch, IssuedOrigin } from '../../model/issued.js';
import type { AreaUnit } from '../../model/issued-fields.js';
import { quarterIndex } from '../../model/quarter.js';
import type { IssuedRegister } from '../../ports/issued-register.js';
import type { LayerFiles } from '../../ports/layer-register.js';
import type { WorkPool } from '../../ports/work-pool.js';
import { issue } from './issue.js';

export interface IssuePorts {
  readonly pool: WorkPool;
  readonly files: LayerFiles;
  readonly register: IssuedRegister;
}

export interface IssueWish extends IssuedOrigin {
  readonly crs: string | null;
  readonly encoding: string | null;
  readonly areaUnit: AreaUnit | null;
}

export interface Issued {
  /** `known`: this very import is there. */
  readonly outcome: 'new' | 'known';
  readonly batch: IssuedBatch;
}

/** Faults: those of readIssued. */
export async function importIssued(path: string, wish: IssueWish, ports: IssuePorts): Promise<Issued> {
  const { pool, files, register } = ports;
  const sha256s = await files.digests(path);
  const id = `B${contentHash({ ...wish, sha256s })}`;
  const there = await register.batch(id);
  if (there) return { outcome: 'known', batch: there };
  const { source, quarter, crs, encoding, areaUnit } = wish;
  const reading = await pool.run('readIssued', { path, crs, encoding });
  const index = quarterIndex(quarter);
  const known = await register.patches({ source, year: Math.floor(index / 4), quarter: (index % 4) + 1 });
  const outcomes = issue({ reading, origin: { source, quarter }, batchId: id, areaUnit, known });
  const count = (one: string): number => outcomes.filter(({ outcome }) => outcome === one).length;
  const batch: IssuedBatch = {
    id,
    source,
    quarter,
    name: basename(path),
    sha256: sha256s[0] ?? '',
    report: {
      fields: reading.fields,
      encoding: reading.encoding,
      crsName: reading.crsName,
      assumptions: reading.assumptions,
      rows: reading.rows.length,
      added: count('added'),
      corrected: count('corrected'),
      known: count('known') + count('repeated'),
      refused: reading.rows.flatMap(({ row, refused }) => (refused === null ? [] : [{ row, why: refused }])),
      notes: outcomes.flatMap(({ row, notes }) => notes.map((what) => ({ row, what }))),
    },
  };
  const fresh = outcomes
    .filter(({ outcome }) => outcome === 'added' || outcome === 'corrected')
    .map(({ patch }) => patch);
  const links = outcomes.map(({ row, patch: { keyId, contentId } }) => ({ row, keyId, contentId }));
  await register.add(batch, fresh, links);
  return { outcome: 'new', batch };
}
