/**
 * Writes the table of docs/formats.md, between the two marks, by really reading every file of fixtures/register/corpus.json with
 * the built program; fails where a file does not give what the list says. The prose around it is by hand.
 *   node scripts/docs-formats.mjs [--check]      (--check: writes nothing, fails where the page is out of date)
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readLayer } from '../dist/src/adapters/gdal/read-layer.js';

const FOLDER = fileURLToPath(new URL('../fixtures/register/', import.meta.url));
const PAGE = new URL('../docs/formats.md', import.meta.url);
const BEGIN = '<!-- formats: written by scripts/docs-formats.mjs -->\n';
const END = '<!-- /formats -->';

const FORMAT_NAMES = {
  string: 'corner string',
  registration: 'registration text',
  exchange: 'exchange text',
  none: 'text of no format',
};

function read({ file, kind, options }) {
  const { crs = null, zone = null, axis = null, angle = null } = options;
  try {
    return readLayer({
      path: `${FOLDER}${file}`,
      kind,
      crs,
      encoding: null,
      validFrom: null,
      corners: { zone, axis, angle },
    });
  } catch (error) {
    if (typeof error?.code !== 'string') throw error;
    return { fault: error };
  }
}

/** What of `entry.result` and `entry.assumes` the reading does not bear out. */
function differences({ assumes, result }, reading) {
  const { fault, boundaries = [], refused = [], repaired = [], assumptions = [], crsName = '' } = reading;
  const wrong = [];
  const expect = (what, holds) => {
    if (!holds) wrong.push(what);
  };
  if (result.fault === 'layer.nothing') {
    expect('nothing usable', boundaries.length === 0 && refused[0]?.why.includes(result.says));
    return wrong;
  }
  if (result.fault) {
    expect(
      `fault ${result.fault}: ${result.says}`,
      fault?.code === result.fault && fault.message.includes(result.says),
    );
    return wrong;
  }
  if (fault) return [`no fault, got ${fault.code}: ${fault.message}`];
  const excluded = boundaries.filter(({ excludedReason }) => excludedReason !== null).length;
  expect(`${result.polygons} polygons, got ${boundaries.length}`, boundaries.length === result.polygons);
  expect(`${result.excluded} excluded, got ${excluded}`, excluded === result.excluded);
  expect(`refused rows ${result.refusedRows}`, `${refused.map(({ row }) => row)}` === `${result.refusedRows}`);
  expect(`system ${result.system}, got ${crsName}`, crsName.includes(result.system));
  for (const text of assumes) expect(`said: ${text}`, assumptions.join('\n').includes(text));
  const warned = repaired.map(({ what }) => what).join('\n');
  for (const text of result.warns) expect(`warned: ${text}`, warned.includes(text));
  if (result.warns.length === 0) expect(`no warning, got ${warned}`, repaired.length === 0);
  return wrong;
}

const shown = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function resultText({ fault, boundaries, refused, repaired, crsName }) {
  if (fault) return `**refused** \`${fault.code}\` ${fault.message.replace(/ \([^()]*\)$/, '')}`;
  const excluded = boundaries.filter(({ excludedReason }) => excludedReason !== null).length;
  return [
    `${boundaries.length} ${boundaries.length === 1 ? 'polygon' : 'polygons'}, ${crsName}${excluded > 0 ? `; ${excluded} not judged` : ''}`,
    ...repaired.map(({ row, what }) => `row ${row}: ${what}`),
    ...refused.map(({ row, why }) => `row ${row} refused: ${why.replace(/ \([^()]*\)$/, '')}`),
  ].join('<br>');
}

const optionText = (options) =>
  Object.entries(options)
    .map(([name, value]) => ` \`--${name} ${value}\``)
    .join('');

function row(entry, reading) {
  const said = (reading.assumptions ?? []).filter((text) => !text.startsWith('格式：'));
  const cells = [
    FORMAT_NAMES[entry.format] ?? entry.format,
    `\`${entry.file}\`${optionText(entry.options)}`,
    entry.variant,
    said.join('<br>') || '–',
    resultText(reading),
  ];
  return `| ${cells.map(shown).join(' | ')} |\n`;
}

const { files } = JSON.parse(readFileSync(`${FOLDER}corpus.json`, 'utf8'));
const wrong = [];
const rows = files.map((entry) => {
  const reading = read(entry);
  for (const what of differences(entry, reading)) wrong.push(`${entry.file}: ${what}`);
  return row(entry, reading);
});
const table = `| format | file | variant | what is said as assumed | result |\n|---|---|---|---|---|\n${rows.join('')}`;
const text = readFileSync(PAGE, 'utf8');
const [from, to] = [text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)];
if (!text.includes(BEGIN) || to < from) throw new Error('docs/formats.md has lost its marks');
const page = text.slice(0, from) + table + text.slice(to);
const stale = page !== text;
if (process.argv.includes('--check')) {
  if (stale) wrong.push('docs/formats.md is out of date: node scripts/docs-formats.mjs');
} else writeFileSync(PAGE, page);
process.stdout.write(`${files.length} readings of ${new Set(files.map(({ file }) => file)).size} files\n`);
for (const what of wrong) process.stderr.write(`${what}\n`);
if (wrong.length > 0) process.exitCode = 1;
