import { describe, expect, it } from 'vitest';
import { addressSubject, afterFailure, type Tries, waitOf } from './admit.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 8, 1) + seconds * 1000).toISOString();

describe('waits after failures', () => {
  it('cost nothing at first, grow twofold, and end by themselves', () => {
    const waits = Array.from({ length: 14 }, (_, failures) => waitOf('login', { failures, lastAt: at(0) }, at(0)));
    expect(waits).toEqual([0, 0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900]);
    expect(waitOf('login', { failures: 7, lastAt: at(0) }, at(59.5))).toBe(1);
    expect(waitOf('login', { failures: 7, lastAt: at(0) }, at(60))).toBe(0);
    expect(waitOf('address', { failures: 29, lastAt: at(0) }, at(0))).toBe(0);
    expect(waitOf('address', { failures: 30, lastAt: at(0) }, at(0))).toBe(15);
    expect(waitOf('login', null, at(0))).toBe(0);
  });

  it('are forgotten a day after the last failure, and one who tries all day gets a hundred tries', () => {
    expect(waitOf('login', { failures: 90, lastAt: at(0) }, at(86_400))).toBe(0);
    expect(afterFailure({ failures: 90, lastAt: at(0) }, at(86_400))).toEqual({ failures: 1, lastAt: at(86_400) });
    let tries: Tries | null = null;
    let now = 0;
    let count = 0;
    for (; now < 86_400; count += 1) {
      now += waitOf('login', tries, at(now));
      tries = afterFailure(tries, at(now));
    }
    expect(count).toBeGreaterThan(90);
    expect(count).toBeLessThan(110);
  });
});

describe('addresses', () => {
  it.each([
    ['192.0.2.7', 'address:192.0.2.7'],
    ['::ffff:192.0.2.7', 'address:192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', 'address:2001:db8:1:2::'],
    ['2001:DB8:0001:0002::9', 'address:2001:db8:1:2::'],
    ['2001:db8::9', 'address:2001:db8:0:0::'],
    ['::1', 'address:0:0:0:0::'],
    ['fe80::1%eth0', 'address:fe80:0:0:0::'],
  ])('%s counts as %s', (address, subject) => expect(addressSubject(address)).toBe(subject));
});
