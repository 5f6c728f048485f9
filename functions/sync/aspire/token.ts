import { parseJsonExact } from '#kernel/decimal.ts';

/** A login as far as it matters here; the refresh token is not kept, since logging in with the secret always works (M-53). */
export interface Login {
  readonly token: string;
  /** Tenant named by the token, the identity of the account (M-42); null when it names none. */
  readonly accountId: string | null;
  /** Our clock's time from which the token is to be replaced. */
  readonly renewAtMs: number;
}

/** Renewal this long before the end (M-53). */
const EARLY_SECONDS = 300;
/** Lifetime taken where the token tells none: the shortest that clients of this API report. */
const UNKNOWN_SECONDS = 3600;
const ACCOUNT_CLAIMS = ['tenantid', 'tenant_id', 'tid', 'tenant', 'companyid', 'customerid'];

/** Reads the answer of a login. Throws a SyntaxError when it holds no token. */
export function readLogin(text: string, nowMs: number): Login {
  const answer = parseJsonExact(text);
  const token = typeof answer === 'object' && answer !== null && 'Token' in answer ? answer.Token : null;
  if (typeof token !== 'string' || token === '') throw new SyntaxError('a login without token');
  const claims = claimsOf(token);
  const lifetime = lifetimeSeconds(claims, nowMs);
  // A token shorter than the early renewal would otherwise be replaced before every call.
  const early = Math.min(EARLY_SECONDS, lifetime / 2);
  return { token, accountId: accountOf(claims), renewAtMs: nowMs + (lifetime - early) * 1000 };
}

/** The claims of a JWT; its signature is the issuer's affair. A token of another form has no claims. */
function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const body = token.split('.')[1];
  if (body === undefined) return {};
  try {
    const claims = parseJsonExact(Buffer.from(body, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** How long the token holds. Issue and end come from one clock, so that a difference between the source's and ours does not matter. */
function lifetimeSeconds(claims: Readonly<Record<string, unknown>>, nowMs: number): number {
  const { exp, iat, nbf } = claims;
  if (typeof exp !== 'number') return UNKNOWN_SECONDS;
  const from = typeof iat === 'number' ? iat : typeof nbf === 'number' ? nbf : nowMs / 1000;
  return Math.max(exp - from, 0);
}

function accountOf(claims: Readonly<Record<string, unknown>>): string | null {
  for (const wanted of ACCOUNT_CLAIMS) {
    for (const [name, value] of Object.entries(claims)) {
      // Claims may be written as web addresses; the last part is the name.
      const plain = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
      if (plain === wanted && (typeof value === 'string' || typeof value === 'number') && String(value) !== '')
        return String(value);
    }
  }
  return null;
}
