import { readAspireDataset } from '#functions/sync/aspire/fake/entities.ts';
import { createAspireFake } from '#functions/sync/aspire/fake/fake.ts';
import { aspireConnector } from '#functions/sync/aspire/index.ts';
import { LISTS, type ListName } from '#functions/sync/aspire/lists.ts';
import { manifest } from '#functions/sync/aspire/manifest.ts';
import type { MapContext } from '#functions/sync/aspire/map/context.ts';
import { mapRows } from '#functions/sync/aspire/offline.ts';
import { instantFromMs } from '#kernel/instant.ts';
import type { OpenOptions } from '#mirror/connector.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import { newSettings } from '#model/provider-settings.ts';
import type { ClosableSourceHttp } from '#platform/http.ts';
import { FakeBench } from '#test/support/fake-bench.ts';

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

/** The recorded row with this id, with some fields changed. */
export function rowWith(list: ListName, id: number, changes: Record<string, unknown>): Record<string, unknown> {
  const row = rowsOf(list).find((candidate) => candidate[LISTS[list]] === id);
  if (row === undefined) throw new Error(`no ${list} ${id}`);
  return { ...row, ...changes };
}

/** A fake Aspire and a way to it, on one clock that waits only in appearance. */
export class Bench extends FakeBench {
  readonly fake = createAspireFake({
    dataset,
    tenants: [{ id: 'fernhill', clientId: 'client', secret: 'secret' }],
    now: () => this.nowMs,
    seed: 7,
  });

  constructor() {
    super(SNAPSHOT);
  }

  http(): ClosableSourceHttp {
    return this.openHttp({ allowedHosts: aspireConnector.manifest.allowedHosts });
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

  /** Requests for lists since the mark, as `Name`, or `Name+skip` on later pages. */
  requests(): string[] {
    return this.logged().map(({ path, query }) => `${path.slice(1)}${/skip=(\d+)/.exec(query)?.[1]?.replace(/^/, '+') ?? ''}`);
  }
}
