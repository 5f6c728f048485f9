import { readJobberDataset } from '#functions/sync/jobber/fake/entities.ts';
import { createJobberFake, type JobberFake } from '#functions/sync/jobber/fake/fake.ts';
import { secondTenantDataset } from '#functions/sync/jobber/fake/second-tenant.ts';
import { jobberConnector } from '#functions/sync/jobber/index.ts';
import { manifest } from '#functions/sync/jobber/manifest.ts';
import type { MapContext } from '#functions/sync/jobber/map/context.ts';
import { instantFromMs } from '#kernel/instant.ts';
import type { ConnectorSession, OpenOptions, ReadRequest, SourcePage, TokenSource } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { EntityName } from '#model/entities.ts';
import type { MappedRecord, MappedRow, Rejection } from '#model/mapped-record.ts';
import { newSettings } from '#model/provider-settings.ts';
import { type ClosableSourceHttp, createSourceHttp } from '#platform/http.ts';
import type { Row } from '../../../../shared/fake-source/dataset.ts';
import type { RunningFake } from '../../../../shared/fake-source/serve.ts';

export const SNAPSHOT = '2026-03-20T20:00:00Z';
export const ZONE = 'America/New_York';
export const APP = { id: 'app', secret: 'app-secret' };
export const dataset = readJobberDataset();
export const settings: ConnectionSettings = newSettings(manifest, '2026-03-01');

export function context(changed: Partial<MapContext> = {}): MapContext {
  return { settings, zone: ZONE, accountId: 'A1', byId: false, ...changed };
}

export function rowsOf(list: string): Row[] {
  return [...(dataset.endpoints[list] ?? [])];
}

/** The recorded row with this number, with some fields changed. */
export function rowWith(list: string, type: string, n: number, changes: Row = {}): Row {
  const id = gid(type, n);
  const row = rowsOf(list).find((candidate) => candidate.id === id);
  if (row === undefined) throw new Error(`no ${type} ${n}`);
  return { ...row, ...changes };
}

export function gid(type: string, n: number): string {
  return Buffer.from(`gid://Jobber/${type}/${n}`).toString('base64');
}

/** A mapped row as the record it has to be. */
export function recordOf<E extends EntityName>(row: MappedRow | undefined, entity: E): MappedRecord<E> {
  if (row?.kind !== 'record' || row.record.entity !== entity) throw new Error(`no ${entity}: ${JSON.stringify(row)}`);
  return row.record as MappedRecord<E>;
}

export function rejectionOf(row: MappedRow | undefined): Rejection {
  if (row?.kind !== 'rejected') throw new Error(`not rejected: ${JSON.stringify(row)}`);
  return row.rejected;
}

/** Tokens as the engine would hand them out: renewed by the fake's own door, each renewal counted. */
export class BenchTokens implements TokenSource {
  renewals = 0;
  refused = false;
  readonly #make: () => string;
  #token: string | null = null;

  constructor(make: () => string) {
    this.#make = make;
  }

  async current(): Promise<string> {
    if (this.refused) throw new SourceError('reauth_required', 'the authorization is gone');
    this.#token ??= this.#make();
    return this.#token;
  }

  async renew(): Promise<string> {
    this.renewals += 1;
    this.#token = null;
    return this.current();
  }

  /** Lets the next call go out with this token. */
  use(token: string): void {
    this.#token = token;
  }
}

/** A fake Jobber and a way to it, on one clock that waits only in appearance. */
export class Bench {
  nowMs = Date.parse(SNAPSHOT);
  readonly waits: number[] = [];
  readonly notices: string[] = [];
  readonly fake: JobberFake = createJobberFake({
    dataset,
    tenants: [{ id: 'one' }, { id: 'two', dataset: secondTenantDataset(dataset) }],
    app: APP,
    now: () => this.nowMs,
    seed: 7,
  });
  readonly tokens = new BenchTokens(() => this.fake.accessToken('one'));
  #running: RunningFake | null = null;
  #https: ClosableSourceHttp[] = [];
  #marked = 0;

  async start(): Promise<this> {
    this.#running = await this.fake.start();
    return this;
  }

  async stop(): Promise<void> {
    for (const http of this.#https) http.close();
    await this.#running?.stop();
  }

  get url(): string {
    return this.#running?.url ?? '';
  }

  http(): ClosableSourceHttp {
    const http = createSourceHttp({
      allowedHosts: jobberConnector.manifest.allowedHosts,
      allowLoopback: true,
      requestsPerSecond: 1000,
      maxCalls: 1000,
      now: () => this.nowMs,
      sleep: async (ms) => {
        this.waits.push(ms);
        this.nowMs += ms;
      },
      random: () => 0.5,
      callTimeoutMs: 300,
    });
    this.#https.push(http);
    return http;
  }

  options(changed: Partial<OpenOptions> = {}): OpenOptions {
    return {
      credentials: { baseUrl: this.url },
      settings,
      zone: ZONE,
      currency: 'USD',
      http: this.http(),
      now: () => instantFromMs(this.nowMs),
      tokens: this.tokens,
      notice: (code, detail) => void this.notices.push(`${code} ${detail}`),
      ...changed,
    };
  }

  open(changed: Partial<OpenOptions> = {}): Promise<ConnectorSession> {
    return jobberConnector.open(this.options(changed));
  }

  /** Tells the control door something. */
  async order(order: Record<string, unknown>): Promise<void> {
    const reply = await fetch(`${this.url}/__control`, { method: 'POST', body: JSON.stringify(order) });
    if (!reply.ok) throw new Error(await reply.text());
  }

  arm(fault: string, more: Record<string, unknown> = {}): Promise<void> {
    return this.order({ fault, on: true, ...more });
  }

  /** From here on `requests` counts. */
  mark(): void {
    this.#marked = this.#log().length;
  }

  /** What was asked for since the mark. */
  requests(): (string | null)[] {
    return this.#log()
      .slice(this.#marked)
      .map(({ entity }) => entity);
  }

  #log(): readonly { path: string; entity: string | null }[] {
    return this.fake.shell.log.list().filter(({ path }) => !path.startsWith('/__control'));
  }
}

/** Reads a stream to its end; the pages as they came. */
export async function readAll(session: ConnectorSession, request: Omit<ReadRequest, 'pageToken'>): Promise<SourcePage[]> {
  const pages: SourcePage[] = [];
  let pageToken: string | null = null;
  do {
    const page: SourcePage = await session.readPage({ ...request, pageToken });
    pages.push(page);
    pageToken = page.next;
  } while (pageToken !== null && pages.length < 200);
  return pages;
}

export function full(stream: string): Omit<ReadRequest, 'pageToken'> {
  return { stream, since: null, window: null };
}

export function rowsOfPages(pages: readonly SourcePage[]): MappedRow[] {
  return pages.flatMap((page) => page.rows);
}

/** Source ids of the records among rows. */
export function idsOf(rows: readonly MappedRow[]): string[] {
  return rows.flatMap((row) => (row.kind === 'record' ? [row.record.sourceId] : []));
}

/** The error that a promise ends in, which has to be a SourceError. */
export async function failure(promise: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await promise.then(
    (value) => value,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SourceError)) throw new Error(`no SourceError: ${JSON.stringify(error)} ${String(error)}`);
  return error;
}
