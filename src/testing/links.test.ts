/** Every relative link of the documents leads somewhere. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter(Boolean);

it.each(documents)('links of %s', (path) => {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target.replace(/#.*$/, ''));
  const broken = targets.filter(
    (target) => target !== '' && !/^[a-z]+:/i.test(target) && !existsSync(join(ROOT, dirname(path), target)),
  );
  expect(broken).toEqual([]);
});
