import type { EntitySpec } from '../../../../shared/fake-source/dataset.ts';
import { entityKey } from '../../../../shared/fake-source/dataset.ts';
import type { FakeReply, FakeRequest, ListReply, Route } from '../../../../shared/fake-source/exchange.ts';
import { type ClientAccount, createFakeSource, type FakeOptions, type FakeSource } from '../../../../shared/fake-source/serve.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import type { Edit, TenantData } from '../../../../shared/fake-source/tenant-data.ts';
import { TokenDesk } from './auth.ts';
import { ASPIRE_LISTS } from './entities.ts';
import { MinuteLimiter } from './limiter.ts';
import { ListRefusal, listReply } from './lists.ts';
import { createLiveChanges } from './live-changes.ts';
import { ODataError } from './odata-filter.ts';
import { secondTenantDataset } from './second-tenant.ts';
import { ASPIRE_SWITCHES } from './switches.ts';

/** How a fake Aspire is made. */
export type AspireFakeOptions = FakeOptions<ClientAccount>;

const LOGIN = 'Authorization';
const VERSION = 'Version';

/**
 * A fake Aspire API over HTTP on loopback: login and refresh, the version door, every list with OData options, the control door at
 * `/__control`. It listens once `start()` is called. For tests and the local host only; shipped code must not import it.
 */
export function createAspireFake(options: AspireFakeOptions): FakeSource {
  let desk: TokenDesk | null = null;
  const limiter = new MinuteLimiter();
  const deskOf = (shell: Shell): TokenDesk => {
    desk ??= new TokenDesk(options.seed, shell.random);
    return desk;
  };
  return createFakeSource(
    {
      source: 'aspire',
      tenants: options.tenants.map(({ id, dataset }) => ({ id, dataset: dataset ?? options.dataset })),
      entities: ASPIRE_LISTS,
      switches: ASPIRE_SWITCHES,
      doors: [LOGIN, VERSION],
      now: options.now,
      seed: options.seed,
      statePath: options.statePath ?? null,
      otherDataset: secondTenantDataset,
      afterEdit: moveTicketStamp,
      liveChange: createLiveChanges(options.seed),
      route: (request, shell) => route(request, shell, { desk: deskOf(shell), limiter, tenants: options.tenants }),
    },
    options.live,
  );
}

type Desk = { readonly desk: TokenDesk; readonly limiter: MinuteLimiter; readonly tenants: readonly ClientAccount[] };

function route(request: FakeRequest, shell: Shell, held: Desk): Route | null {
  const path = request.path.toLowerCase().replace(/\/$/, '');
  if (path === '/authorization' || path === '/authorization/refreshtoken') return loginRoute(request, path, shell, held);
  if (path === '/version/getapiversion') {
    return { tenant: shell.tenants()[0]!, entity: VERSION, list: false, respond: () => ({ status: 200, body: '1.0' }) };
  }
  const list = ASPIRE_LISTS.find((known) => entityKey(known.path) === entityKey(path));
  if (list === undefined) return null;
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const claims = bearer === undefined ? null : held.desk.read(bearer);
  const tenant = claims === null ? undefined : held.tenants.find((known) => known.clientId === claims.client);
  if (claims === null || tenant === undefined) {
    return { tenant: null, entity: list.name, list: true, respond: () => ({ status: 401, body: 'Unauthorized' }) };
  }
  const fail = (status: number, message: string): FakeReply => errorReply(status, message, shell, tenant.id, list.name);
  const respond = (): FakeReply | ListReply => {
    const nowMs = shell.spec.now();
    // A token names the account it was issued for; while a fault answers for another account, only that one's tokens hold.
    if (claims.exp * 1000 <= nowMs || claims.tenant !== accountOf(shell, tenant.id)) return fail(401, 'Unauthorized');
    if (!held.limiter.allow(tenant.id, nowMs, limitOf(shell, tenant.id))) {
      return fail(429, 'API calls quota exceeded! maximum admitted number of calls per minute was reached.');
    }
    if (!ticked(shell, tenant.id, list.name)) return fail(403, 'Forbidden');
    if (request.method !== 'GET')
      return { ...fail(405, 'This fake is read-only: writes are refused.'), headers: { Allow: 'GET' } };
    const version = request.headers['api-version'];
    if (version !== undefined && version !== '1.0') return fail(400, `The API version '${version}' is not supported.`);
    try {
      return listReply(request, list, tenant.id, shell);
    } catch (error) {
      if (error instanceof ODataError) return fail(400, `The query specified in the URI is not valid. ${error.message}`);
      if (error instanceof ListRefusal) return fail(error.status, error.message);
      throw error;
    }
  };
  return { tenant: tenant.id, entity: list.name, list: true, respond };
}

/** The account a login of the tenant's client leads to now: its own, unless `otherAccount` is on for everything. */
function accountOf(shell: Shell, tenant: string): string {
  return shell.switches(tenant).peek('otherAccount', LOGIN) === null ? tenant : shell.otherAccount(tenant).id;
}

function limitOf(shell: Shell, tenant: string): number {
  const board = shell.switches(tenant);
  const full = board.take('sandboxLimit', null) === null ? 1200 : 60;
  return Math.max(0, full - Number(board.take('otherClientsLoad', null) ?? 0));
}

function ticked(shell: Shell, tenant: string, entity: string): boolean {
  const scopes = shell.switches(tenant).take('scopes', entity);
  if (scopes === null) return true;
  return Array.isArray(scopes) && scopes.some((name) => entityKey(String(name)) === entityKey(entity));
}

function loginRoute(request: FakeRequest, path: string, shell: Shell, { desk, tenants }: Desk): Route {
  const body = readBody(request.body);
  const refresh = path.endsWith('/refreshtoken');
  const client = refresh ? desk.ownerOf(String(body?.RefreshToken)) : body?.ClientId;
  const tenant = tenants.find((known) => known.clientId === client);
  const respond = (): FakeReply => {
    const fail = (status: number, message: string): FakeReply => errorReply(status, message, shell, tenant?.id ?? null, LOGIN);
    if (request.method !== 'POST') return { ...fail(405, 'Method Not Allowed'), headers: { Allow: 'POST' } };
    const wanted = refresh ? ['RefreshToken'] : ['ClientId', 'Secret'];
    if (body === null || wanted.some((field) => typeof body[field] !== 'string'))
      return fail(400, `${wanted.join(' and ')} must be given.`);
    if (tenant === undefined) return fail(401, 'Unauthorized');
    const board = shell.switches(tenant.id);
    const good = refresh
      ? desk.redeem(String(body.RefreshToken), board.take('refreshReuse', LOGIN) !== null)
      : body.Secret === tenant.secret;
    if (!good) return fail(401, 'Unauthorized');
    const account = accountOf(shell, tenant.id);
    board.take('otherAccount', LOGIN);
    const seconds = Number(board.take('jwtSeconds', LOGIN) ?? 86_400);
    return { status: 200, body: desk.issue(account, tenant.clientId, shell.spec.now(), seconds) };
  };
  return { tenant: tenant?.id ?? null, entity: LOGIN, list: false, respond };
}

function readBody(text: string): Record<string, unknown> | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** An error in the form the `errorBody` switch asks for; the real form is not documented. */
function errorReply(status: number, message: string, shell: Shell, tenant: string | null, entity: string): FakeReply {
  const form = tenant === null ? 'text' : shell.switches(tenant).peek('errorBody', entity);
  if (form === 'problem') {
    const headers = { 'Content-Type': 'application/problem+json' };
    return { status, headers, body: { type: `https://httpstatuses.io/${status}`, title: message, status } };
  }
  return form === 'odata' ? { status, body: { error: { code: String(status), message } } } : { status, body: message };
}

/** Whether a ticket's stamp follows its times and visits is unknown of the real system, hence a switch. */
function moveTicketStamp(edit: Edit, at: string, data: TenantData, shell: Shell): void {
  if (edit.entity.name !== 'WorkTicketTimes' && edit.entity.name !== 'WorkTicketVisits') return;
  if (shell.switches(data.id).peek('ticketStampMovesWithChildren', 'WorkTickets') === null) return;
  const tickets = data.entity('WorkTickets') as EntitySpec;
  const stamp = new Date(at).toISOString();
  for (const id of new Set([edit.before?.WorkTicketID, edit.after?.WorkTicketID])) {
    const ticket = typeof id === 'number' || typeof id === 'string' ? data.row(tickets, id) : null;
    if (ticket === null || stamp <= String(ticket.LastModifiedDateTime)) continue;
    data.merge(tickets, { WorkTicketID: ticket.WorkTicketID, LastModifiedDateTime: stamp });
  }
}
