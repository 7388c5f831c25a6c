/** One-time codes of a phone's app: TOTP (RFC 6238; SHA-1, six digits, 30 s, as every such app does it). */
import { Secret, TOTP } from 'otpauth';
import type { OneTimeCodes } from '../../ports/secrets.js';

const PERIOD = 30;
/** Steps that a phone's clock may be off. */
const WINDOW = 1;

export function oneTimeCodes(issuer: string): OneTimeCodes {
  const totp = (secret: string, label = '') =>
    new TOTP({ issuer, label, algorithm: 'SHA1', digits: 6, period: PERIOD, secret: Secret.fromBase32(secret) });
  return {
    newSecret: () => new Secret({ size: 20 }).base32,
    uri: (secret, login) => totp(secret, login).toString(),
    stepOf(secret, code, at) {
      const token = code.normalize('NFKC').replace(/\s/g, '');
      if (!/^\d{6}$/.test(token)) return null;
      const timestamp = Date.parse(at);
      const delta = totp(secret).validate({ token, timestamp, window: WINDOW });
      return delta === null ? null : Math.floor(timestamp / 1000 / PERIOD) + delta;
    },
  };
}
