import { Webhook as Signer } from 'standardwebhooks';

const SECRET_BYTES = 32;

/** A new secret in the form of Standard Webhooks. `randomBytes` must be fit for secrets. */
export function makeSecret(randomBytes: (count: number) => Uint8Array): string {
  return `whsec_${Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')}`;
}

/**
 * The headers of one attempt: id, time and a signature for each secret over both and the exact body. A receiver accepts any one that
 * matches.
 */
export function signedHeaders(
  message: { readonly id: string; readonly body: string },
  secrets: readonly string[],
  atMs: number,
): Readonly<Record<string, string>> {
  const at = new Date(atMs);
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(Math.floor(atMs / 1_000)),
    'webhook-signature': secrets.map((secret) => new Signer(secret).sign(message.id, at, message.body)).join(' '),
  };
}
