/**
 * Hashes of secrets. Passwords, which people choose: argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane). Secrets that were made at
 * random (sessions, tokens, recovery codes): SHA-256, since nobody guesses 80 bits and more.
 */
import { createHash, randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { SecretHashes } from '../../ports/secrets.js';

/** Algorithm 2 = argon2id; the package's enum is erased when types are stripped. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** RFC 4648, without what is easily misread by others: base32 has no 0, 1, 8. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function secretHashes(): SecretHashes {
  // For logins that do not exist: the same work as for a real one, so that the time tells nothing.
  const nobody = hash(randomBytes(32), ARGON2ID);
  return {
    passwordHash: (password) => hash(password, ARGON2ID),
    async passwordFits(stored, password) {
      const fits = await verify(stored ?? (await nobody), password);
      return stored !== null && fits;
    },
    fingerprint: (secret) => createHash('sha256').update(secret).digest('hex'),
    secret: (bytes) => randomBytes(bytes).toString('base64url'),
    readable: (characters) =>
      Array.from(randomBytes(characters), (byte) => BASE32[byte % 32])
        .join('')
        .replace(/(.{4})(?=.)/g, '$1-'),
  };
}
