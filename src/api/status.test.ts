/** Every Fault that the queue may answer with has its status: those that the ports name, and those in the source that implements them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { STATUS_BY_CODE } from './status.js';

const SRC = fileURLToPath(new URL('..', import.meta.url));
const PORTS =
  'codes evidence findings learning missed-pits notices once-keys people pit-list rounds sign-in supervision task-bundle task-lists task-queue verdicts work-calendar'.split(
    ' ',
  );
/** Of runs, registers and corner points (a report says pit.corners), which no request of the queue starts; the rest of the program answers for them. */
const ELSEWHERE =
  /^(layer|scene|output|raster|run|recipe|settings|workspace|gdal|pool|views|holder|corners?|issued|site|rules|patch)\./;

/** A file and everything of the project that it imports. */
function reachable(file: string, seen: Set<string>): void {
  if (seen.has(file)) return;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, from = ''] of text.matchAll(/^(?:import|export)\s[^;]*?from '(\.[^']+)\.js'/gms)) {
    reachable(`${resolve(dirname(file), from)}.ts`, seen);
  }
}

function codesOf(files: Iterable<string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const [, code = ''] of text.matchAll(/\b(?:\w*[fF]ault|refuse\w*)\(\s*'([a-z-]+\.[a-z-]+)'/g)) {
      found.set(code, relative(SRC, file));
    }
  }
  return found;
}

it('has every code that a port of the queue names', () => {
  const named = PORTS.flatMap((port) => {
    const text = readFileSync(join(SRC, 'ports', `${port}.ts`), 'utf8').replaceAll(/\s*\n\s*\*?\s*/g, ' ');
    const sentences = text.match(/\bFaults?:? [^/]*?(?=\*\/|\w+\()/g) ?? [];
    return sentences.flatMap((sentence) => sentence.match(/(?<![\w.-])[a-z-]+\.[a-z-]+\b/g) ?? []);
  }).filter((code) => !code.startsWith('details.'));
  expect(named.length).toBeGreaterThan(40);
  expect([...new Set(named)].filter((code) => !STATUS_BY_CODE.has(code))).toEqual([]);
});

it('has every code in the source of the queue', () => {
  const roots = readdirSync(SRC).filter((name) => /^queue-.*\.ts$/.test(name) && !name.endsWith('.test.ts'));
  const seen = new Set<string>();
  for (const root of [...roots, 'api/build.ts']) reachable(join(SRC, root), seen);
  const codes = codesOf(seen);
  expect(codes.size).toBeGreaterThan(15);
  const missing = [...codes].filter(([code]) => !STATUS_BY_CODE.has(code) && !ELSEWHERE.test(code));
  expect(missing).toEqual([]);
});
