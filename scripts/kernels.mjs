/**
 * kernels: compiles src/kernels/assembly (AssemblyScript) and writes the bytes into src/kernels/wasm-bytes.ts, which is committed, so that
 * users need no compiler. A test compiles again and compares.
 *   node scripts/kernels.mjs [--check]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const SOURCES = ['sieve.ts', 'window.ts'];
const TARGET = join(root, 'src/kernels/wasm-bytes.ts');

/** The text that TARGET should have. */
export function compiled() {
  const folder = mkdtempSync(join(tmpdir(), 'tuban-kernels-'));
  try {
    const out = join(folder, 'kernels.wasm');
    const options = ['--runtime', 'stub', '--enable', 'simd', '-O3', '--noAssert', '--importMemory', '-o', out];
    execFileSync(process.execPath, [
      join(root, 'node_modules/assemblyscript/bin/asc.js'),
      ...SOURCES.map((name) => join(root, 'src/kernels/assembly', name)),
      ...options,
    ]);
    const lines = readFileSync(out)
      .toString('base64')
      .match(/.{1,120}/g);
    return `// biome-ignore-all format: generated
/** WebAssembly of src/kernels/assembly, base64. Written by scripts/kernels.mjs; not edited by hand. */
export const WASM_BASE64 = \`
${lines.join('\n')}
\`;
`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = compiled();
  if (!process.argv.includes('--check')) writeFileSync(TARGET, text);
  else if (readFileSync(TARGET, 'utf8') !== text) {
    process.stderr.write(
      'src/kernels/wasm-bytes.ts is not what src/kernels/assembly gives: run node scripts/kernels.mjs\n',
    );
    process.exitCode = 1;
  }
}
