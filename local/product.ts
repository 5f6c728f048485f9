import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { demoDataset } from '#functions/sync/aspire/fake/demo-dataset.ts';
import { readAspireDataset } from '#functions/sync/aspire/fake/entities.ts';
import { createAspireFake } from '#functions/sync/aspire/fake/fake.ts';
import { secondTenantDataset } from '#functions/sync/aspire/fake/second-tenant.ts';
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
import { type DemoTokens, seedTenant } from './demo/seed.ts';
import type { DemoTenant } from './demo/tenants.ts';
import { type DynamoDb, startDynamoDb } from './dynamodb/index.ts';
import { type Host, startHost } from './host/host.ts';

/** What is remembered between starts: the source's address and recording, and which connections were made. */
interface Remembered {
  sourcePort: number;
  startedAt: number;
  tenants: Record<string, { tokens: DemoTokens; connectionId: string | null }>;
}

const LIVE_EVERY_MS = 20_000;
const NEW: Remembered = { sourcePort: 0, startedAt: 0, tenants: {} };

/** What a product on this machine is asked to be. */
export interface ProductOptions {
  /** Everything it keeps: the table, queues, the source's data, tokens. */
  readonly workDir: string;
  /** Port of the API; 0 takes a free one. */
  readonly port: number;
  /** Keeps the recording's dates and makes no change by itself. */
  readonly asRecorded: boolean;
  readonly resyncQuota: number | null;
  /** `manual` leaves schedules to a test. */
  readonly schedules?: 'clock' | 'manual';
}

/** The running product, with what a person or a test needs to use it. */
export interface Product {
  readonly host: Host;
  readonly engine: DynamoDb;
  readonly sourceUrl: string;
  readonly tenants: readonly {
    readonly id: string;
    readonly name: string;
    readonly tokens: DemoTokens;
    readonly connectionId: string;
  }[];
  stop(): Promise<void>;
}

/** Starts everything: templates, engine, source, host, demo tenants and their connections. Nothing is left running when it throws. */
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
  const assembly = await synthesize();
  const remembered = remember(workDir);
  const tenants = demoTenants(options, remembered);
  const engine = await startDynamoDb({ path: join(workDir, 'dynamodb') });
  closing.push(() => engine.stop());
  const source = await startSource(options, remembered, tenants);
  closing.push(() => source.stop());
  const host = await startHost({
    assemblyDir: assembly.folder,
    dynamoEndpoint: engine.endpoint,
    port: options.port,
    schedules: options.schedules ?? 'clock',
    workDir: join(workDir, 'host'),
    environment: {
      PROTIV_LOOPBACK: '1',
      ...(options.resyncQuota === null ? {} : { PROTIV_RESYNC_QUOTA: String(options.resyncQuota) }),
    },
  });
  closing.push(() => host.stop());

  const table = operatorTable(host);
  for (const tenant of tenants)
    remembered.tenants[tenant.id] ??= { tokens: await seedTenant(table, tenant, instantFromMs(Date.now())), connectionId: null };
  const moved = remembered.sourcePort !== 0 && remembered.sourcePort !== source.port;
  remembered.sourcePort = source.port;
  save(workDir, remembered);
  writeDemoFile(workDir, host, source.url, tenants, remembered);
  for (const tenant of tenants) {
    await releaseLeases(table, tenant);
    const known = remembered.tenants[tenant.id]!;
    if (known.connectionId === null) known.connectionId = await connectSource(host.url, known.tokens.admin, tenant, source.url);
    else if (moved) await reconnectSource(host.url, known.tokens.admin, tenant, known.connectionId, source.url);
    save(workDir, remembered);
  }
  if (!options.asRecorded) closing.push(hintChanges(host, tenants, remembered));
  return {
    host,
    engine,
    sourceUrl: source.url,
    tenants: tenants.map(({ id, name }) => ({
      id,
      name,
      tokens: remembered.tenants[id]!.tokens,
      connectionId: remembered.tenants[id]!.connectionId!,
    })),
  };
}

/** The recorded company and a second one beside it, moved to this week unless asked for as recorded; the same at every later start. */
function demoTenants(options: ProductOptions, remembered: Remembered): DemoTenant[] {
  if (remembered.startedAt === 0) remembered.startedAt = Date.now();
  const recorded = readAspireDataset();
  const dataset = options.asRecorded ? recorded : demoDataset(recorded, remembered.startedAt);
  return [
    {
      id: 'fernhill',
      name: 'Fernhill Grounds and Site Works',
      zone: 'America/New_York',
      clientId: 'fernhill-client',
      secret: 'fernhill-demo-secret',
      dataset,
      idOffset: 0,
    },
    {
      id: 'secondcrew',
      name: 'Second Crew Landscaping',
      zone: 'America/New_York',
      clientId: 'second-client',
      secret: 'second-demo-secret',
      dataset: secondTenantDataset(dataset),
      idOffset: 100_000,
    },
  ];
}

async function startSource(options: ProductOptions, remembered: Remembered, tenants: readonly DemoTenant[]) {
  const [first, ...others] = tenants;
  const fake = createAspireFake({
    dataset: first!.dataset,
    tenants: [
      { id: first!.id, clientId: first!.clientId, secret: first!.secret },
      ...others.map(({ id, clientId, secret, dataset }) => ({ id, clientId, secret, dataset })),
    ],
    now: Date.now,
    seed: 1,
    statePath: join(options.workDir, 'aspire'),
    ...(options.asRecorded ? {} : { live: { everyMs: LIVE_EVERY_MS } }),
  });
  try {
    return await fake.start(remembered.sourcePort);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    return await fake.start(0);
  }
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

/** The demo's own changes tell the product at once, as a provider's event would: a hint starts a delta and carries nothing else. */
function hintChanges(host: Host, tenants: readonly DemoTenant[], remembered: Remembered): () => void {
  const events = eventBridgeClient(host.operator);
  const [bus] = host.eventBuses;
  if (bus === undefined) throw new Error('the templates hold no event bus');
  const timer = setInterval(() => {
    const Entries = tenants.map((tenant) => ({
      EventBusName: bus,
      Source: 'protiv.api',
      DetailType: 'Resync Requested',
      Detail: JSON.stringify({
        provider: 'aspire',
        tenantId: tenant.id,
        connectionId: remembered.tenants[tenant.id]!.connectionId,
        kind: 'hint',
      }),
    }));
    events
      .send(new PutEventsCommand({ Entries }))
      .catch((error: unknown) => console.error('the demo could not announce its changes:', error));
  }, LIVE_EVERY_MS);
  return () => clearInterval(timer);
}

function remember(workDir: string): Remembered {
  const path = join(workDir, 'remembered.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Remembered) : structuredClone(NEW);
}

function save(workDir: string, remembered: Remembered): void {
  replaceFile(join(workDir, 'remembered.json'), JSON.stringify(remembered));
}

/** Written whole or not at all, so that a kill leaves no half file. */
function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function writeDemoFile(
  workDir: string,
  host: Host,
  sourceUrl: string,
  tenants: readonly DemoTenant[],
  remembered: Remembered,
): void {
  const file = {
    baseUrl: host.url,
    tenants: tenants.map((tenant) => ({ id: tenant.id, name: tenant.name, tokens: remembered.tenants[tenant.id]!.tokens })),
    sources: { aspire: sourceUrl },
    // What `POST /v1/connections/{id}/reconnect` takes, for trying what happens when a source refuses its credentials.
    credentials: Object.fromEntries(tenants.map(({ id, clientId, secret }) => [id, { clientId, secret, baseUrl: sourceUrl }])),
  };
  replaceFile(join(workDir, 'demo.json'), `${JSON.stringify(file, null, 2)}\n`);
}
