/** local-time: a UTC instant as officers read it: China's clock, to the minute. */
export function localTime(at: string): string {
  return new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}
