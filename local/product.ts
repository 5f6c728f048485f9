import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { instantFromMs } from '#kernel/instant.ts';
import { syncStateKey } from '#model/keys.ts';
import { scopeOf } from '#model/scope.ts';
import { documentClient } from '#platform/aws-dynamodb.ts';
import { eventBridgeClient } from '#platform/aws-events.ts';
import { systemPorts } from '#platform/ports.ts';
import { listConnections, readSyncState } from '#store/connection-repository.ts';
import { openTable, type Table } from '#store/table.ts';
import { synthesize } from '#tools/synth.ts';
import { connectSource, reconnectSource } from './demo/connect.ts';
import { linkSources } from './demo/link.ts';
import { demoAddresses, seedPeople } from './demo/people.ts';
import { keep, type Remembered, remember, replaceFile } from './demo/remembered.ts';
import { type DemoTokens, seedTenant } from './demo/seed.ts';
import { type RunningSource, startSources } from './demo/sources.ts';
import { DEMO_TENANTS, type DemoTenant } from './demo/tenants.ts';
import { type DynamoDb, startDynamoDb } from './dynamodb/index.ts';
import { type Host, startHost } from './host/host.ts';

const LIVE_EVERY_MS = 20_000;

/** What a product on this machine is asked to be. */
export interface ProductOptions {
  /** Everything it keeps: the table, queues, the sources' data, tokens. */
  readonly workDir: string;
  /** Port of the API; 0 takes a free one. */
  readonly port: number;
  /** Keeps the recordings' dates and makes no change by itself. */
  readonly asRecorded: boolean;
  readonly resyncQuota: number | null;
  /** `manual` leaves schedules to a test. */
  readonly schedules?: 'clock' | 'manual';
  /** An assembly that is known to be up to date; made, or found unchanged, where it is left out. */
  readonly assemblyDir?: string;
}

/** The running product, with what a person or a test needs to use it. */
export interface Product {
  readonly host: Host;
  readonly engine: DynamoDb;
  /** Address of each fake by provider. */
  readonly sources: Readonly<Record<string, string>>;
  readonly tenants: readonly RunningTenant[];
  /** Where the demo's people sign in, one of them, and the password of all. */
  readonly signIn: { readonly issuer: string; readonly example: string; readonly password: string };
  stop(): Promise<void>;
}

/** A demo tenant with its tokens, and its connections by provider. */
export interface RunningTenant {
  readonly id: string;
  readonly name: string;
  readonly tokens: DemoTokens;
  readonly connections: Readonly<Record<string, string>>;
}

/** Starts everything: templates, engine, sources, host, demo tenants and their connections. Nothing is left running when it throws. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const closing: (() => Promise<unknown> | unknown)[] = [];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    return { ...(await start(options, closing)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: ProductOptions, closing: (() => Promise<unknown> | unknown)[]): Promise<Omit<Product, 'stop'>> {
  const { workDir } = options;
  mkdirSync(workDir, { recursive: true });
  const assemblyDir = options.assemblyDir ?? (await synthesize()).folder;
  const remembered = remember(workDir, Date.now());
  const engine = await startDynamoDb({ path: join(workDir, 'dynamodb') });
  closing.push(() => engine.stop());
  const sources = await startSources({ ...options, ...remembered, liveEveryMs: LIVE_EVERY_MS });
  for (const source of sources) closing.push(() => source.stop());
  const host = await startHost({
    assemblyDir,
    dynamoEndpoint: engine.endpoint,
    port: options.port,
    schedules: options.schedules ?? 'clock',
    workDir: join(workDir, 'host'),
    environment: {
      PROTIV_LOOPBACK: '1',
      PROTIV_SOURCES: JSON.stringify(Object.fromEntries(sources.map(({ provider, url, client }) => [provider, { url, client }]))),
      ...(options.asRecorded ? { PROTIV_IMPORT_DAYS: '36500' } : {}),
      ...(options.resyncQuota === null ? {} : { PROTIV_RESYNC_QUOTA: String(options.resyncQuota) }),
    },
  });
  closing.push(() => host.stop());

  const table = operatorTable(host);
  // Before anything else: messages that were being worked on are delivered again, and would find their own lease and be dropped.
  await Promise.all(DEMO_TENANTS.map((tenant) => releaseLeases(table, tenant)));
  for (const tenant of DEMO_TENANTS) {
    const accounts = tenant.sources.map(({ provider }) => sourceOf(sources, provider).account(tenant.id));
    remembered.tenants[tenant.id] ??= {
      tokens: await seedTenant(table, tenant, accounts, instantFromMs(Date.now())),
      connections: {},
    };
  }
  const { userPool } = host;
  if (userPool === null) throw new Error('the templates hold no user pool');
  remembered.password ??= randomBytes(9).toString('base64url');
  await seedPeople(table, userPool, DEMO_TENANTS, remembered.password, instantFromMs(Date.now()));
  const moved = sources.filter(({ provider, port }) => (remembered.ports[provider] ?? port) !== port);
  for (const { provider, port } of sources) remembered.ports[provider] = port;
  keep(workDir, remembered);
  writeDemoFile(workDir, host, sources, remembered);
  for (const tenant of DEMO_TENANTS) await connectTenant(tenant, host, { sources, moved, remembered, workDir });
  closing.push(linkTenants(host, remembered, workDir));
  if (!options.asRecorded) closing.push(hintChanges(host, remembered));
  return {
    host,
    engine,
    sources: Object.fromEntries(sources.map(({ provider, url }) => [provider, url])),
    tenants: DEMO_TENANTS.map(({ id, name }) => ({ id, name, ...remembered.tenants[id]! })),
    signIn: { issuer: userPool.issuer, example: demoAddresses(DEMO_TENANTS[0]!).manager, password: remembered.password },
  };
}

/** Makes the connections of a tenant that are not there yet, and leads the others to where their sources moved. */
async function connectTenant(
  tenant: DemoTenant,
  host: Host,
  demo: {
    readonly sources: readonly RunningSource[];
    readonly moved: readonly RunningSource[];
    readonly remembered: Remembered;
    readonly workDir: string;
  },
): Promise<void> {
  const { tokens, connections } = demo.remembered.tenants[tenant.id]!;
  const desk = { baseUrl: host.url, token: tokens.admin, tenantId: tenant.id };
  for (const link of tenant.sources) {
    const source = sourceOf(demo.sources, link.provider);
    const known = connections[link.provider];
    if (known === undefined) connections[link.provider] = await connectSource(desk, source, link);
    else if (demo.moved.includes(source)) await reconnectSource(desk, source, known);
    keep(demo.workDir, demo.remembered);
  }
}

function sourceOf(sources: readonly RunningSource[], provider: string): RunningSource {
  const source = sources.find((one) => one.provider === provider);
  if (source === undefined) throw new Error(`the demo runs no ${provider}`);
  return source;
}

function operatorTable(host: Host): Table {
  // The SDK reads region and endpoint from the process; the operator's keys come with each client.
  process.env.AWS_ENDPOINT_URL = host.awsEndpoint;
  process.env.AWS_REGION = host.operator.AWS_REGION ?? 'us-east-1';
  const [tableName] = host.tables.values();
  if (tableName === undefined) throw new Error('the templates hold no table');
  return openTable({ client: documentClient(host.operator), tableName, ...systemPorts() });
}

/** This process is the only one that runs functions: whatever held a lease when it was killed is gone, so nobody has to wait for its end. */
async function releaseLeases(table: Table, tenant: DemoTenant): Promise<void> {
  const scope = scopeOf(tenant.id);
  for (const connection of await listConnections(table, scope)) {
    const state = await readSyncState(table, scope, connection.n);
    if (!state?.lease) continue;
    const update = {
      expression: 'SET lease.#until = :past',
      names: { '#until': 'until' },
      values: { ':past': instantFromMs(0) },
    };
    await table.write(scope, [{ kind: 'update', key: syncStateKey(scope, connection.n), update }]);
  }
}

/** Links tenants with several sources in the background: first syncs take their time, and nobody has to wait for them. */
function linkTenants(host: Host, remembered: Remembered, workDir: string): () => Promise<unknown> {
  const stopping = new AbortController();
  const unlinked = DEMO_TENANTS.filter(({ id, sources }) => sources.length > 1 && remembered.tenants[id]?.linked !== true);
  const linking = unlinked.map(async ({ id }) => {
    const tenant = remembered.tenants[id]!;
    const desk = { baseUrl: host.url, token: tenant.tokens.admin, tenantId: id };
    try {
      await linkSources(desk, Object.values(tenant.connections), stopping.signal);
      tenant.linked = true;
      keep(workDir, remembered);
    } catch (error) {
      if (!stopping.signal.aborted) console.error(`the sources of ${id} could not be linked:`, error);
    }
  });
  return () => {
    stopping.abort();
    return Promise.all(linking);
  };
}

/** The demo's own changes tell the product at once, as a provider's event would: a hint starts a delta and carries nothing else. */
function hintChanges(host: Host, remembered: Remembered): () => void {
  const events = eventBridgeClient(host.operator);
  const [bus] = host.eventBuses;
  if (bus === undefined) throw new Error('the templates hold no event bus');
  const timer = setInterval(() => {
    const Entries = Object.entries(remembered.tenants).flatMap(([tenantId, { connections }]) =>
      Object.entries(connections).map(([provider, connectionId]) => ({
        EventBusName: bus,
        Source: 'protiv.api',
        DetailType: 'Resync Requested',
        Detail: JSON.stringify({ provider, tenantId, connectionId, kind: 'hint' }),
      })),
    );
    events
      .send(new PutEventsCommand({ Entries }))
      .catch((error: unknown) => console.error('the demo could not announce its changes:', error));
  }, LIVE_EVERY_MS);
  return () => clearInterval(timer);
}

function writeDemoFile(workDir: string, host: Host, sources: readonly RunningSource[], remembered: Remembered): void {
  const credentialsOf = ({ id, sources: links }: DemoTenant) =>
    Object.fromEntries(
      links.map(({ provider }) => {
        const source = sourceOf(sources, provider);
        return [provider, source.account(id).credentials(source.url)];
      }),
    );
  const file = {
    baseUrl: host.url,
    tenants: DEMO_TENANTS.map((tenant) => {
      const { id, name } = tenant;
      return { id, name, tokens: remembered.tenants[id]!.tokens, people: demoAddresses(tenant) };
    }),
    // Where the people sign in, all with this password.
    issuer: host.userPool?.issuer,
    clientId: host.userPool?.clientId,
    password: remembered.password,
    sources: Object.fromEntries(sources.map(({ provider, url }) => [provider, url])),
    // What `POST /v1/connections/{id}/reconnect` takes, for trying what happens when a source refuses its credentials.
    credentials: Object.fromEntries(DEMO_TENANTS.map((tenant) => [tenant.id, credentialsOf(tenant)])),
  };
  replaceFile(join(workDir, 'demo.json'), `${JSON.stringify(file, null, 2)}\n`);
}
