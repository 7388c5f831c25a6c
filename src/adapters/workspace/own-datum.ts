/**
 * readOwnDatum: a bureau's own parameters, from `datum-parameters.yaml` in the workspace. Only its owner may be able to read the
 * file (mode 0600); no message says a value of it, only which entry is wrong.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Fault } from '../../model/fault.js';
import { contentHash } from '../../model/id.js';
import type { OwnDatum, SevenParameters } from '../../model/own-datum.js';

export const OWN_DATUM_FILE = 'datum-parameters.yaml';

/** Beyond these no pair of datums lies; a slip of a unit does. */
const LARGEST = { translationM: 1000, rotationArcsec: 60, scalePpm: 100 } as const;

const within = (limit: number) => z.number().min(-limit).max(limit);
const sevenSchema = z.strictObject({
  convention: z.enum(['coordinate-frame', 'position-vector']),
  dx_m: within(LARGEST.translationM),
  dy_m: within(LARGEST.translationM),
  dz_m: within(LARGEST.translationM),
  rx_arcsec: within(LARGEST.rotationArcsec),
  ry_arcsec: within(LARGEST.rotationArcsec),
  rz_arcsec: within(LARGEST.rotationArcsec),
  scale_ppm: within(LARGEST.scalePpm),
});
const fileSchema = z
  .strictObject({ xian80: sevenSchema.optional(), beijing54: sevenSchema.optional() })
  .refine(({ xian80, beijing54 }) => xian80 !== undefined || beijing54 !== undefined);

/** Null: there is no such file. Faults: datum.open-to-others, datum.file. */
export function readOwnDatum(dir: string): OwnDatum | null {
  const path = join(dir, OWN_DATUM_FILE);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return null;
  if ((stats.mode & 0o077) !== 0) {
    const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
    throw new Fault(
      'datum.open-to-others',
      `${path} 存有涉密转换参数，但其他用户可以读写（权限 ${mode}），已拒绝使用；请运行 chmod 600 ${OWN_DATUM_FILE} 后再试 (others can read the secret parameters; chmod 600)`,
    );
  }
  const { xian80, beijing54 } = parsed(path);
  const parameters = {
    ...(xian80 ? { Xian80: parametersOf(xian80) } : {}),
    ...(beijing54 ? { Beijing54: parametersOf(beijing54) } : {}),
  };
  return { digest: contentHash(parameters, 8), parameters };
}

function parsed(path: string): z.infer<typeof fileSchema> {
  const value = yaml(path);
  const checked = fileSchema.safeParse(value);
  if (checked.success) return checked.data;
  const places = [...new Set(checked.error.issues.map((issue) => issue.path.join('.') || '全文'))];
  throw wrong(path, `有误的条目：${places.join('、')}`);
}

function yaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch {
    // The cause would quote the file.
    throw wrong(path, '不是 YAML');
  }
}

function wrong(path: string, what: string): Fault {
  return new Fault(
    'datum.file',
    `${path} 的内容不对（${what}；数值不显示）。应有 xian80 和/或 beijing54，各含 convention（coordinate-frame 或 position-vector）、dx_m、dy_m、dz_m、rx_arcsec、ry_arcsec、rz_arcsec、scale_ppm (the parameter file is not as expected; values are not shown)`,
  );
}

function parametersOf(seven: z.infer<typeof sevenSchema>): SevenParameters {
  return {
    convention: seven.convention,
    translationM: [seven.dx_m, seven.dy_m, seven.dz_m],
    rotationArcsec: [seven.rx_arcsec, seven.ry_arcsec, seven.rz_arcsec],
    scalePpm: seven.scale_ppm,
  };
}
