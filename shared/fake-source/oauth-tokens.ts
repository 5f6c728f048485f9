import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What a token of the fake says once its signature holds. */
export type OAuthClaims = { readonly kind: 'access' | 'refresh'; readonly tenant: string; readonly exp: number };

/**
 * Signs and reads the tokens of a fake's OAuth server. Signing is real, so a token of another fake or a changed one does not pass; and
 * tokens of an earlier start with the same seed go on to hold, so that the demo's connections outlive it.
 */
export class TokenPress {
  readonly #key: Buffer;
  #count = 0;

  constructor(source: string, seed: string | number) {
    this.#key = createHash('sha256').update(`${source} oauth ${seed}`).digest();
  }

  /** A JWT of the kind, good for `seconds` from `nowMs`. No two are equal. */
  issue(kind: OAuthClaims['kind'], tenant: string, nowMs: number, seconds: number): string {
    const iat = Math.floor(nowMs / 1000);
    this.#count += 1;
    const jti = `${nowMs}-${process.pid}-${this.#count}`;
    const head = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ kind, tenant, iat, exp: iat + seconds, jti })}`;
    return `${head}.${this.#sign(head)}`;
  }

  /** The claims of a token with a good signature, run out or not; null for anything else. */
  read(token: string): OAuthClaims | null {
    const cut = token.lastIndexOf('.');
    const given = Buffer.from(token.slice(cut + 1));
    const wanted = Buffer.from(this.#sign(token.slice(0, Math.max(cut, 0))));
    if (cut < 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as OAuthClaims;
  }

  #sign(head: string): string {
    return createHmac('sha256', this.#key).update(head).digest('base64url');
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
