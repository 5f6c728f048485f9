import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { SeededRandom } from '../../../../shared/fake-source/random.ts';

type Held = { readonly client: string; used: boolean; readonly untilMs: number };
const CODE_MS = 10 * 60_000;

/** Issues and reads the tokens of the fake: signed, so that those of another fake do not pass. */
export class TokenDesk {
  readonly #key: Buffer;
  readonly #random: SeededRandom;
  readonly #refresh = new Map<string, Held>();
  readonly #codes = new Map<string, Held>();
  readonly #revoked = new Set<string>();

  constructor(seed: string | number, random: SeededRandom) {
    this.#key = createHash('sha256').update(`procore fake ${seed}`).digest();
    this.#random = random;
  }

  /** The answer of the token endpoint; a refresh token comes only with the code flow. */
  issue(client: string, nowMs: number, seconds: number, refreshable: boolean): Readonly<Record<string, unknown>> {
    const created = Math.floor(nowMs / 1000);
    const head = Buffer.from(JSON.stringify({ client, exp: created + seconds, nonce: this.#random.hex(8) })).toString(
      'base64url',
    );
    const answer = {
      access_token: `${head}.${this.#sign(head)}`,
      token_type: 'bearer',
      expires_in: seconds,
      created_at: created,
    };
    if (!refreshable) return answer;
    const refresh = this.#sign(`refresh ${client} ${nowMs} ${this.#random.hex(24)}`);
    this.#refresh.set(refresh, { client, used: false, untilMs: Number.POSITIVE_INFINITY });
    return { ...answer, refresh_token: refresh };
  }

  /** A code for the client, good once and for ten minutes. */
  code(client: string, nowMs: number): string {
    const code = this.#sign(`code ${client} ${nowMs} ${this.#random.hex(12)}`);
    this.#codes.set(code, { client, used: false, untilMs: nowMs + CODE_MS });
    return code;
  }

  /** Uses a code or a refresh token up: each is good once. */
  redeem(kind: 'code' | 'refresh', token: string, client: string, nowMs: number): boolean {
    const held = (kind === 'code' ? this.#codes : this.#refresh).get(token);
    if (held === undefined || held.used || held.client !== client || nowMs > held.untilMs) return false;
    held.used = true;
    return true;
  }

  revoke(token: string): void {
    this.#revoked.add(token);
    const held = this.#refresh.get(token);
    if (held !== undefined) held.used = true;
  }

  /** Whose token it is and until when; null for one that is not ours, revoked or has run out. */
  read(token: string, nowMs: number): { readonly client: string; readonly exp: number } | null {
    const cut = token.lastIndexOf('.');
    const head = token.slice(0, Math.max(cut, 0));
    const [given, wanted] = [Buffer.from(token.slice(cut + 1)), Buffer.from(this.#sign(head))];
    if (cut < 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted) || this.#revoked.has(token)) return null;
    const claims = JSON.parse(Buffer.from(head, 'base64url').toString('utf8')) as { client: string; exp: number };
    return claims.exp * 1000 > nowMs ? claims : null;
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url');
  }
}
