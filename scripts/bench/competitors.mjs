/** competitors: who is measured on a pair, each as one command. All have two threads or processes, where not said otherwise. */
import { fileURLToPath } from 'node:url';
import { PYTHON } from './tools.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const CLI = here('../../dist/src/cli/main.js');

const tuban =
  (...more) =>
  ({ before, after, licences, out }) => [
    ...[process.execPath, CLI, 'diff', before, after, '--layer', `licences=${licences}`, '--out', out, '--json'],
    ...more,
  ];
const read = (stdout) => JSON.parse(stdout).read_share;
const peer =
  (program, script) =>
  ({ before, after, licences, out }) => [program, here(`peers/${script}`), before, after, licences, out];

/** `forms`: which files a competitor is measured on. `finds`: it gives patches. `read`: the share of the pixels it read, from what it
 * printed; else all. `installed`: of what findTools found. */
export const COMPETITORS = [
  {
    id: 'decode',
    label: 'decode both files, GDAL',
    forms: ['plain', 'cog'],
    command: ({ before, after }, tools) =>
      tools.python && tools.numpy
        ? [PYTHON, here('peers/decode.py'), before, after]
        : [process.execPath, here('peers/decode.mjs'), before, after],
  },
  { id: 'tuban', label: '**tuban**', forms: ['plain', 'cog'], finds: true, read, command: tuban('--jobs', '2') },
  {
    id: 'tuban-one',
    label: '**tuban** --jobs 1',
    forms: ['plain'],
    finds: true,
    read,
    command: tuban('--jobs', '1'),
  },
  {
    id: 'tuban-exact',
    label: '**tuban** --exact',
    forms: ['cog'],
    finds: true,
    read,
    command: tuban('--jobs', '2', '--exact'),
  },
  {
    id: 'numpy',
    label: 'numpy script, block by block',
    forms: ['plain'],
    finds: true,
    installed: ({ python, numpy, scipy }) => python && numpy && scipy,
    command: peer(PYTHON, 'block_rule.py'),
  },
  {
    id: 'gdal-tools',
    label: "GDAL's tools",
    forms: ['plain'],
    finds: true,
    installed: ({ gdalTools }) => gdalTools,
    command: peer('/bin/sh', 'gdal_tools.sh'),
  },
  {
    id: 'otb',
    label: "Orfeo ToolBox, then GDAL's tools",
    forms: ['plain'],
    finds: true,
    installed: ({ otb }) => otb,
    command: peer('/bin/sh', 'otb.sh'),
  },
];

/** Those that show how time grows with size and processes. */
export const SCALING = ['tuban', 'tuban-one'];
