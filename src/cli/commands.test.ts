/** What the commands of the queue have in common: results as JSON, Chinese before English, one name for one thing. */
import { Command, type Option } from 'commander';
import { describe, expect, it } from 'vitest';
import type { CommandContext } from './command.js';
import { commands } from './commands.js';
import { EXAMPLES } from './examples.js';

const QUEUE = 'tasks rounds evidence user team area token rules learn codes supervision calendar notices audit'.split(
  ' ',
);

interface Leaf {
  readonly name: string;
  readonly command: Command;
}

function* leavesOf(command: Command, name: string): Generator<Leaf> {
  if (command.commands.length === 0) yield { name, command };
  for (const child of command.commands) yield* leavesOf(child, `${name} ${child.name()}`);
}

// Registering only describes a command: no context is asked for anything.
const program = new Command('tuban');
for (const register of commands) register(program, {} as CommandContext);
const leaves = program.commands
  .filter((one) => QUEUE.includes(one.name()))
  .flatMap((one) => [...leavesOf(one, one.name())]);
const optionsOf = ({ command }: Leaf): readonly Option[] => command.options;

describe('commands of the queue', () => {
  it('are all there', () => {
    expect([...new Set(leaves.map(({ name }) => name.split(' ')[0]))].sort()).toEqual([...QUEUE].sort());
    expect(leaves.length).toBeGreaterThan(70);
  });

  it('have --json, each', () => {
    const without = leaves.filter((leaf) => !optionsOf(leaf).some(({ long }) => long === '--json'));
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it('say what they do in Chinese first, then in English', () => {
    const wrong = leaves.filter(({ command }) => !/^[^a-z]*\p{Script=Han}.*[a-z]/su.test(command.description()));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('say what an option is in Chinese and in English', () => {
    const wrong = leaves.flatMap((leaf) =>
      optionsOf(leaf)
        .filter(({ description }) => !/\p{Script=Han}/u.test(description) || !/[a-z]{2}/.test(description))
        .map(({ flags }) => `${leaf.name} ${flags}`),
    );
    expect(wrong).toEqual([]);
  });

  it('call the value of an option by one name', () => {
    const named = new Map<string, Set<string>>();
    for (const { long, flags } of leaves.flatMap(optionsOf)) {
      const [, value] = /<([^>.]+)/.exec(flags) ?? [];
      if (long !== null && long !== undefined && value !== undefined) {
        named.set(long, (named.get(long) ?? new Set()).add(value));
      }
    }
    const several = [...named].filter(([, values]) => values.size > 1);
    expect(Object.fromEntries(several.map(([long, values]) => [long, [...values].sort().join(' ')]))).toEqual({
      '--to': 'LOGIN LON,LAT',
      '--until': 'DAY TIME',
      '--verdict': 'CODE FILE',
    });
  });

  it('have examples that could be typed', () => {
    const known = new Map(leaves.map((leaf) => [leaf.name, leaf]));
    const wrong = Object.values(EXAMPLES)
      .flat()
      .filter((line) => {
        const words = line.split(' ').slice(line.split(' ').indexOf('tuban') + 1);
        const start = words[0] === '-C' ? 2 : 0;
        const leaf = known.get(words.slice(start, start + 2).join(' '));
        const longs = words.filter((word) => word.startsWith('--') && word !== '--as');
        return !leaf || !longs.every((long) => optionsOf(leaf).some((option) => option.long === long));
      });
    expect(wrong).toEqual([]);
    const groups = new Set(leaves.map(({ name }) => name.split(' ')[0]));
    expect(Object.keys(EXAMPLES).filter((name) => !known.has(name) && !groups.has(name))).toEqual([]);
  });
});
