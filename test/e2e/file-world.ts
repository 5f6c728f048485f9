import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instantFromMs } from '#kernel/instant.ts';
import { type DemoTokens, seedTenant } from '#local/demo/seed.ts';
import { type DynamoDb, startDynamoDb } from '#local/dynamodb/index.ts';
import { type Host, startHost } from '#local/host/host.ts';
import { documentClient } from '#platform/aws-dynamodb.ts';
import { systemPorts } from '#platform/ports.ts';
import { openTable, type Table } from '#store/table.ts';
import { type Answer, type Json, ProductClient, until } from '#test/support/product-client.ts';
import { assemblyFolder } from '#tools/synth.ts';

/** The deployed wiring on this machine, with tenants that have no system but the files they upload. */
export class FileWorld {
  readonly host: Host;
  readonly #engine: DynamoDb;
  readonly #folder: string;
  readonly #table: Table;

  private constructor(host: Host, engine: DynamoDb, folder: string, table: Table) {
    this.host = host;
    this.#engine = engine;
    this.#folder = folder;
    this.#table = table;
  }

  static async start(): Promise<FileWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'protiv-files-'));
    const engine = await startDynamoDb({});
    const host = await startHost({
      assemblyDir: assemblyFolder,
      dynamoEndpoint: engine.endpoint,
      port: 0,
      workDir: join(folder, 'host'),
      // The local issuer of people's tokens is on this machine.
      environment: { PROTIV_LOOPBACK: '1' },
      schedules: 'manual',
    });
    process.env.AWS_ENDPOINT_URL = host.awsEndpoint;
    process.env.AWS_REGION = host.operator.AWS_REGION;
    const [tableName = ''] = host.tables.values();
    return new FileWorld(host, engine, folder, openTable({ client: documentClient(host.operator), tableName, ...systemPorts() }));
  }

  async stop(): Promise<void> {
    await this.host.stop();
    await this.#engine.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A tenant with a connected source of files. */
  async office(id: string, profile?: unknown): Promise<FileOffice> {
    const tenant = { id, name: id, zone: 'America/New_York', sources: [] };
    const tokens = await seedTenant(this.#table, tenant, [], instantFromMs(Date.now()));
    const client = new ProductClient(this.host.url, tokens.admin);
    const made = await client.post('/v1/connections', {
      provider: 'file-import',
      name: `${id} files`,
      ...(profile === undefined ? {} : { profile }),
    });
    if (made.status !== 201) throw new Error(`connecting answered ${made.status}: ${JSON.stringify(made.body)}`);
    return new FileOffice(this.host, client, tokens, made.body.id);
  }
}

/** One tenant's uploads. */
export class FileOffice {
  readonly host: Host;
  readonly client: ProductClient;
  readonly tokens: DemoTokens;
  readonly connectionId: string;

  constructor(host: Host, client: ProductClient, tokens: DemoTokens, connectionId: string) {
    this.host = host;
    this.client = client;
    this.tokens = tokens;
    this.connectionId = connectionId;
  }

  get uploads(): string {
    return `/v1/connections/${this.connectionId}/uploads`;
  }

  as(role: keyof DemoTokens): ProductClient {
    return new ProductClient(this.host.url, this.tokens[role]);
  }

  async begin(body: Record<string, unknown>): Promise<Json> {
    const begun = await this.client.post(this.uploads, body);
    if (begun.status !== 201) throw new Error(`an upload answered ${begun.status}: ${JSON.stringify(begun.body)}`);
    return begun.body;
  }

  /** Puts a file and waits until it was looked at. */
  async preview(body: Record<string, unknown>, file: string): Promise<Json> {
    const { id, put } = await this.begin(body);
    const sent = await fetch(put.url, { method: 'PUT', headers: put.headers, body: file });
    if (sent.status !== 200) throw new Error(`the file was answered with ${sent.status}: ${await sent.text()}`);
    const looked = await until(
      () => this.client.get(`${this.uploads}/${id}`),
      (answer) => answer.body.status !== 'waiting',
    );
    return looked.body;
  }

  accept(uploadId: string, key?: string): Promise<Answer> {
    return this.client.post(`${this.uploads}/${uploadId}/accept`, {}, key);
  }

  async run(runId: string): Promise<Json> {
    const run = await until(
      () => this.client.get(`/v1/connections/${this.connectionId}/runs/${runId}`),
      (answer) => answer.body.status === 'finished',
    );
    return run.body;
  }

  /** Uploads, accepts and waits for the run. */
  async import(entity: string, mode: string, file: string, more: Record<string, unknown> = {}): Promise<Json> {
    const upload = await this.preview({ entity, mode, ...more }, file);
    if (upload.status !== 'preview') throw new Error(`the file was ${upload.status}: ${JSON.stringify(upload)}`);
    const accepted = await this.accept(upload.id);
    if (accepted.status !== 202) throw new Error(`accepting answered ${accepted.status}: ${JSON.stringify(accepted.body)}`);
    return this.run(accepted.body.runId);
  }

  list(path: string): Promise<Json[]> {
    return this.client.list(path);
  }
}

/** Rows as a file of comma-separated values. */
export function csv(...rows: readonly (readonly (string | number)[])[]): string {
  return `${rows.map((row) => row.join(',')).join('\n')}\n`;
}
