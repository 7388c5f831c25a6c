/** weights-file: the weights of every kind of imagery as the source file that ships. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** One field a line: a diff of the file says what moved. */
function fields(weights) {
  const { object, trees, ...rest } = weights;
  const lines = Object.entries(rest).map(([key, value]) => `    ${key}: ${JSON.stringify(value)},`);
  if (object === null) lines.push('    object: null,');
  else
    lines.push(
      '    object: {',
      ...Object.entries(object).map(([k, v]) => `      ${k}: ${JSON.stringify(v)},`),
      '    },',
    );
  if (trees) {
    lines.push(
      '    trees: {',
      `      names: ${JSON.stringify(trees.names)},`,
      `      bias: ${trees.bias},`,
      '      trees: [',
    );
    for (const tree of trees.trees) lines.push(`        ${JSON.stringify(tree)},`);
    lines.push('      ],', '    },');
  }
  return lines.join('\n');
}

const KINDS = ['swir-coarse', 'nir-coarse', 'rgb-coarse', 'nir-fine', 'rgb-fine'];

/** The text of each kind's entry as it stands in the file: kinds that were not trained stay byte for byte. */
function entriesOf(path) {
  if (!existsSync(path)) return {};
  const entries = {};
  let kind = null;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const opens = /^ {2}'([a-z-]+)': \{$/.exec(line);
    if (opens) {
      kind = opens[1];
      entries[kind] = [];
    } else if (line === '  },') kind = null;
    else if (kind !== null) entries[kind].push(line);
  }
  return Object.fromEntries(Object.entries(entries).map(([name, lines]) => [name, lines.join('\n')]));
}

/** Writes the trained kinds; those not trained stay in the file as they are. */
export function writeWeights(path, trained) {
  const kept = entriesOf(path);
  const entries = KINDS.map((kind) => [kind, trained[kind] ? fields(trained[kind]) : kept[kind]])
    .filter(([, text]) => text !== undefined)
    .map(([kind, text]) => `  '${kind}': {\n${text}\n  },`);
  writeFileSync(
    path,
    `// biome-ignore-all format: generated, one field a line
/** Weights of the mining detector. Written by scripts/train-mining; not edited by hand. */
import type { MiningWeights } from '../../model/mining.js';

export const TRAINED: Readonly<Record<string, MiningWeights>> = {
${entries.join('\n')}
};
`,
  );
}
