/** Ids: short hashes of content, the same on every machine. */
import { createHash } from 'node:crypto';

/** JSON with sorted keys: the same text for the same content. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const entries = Object.entries(value as Record<string, unknown>)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`;
}

/** First `digits` hexadecimal digits of the SHA-256 of the canonical JSON of `value`. */
export function contentHash(value: unknown, digits = 16): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, digits);
}
