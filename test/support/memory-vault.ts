import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { encryptionContext, type Vault, type VaultPlace } from '#platform/vault.ts';

/** A vault with a key of its own, bound to its places as KMS is: what was sealed for another connection does not open. */
export function memoryVault(): Vault {
  const key = randomBytes(32);
  const bound = (place: VaultPlace) => Buffer.from(JSON.stringify(encryptionContext(place)));
  return {
    async encrypt(place, credentials) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(bound(place));
      const sealed = Buffer.concat([cipher.update(JSON.stringify(credentials)), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
    },
    async decrypt(place, ciphertext) {
      const bytes = Buffer.from(String(ciphertext), 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(bound(place)).setAuthTag(bytes.subarray(12, 28));
      return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString()) as Record<
        string,
        string
      >;
    },
  };
}
