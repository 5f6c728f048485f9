import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';
import { AppError } from '#kernel/errors.ts';
import type { Connector } from '#mirror/connector.ts';
import { sourceSteps } from '#mirror/source-steps.ts';
import type { RunMessage } from '#mirror/start.ts';
import type { Run, SyncState } from '#model/connection.ts';
import { parseConnectionId } from '#model/ids.ts';
import { decodeMirrorRecord, isMirrorItem } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { QueueMessage } from '#platform/message-queue.ts';
import type { Vault } from '#platform/vault.ts';
import { readSyncState } from '#store/connection-repository.ts';
import { createSyncHandler } from '#sync/handler.ts';
import { createHooks } from '#sync/hooks.ts';
import { openOAuthDesk } from '#sync/oauth/desk.ts';
import { integrationPart } from '#tools/integrations.ts';
import type { DemoAccount, DemoSource } from '../../shared/fake-source/demo.ts';
import { startTestApi, TENANT, type TestApi } from './api.ts';
import { localClientConfig } from './dynamodb.ts';
import { memoryVault } from './memory-vault.ts';
import { seedTenant } from './mirror-seed.ts';

/** The API and an integration's own function over one table, connected to the integration's fake as the demo connects it. */
export interface SourceDesk {
  readonly api: TestApi;
  readonly account: DemoAccount;
  /** Connects by the API and, where the source wants it, by an approval at its own page; gives the answer of the creation. */
  connect(
    settings?: Readonly<Record<string, unknown>>,
    credentials?: Readonly<Record<string, string>>,
  ): Promise<Readonly<Record<string, unknown>>>;
  /** Works off a message and whatever follows from it; the last run that ended, null where none was started. */
  run(kind?: 'tick' | 'manual' | 'hint'): Promise<Run | null>;
  /** Works off what waits on the queue, after its delay; the last run that ended, null where none was started. */
  work(): Promise<Run | null>;
  /** Messages on the queue, each with its delay in seconds. */
  readonly waiting: { readonly message: RunMessage; readonly delaySeconds: number }[];
  /** The product's client at the source, where it has one. */
  readonly client: { readonly id: string; readonly secret: string } | null;
  readonly connectionId: string;
  /** The key service: whether it answers, and how often it has opened something. */
  readonly keys: { down: boolean; opened: number };
  /** Messages that the function has given back to the queue, unworked. */
  readonly givenBack: RunMessage[];
  /** Lines of the function's log. */
  readonly lines: Readonly<Record<string, unknown>>[];
  /** Moves the clock of product and source on. */
  pass(seconds: number): void;
  /** Changes settings of the connection on its present revision. */
  set(settings: Readonly<Record<string, unknown>>): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  /** Tells the control door something. */
  order(order: Readonly<Record<string, unknown>>): Promise<void>;
  /** Requests that the source has served so far, those of the control door left out. */
  requests(): number;
  state(): Promise<SyncState>;
  /** Every mirror record, by entity space and source id. */
  mirror(): Promise<ReadonlyMap<string, MirrorRecord>>;
  stop(): Promise<void>;
}

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:bulk';

/** Starts it for one integration. Product and source go by one clock, which stands still unless it is moved on or waited for. */
export async function startSourceDesk(provider: string, connector: Connector): Promise<SourceDesk> {
  vi.useFakeTimers({ toFake: ['Date'] });
  const startedAt = Date.now();
  const statePath = mkdtempSync(join(tmpdir(), 'source-desk-'));
  const demo = await integrationPart<DemoSource>(provider, 'fake/demo.ts', 'demo');
  const system = demo.open({ tenants: [TENANT], startedAt, asRecorded: false, statePath });
  const fake = await system.fake.start();
  const api = await startTestApi({ start: new Date(startedAt).toISOString() });
  await seedTenant(api.table, api.scope);
  const waiting: { message: RunMessage; delaySeconds: number }[] = [];
  const queue = {
    send: async (sent: readonly QueueMessage[], delaySeconds = 0) => {
      for (const one of sent)
        waiting.push({ message: JSON.parse(typeof one === 'string' ? one : one.body) as RunMessage, delaySeconds });
    },
  };
  const nothing = async () => undefined;
  const keys = { down: false, opened: 0 };
  const givenBack: RunMessage[] = [];
  const lines: Readonly<Record<string, unknown>>[] = [];
  const ended: string[] = [];
  const handler = createSyncHandler({
    connector,
    system: { ...api.ports, sleep: async (ms) => desk.pass(ms / 1_000) },
    table: api.table,
    slots: { due: async () => [], lastTick: async () => null, moveTick: nothing, free: nothing, occupy: nothing } as never,
    cycleQueue: queue,
    bulkQueue: queue,
    bulkQueueName: 'bulk',
    vault: guarded(memoryVault(), keys),
    allowLoopback: true,
    openDesk: openOAuthDesk,
    openHooks: createHooks,
    steps: () => sourceSteps,
    oauthClient: async () => system.client ?? null,
    localSource: fake.url,
    log: (line) => {
      lines.push(line);
      if (line.kind === 'finished') ended.push(String(line.runId));
    },
  });
  const context = { getRemainingTimeInMillis: () => 180_000 };
  api.outside.integration = (call) => handler(call, context);
  const account = system.account(TENANT);
  let id = '';

  const desk: SourceDesk = {
    api,
    waiting,
    keys,
    givenBack,
    lines,
    client: system.client ?? null,
    get connectionId() {
      return id;
    },
    account,
    async connect(settings = account.settings, more = {}) {
      const credentials = { ...account.credentials(fake.url), ...more };
      const answer = await api.call('POST', '/v1/connections', { body: { provider, name: provider, credentials, settings } });
      if (answer.status !== 201) throw new Error(`connecting was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      id = String(answer.body.id);
      if (typeof answer.body.authorizeUrl === 'string') await approve(api, answer.body.authorizeUrl);
      return (await api.call('GET', `/v1/connections/${id}`)).body;
    },
    async run(kind = 'tick') {
      const first: RunMessage = {
        v: 1,
        tenantId: TENANT,
        connectionId: id,
        kind,
        ...(kind === 'tick' ? { tick: api.now() } : {}),
      };
      waiting.splice(0, waiting.length, { message: first, delaySeconds: 0 });
      return desk.work();
    },
    async work() {
      const before = ended.length;
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { message, delaySeconds } = next;
        desk.pass(delaySeconds);
        const answer = await handler(
          { Records: [{ messageId: 'm', body: JSON.stringify(message), eventSource: 'aws:sqs', eventSourceARN: QUEUE }] },
          context,
        );
        if ((answer as { batchItemFailures: readonly unknown[] }).batchItemFailures.length > 0) givenBack.push(message);
      }
      const runId = ended[before];
      return runId === undefined ? null : ((await api.call(`GET`, `/v1/connections/${id}/runs/${runId}`)).body as unknown as Run);
    },
    pass(seconds) {
      api.pass(seconds);
      vi.setSystemTime(api.now());
    },
    async set(settings) {
      const path = `/v1/connections/${id}`;
      const { headers } = await api.call('GET', path);
      return api.call('PATCH', path, { body: { settings }, headers: { 'if-match': headers.etag! } });
    },
    order: (order) => control(fake.url, order),
    requests: () => system.fake.shell.log.list().filter(({ path }) => !path.startsWith('/__control')).length,
    state: async () => (await readSyncState(api.table, api.scope, parseConnectionId(id)!.n))!,
    async mirror() {
      const items = (await scan(api)).filter(isMirrorItem);
      const records = items.map((item) => decodeMirrorRecord(item as never));
      return new Map(records.map((record) => [`${record.space}:${record.sourceId}`, record]));
    },
    async stop() {
      vi.useRealTimers();
      await fake.stop();
      await api.stop();
      rmSync(statePath, { recursive: true, force: true });
    },
  };
  return desk;
}

/** The vault as long as the key service answers. */
function guarded(vault: Vault, keys: { down: boolean; opened: number }): Vault {
  const ask = <T>(work: () => Promise<T>): Promise<T> => {
    if (keys.down) return Promise.reject(new AppError('vault-unavailable', { category: 'transient' }));
    return work();
  };
  return {
    encrypt: (place, credentials) => ask(() => vault.encrypt(place, credentials)),
    decrypt: (place, ciphertext) =>
      ask(() => {
        keys.opened += 1;
        return vault.decrypt(place, ciphertext);
      }),
  };
}

/** Signs in at the fake's authorize page as the tenant's account; the callback of the API ends the approval. */
async function approve(api: TestApi, authorizeUrl: string): Promise<void> {
  const answer = await fetch(`${authorizeUrl}&account=${TENANT}`, { redirect: 'manual' });
  const back = new URL(answer.headers.get('location') ?? '');
  const done = await api.call('GET', back.pathname, { query: Object.fromEntries(back.searchParams) });
  if (done.status !== 200) throw new Error(`the callback answered ${done.status}: ${JSON.stringify(done.body)}`);
}

async function control(url: string, order: Readonly<Record<string, unknown>>): Promise<void> {
  const reply = await fetch(`${url}/__control`, { method: 'POST', body: JSON.stringify(order) });
  if (!reply.ok) throw new Error(await reply.text());
}

async function scan({ db }: TestApi): Promise<Readonly<Record<string, unknown>>[]> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(db.endpoint)));
  const items: Readonly<Record<string, unknown>>[] = [];
  let after: Record<string, unknown> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName: db.tableName, ...(after && { ExclusiveStartKey: after }) }));
    items.push(...(page.Items ?? []));
    after = page.LastEvaluatedKey;
  } while (after);
  client.destroy();
  return items;
}
