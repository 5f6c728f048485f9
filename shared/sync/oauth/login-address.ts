import { SourceError } from '#mirror/source-error.ts';
import type { OAuthManifest } from '#model/manifest.ts';
import type { Credentials } from '#model/oauth-tokens.ts';
import { checkedUrl, type SourceHttpOptions } from '#platform/http.ts';

/**
 * An address of the source's login, for the environment (or, where the source runs elsewhere, the `baseUrl`) that the credentials name.
 * Throws `host_refused` for an environment the source does not have and for a host that is not the integration's (M-41).
 */
export function loginAddress(
  oauth: OAuthManifest,
  path: string,
  credentials: Credentials,
  allowed: Pick<SourceHttpOptions, 'allowedHosts' | 'allowLoopback'>,
): URL {
  const { baseUrl, environment } = credentials;
  if (baseUrl !== undefined) return new URL(path, checkedUrl(baseUrl, allowed).origin);
  const name = environment ?? Object.keys(oauth.origins)[0]!;
  const origin = Object.hasOwn(oauth.origins, name) ? oauth.origins[name] : undefined;
  if (origin === undefined)
    throw new SourceError('host_refused', `the environment is none of ${Object.keys(oauth.origins).join(', ')}`);
  return checkedUrl(`${origin}${path}`, allowed);
}
