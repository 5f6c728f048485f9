import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { PoolUser } from './directory.ts';
import type { SignIn } from './tokens.ts';

/** What a browser asked for at the authorization endpoint, checked. */
export type Authorization = {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly state: string | null;
  readonly nonce: string | null;
  /** SHA-256 of the verifier, base64url: nobody else can use the code. */
  readonly challenge: string;
};

/** Codes and refresh tokens that are out; they end with the process, as the keys do. */
export type Grants = {
  /** A code for somebody who has just signed in. */
  issueCode(authorization: Authorization, user: PoolUser): string;
  /** What a code stands for, once; null where it is unknown, used, too old, or not this client's. */
  takeCode(code: string, proof: { clientId: string; redirectUri: string; verifier: string }): SignIn | null;
  issueRefresh(signIn: SignIn): string;
  /** What a refresh token stands for; it is good for a minute longer, and its place is taken by a new one. */
  takeRefresh(token: string, clientId: string): SignIn | null;
  /** Ends the session of a refresh token: this one and all that came of it. */
  revoke(token: string): void;
  /** Ends every session of a user. */
  endSessions(sub: string): void;
};

const CODE_MS = 5 * 60_000;
const ROTATION_GRACE_MS = 60_000;

type Code = { readonly signIn: SignIn; readonly redirectUri: string; readonly challenge: string; readonly until: number };
type Refresh = { readonly signIn: SignIn; until: number };

/** Makes empty books of one pool. Times are milliseconds of `now`. */
export function createGrants(refreshMs: number, now: () => number): Grants {
  const codes = new Map<string, Code>();
  const refreshes = new Map<string, Refresh>();
  const secret = () => randomBytes(32).toString('base64url');
  const endSession = (originJti: string) => {
    for (const [token, { signIn }] of refreshes) if (signIn.originJti === originJti) refreshes.delete(token);
  };
  return {
    issueCode: ({ clientId, redirectUri, scope, nonce, challenge }, user) => {
      const code = secret();
      const authTime = Math.floor(now() / 1000);
      const signIn = { user, clientId, scope, nonce, authTime, originJti: randomUUID() };
      codes.set(code, { signIn, redirectUri, challenge, until: now() + CODE_MS });
      return code;
    },
    takeCode: (code, { clientId, redirectUri, verifier }) => {
      const found = codes.get(code);
      codes.delete(code);
      if (found === undefined || found.until <= now()) return null;
      const proven = createHash('sha256').update(verifier).digest('base64url') === found.challenge;
      return proven && found.redirectUri === redirectUri && found.signIn.clientId === clientId ? found.signIn : null;
    },
    issueRefresh: (signIn) => {
      const token = secret();
      refreshes.set(token, { signIn: { ...signIn, nonce: null }, until: now() + refreshMs });
      return token;
    },
    takeRefresh: (token, clientId) => {
      const found = refreshes.get(token);
      if (found === undefined || found.until <= now() || found.signIn.clientId !== clientId) return null;
      found.until = Math.min(found.until, now() + ROTATION_GRACE_MS);
      return found.signIn;
    },
    revoke: (token) => {
      const found = refreshes.get(token);
      if (found !== undefined) endSession(found.signIn.originJti);
    },
    endSessions: (sub) => {
      for (const [token, { signIn }] of refreshes) if (signIn.user.sub === sub) refreshes.delete(token);
    },
  };
}
