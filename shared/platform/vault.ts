import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import { AppError } from '#kernel/errors.ts';

/** Source credentials as they stand in the vault item: ciphertext bound to tenant and connection (M-41). */
export interface Vault {
  encrypt(place: VaultPlace, credentials: Readonly<Record<string, string>>): Promise<string>;
  decrypt(place: VaultPlace, ciphertext: string | Uint8Array): Promise<Readonly<Record<string, string>>>;
}

export interface VaultPlace {
  readonly tenantId: string;
  readonly connectionId: string;
}

/** A vault over KMS. When KMS cannot be reached the run fails closed: nothing is cached anywhere (fault 40). */
export function openVault(client: KMSClient, keyId: string): Vault {
  const context = (place: VaultPlace) => ({ tenant: place.tenantId, connection: place.connectionId });
  return {
    async encrypt(place, credentials) {
      const Plaintext = Buffer.from(JSON.stringify(credentials), 'utf8');
      const answer = await client.send(new EncryptCommand({ KeyId: keyId, Plaintext, EncryptionContext: context(place) }));
      if (!answer.CiphertextBlob) throw new AppError('vault-unavailable', { category: 'transient' });
      return Buffer.from(answer.CiphertextBlob).toString('base64');
    },
    async decrypt(place, ciphertext) {
      const CiphertextBlob = typeof ciphertext === 'string' ? Buffer.from(ciphertext, 'base64') : ciphertext;
      const answer = await client.send(new DecryptCommand({ KeyId: keyId, CiphertextBlob, EncryptionContext: context(place) }));
      if (!answer.Plaintext) throw new AppError('vault-unavailable', { category: 'transient' });
      return JSON.parse(Buffer.from(answer.Plaintext).toString('utf8')) as Record<string, string>;
    },
  };
}
