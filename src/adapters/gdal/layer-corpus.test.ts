/** fixtures/register/corpus.json and docs/formats.md say what the built program does with every file. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../config.js';

const FOLDER = join(packageRoot(), 'fixtures', 'register');

it('every file gives what the list says, and the page prints it', () => {
  const out = execFileSync(process.execPath, [join(packageRoot(), 'scripts', 'docs-formats.mjs'), '--check'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(out).toMatch(/^\d+ readings of \d+ files\n$/);
}, 60_000);

it.each(['tables', 'gis'])('every file of %s is in the list and in the README', (folder) => {
  const corpus = readFileSync(join(FOLDER, 'corpus.json'), 'utf8');
  const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8');
  for (const name of readdirSync(join(FOLDER, folder))) {
    if (/\.(dbf|prj|shx)$/.test(name)) continue;
    expect(corpus).toContain(`"${folder}/${name}"`);
    expect(readme).toContain(`\`${folder}/${name}\``);
  }
});
