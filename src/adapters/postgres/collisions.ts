/**
 * collisions: work that the database stopped in favour of somebody else's (deadlock, serialization) is done once more. Only for a whole transaction
 * that touches nothing else: what it did was undone before.
 */
import { Fault } from '../../model/fault.js';

/** Whoever gives way waits for the other at his next try: more than a few in a row is something else. */
const TRIES = 5;
const GAVE_WAY = ['40P01', '40001'];

export async function untilThrough<T>(transaction: () => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await transaction();
    } catch (error) {
      if (left === 0 || !gaveWay(error)) throw error;
    }
  }
}

function gaveWay(error: unknown): boolean {
  if (!(error instanceof Fault) || error.code !== 'database.busy') return false;
  const { cause } = error;
  return typeof cause === 'object' && cause !== null && 'code' in cause && GAVE_WAY.includes(String(cause.code));
}
