import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { type AdminPorts, LONGEST_IMPORT_DAYS } from '#functions/api/admin/ports.ts';
import { adminRoutes } from '#functions/api/admin/routes.ts';
import { type ApiHandler, createApi } from '#functions/api/api.ts';
import { diagnosisRoutes } from '#functions/api/diagnosis/routes.ts';
import { docsRoutes } from '#functions/api/docs/routes.ts';
import { hookRoutes } from '#functions/api/hooks/routes.ts';
import type { HttpEvent, HttpResponse, PersonContext } from '#functions/api/http.ts';
import type { ApiPorts } from '#functions/api/ports.ts';
import type { RateLimits } from '#functions/api/rates.ts';
import type { ApiGroup } from '#functions/api/route.ts';
import { tableRoutes } from '#functions/api/routes.ts';
import type { UploadPorts } from '#functions/api/uploads/ports.ts';
import { uploadRoutes } from '#functions/api/uploads/routes.ts';
import { userRoutes } from '#functions/api/users/routes.ts';
import { webhookRoutes } from '#functions/api/webhooks/routes.ts';
import { AppError } from '#kernel/errors.ts';
import { ulid } from '#kernel/ids.ts';
import { addSeconds, type Instant, msOf } from '#kernel/instant.ts';
import { RESYNC_QUOTA } from '#mirror/resync-quota.ts';
import { makeToken } from '#model/api-token.ts';
import { type AccessScope, type ApiToken, ROLES, type Role } from '#model/people.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import type {
  AuthorizeAnswer,
  CheckAnswer,
  DiscoverAnswer,
  HookAnswer,
  HookCall,
  PreviewAnswer,
  ProbeAnswer,
  RevokeAnswer,
  SyncCall,
} from '#model/sync-call.ts';
import type { LogLine } from '#platform/log.ts';
import type { QueueMessage } from '#platform/message-queue.ts';
import type { PeoplePool } from '#platform/people-pool.ts';
import type { Vault } from '#platform/vault.ts';
import { createApiTokenAction } from '#store/people-repository.ts';
import { openTable, type Table } from '#store/table.ts';
import { localClientConfig, startTestTable, type TestTable } from './dynamodb.ts';
import { bodyJson, bodyText, type EventOptions, httpEvent } from './http-event.ts';
import { memoryVault } from './memory-vault.ts';

export const TENANT = 'acme1';
export const OTHER_TENANT = 'rival1';
export const NO_SCOPE: AccessScope = { branchIds: [], divisionIds: [], routeIds: [] };

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: T;
  readonly response: HttpResponse;
}

export interface CallOptions extends Omit<EventOptions, 'caller'> {
  /** Role whose token calls; default owner. */
  readonly as?: Role;
  readonly tenant?: string;
  /** Id of a token, where none of the roles' own is meant. */
  readonly tokenId?: string;
  /** A person who signed in, in place of a token: what the authorizer says where it is not the usual. */
  readonly person?: Partial<PersonContext> & Pick<PersonContext, 'subject'>;
}

/** The API's functions over an embedded table, with a clock and dice of the test's own and one token per role in two tenants. */
export interface TestApi {
  readonly table: Table;
  readonly db: TestTable;
  readonly scope: TenantScope;
  readonly otherScope: TenantScope;
  readonly logs: LogLine[];
  now(): Instant;
  /** Moves the clock on. */
  pass(seconds: number): void;
  ports: ApiPorts;
  /** What the admin function reaches beside the table, and what it asked there. */
  readonly outside: {
    readonly slots: Set<string>;
    readonly events: Readonly<Record<string, unknown>>[];
    busWorks: boolean;
    readonly calls: Readonly<Record<string, unknown>>[];
    check: CheckAnswer;
    /** While set, a check waits for it. */
    holdCheck: Promise<unknown> | null;
    probe: ProbeAnswer;
    /** While set, every question goes to this function of an integration. */
    integration: ((call: SyncCall) => Promise<unknown>) | null;
    /** Messages for the queue of deliveries to webhooks. */
    readonly deliveries: string[];
    /** What seals the secrets of webhooks. */
    readonly vault: Vault;
    /** The pool that people sign in to. */
    readonly pool: { works: boolean; readonly admitted: string[]; readonly lists: Map<string, readonly string[]> };
  };
  call<T = Record<string, unknown>>(method: string, path: string, options?: CallOptions): Promise<Answer<T>>;
  /** Hands an event to the function that the gateway would hand it to. */
  send(event: HttpEvent): Promise<HttpResponse>;
  /** Id of the token of a role, in a tenant that the API was started with. */
  tokenOf(role: Role, tenant: string): string;
  /** Stores a token of the role with a scope of its own; gives its id. */
  grant(role: Role, options?: { workerId?: string; userId?: string; scope?: AccessScope; tenant?: string }): Promise<string>;
  stop(): Promise<void>;
}

/** Starts table and functions; `admin` are the further ports of the admin function. */
export async function startTestApi(
  options: { start?: Instant; tenants?: readonly string[]; limits?: RateLimits } = {},
): Promise<TestApi> {
  const clock = { now: options.start ?? '2026-03-10T12:00:00.000Z' };
  const db = await startTestTable();
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(db.endpoint)), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const dice = diceOf(7);
  const table = openTable({ client, tableName: db.tableName, now: () => clock.now, sleep: async () => {}, random: () => 0.5 });
  const logs: LogLine[] = [];
  const ports: ApiPorts = {
    table,
    now: () => clock.now,
    ulid: () => ulid(msOf(clock.now), dice),
    randomBytes: dice,
    random: () => 0.5,
    sleep: async () => {},
    log: (line) => void logs.push(line),
  };
  const outside: TestApi['outside'] = {
    slots: new Set(),
    events: [],
    busWorks: true,
    calls: [],
    check: checkPasses,
    holdCheck: null,
    probe: { result: 'not_found' },
    integration: null,
    deliveries: [],
    vault: memoryVault(),
    pool: { works: true, admitted: [], lists: new Map() },
  };
  const adminPorts: AdminPorts = {
    ...ports,
    ...fakeOutside(outside),
    resyncQuota: RESYNC_QUOTA,
    longestImportDays: LONGEST_IMPORT_DAYS,
  };
  const takeHook = async (provider: string, call: HookCall) => {
    outside.calls.push({ provider, ...call });
    return outside.integration === null ? { taken: false } : ((await outside.integration(call)) as HookAnswer);
  };
  const { table: _none, ...withoutTable } = ports;
  const checked = { checkAnswers: true, ...(options.limits === undefined ? {} : { limits: options.limits }) };
  const handlers = new Map<ApiGroup, ApiHandler>([
    ['hooks', createApi({ routes: hookRoutes, ports: { ...withoutTable, takeHook }, ...checked })],
    ['admin', createApi({ routes: adminRoutes, ports: adminPorts, ...checked })],
    ['diagnosis', createApi({ routes: diagnosisRoutes, ports: adminPorts, ...checked })],
    ['uploads', createApi({ routes: uploadRoutes, ports: { ...ports, bus: adminPorts.bus, files: NO_FILES }, ...checked })],
    ['webhooks', createApi({ routes: webhookRoutes, ports: { ...ports, ...webhookOutside(outside) }, ...checked })],
    ['users', createApi({ routes: userRoutes, ports: { ...ports, pool: fakePool(outside.pool) }, ...checked })],
    ['docs', createApi({ routes: docsRoutes, ports, ...checked })],
  ]);
  for (const group of new Set(tableRoutes.map((route) => route.group)))
    handlers.set(group, createApi({ routes: tableRoutes.filter((route) => route.group === group), ports, ...checked }));
  const tokens = new Map<string, string>();
  const grant: TestApi['grant'] = async (role, given = {}) => {
    const id = ports.ulid();
    const tenant = given.tenant ?? TENANT;
    const { secretHash } = makeToken(tenant, id, dice);
    const token: ApiToken = {
      id,
      name: `${role} token`,
      secretHash,
      role,
      workerId: given.workerId ?? null,
      userId: given.userId ?? null,
      scope: given.scope ?? NO_SCOPE,
      createdAt: clock.now,
      createdBy: 'test',
      revokedAt: null,
      restricted: false,
      cursorKey: `cursor-key-of-${tenant}`,
    };
    await table.write(scopeOf(tenant), [createApiTokenAction(scopeOf(tenant), token)]);
    return id;
  };
  for (const tenant of options.tenants ?? [TENANT, OTHER_TENANT])
    for (const role of ROLES) tokens.set(`${tenant}/${role}`, await grant(role, { tenant }));

  const send = (event: HttpEvent): Promise<HttpResponse> => handlers.get(groupOf(event.rawPath))!(event, {} as Context);
  return {
    table,
    db,
    scope: scopeOf(TENANT),
    otherScope: scopeOf(OTHER_TENANT),
    logs,
    ports,
    outside,
    now: () => clock.now,
    pass: (seconds) => {
      clock.now = addSeconds(clock.now, seconds);
    },
    grant,
    send,
    tokenOf: (role, tenant) => tokens.get(`${tenant}/${role}`)!,
    call: async (method, path, { as = 'owner', tenant = TENANT, tokenId, person, ...event } = {}) => {
      const signedIn = { tenantIds: '', verifiedEmail: '', signedInAt: clock.now, expiresAt: addSeconds(clock.now, 3_600) };
      const caller = person
        ? { ...signedIn, ...person }
        : { tenantId: tenant, tokenId: tokenId ?? tokens.get(`${tenant}/${as}`)! };
      const response = await send(httpEvent(method, path, { ...event, caller }));
      const isJson = /[/+]json(;|$)/.test(response.headers['content-type'] ?? '');
      const body = response.body === '' ? undefined : isJson ? bodyJson(response) : bodyText(response);
      return { status: response.statusCode, headers: response.headers, body: body as never, response };
    },
    stop: async () => {
      client.destroy();
      await db.stop();
    },
  };
}

const allRoutes = [
  ...docsRoutes,
  ...hookRoutes,
  ...adminRoutes,
  ...diagnosisRoutes,
  ...uploadRoutes,
  ...webhookRoutes,
  ...userRoutes,
  ...tableRoutes,
];

function webhookOutside({ vault, deliveries }: TestApi['outside']) {
  return {
    vault,
    allowLoopback: false,
    deliveries: {
      send: async (messages: readonly QueueMessage[]) => {
        deliveries.push(...messages.map((message) => (typeof message === 'string' ? message : message.body)));
      },
    },
  };
}

/** No function of a file source answers here: what it does with files is tested with the source itself. */
const unreachable = () => Promise.reject(new Error('no file source runs in this test'));
const NO_FILES: UploadPorts['files'] = { link: unreachable, drop: unreachable };

const checkPasses: CheckAnswer = {
  ok: true,
  accountId: 'A-1',
  accountName: 'Acme at the source',
  missingScopes: [],
  branchSourceIds: ['b1', 'b2'],
  ciphertext: 'sealed',
};

/** A pool of people that notes who may sign in and under which tenants they are listed. */
function fakePool(pool: TestApi['outside']['pool']): PeoplePool {
  const reach = () => {
    if (!pool.works) throw new AppError('pool-unavailable', { category: 'transient' });
  };
  const listOf = (subject: string) => pool.lists.get(subject) ?? [];
  return {
    admit: async (email) => {
      reach();
      pool.admitted.push(email);
    },
    list: async (subject, tenantId) => {
      reach();
      pool.lists.set(subject, [...new Set([...listOf(subject), tenantId])]);
    },
    unlist: async (subject, tenantId) => {
      reach();
      pool.lists.set(
        subject,
        listOf(subject).filter((id) => id !== tenantId),
      );
    },
  };
}

/** Slots, bus and integration functions that note what they are asked. */
function fakeOutside(outside: TestApi['outside']): Pick<AdminPorts, 'slots' | 'bus' | 'sync'> {
  const slot = (provider: string, cycle: number, scope: TenantScope, n: number) => `${provider}/${cycle}/${scope.tenantId}.${n}`;
  return {
    slots: {
      occupy: async (...place) => void outside.slots.add(slot(...place)),
      free: async (...place) => void outside.slots.delete(slot(...place)),
    },
    bus: {
      publish: async (detailType, detail) => {
        if (outside.busWorks) outside.events.push({ detailType, ...detail });
        return outside.busWorks;
      },
    },
    sync: {
      check: async (provider, call) => {
        outside.calls.push({ provider, ...call });
        await outside.holdCheck;
        return outside.integration === null ? outside.check : ((await outside.integration(call)) as CheckAnswer);
      },
      authorize: async (provider, call) => {
        outside.calls.push({ provider, ...call });
        if (outside.integration === null) throw new Error('no integration is there to be asked');
        return (await outside.integration(call)) as AuthorizeAnswer;
      },
      discover: async (provider, call) => {
        outside.calls.push({ provider, ...call });
        return (await outside.integration?.(call)) as DiscoverAnswer;
      },
      preview: async (provider, call) => {
        outside.calls.push({ provider, ...call });
        return (await outside.integration?.(call)) as PreviewAnswer;
      },
      probe: async (provider, call) => {
        outside.calls.push({ provider, ...call });
        return outside.probe;
      },
      revoke: async (provider, call) => {
        outside.calls.push({ provider, ...call });
        return outside.integration === null ? { ok: true, revoked: true } : ((await outside.integration(call)) as RevokeAnswer);
      },
    },
  };
}

/** The function that the gateway would send a path to. */
function groupOf(path: string): ApiGroup {
  const segments = path.split('/');
  const fits = (template: string) => {
    const parts = template.split('/');
    return parts.length === segments.length && parts.every((part, at) => part.startsWith('{') || part === segments[at]);
  };
  return (allRoutes.find((route) => route.path === path) ?? allRoutes.find((route) => fits(route.path)))?.group ?? 'docs';
}

/** Bytes that look random and are the same in every run. */
function diceOf(seed: number): (count: number) => Uint8Array {
  let state = seed;
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 16) & 0xff;
    });
}
