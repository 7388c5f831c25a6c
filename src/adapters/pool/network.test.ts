/** Images over a network: a local server that answers range requests, and what the pool says was fetched from it. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import gdal from 'gdal-async';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rasterFolder } from '../../testing/rasters.js';
import { createPool, downloadedBytes } from './pool.js';

const folder = rasterFolder();
let server: Server;
let sent = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = folder.path(decodeURIComponent((request.url ?? '').slice(1)));
    if (!existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    const { size } = statSync(path);
    const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '');
    response.setHeader('accept-ranges', 'bytes');
    if (request.method === 'HEAD' || !range) {
      response.setHeader('content-length', size);
      response.end();
      return;
    }
    const from = Number(range[1]);
    const to = Math.min(size - 1, range[2] ? Number(range[2]) : size - 1);
    sent += to - from + 1;
    response.writeHead(206, { 'content-range': `bytes ${from}-${to}/${size}`, 'content-length': to - from + 1 });
    createReadStream(path, { start: from, end: to }).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  folder.remove();
});

const remote = (name: string) => `/vsicurl/http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;

/** Two megabytes of noise, which no compression makes smaller. */
function noise(name: string, seed: number): void {
  const dataset = gdal.open(folder.path(name), 'w', 'GTiff', 1024, 1024, 1, gdal.GDT_UInt16, [
    'TILED=YES',
    'BLOCKXSIZE=128',
    'BLOCKYSIZE=128',
  ]);
  dataset.srs = gdal.SpatialReference.fromEPSG(4528);
  dataset.geoTransform = [40_500_000, 2, 0, 4_400_000, 0, -2];
  const values = Uint16Array.from({ length: 1 << 20 }, (_, i) => Math.imul(i + seed, 2654435761) >>> 16);
  dataset.bands.get(1).pixels.write(0, 0, 1024, 1024, values);
  dataset.close();
}

describe('a remote image', () => {
  it('is read in parts, and the pool says how many bytes came', async () => {
    noise('a.tif', 1);
    noise('b.tif', 2);
    const pool = createPool(2);
    try {
      const bands = [{ role: 'b1' as const, index: 1 }];
      const use = (name: string) => ({ path: remote(name), bands, sensor: 't', acquiredOn: null });
      sent = 0;
      await pool.run('meet', { pair: { before: use('a.tif'), after: use('b.tif'), masks: [] } });
      const bytes = await pool.networkBytes?.();
      expect(bytes).toBe(sent);
      expect(bytes).toBeGreaterThan(30_000);
      expect(bytes).toBeLessThan(statSync(folder.path('a.tif')).size / 4);
      // the children have ended: others take their place, and begin to count anew
      expect((await pool.run('inspect', { path: folder.path('a.tif') })).grid.width).toBe(1024);
      expect(await pool.networkBytes?.()).toBe(0);
    } finally {
      await pool.close();
    }
  });

  it('has an account that is read as GDAL writes it', () => {
    const said = {
      methods: { HEAD: { count: 1 }, GET: { count: 2, downloaded_bytes: 1000 }, PUT: { downloaded_bytes: 5 } },
    };
    expect(downloadedBytes(`something\nNetwork statistics:\n${JSON.stringify(said, null, 2)}\n`)).toBe(1005);
    expect(downloadedBytes('')).toBe(0);
    expect(downloadedBytes('Network statistics:\n{ cut')).toBe(0);
  });
});
