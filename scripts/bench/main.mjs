/**
 * npm run bench: time and memory of the built program beside plain decoding and beside peers, on made pairs.
 *   npm run bench -- [--size 10000[,20000]] [--rounds 3] [--only images,remote,overlay,queue,publish] [--kinds dense,sparse] [--no-peers] [--seed 7]
 *     [--tasks 100000] [--keep DIR] [--write]
 * --keep: where made pairs stay for the next run. --write puts the tables of the sections that ran into
 * docs/performance.md and every round into docs/bench.json. Exit status 1 when a command failed; a peer that is not installed is named and is no failure.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchText, withBench } from './document.mjs';
import * as images from './images.mjs';
import * as overlay from './overlay.mjs';
import * as publish from './publish.mjs';
import * as queue from './queue.mjs';
import * as remote from './remote.mjs';
import { KINDS } from './squares.mjs';
import { findTools, surroundings } from './tools.mjs';

/** Each exports `name` and `run(options)`, which gives { intro: lines, tables: { title, lines }[], raw, failures }. */
const SECTIONS = [images, remote, overlay, queue, publish];

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
const LEAST_SIZE = 500;

const text = { type: 'string' };
const { values } = parseArgs({
  options: {
    size: { ...text, default: '10000' },
    rounds: { ...text, default: '3' },
    only: { ...text, default: SECTIONS.map(({ name }) => name).join(',') },
    kinds: { ...text, default: KINDS.join(',') },
    'no-peers': { type: 'boolean', default: false },
    seed: { ...text, default: '7' },
    tasks: { ...text, default: '100000' },
    keep: { ...text, default: join(tmpdir(), 'tuban-bench') },
    write: { type: 'boolean', default: false },
  },
});
const sizes = values.size.split(',').map(Number);
const [rounds, seed, tasks] = [Number(values.rounds), Number(values.seed), Number(values.tasks)];
const only = values.only.split(',');
const kinds = values.kinds.split(',');
const sections = SECTIONS.filter(({ name }) => only.includes(name));
const right =
  sizes.every((size) => Number.isInteger(size) && size >= LEAST_SIZE) &&
  Number.isInteger(rounds) &&
  rounds >= 1 &&
  Number.isInteger(seed) &&
  Number.isInteger(tasks) &&
  tasks >= 1 &&
  kinds.every((kind) => KINDS.includes(kind)) &&
  sections.length === only.length;
if (!right) {
  process.stderr.write(
    `Usage: npm run bench -- [--size PX[,PX]] [--rounds N] [--only ${SECTIONS.map(({ name }) => name).join(',')}] [--kinds ${KINDS.join(',')}] [--no-peers] [--seed N] [--tasks N] [--keep DIR] [--write]\nSizes are ${LEAST_SIZE} or more.\n`,
  );
  process.exit(2);
}

const tools = findTools();
const where = surroundings(tools);
const results = {};
for (const { name, run } of sections) {
  const say = (line) => process.stderr.write(`[${name}] ${line}\n`);
  const peers = !values['no-peers'];
  results[name] = await run({ sizes, rounds, seed, kinds, tasks, peers, keep: values.keep, tools, say });
}
const command = ['npm run bench --', ...process.argv.slice(2).map(withoutFolder)].join(' ');
const texts = Object.entries(results).map(([name, result]) => [name, benchText({ command, where, result })]);
process.stdout.write(`${texts.map(([, text]) => text).join('\n')}\n`);
if (values.write) {
  const [document, rounds] = [join(DOCS, 'performance.md'), join(DOCS, 'bench.json')];
  const written = texts.reduce((before, [name, text]) => withBench(before, name, text), readFileSync(document, 'utf8'));
  writeFileSync(document, written);
  const raw = JSON.parse(readFileSync(rounds, 'utf8'));
  for (const [name, result] of Object.entries(results)) raw[name] = { command, where, rows: result.raw };
  writeFileSync(rounds, `${JSON.stringify(raw, null, 2)}\n`);
}
process.exitCode = Object.values(results).some(({ failures }) => failures > 0) ? 1 : 0;

/** A folder of this machine is of no use to a reader of the document. */
function withoutFolder(word) {
  const [option, value] = word.startsWith('--keep=') ? word.split('=') : ['', word];
  return `${option ? `${option}=` : ''}${value.includes('/') ? basename(value) : value}`;
}
