/**
 * Writes docs/openapi.json and the table of addresses in docs/api.md, between the two marks, from the routes of the built program.
 *   node scripts/docs-api.mjs [--check]      (--check: writes nothing, fails where either is out of date)
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describeApi } from './api/describe.mjs';

const DOCUMENT = new URL('../docs/openapi.json', import.meta.url);
const PAGE = new URL('../docs/api.md', import.meta.url);
const BEGIN = '<!-- addresses: written by scripts/docs-api.mjs -->\n';
const END = '<!-- /addresses -->';

function table({ document, routes }) {
  const rows = routes.flatMap(({ method, url, access, right, key, ifMatch }) => {
    const path = url.replaceAll(/:(\w+)/g, '{$1}');
    const operation = document.paths[path]?.[method.toLowerCase()];
    if (!operation) return [];
    const who = access === 'person' ? (right === null ? 'person' : `\`${right}\``) : access;
    const headers = [ifMatch ? 'If-Match' : '', key === 'needed' ? 'Idempotency-Key' : ''].filter(Boolean).join(', ');
    return [`| ${method} | \`${path}\` | ${operation.summary} | ${who} | ${headers} |\n`];
  });
  return `| method | address | what | who | headers that are needed |\n|---|---|---|---|---|\n${rows.sort(byAddress).join('')}`;
}

function byAddress(a, b) {
  const [left, right] = [a, b].map((row) => row.split('|').slice(1, 3).reverse().join(' '));
  return left < right ? -1 : left > right ? 1 : 0;
}

const described = await describeApi();
const page = readFileSync(PAGE, 'utf8');
const from = page.indexOf(BEGIN) + BEGIN.length;
const to = page.indexOf(END);
if (from < BEGIN.length || to < from) throw new Error('docs/api.md has no marks');
const wanted = [
  [DOCUMENT, `${JSON.stringify(described.document, null, 1)}\n`],
  [PAGE, page.slice(0, from) + table(described) + page.slice(to)],
];
const check = process.argv.includes('--check');
for (const [file, text] of wanted) {
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${file.pathname} is out of date: npm run build && node scripts/docs-api.mjs\n`);
    process.exitCode = 1;
  }
}
