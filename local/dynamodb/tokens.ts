// Idempotency tokens of transactions. They are written in the batch of their transaction and so survive with it.
import type { Operation } from './dynalite.ts';
import type { Engine } from './engine.ts';
import { entries, prefixed } from './storage.ts';

const TOKEN_LIFE_MS = 10 * 60_000;

/** What a token was used for: the digest of the transaction's actions, and when (milliseconds since the epoch). */
export type Token = { readonly digest: string; readonly at: number };

/** What a token was used for in the last ten minutes, if at all. */
export function tokenOf(engine: Engine, token: string): Token | undefined {
  const seen = engine.storage.db.getSync(tokenKey(token)) as Token | undefined;
  return seen !== undefined && seen.at > engine.now() - TOKEN_LIFE_MS ? seen : undefined;
}

/** The entry to commit along with a transaction. */
export function rememberToken(engine: Engine, token: string, digest: string): Operation {
  return { type: 'put', key: tokenKey(token), value: { digest, at: engine.now() } satisfies Token };
}

/** Forgets the tokens older than ten minutes. */
export async function dropOldTokens(engine: Engine): Promise<void> {
  const old: Operation[] = [];
  for await (const [key, value] of entries(engine.storage.db, prefixed('token~'))) {
    if ((value as Token).at <= engine.now() - TOKEN_LIFE_MS) old.push({ type: 'del', key });
  }
  await engine.storage.db.batch(old);
}

function tokenKey(token: string): string {
  return `token~${Buffer.from(token).toString('base64url')}`;
}
