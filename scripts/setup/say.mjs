/** What the set-up says, on stderr, Chinese first; and the one way it gives up. */

/** Something a person has to do. Its text is all that is shown: what was found, what to do. */
export class SetupProblem extends Error {
  constructor(chinese, english) {
    super(`${chinese}\n  (${english})`);
    this.name = 'SetupProblem';
  }
}

export function say(chinese, english) {
  process.stderr.write(`[setup] ${chinese} (${english})\n`);
}

/** Says what begins, and afterwards how long it took. */
export async function step(chinese, english, work) {
  say(`${chinese}…`, `${english}…`);
  const start = Date.now();
  const result = await work();
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  say(`完成，用时 ${seconds} 秒`, `done in ${seconds} s`);
  return result;
}
