/**
 * Builds dist/: TypeScript, the files that belong beside it (SQL migrations and the like), and the web pages. Made aside and
 * renamed, so dist/ is always whole; skipped when no source has changed since.
 *   node scripts/build.mjs
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const STAMP = '.sources';
const WEB = join('src', 'web');
/** What tsc turns into something else; every other file under src is copied beside the compiled modules. */
const COMPILED = new Set(['.ts', '.tsx']);

/** @returns {Promise<boolean>} whether anything had to be built. Throws with the compiler's words when it does not compile. */
export async function build(root) {
  const key = sourcesKey(root);
  const dist = join(root, 'dist');
  const stamp = join(dist, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return false;
  const fresh = join(root, `.dist-${process.pid}`);
  try {
    rmSync(fresh, { recursive: true, force: true });
    const modules = join(root, 'node_modules');
    await program(root, join(modules, 'typescript', 'bin', 'tsc'), ['-p', 'tsconfig.build.json', '--outDir', fresh]);
    copyAssets(root, fresh);
    if (existsSync(join(root, WEB, 'vite.config.ts'))) {
      const options = ['build', join(root, WEB), '--config', join(root, WEB, 'vite.config.ts'), '--logLevel', 'warn'];
      const outDir = ['--outDir', join(fresh, WEB), '--emptyOutDir'];
      await program(root, join(modules, 'vite', 'bin', 'vite.js'), [...options, ...outDir]);
    }
    const main = join(fresh, 'src', 'cli', 'main.js');
    if (existsSync(main)) chmodSync(main, 0o755);
    writeFileSync(join(fresh, STAMP), key);
    const old = `${fresh}-old`;
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(fresh, dist);
    rmSync(old, { recursive: true, force: true });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return true;
}

async function program(root, path, args) {
  try {
    await run(process.execPath, [path, ...args], { cwd: root, maxBuffer: 64 << 20 });
  } catch (error) {
    throw new Error(`${relative(root, path)} ${args.join(' ')}\n${error.stdout ?? ''}${error.stderr ?? error.message}`);
  }
}

function copyAssets(root, fresh) {
  for (const path of filesUnder(root, 'src')) {
    if (COMPILED.has(extname(path)) || path.startsWith(WEB)) continue;
    mkdirSync(dirname(join(fresh, path)), { recursive: true });
    copyFileSync(join(root, path), join(fresh, path));
  }
}

/** Content, not times: a checkout or a copy of the folder does not cause a build. */
function sourcesKey(root) {
  const hash = createHash('sha256');
  const single = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.mjs'];
  for (const path of [...single, ...filesUnder(root, 'src'), ...filesUnder(root, 'workers')]) {
    if (path.endsWith('.test.ts')) continue;
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Paths relative to the root, sorted. */
function filesUnder(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(join(root, path)).isFile())
    .sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  try {
    const built = await build(root);
    process.stdout.write(built ? '已构建 dist/ (built)\n' : 'dist/ 已是最新 (up to date)\n');
  } catch (error) {
    process.stderr.write(`构建失败 (the build failed)\n${error.message}\n`);
    process.exitCode = 1;
  }
}
