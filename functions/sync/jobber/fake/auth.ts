import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

type Claims = { readonly kind: 'code' | 'access' | 'refresh'; readonly tenant: string; readonly n: number; readonly exp: number };

/** A pair as the token door answers it. */
export type TokenPair = { readonly access_token: string; readonly refresh_token: string; readonly expires_at?: string };

const ACCESS_SECONDS = 3600;
const CODE_SECONDS = 600;

/**
 * Issues and reads the codes and tokens of the fake. Signing is real, and tokens carry all there is to know, so that they hold over a
 * restart with the same seed; which refresh token is the newest of its account is forgotten then, and the next one used counts.
 */
export class TokenDesk {
  readonly #key: Buffer;
  readonly #newest = new Map<string, number>();
  readonly #spentCodes = new Set<string>();
  #n = 0;

  constructor(seed: string | number) {
    this.#key = createHash('sha256').update(`jobber fake ${seed}`).digest();
  }

  code(tenant: string, nowMs: number): string {
    return this.#make({ kind: 'code', tenant, n: this.#next(nowMs), exp: seconds(nowMs) + CODE_SECONDS });
  }

  /** The account that agreed; null for a code that is unknown, old or spent. */
  redeemCode(code: string, nowMs: number): string | null {
    const claims = this.#read(code, 'code', nowMs);
    if (claims === null || this.#spentCodes.has(code)) return null;
    this.#spentCodes.add(code);
    return claims.tenant;
  }

  /** A new pair; the refresh tokens before it hold no more where they rotate. */
  issue(tenant: string, nowMs: number, tellExpiry: boolean): TokenPair {
    const n = this.#next(nowMs);
    this.#newest.set(tenant, n);
    const exp = seconds(nowMs) + ACCESS_SECONDS;
    return {
      access_token: this.access(tenant, nowMs),
      refresh_token: this.#make({ kind: 'refresh', tenant, n, exp: seconds(nowMs) + 10 * 365 * 86_400 }),
      ...(tellExpiry ? { expires_at: `${new Date(exp * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC` } : {}),
    };
  }

  /** An access token alone, as a test may need one. */
  access(tenant: string, nowMs: number): string {
    return this.#make({ kind: 'access', tenant, n: this.#next(nowMs), exp: seconds(nowMs) + ACCESS_SECONDS });
  }

  /** The account of a refresh token; null for one that is unknown, or is not the newest where they rotate. */
  redeemRefresh(token: string, nowMs: number, rotates: boolean): string | null {
    const claims = this.#read(token, 'refresh', nowMs);
    if (claims === null) return null;
    const newest = this.#newest.get(claims.tenant);
    return rotates && newest !== undefined && newest !== claims.n ? null : claims.tenant;
  }

  /** The account that an access token opens; null once it has run out. */
  tenantOf(token: string, nowMs: number): string | null {
    return this.#read(token, 'access', nowMs)?.tenant ?? null;
  }

  /** Numbers grow over restarts too, since they begin at the clock. */
  #next(nowMs: number): number {
    this.#n = Math.max(this.#n + 1, nowMs);
    return this.#n;
  }

  #make(claims: Claims): string {
    const body = [
      { alg: 'HS256', typ: 'JWT' },
      { ...claims, sub: claims.tenant },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${body}.${this.#sign(body)}`;
  }

  #read(token: string, kind: Claims['kind'], nowMs: number): Claims | null {
    const cut = token.lastIndexOf('.');
    const body = token.slice(0, Math.max(cut, 0));
    const given = Buffer.from(token.slice(cut + 1));
    const wanted = Buffer.from(this.#sign(body));
    if (cut < 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
    const claims = JSON.parse(Buffer.from(body.split('.')[1] ?? '', 'base64url').toString('utf8')) as Claims;
    return claims.kind === kind && claims.exp > seconds(nowMs) ? claims : null;
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#key).update(body).digest('base64url');
  }
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
