import { readAspireDataset } from '#functions/sync/aspire/fake/entities.ts';
import { createAspireFake } from '#functions/sync/aspire/fake/fake.ts';
import { aspireConnector } from '#functions/sync/aspire/index.ts';
import { LISTS, type ListName } from '#functions/sync/aspire/lists.ts';
import { manifest } from '#functions/sync/aspire/manifest.ts';
import type { MapContext } from '#functions/sync/aspire/map/context.ts';
import { mapRows } from '#functions/sync/aspire/offline.ts';
import { instantFromMs } from '#kernel/instant.ts';
import type { ConnectorSession, OpenOptions, ReadRequest, SourcePage } from '#mirror/connector.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { EntityName } from '#model/entities.ts';
import type { MappedRecord, MappedRow, Rejection } from '#model/mapped-record.ts';
import { newSettings } from '#model/provider-settings.ts';
import { type ClosableSourceHttp, createSourceHttp } from '#platform/http.ts';
import type { RunningFake } from '../../../../shared/fake-source/serve.ts';

export const dataset = readAspireDataset();
export const SNAPSHOT = '2026-03-20T20:00:00.000Z';
export const ZONE = 'America/New_York';

/** The maps of the recorded tenant: driving has a pay code of its own there. */
export const settings: ConnectionSettings = {
  ...newSettings(manifest, '2026-03-01'),
  importWages: true,
  payCodeMap: { DRV: 'drive' },
  roleMap: { 'Operations Manager': 'manager', 'Crew Leader': 'crew_lead' },
};

export function context(changed: Partial<Omit<MapContext, 'joins'>> = {}): Omit<MapContext, 'joins'> {
  return { settings, zone: ZONE, currency: 'USD', today: '2026-03-20', byId: false, ...changed };
}

/** The rows of a recorded list in their wire form. */
export function rowsOf(list: ListName): Record<string, unknown>[] {
  const base = dataset.defaults?.[`/${list}`] ?? {};
  return (dataset.endpoints[`/${list}`] ?? []).map((row) => ({ ...base, ...row }));
}

/** Every recorded list, for the joins. */
export const everything: Partial<Record<ListName, readonly unknown[]>> = Object.fromEntries(
  (Object.keys(LISTS) as ListName[]).map((list) => [list, rowsOf(list)]),
);

/** Maps a recorded list, or other rows of it, with all joins served. */
export function mapList(
  list: ListName,
  rows: readonly unknown[] = rowsOf(list),
  changed: Partial<Omit<MapContext, 'joins'>> = {},
  others: Partial<Record<ListName, readonly unknown[]>> = everything,
): Promise<readonly MappedRow[]> {
  return mapRows(list, rows, others, context(changed));
}

/** A mapped row as the record it has to be. */
export function recordOf<E extends EntityName>(row: MappedRow | undefined, entity: E): MappedRecord<E> {
  if (row?.kind !== 'record' || row.record.entity !== entity) throw new Error(`no ${entity}: ${JSON.stringify(row)}`);
  return row.record as MappedRecord<E>;
}

export function recordsOf<E extends EntityName>(rows: readonly MappedRow[], entity: E): MappedRecord<E>[] {
  return rows.flatMap((row) => (row.kind === 'record' && row.record.entity === entity ? [row.record as MappedRecord<E>] : []));
}

export function rejectionOf(row: MappedRow | undefined): Rejection {
  if (row?.kind !== 'rejected') throw new Error(`not rejected: ${JSON.stringify(row)}`);
  return row.rejected;
}

/** The recorded row with this id, with some fields changed. */
export function rowWith(list: ListName, id: number, changes: Record<string, unknown>): Record<string, unknown> {
  const row = rowsOf(list).find((candidate) => candidate[LISTS[list]] === id);
  if (row === undefined) throw new Error(`no ${list} ${id}`);
  return { ...row, ...changes };
}

/** A fake Aspire and a way to it, on one clock that waits only in appearance. */
export class Bench {
  nowMs = Date.parse(SNAPSHOT);
  readonly waits: number[] = [];
  readonly fake = createAspireFake({
    dataset,
    tenants: [{ id: 'fernhill', clientId: 'client', secret: 'secret' }],
    now: () => this.nowMs,
    seed: 7,
  });
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
      allowedHosts: aspireConnector.manifest.allowedHosts,
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
      credentials: { clientId: 'client', secret: 'secret', baseUrl: this.url },
      settings,
      zone: ZONE,
      currency: 'USD',
      http: this.http(),
      now: () => instantFromMs(this.nowMs),
      ...changed,
    };
  }

  /** Tells the control door something. */
  async order(order: Record<string, unknown>): Promise<void> {
    const reply = await fetch(`${this.url}/__control`, { method: 'POST', body: JSON.stringify(order) });
    if (!reply.ok) throw new Error(await reply.text());
  }

  /** From here on `requests` counts. */
  mark(): void {
    this.#marked = this.#log().length;
  }

  /** Requests for lists since the mark, as `Name`, or `Name+skip` on later pages. */
  requests(): string[] {
    return this.#log()
      .slice(this.#marked)
      .map(({ path, query }) => `${path.slice(1)}${/skip=(\d+)/.exec(query)?.[1]?.replace(/^/, '+') ?? ''}`);
  }

  #log(): readonly { path: string; query: string }[] {
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
  } while (pageToken !== null);
  return pages;
}

export function rowsOfPages(pages: readonly SourcePage[]): MappedRow[] {
  return pages.flatMap((page) => page.rows);
}
