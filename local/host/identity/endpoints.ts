import type { IncomingMessage, ServerResponse } from 'node:http';
import { importJWK, jwtVerify } from 'jose';
import type { Directory } from './directory.ts';
import type { Grants } from './grants.ts';
import { type App, faultPage, readAuthorization, signInPage } from './sign-in-page.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { SignIn, Tokens } from './tokens.ts';

export type EndpointOptions = {
  /** Address of the server; the issuer lies below it. */
  readonly origin: string;
  readonly userPoolId: string;
  readonly app: App;
  readonly directory: Directory;
  readonly grants: Grants;
  readonly keys: SigningKeys;
  readonly makeTokens: (signIn: SignIn, source: 'HostedAuth' | 'RefreshTokens') => Promise<Tokens>;
  /** Whether the keys cannot be had at present. */
  readonly keysFail: () => boolean;
};

type Answer = { readonly status: number; readonly body: string; readonly headers: Readonly<Record<string, string>> };

const BODY_LIMIT_BYTES = 16_384;

/** The pages and endpoints of a user pool, under the paths that Cognito gives them. */
export function createPoolEndpoints(options: EndpointOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const { origin, userPoolId, app, directory, grants, keys } = options;
  const issuer = `${origin}/${userPoolId}`;

  const signIn = (query: URLSearchParams, form: URLSearchParams): Answer => {
    const asked = readAuthorization(app, query);
    if (typeof asked === 'string') return html(400, faultPage(asked));
    const user = directory.verify(form.get('username') ?? '', form.get('password') ?? '');
    if (user === undefined) return html(401, signInPage(query, 'Incorrect e-mail or password.'));
    const back = new URL(asked.redirectUri);
    back.searchParams.set('code', grants.issueCode(asked, user));
    if (asked.state !== null) back.searchParams.set('state', asked.state);
    return redirect(back.href);
  };

  const token = async (form: URLSearchParams): Promise<Answer> => {
    const clientId = form.get('client_id') ?? '';
    if (clientId !== app.clientId) return refused('invalid_client');
    const type = form.get('grant_type');
    if (type !== 'authorization_code' && type !== 'refresh_token') return refused('unsupported_grant_type');
    const found =
      type === 'refresh_token'
        ? grants.takeRefresh(form.get('refresh_token') ?? '', clientId)
        : grants.takeCode(form.get('code') ?? '', {
            clientId,
            redirectUri: form.get('redirect_uri') ?? '',
            verifier: form.get('code_verifier') ?? '',
          });
    // A user who was changed meanwhile is asked about anew, so that a refresh tells what holds now.
    const user = found === null ? undefined : directory.bySub(found.user.sub);
    if (found === null || user === undefined) return refused('invalid_grant');
    const current = { ...found, user };
    const tokens = await options.makeTokens(current, type === 'refresh_token' ? 'RefreshTokens' : 'HostedAuth');
    const refresh_token = grants.issueRefresh(current);
    return json(200, { ...tokens, refresh_token, token_type: 'Bearer', expires_in: app.accessSeconds });
  };

  const userInfo = async (authorization: string | undefined): Promise<Answer> => {
    try {
      const { payload } = await jwtVerify(
        authorization?.replace(/^Bearer /, '') ?? '',
        ({ kid }) => importJWK(keys.jwks.keys.find((key) => key.kid === kid) ?? { kty: 'none' }, 'RS256'),
        { issuer, algorithms: ['RS256'] },
      );
      const user = payload.token_use === 'access' ? directory.bySub(payload.sub ?? '') : undefined;
      return user === undefined ? refused('invalid_token', 401) : json(200, { sub: user.sub, ...user.attributes });
    } catch {
      return refused('invalid_token', 401);
    }
  };

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', origin);
    const form = request.method === 'POST' ? await readForm(request) : new URLSearchParams();
    switch (`${request.method} ${pathname}`) {
      case `GET /${userPoolId}/.well-known/openid-configuration`:
        return json(200, configuration(origin, issuer, app));
      case `GET /${userPoolId}/.well-known/jwks.json`:
        return options.keysFail() ? json(500, { message: 'Internal Server Error' }) : json(200, keys.jwks);
      case 'GET /oauth2/authorize': {
        const asked = readAuthorization(app, query);
        return typeof asked === 'string' ? html(400, faultPage(asked)) : redirect(`${origin}/login?${query}`);
      }
      case 'GET /login':
        return html(200, signInPage(query, null));
      case 'POST /login':
        return signIn(query, form);
      case 'POST /oauth2/token':
        return token(form);
      case 'POST /oauth2/revoke':
        grants.revoke(form.get('token') ?? '');
        return json(200, {});
      case 'GET /oauth2/userInfo':
        return userInfo(request.headers.authorization);
      case 'GET /logout': {
        const uri = query.get('logout_uri') ?? '';
        const known = query.get('client_id') === app.clientId && app.logoutUrls.includes(uri);
        return known ? redirect(uri) : html(400, faultPage('The logout_uri is none of the client’s.'));
      }
      default:
        return json(404, { message: 'Not Found' });
    }
  };

  return (request, response) => {
    answer(request)
      .catch((error: unknown) => json(500, { message: error instanceof Error ? error.message : 'Internal Server Error' }))
      .then(({ status, body, headers }) => response.writeHead(status, { 'cache-control': 'no-store', ...headers }).end(body));
  };
}

function configuration(origin: string, issuer: string, { scopes }: App): object {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    authorization_endpoint: `${origin}/oauth2/authorize`,
    token_endpoint: `${origin}/oauth2/token`,
    revocation_endpoint: `${origin}/oauth2/revoke`,
    userinfo_endpoint: `${origin}/oauth2/userInfo`,
    end_session_endpoint: `${origin}/logout`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    scopes_supported: scopes,
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
  };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const part of request) {
    text += String(part);
    if (text.length > BODY_LIMIT_BYTES) throw new Error('The form is too long');
  }
  return new URLSearchParams(text);
}

function json(status: number, body: object): Answer {
  // A page of another origin may sign in by itself, as with Cognito.
  return {
    status,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'access-control-allow-origin': '*' },
  };
}

function refused(error: string, status = 400): Answer {
  return json(status, { error });
}

function html(status: number, body: string): Answer {
  return { status, body, headers: { 'content-type': 'text/html; charset=utf-8' } };
}

function redirect(location: string): Answer {
  return { status: 302, body: '', headers: { location } };
}
