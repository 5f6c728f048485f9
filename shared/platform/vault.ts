import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import { AppError } from '#kernel/errors.ts';

/** Credentials as they stand in the table: ciphertext bound to the tenant and to the connection (M-41) or endpoint that it is for. */
export interface Vault {
  encrypt(place: VaultPlace, credentials: Readonly<Record<string, string>>): Promise<string>;
  decrypt(place: VaultPlace, ciphertext: string | Uint8Array): Promise<Readonly<Record<string, string>>>;
}

export type VaultPlace =
  | { readonly tenantId: string; readonly connectionId: string }
  | { readonly tenantId: string; readonly webhookId: string };

/** What a ciphertext is bound to, as KMS is told: under any other context it does not open. */
export function encryptionContext(place: VaultPlace): Record<string, string> {
  const { tenantId: tenant } = place;
  return 'webhookId' in place ? { tenant, webhook: place.webhookId } : { tenant, connection: place.connectionId };
}

/** A vault over KMS. When KMS cannot be reached the run fails closed: nothing is cached anywhere (fault 40). */
export function openVault(client: KMSClient, keyId: string): Vault {
  return {
    async encrypt(place, credentials) {
      const Plaintext = Buffer.from(JSON.stringify(credentials), 'utf8');
      const answer = await client.send(
        new EncryptCommand({ KeyId: keyId, Plaintext, EncryptionContext: encryptionContext(place) }),
      );
      if (!answer.CiphertextBlob) throw new AppError('vault-unavailable', { category: 'transient' });
      return Buffer.from(answer.CiphertextBlob).toString('base64');
    },
    async decrypt(place, ciphertext) {
      const CiphertextBlob = typeof ciphertext === 'string' ? Buffer.from(ciphertext, 'base64') : ciphertext;
      const answer = await client.send(
        new DecryptCommand({ KeyId: keyId, CiphertextBlob, EncryptionContext: encryptionContext(place) }),
      );
      if (!answer.Plaintext) throw new AppError('vault-unavailable', { category: 'transient' });
      return JSON.parse(Buffer.from(answer.Plaintext).toString('utf8')) as Record<string, string>;
    },
  };
}
