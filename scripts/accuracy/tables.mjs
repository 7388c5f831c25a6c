/** tables: figures as Markdown tables, the same in the terminal and in the document. No times: the same input gives the same text. */
import { FEW } from './baselines/list.mjs';
import { CAUSES } from './deceivers/causes.mjs';
import { RADAR_SCENES } from './radar.mjs';

const BINS = [0, 0.3, 0.5, 0.7, 0.85, 1.0001];

export function tables(results) {
  return tableList(results)
    .map(({ title, lines, note }) => [`### ${title}`, '', ...lines, ...(note ? ['', note] : [])].join('\n'))
    .join('\n\n');
}

/** @returns {{ title, lines, note }[]} without those that have no rows. */
export function tableList(results) {
  const ran = results.filter(({ figures }) => !figures.failed);
  const of = (...sections) => ran.filter(({ job }) => sections.includes(job.section));
  const any = ran.filter(({ job }) => job.section === 'real' || job.as === 'any');
  const mining = ran.filter(({ job }) => job.section === 'planted' || job.as === 'mining');
  const fine = ran.filter(({ job }) => job.as === 'fine');
  const causes = of('deceivers');
  const list = [
    any.length > 0 && labelledTable('Any change, labelled scenes', any),
    mining.length > 0 && plantedTable(mining),
    causes.length > 0 && anyCauses(causes),
    causes.length > 0 && miningCauses(causes),
    of('radar').length > 0 && radarTable(of('radar')),
    (mining.length > 0 || causes.length > 0) && confidenceTable([...mining, ...causes]),
    fine.length > 0 && fineTable(fine),
  ];
  return list.filter(Boolean);
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, k) => (k === 0 ? '---' : '---:'))), ...rows.map(line)];
}

const three = (v) => (Number.isFinite(v) ? v.toFixed(3).replace(/^(-?)0\./, '$1.') : '–');
const percent = (part, whole) => {
  if (!whole) return '–';
  const share = (100 * part) / whole;
  return `${share.toFixed(share > 0 && share < 0.1 ? 2 : 1)}`;
};
const whole = (v) => (Number.isFinite(v) ? v.toFixed(0) : '–');

function labelledTable(title, results) {
  const rows = results.flatMap(({ job, figures }) =>
    Object.entries(figures.methods).map(([name, s]) => [
      job.id,
      name === 'tuban' ? '**tuban**' : name,
      ...[s.oa, s.kappa, s.f1, s.precision, s.recall, s.auc].map(three),
    ]),
  );
  return { title, lines: table(['scene', 'method', 'OA', 'κ', 'F1', 'precision', 'recall', 'AUC'], rows) };
}

function plantedTable(results) {
  const cell = (s) => (s ? `${s.found} / ${s.mines} · ${whole(s.falsePer100Km2)}` : '–');
  const rows = results.map(({ job, figures: { methods } }) => [
    job.id,
    `${methods.tuban.found} / ${methods.tuban.mines}`,
    whole(methods.tuban.falsePer100Km2),
    three(methods.tuban.meanIou),
    ...FEW.map((name) => cell(methods[name])),
  ]);
  return {
    title: 'Mining, planted excavations',
    lines: table(['scene', 'found', 'false per 100 km²', 'IoU', ...FEW.map((name) => `${name}: found · false`)], rows),
    note: "The shipped weights were trained on other plantings over these same four places, so this is a check that nothing broke, not a figure for new places. False counts the places' own real works too. Groups of at least 9 px stand for a plain method's polygons.",
  };
}

/** Results of one cause, its places together. */
function byCause(results) {
  return CAUSES.map((cause) => ({
    cause,
    scenes: results.filter(({ job }) => job.id.startsWith(`${cause.id}@`)).map(({ figures }) => figures),
  })).filter(({ scenes }) => scenes.length > 0);
}

function sumOf(list, pick) {
  return list.reduce((sum, item) => sum + (item ? pick(item) : 0), 0);
}

function anyCauses(results) {
  const methods = ['tuban', ...FEW];
  const rows = byCause(results).map(({ cause, scenes }) => {
    const of = (name) => scenes.map(({ any }) => any[name]).filter(Boolean);
    const total = (name, pick) => sumOf(of(name), pick);
    const cells = methods.map((name) => {
      if (of(name).length === 0) return 'refused';
      return percent(
        total(name, (s) => s.alarm),
        total(name, (s) => s.quiet),
      );
    });
    const detected = methods.map((name) =>
      percent(
        total(name, (s) => s.detected),
        total(name, (s) => s.cause),
      ),
    );
    return [
      cause.text,
      ...cells,
      cause.ground === 'changes' ? detected.join(' / ') : '',
      percent(
        total('tuban', (s) => s.hiddenUnseen),
        total('tuban', (s) => s.hidden),
      ),
      percent(
        total('tuban', (s) => s.openUnseen),
        total('tuban', (s) => s.open),
      ),
      `${methods.map((name) => total(name, (s) => s.found)).join(' / ')} of ${total('NDVI+Otsu', (s) => s.pits)}`,
    ];
  });
  const short = 'tuban / NDVI / CVA / IR-MAD';
  return {
    title: 'What deceives: any change, % of unchanged ground called change',
    lines: table(
      [
        'cause',
        ...methods.map((name) => (name === 'tuban' ? '**tuban**' : name)),
        `cause found, % (${short})`,
        'hidden ground not seen, %',
        'open ground not seen, %',
        `planted pits found (${short})`,
      ],
      rows,
    ),
    note: 'From "harvest" on the ground did change, though nobody dug: there the share found is given as well, and only what the cause left alone counts as unchanged. Hidden: cloud, its shadow, deep snow, cast shadow, saturated or missing pixels.',
  };
}

function miningCauses(results) {
  const methods = ['tuban', ...FEW];
  const rows = byCause(results).map(({ cause, scenes }) => {
    const ran = scenes.filter(({ mining }) => mining);
    const refused = scenes.length - ran.length;
    const area = sumOf(ran, ({ mining }) => mining.areaKm2);
    const cell = (name) => {
      if (ran.length === 0) return 'refused';
      const found = sumOf(ran, ({ mining }) => mining.methods[name].found);
      const mines = sumOf(ran, ({ mining }) => mining.methods[name].mines);
      return `${whole((100 * sumOf(ran, ({ mining }) => mining.methods[name].falseCount)) / area)} · ${found} / ${mines}`;
    };
    return [`${cause.text}${refused > 0 ? ` (${refused} refused)` : ''}`, ...methods.map(cell)];
  });
  return {
    title: 'What deceives: mining, false patches per 100 km² · planted pits found',
    lines: table(['cause', ...methods.map((name) => (name === 'tuban' ? '**tuban**' : name))], rows),
  };
}

function radarTable(results) {
  const rows = results.flatMap(({ job, figures }) => {
    const { text } = RADAR_SCENES.find(({ id }) => id === job.id);
    return Object.entries(figures.methods).map(([name, s]) => [
      text,
      name === 'tuban' ? '**tuban**' : name,
      ...(figures.changed > 0 ? [s.kappa, s.f1, s.auc].map(three) : ['–', '–', '–']),
      percent(1 - s.oa, 1),
    ]);
  });
  return { title: 'Radar, made speckle', lines: table(['scene', 'method', 'κ', 'F1', 'AUC', 'wrong, %'], rows) };
}

function confidenceTable(results) {
  const said = results.flatMap(({ job, figures }) => {
    const list = job.section === 'deceivers' ? (figures.mining?.confidence ?? []) : figures.confidence;
    return list.map((patch) => ({ ...patch, group: job.section === 'deceivers' ? 'causes' : 'planted' }));
  });
  const rows = BINS.slice(0, -1).map((from, k) => {
    const to = BINS[k + 1];
    const cells = ['planted', 'causes'].flatMap((group) => {
      const inBin = said.filter((patch) => patch.group === group && patch.said >= from && patch.said < to);
      const mean = inBin.reduce((sum, patch) => sum + patch.said, 0) / inBin.length;
      return [inBin.length, three(mean), three(inBin.filter(({ real }) => real).length / inBin.length)];
    });
    return [`${from.toFixed(2)}–${Math.min(1, to).toFixed(2)}`, ...cells];
  });
  return {
    title: 'Confidence of mining patches: said, and how many touch a planted pit',
    lines: table(
      [
        'confidence',
        'real pairs: patches',
        'mean said',
        'on a pit',
        'deceiving pairs: patches',
        'mean said',
        'on a pit',
      ],
      rows,
    ),
    note: "On real pairs a patch off the pits may be one of the place's own works.",
  };
}

function fineTable(results) {
  const rows = results.map(({ job, figures: { methods } }) => {
    const s = methods.tuban;
    const sign = s.outsideAreaError > 0 ? '+' : '';
    return [
      job.id,
      three(s.f1),
      three(s.meanIou),
      `${sign}${(100 * s.outsideAreaError).toFixed(1)} %`,
      three(s.kindRight),
      `${s.matched} / ${s.truth}`,
      s.patches,
    ];
  });
  return {
    title: 'Pairs of 2 m with licences',
    lines: table(['pair', 'F1', 'IoU', 'outside area', 'told right', 'matched', 'patches'], rows),
  };
}
