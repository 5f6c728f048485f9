import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export const ISSUER = 'https://issuer.test/pool';
export const CLIENT_ID = 'app';
export const SUBJECT = '5f3c1c8e-8f7e-4f0c-9c0a-1d2e3f405060';

/** An issuer in the test's hands: its keys, how often they were asked for, and tokens as they should and should not be. */
export interface TestIssuer {
  /** What the issuer answers when its keys are asked for; a test may let it fail. */
  answer: () => Promise<object>;
  readonly asked: string[];
  fetchKeys(url: string): Promise<ArrayBuffer>;
  /** The public key as text, as an attacker has it. */
  readonly publicText: string;
  /** Publishes and uses a new key. */
  rotate(): Promise<void>;
  /** An access token as the pool makes it, but for what is given; `undefined` leaves a claim out. */
  token(claims?: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
}

/** Makes an issuer with one key. */
export async function startIssuer(): Promise<TestIssuer> {
  const makeKey = async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const kid = crypto.randomUUID();
    return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
  };
  let keys = [await makeKey()];
  const asked: string[] = [];
  const issuer: TestIssuer = {
    answer: async () => ({ keys: keys.map(({ jwk }) => jwk) }),
    asked,
    fetchKeys: async (url) => {
      asked.push(url);
      return new TextEncoder().encode(JSON.stringify(await issuer.answer())).buffer as ArrayBuffer;
    },
    get publicText() {
      return JSON.stringify(keys[0]!.jwk);
    },
    rotate: async () => {
      keys = [await makeKey(), ...keys];
    },
    token: async (claims = {}, header = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const { kid, privateKey } = keys[0]!;
      return new SignJWT({
        ...{ iss: ISSUER, sub: SUBJECT, token_use: 'access', client_id: CLIENT_ID, username: SUBJECT, scope: 'openid email' },
        ...{ auth_time: now - 10, iat: now - 10, exp: now + 3_600, jti: crypto.randomUUID() },
        ...{ email: 'ann@acme.example', email_verified: 'true', tenants: 'acme1' },
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256', kid, ...header })
        .sign(privateKey);
    },
  };
  return issuer;
}
