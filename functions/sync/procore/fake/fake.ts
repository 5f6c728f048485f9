import type { FakeReply, FakeRequest, ListReply, Route } from '../../../../shared/fake-source/exchange.ts';
import { HookPosts, hookTarget } from '../../../../shared/fake-source/hook-posts.ts';
import { type ClientAccount, createFakeSource, type FakeOptions, type FakeSource } from '../../../../shared/fake-source/serve.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';
import { TokenDesk } from './auth.ts';
import { type Door, doorOf } from './doors.ts';
import { PROCORE_LISTS } from './entities.ts';
import { errorReply } from './errors.ts';
import { Limiters, limitHeaders } from './limiter.ts';
import { createLiveChanges } from './live-changes.ts';
import { LOGIN, loginRoute } from './login.ts';
import { type PageStarts, pageReply } from './pages.ts';
import { keptRows } from './rows.ts';
import { secondTenantDataset } from './second-tenant.ts';
import { PROCORE_SWITCHES } from './switches.ts';
import { eventOf } from './webhooks.ts';

/** How a fake Procore is made. */
export type ProcoreFakeOptions = FakeOptions<ClientAccount>;

/** A fake Procore with what only code in the same process may ask of it. */
export type ProcoreFake = FakeSource & {
  /** Settles when all events so far have been posted to whoever has registered. */
  posted(): Promise<void>;
};

/** How long a receiver may take. */
const POST_MS = 5_000;

/**
 * A fake Procore over HTTP on loopback: login and API on one address, company header, both limiters, lists with Link and Total, the
 * control door at `/__control`. For tests and the local host only; shipped code must not import it.
 */
export function createProcoreFake(options: ProcoreFakeOptions): ProcoreFake {
  const limiters = new Limiters();
  const posts = new HookPosts(POST_MS);
  let announced = 0;
  const starts: PageStarts = new Map();
  let desk: TokenDesk | null = null;
  const deskOf = (shell: Shell): TokenDesk => {
    desk ??= new TokenDesk(options.seed, shell.random);
    return desk;
  };
  const fake = createFakeSource(
    {
      source: 'procore',
      tenants: options.tenants.map(({ id, dataset }) => ({ id, dataset: dataset ?? options.dataset })),
      entities: PROCORE_LISTS,
      switches: PROCORE_SWITCHES,
      doors: [LOGIN],
      now: options.now,
      seed: options.seed,
      statePath: options.statePath ?? null,
      otherDataset: secondTenantDataset,
      afterEdit: (edit, _at, data, shell) => {
        const board = shell.switches(data.id);
        const target = hookTarget(board.peek('hookTarget', null));
        if (target === null) return;
        const how = board.peek('webhooks', null);
        announced += 1;
        const about = { companyId: companyIdOf(data), atMs: shell.spec.now(), n: announced, v4: how === 'v4' };
        const event = eventOf(edit, about);
        if (event !== null) posts.post(target, event, how);
      },
      liveChange: createLiveChanges(options.seed),
      route: (request, shell) => {
        const held = { desk: deskOf(shell), limiters, starts, tenants: options.tenants };
        return loginRoute(request, shell, held) ?? listRoute(request, shell, held);
      },
    },
    options.live,
  );
  return { ...fake, posted: () => posts.idle() };
}

type Held = {
  readonly desk: TokenDesk;
  readonly limiters: Limiters;
  readonly starts: PageStarts;
  readonly tenants: readonly ClientAccount[];
};

function listRoute(request: FakeRequest, shell: Shell, held: Held): Route | null {
  const door = doorOf(request.path);
  if (door === null) return null;
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const claims = bearer === undefined ? null : held.desk.read(bearer, shell.spec.now());
  const tenant = held.tenants.find((one) => one.clientId === claims?.client);
  if (tenant === undefined) {
    const respond = (): FakeReply => ({ status: 401, body: { errors: 'Unauthorized' } });
    return { tenant: null, entity: door.entity, list: true, respond };
  }
  return { tenant: tenant.id, entity: door.entity, list: true, respond: () => respond(request, shell, held, tenant.id, door) };
}

function respond(request: FakeRequest, shell: Shell, held: Held, tenant: string, door: Door): FakeReply | ListReply {
  const board = shell.switches(tenant);
  const nowMs = shell.spec.now();
  const limits = board.take('limits', door.entity) as { hour: number; spike: number };
  const { allowed, nearest } = held.limiters.take(tenant, nowMs, limits);
  const headers = limitHeaders(nearest);
  const fail = (status: number, message: string, more: Record<string, string> = {}): FakeReply =>
    errorReply(status, message, { ...headers, ...more }, board.peek('errorShape', door.entity), door.entity);
  if (!allowed) return fail(429, 'You have surpassed the max number of requests for an hour or ten seconds.');
  const overload = board.take('overload', door.entity);
  if (overload !== null) return fail(503, 'Service Unavailable', { 'Retry-After': String(overload) });
  const company = request.headers['procore-company-id'];
  if (company === undefined)
    return { status: 400, headers, body: 'Missing Procore-Company-Id header! Every request has to name its company.' };
  const others = board.peek('otherAccount', door.entity) !== null;
  const own = companyIdOf(shell.data(tenant));
  if (board.take('disconnected', door.entity) !== null) return fail(403, 'App is not connected to this company');
  if (company !== own && !others) return fail(403, 'Forbidden');
  if (door.companyId !== null && door.companyId !== company && !others) return fail(404, 'Not Found');
  if (request.method !== 'GET')
    return { ...fail(405, 'This fake is read-only: writes are refused.'), headers: { ...headers, Allow: 'GET' } };
  const parameters = new URLSearchParams(request.query);
  const most408 = board.take('timeout408', door.entity);
  if (most408 !== null && Number(parameters.get('per_page') ?? 0) > Number(most408)) return fail(408, 'Request Timeout');
  const projectId = door.projectId ?? (door.asksProject ? parameters.get('project_id') : null);
  if (door.asksProject && projectId === null) return fail(400, 'project_id is missing');
  const hidden = idSet(board.peek('hiddenProjects', door.entity));
  if (projectId !== null) {
    const known = keptRows(shell.data(tenant), 'projects', hidden).some((row) => String(row.id) === projectId);
    if (!known && !others) return fail(404, 'Not Found');
    if (idSet(board.peek('deniedProjects', door.entity)).has(projectId)) return fail(403, 'You do not have access to this tool');
  }
  const filter = board.peek('deletedAtFilter', door.entity);
  if (door.entity === 'timecard_entries' && filter === 'refused' && parameters.has('filters[deleted_at]'))
    return fail(400, 'filters[deleted_at] is not a known filter');
  const query = { parameters, nowMs, hidden, deletedAt: filter === 'ignored' ? 'ignored' : 'works' } as const;
  return pageReply({
    entity: door.entity,
    url: `${request.path}?${request.query}`,
    tenant,
    starts: held.starts,
    headers,
    link: board.take('noLinkHeader', door.entity) === null,
    most: door.most(parameters),
    asText: board.peek('idsAsText', door.entity) !== null,
    rows: (data) => door.rows(data, query, { projectId, board }),
  });
}

/** The company a tenant's data are of. */
export function companyIdOf(data: TenantData): string {
  return String(data.dataset.endpoints.companies?.[0]?.id);
}

function idSet(value: unknown): ReadonlySet<string> {
  return new Set(Array.isArray(value) ? value.map(String) : []);
}
