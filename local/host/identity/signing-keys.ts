import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

type SigningKey = { readonly kid: string; readonly privateKey: CryptoKey; readonly publicJwk: JWK };

/** The keys of an issuer: what it signs with now, and what others verify with. */
export type SigningKeys = {
  readonly current: SigningKey;
  readonly jwks: { readonly keys: readonly JWK[] };
  /** Signs with a new key from now on; `forget` also withdraws the ones before. */
  rotate(options?: { forget?: boolean }): Promise<void>;
};

/** Makes keys that last as long as the process. */
export async function makeSigningKeys(): Promise<SigningKeys> {
  let keys: readonly SigningKey[] = [await makeKey()];
  return {
    get current() {
      return keys[0]!;
    },
    get jwks() {
      return { keys: keys.map(({ publicJwk }) => publicJwk) };
    },
    rotate: async ({ forget = false } = {}) => {
      const made = await makeKey();
      keys = forget ? [made] : [made, ...keys];
    },
  };
}

async function makeKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const kid = crypto.randomUUID();
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}
