/** image-tables: measured rows as Markdown tables. */
import { median, ratios, spread } from './figures.mjs';

const HEAD = [
  '',
  'seconds',
  '× decode',
  'Mpx/s',
  'read',
  'CPU s',
  'peak MB',
  'patches',
  'recall',
  'precision',
  'outside area',
];
const FORM = { plain: 'plain GeoTIFF', cog: 'COG with overviews' };

export const INTRO = [
  'Whole commands, in turn: every round runs all rows once. Seconds: median of the rounds (least–most). × decode: over the decoding of the',
  'same files in the same round. Read: share of the full-size pixels, by the program’s own account; Mpx/s counts the whole pair all the',
  'same. Peak memory: the whole process tree, shared pages once, sampled in one more run that is not timed. Two threads or processes each',
  'where a row does not say otherwise; gdal_calc.py has one.',
  '',
  'A pit is found, and a patch is right, where their intersection is more than .3 of their union. Outside area: of the found pits, against',
  'the truth. The peers share one rule; its thresholds were set on other seeds of the same maker, and so were tuban’s weights among other',
  'data: recall and precision are here to show that all do the work they are timed for, not how they do on real ground.',
];

export function imageTables(rows, sizes, kinds) {
  const scenes = sizes.flatMap((size) =>
    ['plain', 'cog'].flatMap((form) => kinds.map((kind) => ({ size, kind, form }))),
  );
  return [...scenes.map((scene) => sceneTable(rows, scene)), ...sizes.map((size) => growthTable(rows, size, kinds[0]))];
}

function of(rows, { size, kind, form }) {
  return rows.filter((row) => row.size === size && row.kind === kind && row.form === form);
}

function sceneTable(rows, scene) {
  const own = of(rows, scene);
  const floor = own.find(({ competitor }) => competitor === 'decode');
  const pits = own.find(({ score }) => score)?.score.pits ?? 0;
  return {
    title: `${dimensions(scene.size)}, ${scene.kind} (${pits} ${pits === 1 ? 'pit' : 'pits'}), ${FORM[scene.form]}`,
    lines: table(
      HEAD,
      own.map((row) => [row.label, ...sceneCells(row, floor)]),
    ),
  };
}

function sceneCells(row, floor) {
  if (!row.installed || row.failed) return filled([row.installed ? 'failed' : 'not installed'], HEAD.length - 1);
  const { seconds, cpuSeconds, peakBytes, readShare, score, size } = row;
  const floorRan = !floor.failed;
  const cells = [
    ranged(spread(seconds)),
    floorRan ? ranged(ratios(seconds, floor.seconds)) : '–',
    ((size * size) / 1e6 / median(seconds)).toFixed(1),
    `${(100 * readShare).toFixed(0)} %`,
    median(cpuSeconds).toFixed(1),
    (peakBytes / 1e6).toFixed(0),
  ];
  if (score) cells.push(score.patches, share(score.recall), share(score.precision), signed(score.outsideError));
  return filled(cells, HEAD.length - 1);
}

/** Times a pixel at the whole side over those at half of it: 1 is growth with the area. */
function growthTable(rows, size, kind) {
  const half = Math.round(size / 2);
  const at = (side, id) => of(rows, { size: side, kind, form: 'plain' }).find((row) => row.competitor === id);
  const ids = [
    ['1 process', 'tuban-one'],
    ['2 processes', 'tuban'],
  ];
  const all = ids.flatMap(([, id]) => [at(size, id), at(half, id)]);
  if (all.some(({ failed }) => failed)) return { title: `Growth to ${dimensions(size)}`, lines: ['A run failed.'] };
  const lines = ids.map(([label, id]) => {
    const [whole, part] = [at(size, id).seconds, at(half, id).seconds];
    const area = (size / half) ** 2;
    return [
      label,
      ranged(spread(part)),
      ranged(spread(whole)),
      ranged(
        ratios(
          whole.map((s) => s / area),
          part,
        ),
      ),
    ];
  });
  const faster = [half, size].map((side) => ranged(ratios(at(side, 'tuban-one').seconds, at(side, 'tuban').seconds)));
  return {
    title: `**tuban** from ${dimensions(half)} to ${dimensions(size)}, ${kind}, plain`,
    lines: table(
      ['', `seconds at ${half}`, `seconds at ${size}`, 'time a pixel, whole over half'],
      [...lines, ['times faster with two', ...faster, '']],
    ),
  };
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, k) => (k === 0 ? '---' : '---:'))), ...rows.map(line)];
}

function filled(cells, count) {
  return Array.from({ length: count }, (_, k) => cells[k] ?? '');
}

const dimensions = (size) => `${size} × ${size}`;
const ranged = ({ middle, least, most }) => `${middle.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
const share = (value) => (value === null ? '–' : value.toFixed(2));
const signed = (value) => {
  if (value === null) return '–';
  const text = Math.abs(100 * value).toFixed(1);
  return Number(text) === 0 ? '0.0 %' : `${value < 0 ? '−' : '+'}${text} %`;
};
