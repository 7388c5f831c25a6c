/** document: what a run says on the terminal and in docs/performance.md, with what it was measured on. */
import { withSection } from '../accuracy/section.mjs';

/** @param result {{ intro: string[], tables: { title, lines }[] }} */
export function benchText({ command, where, result }) {
  const known = Object.entries(where).map(([what, value]) => `${what} ${value ?? 'not installed'}`);
  const tables = result.tables.flatMap(({ title, lines }) => [`### ${title}`, '', ...lines, '']);
  return [`\`${command}\``, '', known.join(' · '), '', ...result.intro, '', ...tables].join('\n');
}

/** Each section of the bench has its own marks: a run of one leaves what the others said. */
export const withBench = (document, name, text) =>
  withSection(document, `## What \`npm run bench\` measures: ${name}\n\n${text}`, [
    `<!-- bench ${name} -->`,
    `<!-- /bench ${name} -->`,
  ]);
