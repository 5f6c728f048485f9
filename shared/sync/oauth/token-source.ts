import { addSeconds, type Instant } from '#kernel/instant.ts';
import type { TokenSource } from '#mirror/connector.ts';
import { OutOfTime, SourceError } from '#mirror/source-error.ts';
import { type Credentials, type OAuthTokens, tokensOf, withTokens } from '#model/oauth-tokens.ts';
import type { CredentialStore, SealedCredentials } from '#store/credential-store.ts';
import type { TokenReply } from './token-reply.ts';

/** What the tokens of one connection are kept and renewed with. */
export interface TokenSourceOptions {
  readonly store: CredentialStore;
  seal(credentials: Credentials): Promise<string>;
  unseal(ciphertext: Uint8Array | string): Promise<Credentials>;
  /** One call to the token endpoint, for newer tokens than those among the credentials. */
  ask(credentials: Credentials): Promise<TokenReply>;
  /** Whether enough time is left for such a call: one that is cut off may cost the authorization. */
  hasTime(): boolean;
  readonly now: () => Instant;
  readonly sleep: (ms: number) => Promise<void>;
  readonly ulid: () => string;
}

/** Longer than a call to the token endpoint may last, so that nobody takes over from one who is still waiting for its answer. */
export const REFRESH_LEASE_SECONDS = 45;
/** What a token handed out is good for at least. */
const MARGIN_SECONDS = 60;
const LOOK_AGAIN_MS = 500;
const LOOKS = 100;

/**
 * The tokens of one connection, from the vault item. Whoever needs a newer one claims the right to refresh under the version it has
 * read: of any number at once one calls the source, the others wait for what it stores (fault 36). Newer tokens are stored before they
 * are used (I19). A claim that was never ended tells of a crash, or of an answer that was lost: the next one tries the old refresh token
 * again, and if the source takes it no more, says that the connection has to be authorized anew (fault 37).
 */
export function openTokenSource(options: TokenSourceOptions): TokenSource {
  const { store, now } = options;
  const by = options.ulid();
  let held: OAuthTokens | null = null;
  let underWay: Promise<OAuthTokens> | null = null;

  const isFresh = (tokens: OAuthTokens | null, rejected: string | null): tokens is OAuthTokens =>
    tokens !== null && tokens.accessToken !== rejected && now() < tokens.renewAt;
  const isUsable = (tokens: OAuthTokens | null, rejected: string | null): tokens is OAuthTokens =>
    tokens !== null && tokens.accessToken !== rejected && addSeconds(now(), MARGIN_SECONDS) < tokens.expiresAt;

  async function obtain(rejected: string | null): Promise<string> {
    if (isFresh(held, rejected)) return held.accessToken;
    underWay ??= settle(rejected).finally(() => {
      underWay = null;
    });
    held = await underWay;
    // What was under way may have been for somebody whose token had not been refused.
    return held.accessToken === rejected ? obtain(rejected) : held.accessToken;
  }

  async function settle(rejected: string | null): Promise<OAuthTokens> {
    for (let look = 0; look < LOOKS; look++) {
      const seen = await store.read();
      if (seen === null || seen.refused) throw unauthorized();
      const credentials = await options.unseal(seen.ciphertext);
      const tokens = tokensOf(credentials);
      if (isFresh(tokens, rejected)) return tokens;
      if (!options.hasTime()) throw new OutOfTime('no time left to ask for a token');
      const claimed = await store.claim(seen, { by, now: now(), until: addSeconds(now(), REFRESH_LEASE_SECONDS) });
      if (claimed) {
        const newer = await renew(seen, credentials, isUsable(tokens, rejected) ? tokens : null);
        if (newer !== null) return newer;
      } else if (isUsable(tokens, rejected)) return tokens;
      else await options.sleep(LOOK_AGAIN_MS);
    }
    throw new SourceError('source_unavailable', 'another run is asking for a token and does not come to an end');
  }

  /** Null: somebody else has replaced the credentials meanwhile, so they have to be looked at again. */
  async function renew(
    seen: SealedCredentials,
    credentials: Credentials,
    usable: OAuthTokens | null,
  ): Promise<OAuthTokens | null> {
    let reply: TokenReply;
    try {
      reply = await options.ask(credentials);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      if (error.code === 'reauth_required') {
        if (!(await store.refuse(seen))) return null;
        throw seen.refreshing === null ? error : interrupted();
      }
      // An answer that was lost may have spent the refresh token: then the claim stays and tells so. Any other left everything as it was.
      if (error.code !== 'source_unavailable' && error.code !== 'bad_response') await store.release(seen);
      if (usable !== null) return usable;
      throw error;
    }
    const ciphertext = await options.seal(withTokens({ ...credentials, ...reply.kept }, reply.tokens));
    if (await store.replace(seen, ciphertext)) return reply.tokens;
    // A write whose answer was lost is sent again and then loses to itself (fault 43).
    return (await store.read())?.ciphertext === ciphertext ? reply.tokens : null;
  }

  return { current: () => obtain(null), renew: (rejected) => obtain(rejected) };
}

/** A token that was only just got: if the source does not take it, a newer one would not help. */
export function fixedToken(token: string): TokenSource {
  return {
    current: async () => token,
    renew: async () => {
      throw new SourceError('reauth_required', 'the source does not accept the token');
    },
  };
}

function unauthorized(): SourceError {
  return new SourceError('reauth_required', 'there is no authorization that the source accepts');
}

function interrupted(): SourceError {
  return new SourceError(
    'reauth_required',
    'the answer of an earlier refresh was lost, and the source no longer takes the token that was used for it',
  );
}
