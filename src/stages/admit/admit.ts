/**
 * admit: how long one who failed has to wait, and until when a session lasts.
 * A wait grows with each failure and ends by itself: nobody is locked out for good by a stranger who types his login. Many people share one
 * address (an office behind one router), so an address may fail more often than a login.
 * In:  failures so far and when the last one was. Out: seconds to wait.
 */

import { Fault } from '../../model/fault.js';

/** Tries that cost nothing; first wait; longest wait; after how long without a failure all is forgotten. Seconds. */
const FREE = { login: 5, address: 30 } as const;
const FIRST_WAIT = 15;
const LONGEST_WAIT = 900;
export const FORGOTTEN_AFTER = 86_400;

export interface Tries {
  readonly failures: number;
  /** UTC, ISO 8601. */
  readonly lastAt: string;
}

/** Seconds, rounded up; 0 = go on. */
export function waitOf(kind: keyof typeof FREE, tries: Tries | null, now: string): number {
  if (tries === null) return 0;
  const since = (Date.parse(now) - Date.parse(tries.lastAt)) / 1000;
  const over = tries.failures - FREE[kind];
  if (over < 0 || since >= FORGOTTEN_AFTER) return 0;
  return Math.max(0, Math.ceil(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(over, 10)) - since));
}

/** Reads the same whether or not there is such a login. */
export function tooManyTries(seconds: number): Fault {
  const wait = seconds < 60 ? `${seconds} 秒` : `${seconds} 秒（约 ${Math.ceil(seconds / 60)} 分钟）`;
  return new Fault(
    'sign-in.wait',
    `尝试过多，请在 ${wait}后再试；到时自行解除，不必找人解锁；忘了密码请找管理员重设 (too many tries; try again in ${seconds} s: it ends by itself; who forgot the password asks an administrator)`,
    { details: { seconds, retryAfterS: seconds } },
  );
}

/** Failures that count after one more. */
export function afterFailure(tries: Tries | null, now: string): Tries {
  const forgotten = tries === null || (Date.parse(now) - Date.parse(tries.lastAt)) / 1000 >= FORGOTTEN_AFTER;
  return { failures: (forgotten ? 0 : tries.failures) + 1, lastAt: now };
}

/** What counts as one address: of IPv6 the network of a household (its first 64 bits). */
export function addressSubject(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return `address:${mapped}`;
  if (!address.includes(':')) return `address:${address}`;
  const [head = '', tail] = address.split('%')[0]?.toLowerCase().split('::') ?? [];
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0');
  const groups = [...front, ...zeros, ...back].map((group) => group.replace(/^0+(?=.)/, ''));
  return `address:${groups.slice(0, 4).join(':')}::`;
}
