import { describe, expect, it } from 'vitest';
import { documentSection, withSection, worthShowing } from './section.mjs';
import { tableList, tables } from './tables.mjs';

const any = (alarm, found) => ({ quiet: 1000, alarm, cause: 0, detected: 0, pits: 5, found });
const few = (value) => ({ 'NDVI+Otsu': value, 'CVA+Otsu': value, 'IR-MAD+Otsu': value });
const mining = (found, falseCount) => ({ found, mines: 5, falseCount });
const cloud = (place, alarm, confidence) => ({
  job: { section: 'deceivers', id: `cloud@${place}` },
  figures: {
    ground: 'same',
    any: { tuban: { ...any(alarm, 4), hidden: 200, hiddenUnseen: 150, open: 800, openUnseen: 8 }, ...few(any(100, 3)) },
    mining: { areaKm2: 12.5, methods: { tuban: mining(4, 1), ...few(mining(5, 10)) }, confidence },
    refused: {},
  },
});
const results = [
  cloud('chongqing', 10, [{ said: 0.9, real: true }]),
  cloud('dubai', 30, [
    { said: 0.9, real: false },
    { said: 0.2, real: false },
  ]),
];

describe('tables', () => {
  it('sum the two places of a cause', () => {
    const text = tables(results);
    expect(text).toContain('| cloud | 2.0 | 10.0 | 10.0 | 10.0 |  | 75.0 | 1.0 | 8 / 6 / 6 / 6 of 10 |');
    expect(text).toContain('| cloud | 8 · 8 / 10 | 80 · 10 / 10 | 80 · 10 / 10 | 80 · 10 / 10 |');
    expect(text).toContain('| 0.85–1.00 | 0 | – | – | 2 | .900 | .500 |');
  });

  it('say where a scene was refused, and leave failed ones out', () => {
    const refused = { ...results[1], figures: { ...results[1].figures, any: few(any(100, 3)), mining: null } };
    expect(tables([refused])).toContain('| cloud | refused | 10.0 |');
    expect(tables([results[0], refused])).toContain('cloud (1 refused) | 8 · 4 / 5');
    expect(tableList([{ ...results[0], figures: { failed: 'x' } }])).toEqual([]);
  });
});

describe('worthShowing', () => {
  it('leaves out what has no picture', () => {
    const shown = worthShowing([
      { ...results[0], picture: null },
      { ...results[1], picture: '' },
    ]);
    expect(shown.map(({ job }) => job.id)).toEqual(['cloud@dubai']);
  });
});

describe('withSection', () => {
  const pictures = worthShowing(results.map((result) => ({ ...result, picture: '' }))).map(({ job }) => ({
    job,
    path: `images/${job.id}.jpg`,
  }));
  const section = documentSection(results, pictures);

  it('shows one picture a cause, with its notice', () => {
    expect(section).toContain('![cloud, laid over Chongqing](images/cloud@chongqing.jpg)');
    expect(section).not.toContain('images/cloud@dubai.jpg');
    expect(section).toContain('Contains modified Copernicus Sentinel data 2015–2018, altered');
  });

  it('replaces what is between the marks and nothing else, again and again', () => {
    const first = withSection('# Accuracy\n\ntext\n', 'one');
    expect(first).toBe('# Accuracy\n\ntext\n\n<!-- accuracy:begin -->\none\n<!-- accuracy:end -->\n');
    const more = `${first}after\n`;
    expect(withSection(more, 'two')).toBe(more.replace('one', 'two'));
  });
});
