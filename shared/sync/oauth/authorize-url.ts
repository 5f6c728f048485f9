import { createHash } from 'node:crypto';
import type { OAuthManifest } from '#model/manifest.ts';

/** Where a person approves the connection at the source (RFC 6749 4.1.1), with the PKCE challenge where the source takes one. */
export function authorizeUrl(
  address: URL,
  oauth: OAuthManifest,
  request: { readonly clientId: string; readonly redirectUri: string; readonly state: string; readonly verifier: string },
): string {
  const url = new URL(address);
  const parameters = {
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    state: request.state,
    ...(oauth.scopes.length > 0 ? { scope: oauth.scopes.join(' ') } : {}),
    ...(oauth.pkce ? { code_challenge: challengeOf(request.verifier), code_challenge_method: 'S256' } : {}),
    ...oauth.authorizeParameters,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** The S256 challenge of a verifier (RFC 7636). */
function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
