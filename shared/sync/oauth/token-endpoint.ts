import type { Instant } from '#kernel/instant.ts';
import type { SourceHttp } from '#mirror/connector.ts';
import { OutOfTime, SourceError } from '#mirror/source-error.ts';
import type { OAuthManifest } from '#model/manifest.ts';
import type { Credentials } from '#model/oauth-tokens.ts';
import { readTokenReply, refusalOf, type TokenReply } from './token-reply.ts';

/** The product as the source knows it: one client for all contractors. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
}

/** One call to a token endpoint. Throws a SourceError where the source gives no token. */
export interface TokenRequest {
  readonly http: SourceHttp;
  readonly address: URL;
  readonly oauth: OAuthManifest;
  readonly client: OAuthClient;
  readonly now: () => Instant;
}

/** Exchanges the code of an approval, once (RFC 6749 4.1.3). */
export function exchangeCode(
  request: TokenRequest,
  { code, redirectUri, verifier }: { readonly code: string; readonly redirectUri: string; readonly verifier: string },
): Promise<TokenReply> {
  const pkce: Credentials = request.oauth.pkce ? { code_verifier: verifier } : {};
  return ask(request, { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...pkce }, null);
}

/** Asks for newer tokens. Where the source rotates, the refresh token is spent with this call, whether or not its answer arrives. */
export function refresh(request: TokenRequest, refreshToken: string): Promise<TokenReply> {
  return ask(request, { grant_type: 'refresh_token', refresh_token: refreshToken }, refreshToken);
}

/** Logs in as the product itself (RFC 6749 4.4). */
export function logIn(request: TokenRequest): Promise<TokenReply> {
  const { scopes } = request.oauth;
  return ask(request, { grant_type: 'client_credentials', ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}) }, null);
}

/** Gives a token back (RFC 7009): it holds no more. A token that the source does not know any more counts as given back. */
export async function revoke(request: TokenRequest, token: string): Promise<void> {
  await post(request, { token });
}

async function ask(request: TokenRequest, form: Credentials, usedRefreshToken: string | null): Promise<TokenReply> {
  let reply: TokenReply | null = null;
  await post(request, form, (text) => {
    reply = readTokenReply(text, request.oauth, request.now(), usedRefreshToken);
  });
  return reply ?? raise();
}

async function post(request: TokenRequest, form: Credentials, accept?: (text: string) => void): Promise<void> {
  const { http, address, oauth, client } = request;
  const inForm: Credentials = oauth.clientAuth === 'form' ? { client_id: client.id, client_secret: client.secret } : {};
  const basic = Buffer.from(`${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`).toString('base64');
  try {
    await http.call({
      method: 'POST',
      url: address.href,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(oauth.clientAuth === 'basic' ? { authorization: `Basic ${basic}` } : {}),
      },
      body: new URLSearchParams({ ...form, ...inForm }).toString(),
      login: true,
      refusal: refusalOf,
      ...(accept && { accept }),
    });
  } catch (error) {
    if (error instanceof OutOfTime) throw new SourceError('source_unavailable', 'the token endpoint did not answer in time');
    throw error;
  }
}

function raise(): never {
  throw new SourceError('bad_response', 'the token endpoint answered without a token');
}
