/**
 * register: a layer file becomes polygons of the register. Load (children: decode, mend, move to lon/lat) → call → save (one
 * transaction). The same file with the same options again changes nothing; a polygon that another file brought before is
 * kept once. An error anywhere leaves the register as it was.
 */
import { basename } from 'node:path';
import type { LayerReading } from '../../model/boundary.js';
import { Fault } from '../../model/fault.js';
import { type LayerFile, type LayerWish, layerFileId } from '../../model/layer-file.js';
import type { OwnDatum } from '../../model/own-datum.js';
import type { LayerFiles, LayerRegister } from '../../ports/layer-register.js';
import type { WorkPool } from '../../ports/work-pool.js';

export interface RegisterPorts {
  readonly pool: WorkPool;
  readonly files: LayerFiles;
  readonly register: LayerRegister;
  /** The bureau's own parameters for classified datums; they are in no id, only their digest. */
  readonly ownDatum?: OwnDatum;
}

export interface Registered {
  /** `new`: polygons were added; `known`: this very import is there; `tried`: a dry run. */
  readonly outcome: 'new' | 'known' | 'tried';
  readonly file: LayerFile;
  /** Polygons that were not there before. */
  readonly added: number;
}

/** Faults: those of readLayer; layer.nothing where not one row can serve. */
export async function registerLayer(
  path: string,
  wish: LayerWish,
  dryRun: boolean,
  { pool, files, register, ownDatum }: RegisterPorts,
): Promise<Registered> {
  const sha256s = await files.digests(path);
  const id = layerFileId(wish, ownDatum ? [...sha256s, `own-datum ${ownDatum.digest}`] : sha256s);
  const known = await register.file(id);
  if (known) return { outcome: 'known', file: known, added: 0 };
  const reading = await pool.run('readLayer', { path, ...wish, ...(ownDatum ? { ownDatum } : {}) });
  if (reading.boundaries.length === 0) throw nothing(path, reading);
  const { boundaries, ...report } = reading;
  const file: LayerFile = {
    id,
    kind: wish.kind,
    name: basename(path),
    sha256: sha256s[0] ?? '',
    validFrom: wish.validFrom,
    report: { ...report, polygons: boundaries.length },
  };
  if (dryRun) return { outcome: 'tried', file, added: 0 };
  return { outcome: 'new', file, added: await register.add(file, boundaries) };
}

function nothing(path: string, { refused }: LayerReading): Fault {
  const first = refused[0];
  const why = first ? `第 ${first.row} 行：${first.why}` : '文件中没有要素';
  return new Fault(
    'layer.nothing',
    `${basename(path)} 中没有一个可用的面（${refused.length} 行未采用；${why}），未导入 (no usable polygon; nothing was imported)`,
    { details: { refused } },
  );
}
