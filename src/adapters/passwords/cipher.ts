/**
 * Cipher: what has to be read again is encrypted with the workspace's key (AES-256-GCM), bound to whose it is, so that a copied row is of no
 * use under another name. Text form: `v1.<first 8 of the key's SHA-256>.<iv>.<tag>.<text>`, base64url.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { Fault } from '../../model/fault.js';
import type { Cipher } from '../../ports/secrets.js';

const ALGORITHM = 'aes-256-gcm';

export function cipher(key: () => Uint8Array): Cipher {
  const mark = () => createHash('sha256').update(key()).digest('hex').slice(0, 8);
  return {
    encrypt(text, owner) {
      const iv = randomBytes(12);
      const sealing = createCipheriv(ALGORITHM, key(), iv).setAAD(Buffer.from(owner));
      const body = Buffer.concat([sealing.update(text, 'utf8'), sealing.final()]);
      const parts = [iv, sealing.getAuthTag(), body].map((bytes) => bytes.toString('base64url'));
      return ['v1', mark(), ...parts].join('.');
    },
    decrypt(sealed, owner) {
      const [version, of, iv = '', tag = '', body = ''] = sealed.split('.');
      if (version !== 'v1' || of !== mark()) throw wrongKey();
      try {
        const opening = createDecipheriv(ALGORITHM, key(), Buffer.from(iv, 'base64url'))
          .setAAD(Buffer.from(owner))
          .setAuthTag(Buffer.from(tag, 'base64url'));
        return Buffer.concat([opening.update(Buffer.from(body, 'base64url')), opening.final()]).toString('utf8');
      } catch (cause) {
        throw wrongKey(cause);
      }
    },
  };
}

function wrongKey(cause?: unknown): Fault {
  return new Fault(
    'secrets.key',
    '密钥文件 .tuban/secret.key 与加密时的不同，请从备份恢复；若已丢失，请为各用户重新设置动态口令 (the key file is not the one that encrypted this: restore it from its copy; if it is lost, set up one-time codes anew)',
    { blame: 'system', cause },
  );
}
