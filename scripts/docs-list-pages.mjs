/**
 * Pictures of a task list's first pages for docs/lists.md (needs pdftoppm). The list of the demo's planted pits comes from its test:
 *   KEEP_PDF=/tmp/list.pdf npx vitest run src/adapters/pdf && node scripts/docs-list-pages.mjs /tmp/list.pdf
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [list] = process.argv.slice(2);
if (list === undefined) {
  console.error('用法：node scripts/docs-list-pages.mjs FILE.pdf (name the list)');
  process.exitCode = 2;
} else {
  const images = fileURLToPath(new URL('../docs/images/', import.meta.url));
  for (const [page, name] of [
    [1, 'list-cover'],
    [2, 'list-front'],
    [3, 'list-back'],
  ]) {
    const pages = ['-f', String(page), '-l', String(page), '-singlefile'];
    execFileSync('pdftoppm', [...pages, '-r', '70', '-png', list, `${images}${name}`]);
  }
}
