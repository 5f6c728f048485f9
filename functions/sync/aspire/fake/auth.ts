import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { SeededRandom } from '../../../../shared/fake-source/random.ts';

/** What a token says once its signature holds. */
export type TokenClaims = { readonly tenant: string; readonly client: string; readonly exp: number };

type Refresh = { readonly client: string; used: boolean };

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/**
 * Issues and reads the tokens of the fake. Signing is real, so a token of another fake or a changed one does not pass. After a restart
 * with the same seed access tokens go on to hold, while refresh tokens are unknown (401) and the client has to log in again.
 */
export class TokenDesk {
  readonly #key: Buffer;
  readonly #random: SeededRandom;
  readonly #refresh = new Map<string, Refresh>();

  constructor(seed: string | number, random: SeededRandom) {
    this.#key = createHash('sha256').update(`aspire fake ${seed}`).digest();
    this.#random = random;
  }

  /** A new pair of tokens, the access token valid for `seconds` from `nowMs`. */
  issue(tenant: string, client: string, nowMs: number, seconds: number): { Token: string; RefreshToken: string } {
    const iat = Math.floor(nowMs / 1000);
    const head = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({
      iss: 'aspire',
      sub: client,
      TenantId: tenant,
      iat,
      nbf: iat,
      exp: iat + seconds,
      jti: this.#random.hex(8),
    })}`;
    // Chance begins again with every start of the process: bound to client and moment, a refresh token issued before a restart can
    // never be one that is issued to somebody else after it.
    const refresh = this.#sign(`refresh ${client} ${nowMs} ${this.#random.hex(24)}`);
    this.#refresh.set(refresh, { client, used: false });
    return { Token: `${head}.${this.#sign(head)}`, RefreshToken: refresh };
  }

  /** The claims of a token with a good signature, whether or not it has run out; null for anything else. */
  read(token: string): TokenClaims | null {
    const cut = token.lastIndexOf('.');
    const head = token.slice(0, Math.max(cut, 0));
    const given = Buffer.from(token.slice(cut + 1));
    const wanted = Buffer.from(this.#sign(head));
    if (cut < 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
    const payload = JSON.parse(Buffer.from(head.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      TenantId: string;
      sub: string;
      exp: number;
    };
    return { tenant: payload.TenantId, client: payload.sub, exp: payload.exp };
  }

  /** Uses a refresh token up; false when it is unknown, or used before and reuse is not allowed. */
  redeem(token: string, reuseAllowed: boolean): boolean {
    const held = this.#refresh.get(token);
    if (held === undefined || (held.used && !reuseAllowed)) return false;
    held.used = true;
    return true;
  }

  /** The client a refresh token was issued to, used or not; null when unknown. */
  ownerOf(token: string): string | null {
    return this.#refresh.get(token)?.client ?? null;
  }

  #sign(head: string): string {
    return createHmac('sha256', this.#key).update(head).digest('base64url');
  }
}
