/** Errors of a database as the person at the keyboard gets them. */
import { expect, it } from 'vitest';
import { Fault } from '../../model/fault.js';
import { databaseError } from './errors.js';

it('two that wait for each other: the one that gave way is told to try again, not that the program is broken', () => {
  for (const code of ['40P01', '40001']) {
    const told = databaseError(Object.assign(new Error('deadlock detected'), { code, detail: 'Process 1 waits' }));
    expect(told).toBeInstanceOf(Fault);
    expect(told).toMatchObject({ code: 'database.busy', retryable: true });
  }
});
