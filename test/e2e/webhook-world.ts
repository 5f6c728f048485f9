import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedEvent } from '#events/event.ts';
import { instantFromMs } from '#kernel/instant.ts';
import { type DemoTokens, seedTenant } from '#local/demo/seed.ts';
import { type DynamoDb, startDynamoDb } from '#local/dynamodb/index.ts';
import { type Host, startHost } from '#local/host/host.ts';
import { scopeOf } from '#model/scope.ts';
import { documentClient } from '#platform/aws-dynamodb.ts';
import { systemPorts } from '#platform/ports.ts';
import { appendEvents } from '#store/feed-repository.ts';
import { openTable, type Table } from '#store/table.ts';
import { ProductClient } from '#test/support/product-client.ts';
import { assemblyFolder } from '#tools/synth.ts';

/** The deployed wiring on this machine, with short waits between attempts and queues whose clock can be put forward. */
export class WebhookWorld {
  readonly host: Host;
  readonly table: Table;
  readonly #engine: DynamoDb;
  readonly #folder: string;
  readonly #clock: { aheadMs: number };

  private constructor(host: Host, engine: DynamoDb, folder: string, clock: { aheadMs: number }) {
    this.host = host;
    this.#engine = engine;
    this.#folder = folder;
    this.#clock = clock;
    const [tableName = ''] = host.tables.values();
    this.table = openTable({ client: documentClient(host.operator), tableName, ...systemPorts() });
  }

  static async start(waits: readonly number[]): Promise<WebhookWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'protiv-webhooks-'));
    const engine = await startDynamoDb({});
    const clock = { aheadMs: 0 };
    const host = await startHost({
      assemblyDir: assemblyFolder,
      dynamoEndpoint: engine.endpoint,
      port: 0,
      workDir: join(folder, 'host'),
      schedules: 'manual',
      clock: { now: () => Date.now() + clock.aheadMs },
      environment: { PROTIV_LOOPBACK: '1', PROTIV_WEBHOOK_WAITS: waits.join(',') },
    });
    process.env.AWS_ENDPOINT_URL = host.awsEndpoint;
    process.env.AWS_REGION = host.operator.AWS_REGION;
    return new WebhookWorld(host, engine, folder, clock);
  }

  /** Lets what waits in queues fall due. */
  pass(seconds: number): void {
    this.#clock.aheadMs += seconds * 1_000;
  }

  async tenant(id: string): Promise<{ readonly client: ProductClient; readonly tokens: DemoTokens }> {
    const tokens = await seedTenant(
      this.table,
      { id, name: id, zone: 'America/New_York', sources: [] },
      [],
      instantFromMs(Date.now()),
    );
    return { client: new ProductClient(this.host.url, tokens.admin), tokens };
  }

  /** Something happens: it is written to the tenant's feed, as whoever causes it does. Answers the pages. */
  happen(tenantId: string, ids: readonly string[], type: FeedEvent['type'] = 'propay.approved'): Promise<readonly number[]> {
    const now = instantFromMs(Date.now());
    const events = ids.map(
      (id): FeedEvent => ({
        ...{ id, type, occurredAt: now, actor: { kind: 'system', id: 'bonus' } },
        subject: { entity: 'propay', id: `${id}.-.1` },
        data: { propayId: `${id}.-.1`, snapshotId: 's', totalCents: 12_345, by: 'somebody' },
      }),
    );
    return appendEvents(this.table, scopeOf(tenantId), events, now);
  }

  async stop(): Promise<void> {
    await this.host.stop();
    await this.#engine.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A request that reached the listener, with how it was answered. */
export interface Heard {
  readonly path: string;
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly answer: Behaviour;
}

/** `drip`: a status line that comes one byte at a time and never to its end; `hang`: nothing at all. */
export type Behaviour = number | 'hang' | 'drip' | 'reset' | 'redirect';

/** A receiver on this machine that behaves as it is told, and remembers what it heard. */
export class Listener {
  readonly heard: Heard[] = [];
  /** What a request is answered with, by its path and by how often its id was heard there before. */
  behave: (path: string, id: string, before: number) => Behaviour = () => 200;
  readonly #server: Server;
  #url = '';

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const path = request.url ?? '';
        const id = String(request.headers['webhook-id']);
        const before = this.heard.filter((one) => one.path === path && one.id === id).length;
        const answer = this.behave(path, id, before);
        this.heard.push({ path, id, headers: request.headers, body: Buffer.concat(chunks).toString(), answer });
        this.#answer(response, answer);
      });
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  url(path: string): string {
    return `${this.#url}${path}`;
  }

  at(path: string): readonly Heard[] {
    return this.heard.filter((one) => one.path === path);
  }

  /** Ids that the receiver has taken at a path. */
  taken(path: string): ReadonlySet<string> {
    return new Set(this.at(path).flatMap(({ id, answer }) => (answer === 200 ? [id] : [])));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(response: ServerResponse, answer: Behaviour): void {
    if (answer === 'hang') return;
    if (answer === 'reset') return void response.socket?.resetAndDestroy();
    if (answer === 'redirect') return void response.writeHead(307, { location: this.url('/elsewhere') }).end();
    if (answer !== 'drip') return void response.writeHead(answer).end('ignored');
    const { socket } = response;
    let sent = 0;
    const timer = setInterval(() => {
      if (socket === null || socket.destroyed) clearInterval(timer);
      else socket.write('HTTP/1.1 200 OK\r\nx-slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.charAt(sent++) || 'a');
    }, 200);
  }
}
