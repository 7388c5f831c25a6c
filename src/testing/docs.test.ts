/** The sensor table of docs/scenes.md says what the program does. UPDATE=1 writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SENSORS } from '../model/sensor-profiles.js';

const DOC = new URL('../../docs/scenes.md', import.meta.url);
const BEGIN = /<!-- sensors:.*-->\n/;
const END = '<!-- /sensors -->';

function sensorTable(): string {
  const rows = SENSORS.map((s) => {
    const names = [s.nameZh, ...s.aliases].join(', ');
    const bands = Object.entries(s.bands).map(([band, role]) => `${band} ${role}`);
    const layouts = s.layouts.map((l) => `${l.length}: ${l.join(' ')}`).join('<br>');
    return `| \`${s.id}\` | ${s.name} | ${names} | ${bands.join(', ')} | ${layouts} |\n`;
  });
  return `| \`--sensor\` | sensor | other names | bands | orders by number of bands |\n|---|---|---|---|---|\n${rows.join('')}`;
}

it('the table of sensors in docs/scenes.md is that of the program', () => {
  const text = readFileSync(DOC, 'utf8');
  const [begin] = BEGIN.exec(text) ?? [''];
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(END);
  expect(begin).not.toBe('');
  expect(to).toBeGreaterThanOrEqual(from);
  if (process.env.UPDATE === '1') writeFileSync(DOC, text.slice(0, from) + sensorTable() + text.slice(to));
  else expect(text.slice(from, to)).toBe(sensorTable());
});
