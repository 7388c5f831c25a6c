/** Tables of docs/ that say what the program does: sensors, rules, parts of the score, kinds of zones. UPDATE=1 writes them anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { judgementRecipeSchema } from '../model/judgement-recipe.js';
import { RULE_IDS, RULES } from '../model/rules.js';
import { SENSORS } from '../model/sensor-profiles.js';
import {
  ENDED_STATES,
  FILE_STATE_WORDS,
  FILE_STATES,
  type FileState,
  FLOW_ACTION_WORDS,
  HELD_STATES,
  NEED_WORDS,
  TRANSITIONS,
  WHO_WORDS,
} from '../model/task-flow.js';
import { ZONE_KINDS } from '../model/zone-kinds.js';
import { score } from '../stages/score/score.js';
import { testJudgement } from './judgement.js';

function sensorTable(): string {
  const rows = SENSORS.map((s) => {
    const names = [s.nameZh, ...s.aliases].join(', ');
    const bands = Object.entries(s.bands).map(([band, role]) => `${band} ${role}`);
    const layouts = s.layouts.map((l) => `${l.length}: ${l.join(' ')}`).join('<br>');
    return `| \`${s.id}\` | ${s.name} | ${names} | ${bands.join(', ')} | ${layouts} |\n`;
  });
  return `| \`--sensor\` | sensor | other names | bands | orders by number of bands |\n|---|---|---|---|---|\n${rows.join('')}`;
}

function ruleTable(): string {
  const rows = RULE_IDS.map((id) => {
    const { code, title, raisedWhen, settledBy } = RULES[id];
    return `| ${id} | ${code === null ? 'remark' : `\`${code}\``} | ${title} | ${raisedWhen} | ${settledBy} |\n`;
  });
  return `| rule | code | name | raised when | what settles it |\n|---|---|---|---|---|\n${rows.join('')}`;
}

function partTable(): string {
  const { parts } = score(testJudgement({}).facts, judgementRecipeSchema.parse({}));
  const rows = parts.map(({ part, name, most, change }) => `| \`${part}\` | ${name} | ${most} | ${change} |\n`);
  return `| part | name | at most | what would change it |\n|---|---|---|---|\n${rows.join('')}`;
}

function zoneTable(): string {
  const width = (metres: number | null): string => (metres === null ? 'no' : `${metres} m`);
  const rows = ZONE_KINDS.map(
    ({ code, zh, lineM, pointM }) => `| \`${code}\` | ${zh} | ${width(lineM)} | ${width(pointM)} |\n`,
  );
  return `| \`zone_kind\` | name | lines, on each side | points, around |\n|---|---|---|---|\n${rows.join('')}`;
}

function stateTable(): string {
  const kind = (state: FileState): string =>
    ENDED_STATES.includes(state) ? 'ended' : HELD_STATES.includes(state) ? 'held under a lease' : '';
  const rows = FILE_STATES.map((state) => {
    const { zh, en } = FILE_STATE_WORDS[state];
    return `| \`${state}\` | ${zh} | ${en} | ${kind(state)} |\n`;
  });
  return `| state | name | in English | |\n|---|---|---|---|\n${rows.join('')}`;
}

function transitionTable(): string {
  const rows = TRANSITIONS.map(({ action, from, to, by, needs }) => {
    const who = by.map(({ role, who: which }) =>
      role === null ? WHO_WORDS[which].en : `${role}: ${WHO_WORDS[which].en}`,
    );
    const follows =
      to === 'same' ? '*same*' : to === 'waiting' ? '*waiting*' : to === 'next-review' ? '*next review*' : to;
    const asked = needs.map((need) => NEED_WORDS[need].en).join(', ');
    return `| \`${action}\` ${FLOW_ACTION_WORDS[action].zh} | ${from.join(', ')} | ${follows} | ${who.join('<br>')} | ${asked} |\n`;
  });
  return `| step | from | to | by whom | needs |\n|---|---|---|---|---|\n${rows.join('')}`;
}

it.each([
  ['queue.md', 'states', stateTable],
  ['queue.md', 'transitions', transitionTable],
  ['scenes.md', 'sensors', sensorTable],
  ['rules.md', 'rules', ruleTable],
  ['rules.md', 'parts', partTable],
  ['layers.md', 'zones', zoneTable],
] as const)('docs/%s: the table of %s is that of the program', (file, name, table) => {
  const place = new URL(`../../docs/${file}`, import.meta.url);
  const text = readFileSync(place, 'utf8');
  const [begin] = new RegExp(`<!-- ${name}:.*-->\n`).exec(text) ?? [''];
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(`<!-- /${name} -->`);
  expect(begin).not.toBe('');
  expect(to).toBeGreaterThanOrEqual(from);
  if (process.env.UPDATE === '1') writeFileSync(place, text.slice(0, from) + table() + text.slice(to));
  else expect(text.slice(from, to)).toBe(table());
});
