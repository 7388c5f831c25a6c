/** document: what a run says on the terminal and in docs/performance.md, with what it was measured on. */
import { withSection } from '../accuracy/section.mjs';

const MARKS = ['<!-- bench -->', '<!-- /bench -->'];

/** @param sections {{ intro: string[], tables: { title, lines }[] }[]} */
export function benchText({ command, where, sections }) {
  const known = Object.entries(where).map(([what, value]) => `${what} ${value ?? 'not installed'}`);
  const parts = sections.flatMap(({ intro, tables }) => [
    ...intro,
    '',
    ...tables.flatMap(({ title, lines }) => [`### ${title}`, '', ...lines, '']),
  ]);
  return [`\`${command}\``, '', known.join(' · '), '', ...parts].join('\n');
}

export const withBench = (document, text) =>
  withSection(document, `## What \`npm run bench\` measures\n\n${text}`, MARKS);
