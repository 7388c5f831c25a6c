/** in-turns: work on many things, never more than so many at once, so that what waits takes no memory. */

/** What `items` makes on the way is made when its turn comes. Stops handing out at the first failure and throws it. */
export async function inTurns<T>(items: Iterable<T>, atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items[Symbol.iterator]();
  let failed = false;
  const turn = async (): Promise<void> => {
    for (let next = waiting.next(); !failed && !next.done; next = waiting.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, turn));
}
