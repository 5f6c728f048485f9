import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export interface Access {
  readonly tenant: string;
  readonly expiresAtMs: number;
}

/**
 * Issues and reads the tokens of the fake. They are signed and say whose they are, so that they hold over a restart with the same seed.
 */
export class GrantDesk {
  readonly #key: Buffer;
  #count = 0;
  readonly #used = new Set<string>();

  constructor(seed: string | number) {
    this.#key = createHash('sha256').update(`quickbooks time fake ${seed}`).digest();
  }

  /** A code as the authorize page hands it out. */
  code(tenant: string): string {
    return this.#make(['code', tenant, String(++this.#count)]);
  }

  access(tenant: string, expiresAtMs: number): string {
    return this.#make(['access', tenant, String(expiresAtMs), String(++this.#count)]);
  }

  refresh(tenant: string, nowMs: number): string {
    return this.#make(['refresh', tenant, String(nowMs), String(++this.#count)]);
  }

  /** A good access token, expired or not; null for anything else. */
  read(token: string): Access | null {
    const [kind, tenant, expires] = this.#parts(token) ?? [];
    return kind === 'access' && tenant !== undefined ? { tenant, expiresAtMs: Number(expires) } : null;
  }

  /** Uses a code or a refresh token up: whose it is, or null when it is none, or was used before and may not be once more. */
  redeem(kind: 'code' | 'refresh', token: string, reuse: boolean): string | null {
    const parts = this.#parts(token);
    if (parts === null || parts[0] !== kind || (this.#used.has(token) && !reuse)) return null;
    this.#used.add(token);
    return parts[1] ?? null;
  }

  /** Whose a refresh token is, used or not. */
  ownerOf(token: string): string | null {
    return this.#parts(token)?.[1] ?? null;
  }

  #make(parts: readonly string[]): string {
    const text = Buffer.from(parts.join('\n')).toString('base64url');
    return `S.${text}.${this.#sign(text)}`;
  }

  #parts(token: string): string[] | null {
    const [mark, text = '', signature = ''] = token.split('.');
    const given = Buffer.from(signature);
    const wanted = Buffer.from(this.#sign(text));
    if (mark !== 'S' || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
    return Buffer.from(text, 'base64url').toString('utf8').split('\n');
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('base64url').slice(0, 22);
  }
}
