/**
 * remote: what a comparison fetches of images that lie on a server: a local one that answers range requests. The sparse pair as COG with
 * averaged overviews, and as the copies of `scene add --optimise`; bytes against the files' size, by the server's own count.
 */
import { createReadStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createPool } from '../../dist/src/adapters/pool/pool.js';
import { COMPETITORS } from './competitors.mjs';
import { measure } from './measure.mjs';
import { ensurePair } from './pair.mjs';

export const name = 'remote';

/** @param options see images.mjs. @returns {Promise<{ intro, tables, raw, failures }>} */
export async function run({ sizes, seed, keep, say }) {
  const raw = [];
  for (const size of sizes) {
    say(`pair of ${size} px, sparse`);
    const { cog, licences } = await ensurePair({ root: keep, size, seed, kind: 'sparse' });
    const forms = { cog, optimised: await optimised(cog) };
    for (const [form, files] of Object.entries(forms)) raw.push(await fetched({ size, form, files, licences, say }));
  }
  const lines = [
    '| pair | files, MB | fetched, MB | share | requests | seconds |',
    '|---|---:|---:|---:|---:|---:|',
    ...raw.map(
      ({ size, form, bytes, sent, requests, seconds }) =>
        `| ${size}², sparse, ${form} | ${mega(bytes)} | ${mega(sent)} | ${(sent / bytes).toFixed(2)} | ${requests} | ${seconds.toFixed(1)} |`,
    ),
  ];
  const intro = ['Both images on a local server with range requests, one comparison each.'];
  const failures = raw.filter(({ failed }) => failed).length;
  return { intro, tables: [{ title: 'Images on a server', lines }], raw, failures };
}

/** Copies beside the pair, as `scene add --optimise` makes them. */
async function optimised(cog) {
  const pool = createPool(2);
  try {
    const made = await Promise.all(
      [cog.before, cog.after].map((path) => pool.run('optimise', { path, out: path.replace('-cog.tif', '-fast.tif') })),
    );
    return { before: made[0].path, after: made[1].path };
  } finally {
    await pool.close();
  }
}

async function fetched({ size, form, files, licences, say }) {
  const { server, count } = await serve([files.before, files.after]);
  const scratch = mkdtempSync(join(tmpdir(), 'tuban-bench-remote-'));
  try {
    const remote = (path) => `/vsicurl/http://127.0.0.1:${server.address().port}/${basename(path)}`;
    const { command } = COMPETITORS.find(({ id }) => id === 'tuban');
    const out = join(scratch, 'out.gpkg');
    const asked = { before: remote(files.before), after: remote(files.after), licences, out };
    const result = await measure(command(asked));
    const failed = result.status !== 0 || JSON.parse(result.stdout).network_bytes !== count.bytes;
    say(`${size} ${form}: ${mega(count.bytes)} MB, ended with ${result.status}${failed ? `\n${result.stderr}` : ''}`);
    const bytes = statSync(files.before).size + statSync(files.after).size;
    return { size, form, bytes, sent: count.bytes, requests: count.requests, seconds: result.seconds, failed };
  } finally {
    server.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Serves the named files, in parts as asked for; counts what it sent. */
async function serve(paths) {
  const count = { bytes: 0, requests: 0 };
  const known = new Map(paths.map((path) => [`/${basename(path)}`, path]));
  const server = createServer((request, response) => {
    const path = known.get(request.url ?? '');
    if (!path || !existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    const { size } = statSync(path);
    const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [null, '0', ''];
    const [first, last] = [Number(from), Math.min(size - 1, to ? Number(to) : size - 1)];
    const head = { 'accept-ranges': 'bytes', 'content-length': last - first + 1 };
    response.writeHead(request.headers.range ? 206 : 200, {
      ...head,
      'content-range': `bytes ${first}-${last}/${size}`,
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    count.bytes += last - first + 1;
    count.requests++;
    createReadStream(path, { start: first, end: last }).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, count };
}

function mega(bytes) {
  return (bytes / 1e6).toFixed(0);
}
