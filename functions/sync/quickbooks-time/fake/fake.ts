import type { SourceDataset } from '../../../../shared/fake-source/dataset.ts';
import { entityKey } from '../../../../shared/fake-source/dataset.ts';
import type { FakeReply, FakeRequest, ListReply, Route } from '../../../../shared/fake-source/exchange.ts';
import { createFakeSource, type FakeOptions, type FakeSource } from '../../../../shared/fake-source/serve.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import type { Edit, TenantData } from '../../../../shared/fake-source/tenant-data.ts';
import { LISTS, secondCompany } from './entities.ts';
import { GrantDesk } from './grants.ts';
import { currentUserReply, lastModified, listReply, type Readings, Refusal } from './lists.ts';
import { createLiveChanges } from './live-changes.ts';
import { QUICKBOOKS_TIME_SWITCHES } from './switches.ts';

/** An account of the fake, and its data when they differ from the common ones. */
export interface QuickBooksTimeTenant {
  readonly id: string;
  readonly companyId: string;
  readonly dataset?: SourceDataset;
}

/** How a fake QuickBooks Time is made. */
export type QuickBooksTimeFakeOptions = FakeOptions<QuickBooksTimeTenant> & {
  /** The app that asks for access. */
  readonly client: { readonly id: string; readonly secret: string };
};

const BASE = '/api/v1/';
const GRANT = 'grant';
const WINDOW_MS = 300_000;
const USERS = LISTS.find(({ name }) => name === 'users')!;

/** A fake with what tests and the demo need of it besides. */
export interface QuickBooksTimeFake extends FakeSource {
  /** An access token of an account that holds for so long. */
  accessToken(tenant: string, seconds?: number): string;
  /** A refresh token of an account. */
  refreshToken(tenant: string): string;
}

/**
 * A fake QuickBooks Time API over HTTP on loopback: the authorize page (which grants at once), grants, every list with its filters, and the
 * control door at `/__control`. For tests and the local host only; shipped code must not import it.
 */
export function createQuickBooksTimeFake(options: QuickBooksTimeFakeOptions): QuickBooksTimeFake {
  const held: Held = {
    options,
    desk: new GrantDesk(options.seed),
    calls: new Map(),
    readings: { front: new Map(), owed: new Map() },
    edited: new Map(),
  };
  const source = createFakeSource(
    {
      source: 'quickbooks-time',
      tenants: options.tenants.map(({ id, dataset }) => ({ id, dataset: dataset ?? options.dataset })),
      entities: LISTS,
      switches: QUICKBOOKS_TIME_SWITCHES,
      doors: [GRANT, 'authorize', 'current_user', 'last_modified_timestamps'],
      now: options.now,
      seed: options.seed,
      statePath: options.statePath ?? null,
      otherDataset: secondCompany,
      afterEdit: (edit, at, data, shell) => {
        held.edited.set(`${data.id} ${edit.entity.name}`, shell.instant());
        keepDeleted(edit, at, data, held);
      },
      liveChange: createLiveChanges(options.seed),
      route: (request, shell) => route(request, shell, held),
    },
    options.live,
  );
  return {
    ...source,
    accessToken: (tenant, seconds = 864_000) => held.desk.access(tenant, options.now() + seconds * 1_000),
    refreshToken: (tenant) => held.desk.refresh(tenant, options.now()),
  };
}

interface Held {
  readonly options: QuickBooksTimeFakeOptions;
  readonly desk: GrantDesk;
  /** Times of the calls of each token. */
  readonly calls: Map<string, number[]>;
  readonly readings: Readings;
  /** When each list of each account was written to last, whatever stamps its rows bear. */
  readonly edited: Map<string, string>;
}

function route(request: FakeRequest, shell: Shell, held: Held): Route | null {
  if (!request.path.startsWith(BASE)) return null;
  const name = request.path.slice(BASE.length).replace(/\/$/, '').toLowerCase();
  const query = new URLSearchParams(request.query);
  if (name === 'authorize') return authorizeRoute(query, shell, held);
  if (name === GRANT) return grantRoute(request, shell, held);
  const list = LISTS.find((known) => entityKey(known.name) === name);
  if (list === undefined && name !== 'current_user' && name !== 'last_modified_timestamps') return null;
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const access = held.desk.read(token);
  const known = access !== null && shell.tenants().includes(access.tenant) && access.expiresAtMs > shell.spec.now();
  if (!known) return { tenant: null, entity: name, list: true, respond: () => errorReply(401, 'Unauthorized') };
  const { tenant } = access;
  const respond = (): FakeReply | ListReply => {
    const board = shell.switches(tenant);
    if (board.take('billing', name) !== null) return errorReply(402, 'Payment Required');
    if (board.take('blocked', name) !== null) return errorReply(499, 'Address blocked');
    if (board.take('maintenance', name) !== null) return errorReply(503, 'Service Unavailable');
    if (!allowed(held, token, shell.spec.now(), Number(board.take('window', name) ?? 300)))
      return errorReply(429, 'Too Many Requests');
    if (request.method !== 'GET') return errorReply(405, 'This fake is read-only: writes are refused.');
    try {
      if (name === 'last_modified_timestamps') return lastModified(LISTS, query, shell.data(tenant), held.edited);
      return list === undefined ? currentUserReply(USERS) : listReply(list, query, tenant, shell, held.readings);
    } catch (error) {
      if (error instanceof Refusal) return errorReply(error.code, error.message);
      throw error;
    }
  };
  // A question with one answer takes the faults of lists as well: a broken one must not pass for "nothing changed".
  return { tenant, entity: name, list: true, respond };
}

function allowed({ calls }: Held, token: string, nowMs: number, most: number): boolean {
  const recent = (calls.get(token) ?? []).filter((time) => time > nowMs - WINDOW_MS && time <= nowMs);
  const within = recent.length < most;
  if (within) recent.push(nowMs);
  calls.set(token, recent);
  return within;
}

function errorReply(code: number, message: string): FakeReply {
  return { status: code, body: { error: { code, message } } };
}

function grantError(error: string, description: string): FakeReply {
  return { status: 400, body: { error, error_description: description } };
}

/** Grants at once, as a person who is logged in and says yes: the first account, or the one that `account` names. */
function authorizeRoute(query: URLSearchParams, shell: Shell, { options, desk }: Held): Route {
  const tenant = query.get('account') ?? shell.tenants()[0]!;
  const respond = (): FakeReply => {
    const redirect = query.get('redirect_uri') ?? '';
    const good = query.get('client_id') === options.client.id && query.get('response_type') === 'code';
    if (!good || !URL.canParse(redirect) || !shell.tenants().includes(tenant))
      return grantError('invalid_request', 'client, response type or redirect address is wrong');
    const to = new URL(redirect);
    to.searchParams.set('code', desk.code(tenant));
    to.searchParams.set('state', query.get('state') ?? '');
    return { status: 302, headers: { Location: to.href }, body: '' };
  };
  return { tenant: null, entity: 'authorize', list: false, respond };
}

function grantRoute(request: FakeRequest, shell: Shell, { options, desk }: Held): Route {
  const form = new URLSearchParams(request.body);
  const refreshing = form.get('grant_type') === 'refresh_token';
  const given = form.get(refreshing ? 'refresh_token' : 'code') ?? '';
  const owner = desk.ownerOf(given);
  const tenant = owner !== null && shell.tenants().includes(owner) ? owner : null;
  const board = tenant === null ? null : shell.switches(tenant);
  // The answer of this one refresh breaks off after it has been made.
  if (refreshing && board !== null && board.take('refreshReplyLost', GRANT) !== null)
    board.set('truncated', { on: true, entity: GRANT, times: 1, value: 'abort' });
  const respond = (): FakeReply => {
    if (request.method !== 'POST') return errorReply(405, 'Method Not Allowed');
    if (form.get('client_id') !== options.client.id || form.get('client_secret') !== options.client.secret)
      return grantError('invalid_client', 'The client credentials are invalid');
    if (tenant === null || board === null || board.take('revoked', GRANT) !== null)
      return grantError('invalid_grant', 'The grant is invalid or was revoked');
    const reuse = refreshing && board.peek('oldRefreshGrace', GRANT) !== null;
    if (desk.redeem(refreshing ? 'refresh' : 'code', given, reuse) === null)
      return grantError('invalid_grant', 'The grant was used before');
    if (reuse) board.take('oldRefreshGrace', GRANT);
    const seconds = Number(board.take('accessSeconds', GRANT) ?? 864_000);
    const nowMs = shell.spec.now();
    const keepsOld = refreshing && board.take('refreshKeepsOld', GRANT) !== null;
    const users = shell.data(tenant).rows(USERS);
    return {
      status: 200,
      body: {
        access_token: desk.access(tenant, nowMs + seconds * 1_000),
        expires_in: seconds,
        token_type: 'bearer',
        scope: '',
        ...(keepsOld ? {} : { refresh_token: desk.refresh(tenant, nowMs) }),
        user_id: String(users[0]?.id ?? ''),
        company_id: options.tenants.find(({ id }) => id === tenant)!.companyId,
        client_url: String(users[0]?.client_url ?? ''),
      },
    };
  };
  return { tenant, entity: GRANT, list: false, respond };
}

/** A deleted timesheet goes to the list of deleted ones, with the moment of its deletion; one that is back leaves it. */
function keepDeleted(edit: Edit, at: string, data: TenantData, { edited }: Held): void {
  if (edit.entity.name !== 'timesheets') return;
  const deleted = LISTS.find(({ name }) => name === 'timesheets_deleted')!;
  if (edit.after !== null) {
    data.remove(deleted, String(edit.after.id));
    return;
  }
  if (edit.before === null) return;
  const { on_the_clock: _clock, customfields: _fields, attached_files: _files, created_by_user_id: _by, ...row } = edit.before;
  data.merge(deleted, { ...row, active: '0', last_modified: at.replace(/(\.\d+)?Z$/, '+00:00') });
  edited.set(`${data.id} ${deleted.name}`, at);
}
