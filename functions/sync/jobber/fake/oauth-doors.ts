import type { FakeReply, FakeRequest, Route } from '../../../../shared/fake-source/exchange.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import type { TokenDesk } from './auth.ts';
import type { JobberApp } from './fake.ts';

/** What Jobber says once an account has disconnected the app. */
export const DISCONNECTED = 'The account has disconnected this app.';

/**
 * The page on which an account agrees: here it always does, and sends the browser back with a code. `account` names which one, where the
 * real page would ask who logs in.
 */
export function authorizeRoute(request: FakeRequest, shell: Shell, desk: TokenDesk, app: JobberApp): Route {
  const query = new URLSearchParams(request.query);
  const account = query.get('account') ?? shell.tenants()[0]!;
  const respond = (): FakeReply => {
    const back = query.get('redirect_uri');
    const wrong =
      query.get('response_type') !== 'code' || query.get('client_id') !== app.clientId || back === null || !URL.canParse(back);
    if (wrong || !shell.tenants().includes(account)) return { status: 400, body: { error: 'invalid_request' } };
    const url = new URL(back);
    url.searchParams.set('code', desk.code(account, shell.spec.now()));
    const state = query.get('state');
    if (state !== null) url.searchParams.set('state', state);
    return { status: 302, headers: { Location: url.href }, body: '' };
  };
  return { tenant: shell.tenants().includes(account) ? account : null, entity: 'authorize', list: false, respond };
}

/** The token door: codes and refresh tokens into pairs. */
export function tokenRoute(request: FakeRequest, shell: Shell, desk: TokenDesk, app: JobberApp): Route {
  const form = new URLSearchParams(request.body);
  const grant = form.get('grant_type');
  const nowMs = shell.spec.now();
  const wrong =
    request.method !== 'POST' || form.get('client_id') !== app.clientId || form.get('client_secret') !== app.clientSecret;
  const given = String(form.get(grant === 'refresh_token' ? 'refresh_token' : 'code') ?? '');
  // The account is only known once the token was read; the switches of that account then say how it is answered.
  const holder = wrong
    ? null
    : grant === 'refresh_token'
      ? desk.redeemRefresh(given, nowMs, false)
      : desk.redeemCode(given, nowMs);
  const respond = (): FakeReply => {
    if (request.method !== 'POST') return { status: 405, headers: { Allow: 'POST' }, body: 'Method Not Allowed' };
    if (wrong) return refused('invalid_client');
    if (grant !== 'refresh_token' && grant !== 'authorization_code')
      return { status: 400, body: { error: 'unsupported_grant_type' } };
    const tooOld = 'The provided refresh token is not valid.';
    if (holder === null) return refused(grant === 'refresh_token' ? tooOld : 'invalid_grant');
    const board = shell.switches(holder);
    if (board.take('revoked', 'token') !== null) return refused(DISCONNECTED);
    const rotates = board.take('rotation', 'token') !== null;
    if (grant === 'refresh_token' && desk.redeemRefresh(given, nowMs, rotates) === null) return refused(tooOld);
    const { refresh_token, ...rest } = desk.issue(holder, nowMs, board.take('expiresAt', 'token') !== null);
    if (board.take('refreshReplyLost', 'token') !== null) return { status: 502, body: 'Bad Gateway' };
    const keeps = grant === 'refresh_token' && board.take('refreshKeepsToken', 'token') !== null;
    return { status: 200, body: keeps ? rest : { refresh_token, ...rest } };
  };
  return { tenant: holder, entity: 'token', list: false, respond };
}

function refused(message: string): FakeReply {
  return { status: 401, body: { message, error: message } };
}
