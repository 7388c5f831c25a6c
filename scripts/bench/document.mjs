/** document: what a run says on the terminal and in docs/performance.md, with what it was measured on. */
import { withSection } from '../accuracy/section.mjs';

const MARKS = ['<!-- bench -->', '<!-- /bench -->'];

export function benchText({ command, where, tables }) {
  const known = Object.entries(where).map(([what, value]) => `${what} ${value ?? 'not installed'}`);
  return [
    `\`${command}\``,
    '',
    `${known.join(' · ')}`,
    '',
    'Whole commands, in turn: every round runs all rows once. Seconds: median of the rounds (least–most). × decode: over the decoding of',
    'the same files in the same round. Peak memory: the whole process tree, shared pages once, sampled in one more run that is not timed.',
    'A pit is found, and a patch is right, where their intersection is more than .3 of their union. Outside area: of the found pits,',
    'against the truth. The peers share one rule whose thresholds were set on other seeds of the same maker.',
    '',
    ...tables.flatMap(({ title, lines }) => [`### ${title}`, '', ...lines, '']),
  ].join('\n');
}

export const withBench = (document, text) =>
  withSection(document, `## What \`npm run bench\` measures\n\n${text}`, MARKS);
