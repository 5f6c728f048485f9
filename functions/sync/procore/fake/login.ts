import type { FakeReply, FakeRequest, Route } from '../../../../shared/fake-source/exchange.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import type { TokenDesk } from './auth.ts';

/** Name of the login among the doors that a fault can be set for. */
export const LOGIN = 'token';

type Client = { readonly id: string; readonly clientId: string; readonly secret: string };
type Held = { readonly desk: TokenDesk; readonly tenants: readonly Client[] };

/** Log-in (`/oauth/*`); null for every other address. A person who opens the authorize page approves at once. */
export function loginRoute(request: FakeRequest, shell: Shell, held: Held): Route | null {
  switch (request.path) {
    case '/oauth/authorize':
      return authorizeRoute(new URLSearchParams(request.query), shell, held);
    case '/oauth/token':
      return tokenRoute(request, shell, held);
    case '/oauth/token/info':
      return infoRoute(request, shell, held);
    case '/oauth/revoke':
      return revokeRoute(request, held);
    default:
      return null;
  }
}

function authorizeRoute(query: URLSearchParams, shell: Shell, { desk, tenants }: Held): Route {
  const tenant = tenants.find((one) => one.clientId === query.get('client_id'));
  const back = query.get('redirect_uri') ?? '';
  const respond = (): FakeReply => {
    if (tenant === undefined || !URL.canParse(back)) return refused(400, 'invalid_request', 'client_id or redirect_uri is wrong');
    const target = new URL(back);
    target.searchParams.set('code', desk.code(tenant.clientId, shell.spec.now()));
    const state = query.get('state');
    if (state !== null) target.searchParams.set('state', state);
    return { status: 302, headers: { Location: target.href }, body: '' };
  };
  return { tenant: tenant?.id ?? null, entity: LOGIN, list: false, respond };
}

function tokenRoute(request: FakeRequest, shell: Shell, { desk, tenants }: Held): Route {
  const form = formOf(request);
  const tenant = tenants.find((one) => one.clientId === form.get('client_id'));
  const respond = (): FakeReply => {
    if (request.method !== 'POST') return { status: 405, headers: { Allow: 'POST' }, body: 'Method Not Allowed' };
    if (tenant === undefined || tenant.secret !== form.get('client_secret'))
      return refused(401, 'invalid_client', 'Client authentication failed due to unknown client.');
    const board = shell.switches(tenant.id);
    const nowMs = shell.spec.now();
    const grant = form.get('grant_type');
    const issue = (refreshable: boolean): FakeReply => {
      const seconds = Number(board.take('tokenSeconds', LOGIN));
      return { status: 200, body: desk.issue(tenant.clientId, nowMs, seconds, refreshable) };
    };
    if (grant === 'client_credentials') return issue(false);
    if (grant !== 'authorization_code' && grant !== 'refresh_token')
      return refused(400, 'unsupported_grant_type', 'The authorization grant type is not supported.');
    const kind = grant === 'refresh_token' ? 'refresh' : 'code';
    const given = form.get(kind === 'code' ? 'code' : 'refresh_token') ?? '';
    if (!desk.redeem(kind, given, tenant.clientId, nowMs))
      return refused(400, 'invalid_grant', 'The provided authorization grant is invalid, expired, or revoked.');
    const reply = issue(true);
    const lost = kind === 'refresh' && board.take('refreshReplyLost', LOGIN) !== null;
    return lost ? { status: 502, body: 'Bad Gateway' } : reply;
  };
  return { tenant: tenant?.id ?? null, entity: LOGIN, list: false, respond };
}

function infoRoute(request: FakeRequest, shell: Shell, { desk, tenants }: Held): Route {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const nowMs = shell.spec.now();
  const claims = desk.read(bearer, nowMs);
  const tenant = tenants.find((one) => one.clientId === claims?.client)?.id ?? null;
  const respond = (): FakeReply =>
    claims === null
      ? refused(401, 'invalid_request', 'The access token is invalid')
      : { status: 200, body: { expires_in: claims.exp - Math.floor(nowMs / 1000), application: { uid: claims.client } } };
  return { tenant, entity: LOGIN, list: false, respond };
}

function revokeRoute(request: FakeRequest, { desk, tenants }: Held): Route {
  const form = formOf(request);
  const tenant = tenants.find((one) => one.clientId === form.get('client_id') && one.secret === form.get('client_secret'));
  const respond = (): FakeReply => {
    if (tenant === undefined) return refused(401, 'invalid_client', 'Client authentication failed.');
    desk.revoke(form.get('token') ?? '');
    return { status: 200, body: {} };
  };
  return { tenant: tenant?.id ?? null, entity: LOGIN, list: false, respond };
}

/** A form, or the JSON that the vendor's own examples send. */
function formOf(request: FakeRequest): URLSearchParams {
  if (request.headers['content-type']?.includes('json') !== true) return new URLSearchParams(request.body);
  try {
    return new URLSearchParams(JSON.parse(request.body) as Record<string, string>);
  } catch (error) {
    if (error instanceof SyntaxError) return new URLSearchParams();
    throw error;
  }
}

function refused(status: number, error: string, description: string): FakeReply {
  return { status, body: { error, error_description: description } };
}
