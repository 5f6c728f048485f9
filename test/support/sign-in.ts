import { createHash, randomBytes } from 'node:crypto';

/** Where people sign in, and the app through which. */
export interface SignInPlace {
  readonly issuer: string;
  readonly clientId: string;
  readonly callbackUrls: readonly string[];
}

export interface Session {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

/** What an issuer says of itself. */
export async function discover({ issuer }: SignInPlace): Promise<Record<string, string>> {
  return (await fetch(`${issuer}/.well-known/openid-configuration`)).json() as Promise<Record<string, string>>;
}

/** What a browser is sent to, with the secret that goes with it. */
export async function authorizeUrl(
  place: SignInPlace,
  more: Record<string, string> = {},
): Promise<{ url: string; verifier: string }> {
  const verifier = randomBytes(32).toString('base64url');
  const { authorization_endpoint } = await discover(place);
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: place.clientId,
    redirect_uri: place.callbackUrls[0]!,
    scope: 'openid email',
    state: 'some-state',
    nonce: 'some-nonce',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });
  return { url: `${authorization_endpoint}?${query}`, verifier };
}

/** Fills in the form as a person in a browser would; gives where the browser is sent then, or null where the pages say no. */
export async function passForm(url: string, email: string, password: string): Promise<URL | null> {
  const opened = await fetch(url);
  const action = /action="([^"]+)"/.exec(await opened.text())?.[1];
  if (!opened.ok || action === undefined) return null;
  const sent = await fetch(new URL(action.replaceAll('&#38;', '&'), opened.url), {
    method: 'POST',
    body: new URLSearchParams({ username: email, password }),
    redirect: 'manual',
  });
  const location = sent.headers.get('location');
  return sent.status === 302 && location !== null ? new URL(location) : null;
}

/** Asks the token endpoint. */
export async function askTokens(place: SignInPlace, form: Record<string, string>): Promise<Response> {
  const { token_endpoint } = await discover(place);
  return fetch(token_endpoint!, { method: 'POST', body: new URLSearchParams({ client_id: place.clientId, ...form }) });
}

/** The whole way from the form to the tokens. Throws where it ends early. */
export async function signIn(place: SignInPlace, email: string, password: string): Promise<Session> {
  const { url, verifier } = await authorizeUrl(place);
  const back = await passForm(url, email, password);
  if (back === null) throw new Error(`${email} could not sign in`);
  const answer = await askTokens(place, {
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: place.callbackUrls[0]!,
    code_verifier: verifier,
  });
  if (!answer.ok) throw new Error(`the token endpoint answered ${answer.status}: ${await answer.text()}`);
  return answer.json() as Promise<Session>;
}
