import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { layerFiles } from '../../adapters/files/layer-files.js';
import { readLayer } from '../../adapters/gdal/read-layer.js';
import type { Boundary } from '../../model/boundary.js';
import type { LayerFile, LayerWish } from '../../model/layer-file.js';
import type { LayerRegister } from '../../ports/layer-register.js';
import type { WorkPool } from '../../ports/work-pool.js';
import { type RegisterPorts, registerLayer } from './stage.js';

let dir: string;
let stored: Map<string, Boundary>;
let files: Map<string, LayerFile>;
let ports: RegisterPorts;

const memory: LayerRegister = {
  files: async () => [...files.values()].map((file) => ({ ...file, importedAt: '' })),
  file: async (id) => files.get(id) ?? null,
  async add(file, boundaries) {
    files.set(file.id, file);
    const before = stored.size;
    for (const boundary of boundaries) if (!stored.has(boundary.id)) stored.set(boundary.id, boundary);
    return stored.size - before;
  },
  boundaries: async () => [...stored.values()],
  versions: async () => ({ files: [], rows: [] }),
  byIds: async (ids) => ids.flatMap((id) => stored.get(id) ?? []),
};
const pool: WorkPool = {
  size: 1,
  run: (async (_: string, input: Parameters<typeof readLayer>[0]) => readLayer(input)) as WorkPool['run'],
  close: async () => undefined,
};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tuban-register-'));
  [stored, files] = [new Map(), new Map()];
  ports = { pool, files: layerFiles(), register: memory };
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const wish: LayerWish = { kind: 'licences', crs: null, encoding: null, validFrom: null };
function licence(lid: string, lon: number): object {
  const ring = [
    [lon, 36],
    [lon + 0.01, 36],
    [lon + 0.01, 36.01],
    [lon, 36],
  ];
  return { type: 'Feature', properties: { lid }, geometry: { type: 'Polygon', coordinates: [ring] } };
}
function file(name: string, features: readonly object[]): string {
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features }));
  return path;
}

describe('registerLayer', () => {
  it('stores a file once, also under another name, and again with other options', async () => {
    const path = file('a.geojson', [licence('A', 118), licence('B', 118.1)]);
    expect(await registerLayer(path, wish, false, ports)).toMatchObject({ outcome: 'new', added: 2 });
    expect(await registerLayer(path, wish, false, ports)).toMatchObject({ outcome: 'known', added: 0 });
    const copy = file('b.geojson', [licence('A', 118), licence('B', 118.1)]);
    expect(await registerLayer(copy, wish, false, ports)).toMatchObject({ outcome: 'known' });
    const later = await registerLayer(path, { ...wish, validFrom: '2026-01-01' }, false, ports);
    expect(later).toMatchObject({ outcome: 'new', added: 2 });
  });

  it('adds only what is new from a file that repeats polygons', async () => {
    await registerLayer(file('a.geojson', [licence('A', 118)]), wish, false, ports);
    const both = file('b.geojson', [licence('B', 118.1), licence('A', 118)]);
    expect(await registerLayer(both, wish, false, ports)).toMatchObject({ outcome: 'new', added: 1 });
    expect(stored.size).toBe(2);
  });

  it('stores nothing in a dry run and nothing from a file without usable rows', async () => {
    const path = file('a.geojson', [licence('A', 118)]);
    expect(await registerLayer(path, wish, true, ports)).toMatchObject({ outcome: 'tried', added: 0 });
    const empty = file('e.geojson', [{ type: 'Feature', properties: {}, geometry: null }]);
    await expect(registerLayer(empty, wish, false, ports)).rejects.toMatchObject({
      code: 'layer.nothing',
      details: { refused: [{ row: 1, why: '没有几何' }] },
    });
    expect(stored.size + files.size).toBe(0);
  });
});
