/** What the commands that stay share. */
import { Fault } from '../model/fault.js';

export function untilStopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** A number with a fraction. */
export function numberOf(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value >= least && value <= most) return value;
  throw new Fault(
    'cli.number',
    `${option} 应为 ${least} 至 ${most} 的数，得到的是“${text}” (expected a number from ${least} to ${most})`,
  );
}

/** Null where the option was not given. */
export function wholeNumber(option: string, text: string | undefined, least: number, most: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Fault(
    'cli.number',
    `${option} 应为 ${least} 至 ${most} 的整数，得到的是“${text}” (expected a whole number from ${least} to ${most})`,
  );
}
