import { readQuickBooksTimeDataset, secondCompany } from '#functions/sync/quickbooks-time/fake/entities.ts';
import { createQuickBooksTimeFake, type QuickBooksTimeFake } from '#functions/sync/quickbooks-time/fake/fake.ts';
import { quickBooksTimeConnector } from '#functions/sync/quickbooks-time/index.ts';
import { manifest } from '#functions/sync/quickbooks-time/manifest.ts';
import type { MapContext } from '#functions/sync/quickbooks-time/map/context.ts';
import { mapRows } from '#functions/sync/quickbooks-time/offline.ts';
import { instantFromMs } from '#kernel/instant.ts';
import type { Connector, OpenOptions, TokenSource } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import type { ConnectionSettings, Run } from '#model/connection.ts';
import type { EntityName } from '#model/entities.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { newSettings } from '#model/provider-settings.ts';
import type { ClosableSourceHttp } from '#platform/http.ts';
import { FakeBench } from '#test/support/fake-bench.ts';
import { type SyncBench, startSyncBench } from '#test/support/sync-bench.ts';

export type Wire = Record<string, unknown>;
export const dataset = readQuickBooksTimeDataset();
export const SNAPSHOT = '2026-03-20T20:00:00.000Z';
export const ZONE = 'America/New_York';
export const COMPANY = '4711';
export const DRIVE_CODE = '17600093';

/** The maps of the recorded tenant, whose conventions the data set tells. */
export const settings: ConnectionSettings = {
  ...newSettings(manifest, '2026-03-01'),
  importWages: true,
  recurringTypes: ['Recurring'],
  branchFrom: 'custom_field:650101',
  customFieldUses: { 650103: 'recurring', 650104: 'service_type', 650105: 'hours_budget', 650102: 'exclusion' },
  budgetTimeFormat: 'decimal_hours',
  jobcodeMap: { [DRIVE_CODE]: 'drive' },
};

export function rowsOf(list: string): Wire[] {
  return (dataset.endpoints[list] ?? []).map((row) => ({ ...row }));
}

/** The recorded row with this id, with some fields changed. */
export function rowWith(list: string, id: number, changes: Wire = {}): Wire {
  const row = rowsOf(list).find((candidate) => candidate.id === id);
  if (row === undefined) throw new Error(`no ${list} ${id}`);
  return { ...row, ...changes };
}

/** Maps rows of a list with the recorded company behind them. */
export function mapList(
  list: string,
  rows: readonly unknown[] = rowsOf(list),
  changed: Partial<ConnectionSettings> = {},
  others: Readonly<Record<string, readonly unknown[]>> = dataset.endpoints,
): Promise<readonly MappedRow[]> {
  const context: Omit<MapContext, 'joins'> = {
    settings: { ...settings, ...changed },
    zone: ZONE,
    currency: 'USD',
    byId: false,
    accountBranchId: `account:${COMPANY}`,
  };
  return mapRows(list, rows, others, context);
}

export async function mapOne(
  list: string,
  row: unknown,
  changed: Partial<ConnectionSettings> = {},
  others: Readonly<Record<string, readonly unknown[]>> = dataset.endpoints,
): Promise<MappedRow> {
  return (await mapList(list, [row], changed, others))[0]!;
}

/** The engine's part in tests: refreshes at the fake's own grant door, once for all who ask with the same token. */
export class TestTokens implements TokenSource {
  readonly #url: string;
  #access: string;
  #refresh: string;
  renewals = 0;

  constructor(url: string, access: string, refresh: string) {
    this.#url = url;
    this.#access = access;
    this.#refresh = refresh;
  }

  async current(): Promise<string> {
    return this.#access;
  }

  #under: Promise<string> | null = null;

  async renew(rejected: string): Promise<string> {
    if (rejected !== this.#access) return this.#access;
    this.#under ??= this.#renew().finally(() => {
      this.#under = null;
    });
    return this.#under;
  }

  async #renew(): Promise<string> {
    this.renewals += 1;
    const form = { grant_type: 'refresh_token', client_id: 'app', client_secret: 'app-secret', refresh_token: this.#refresh };
    const reply = await fetch(`${this.#url}/api/v1/grant`, { method: 'POST', body: new URLSearchParams(form) });
    if (!reply.ok) throw new SourceError('reauth_required', 'the grant is no longer valid');
    const answer = (await reply.json()) as { access_token: string; refresh_token?: string };
    this.#access = answer.access_token;
    this.#refresh = answer.refresh_token ?? this.#refresh;
    return this.#access;
  }
}

/** The real engine over the embedded table, reading the fake over HTTP, on one clock that waits only in appearance. */
export class Bench extends FakeBench {
  readonly fake: QuickBooksTimeFake;
  tokens!: TestTokens;
  sync!: SyncBench;

  private constructor() {
    super(SNAPSHOT);
    this.fake = createQuickBooksTimeFake({
      dataset,
      tenants: [
        { id: 'fernhill', companyId: COMPANY },
        { id: 'other', companyId: '9', dataset: secondCompany(dataset) },
      ],
      client: { id: 'app', secret: 'app-secret' },
      now: () => this.nowMs,
      seed: 7,
    });
  }

  static async open(changed: Partial<ConnectionSettings> = {}, accessSeconds = 864_000): Promise<Bench> {
    const bench = new Bench();
    await bench.start();
    bench.tokens = new TestTokens(
      bench.url,
      bench.fake.accessToken('fernhill', accessSeconds),
      bench.fake.refreshToken('fernhill'),
    );
    const connector: Connector = {
      ...quickBooksTimeConnector,
      open: (options) => quickBooksTimeConnector.open({ ...options, tokens: bench.tokens }),
    };
    bench.sync = await startSyncBench({
      connector,
      credentials: bench.credentials(),
      settings: { ...settings, ...changed },
      now: bench.nowMs,
      openHttp: () => bench.http(),
    });
    return bench;
  }

  override async stop(): Promise<void> {
    await super.stop();
    await this.sync.stop();
  }

  /** Once there is an engine, its clock is the one. */
  override get nowMs(): number {
    return this.sync?.clock.now ?? super.nowMs;
  }

  override set nowMs(ms: number) {
    if (this.sync === undefined) super.nowMs = ms;
    else this.sync.clock.now = ms;
  }

  credentials(): Record<string, string> {
    return { baseUrl: this.url, companyId: COMPANY, clientUrl: 'example-co' };
  }

  http(): ClosableSourceHttp {
    const { allowedHosts, requestsPerSecond, requestBurst } = quickBooksTimeConnector.manifest;
    return this.openHttp({
      ...{ allowedHosts, requestsPerSecond, requestBurst: requestBurst! },
      ...{ maxCalls: 3_000, callTimeoutMs: 400 },
    });
  }

  options(changed: Partial<OpenOptions> = {}): OpenOptions {
    return {
      credentials: this.credentials(),
      settings,
      zone: ZONE,
      currency: 'USD',
      http: this.http(),
      now: () => instantFromMs(this.nowMs),
      tokens: this.tokens,
      ...changed,
    };
  }

  arm(fault: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    return this.order({ fault, on: true, ...more });
  }

  calm(): void {
    for (const tenant of this.fake.shell.tenants()) this.fake.shell.switches(tenant).clear();
  }

  lists(): string[] {
    return this.logged().map(({ entity }) => entity ?? '');
  }

  async tick(minutes = 20): Promise<Run> {
    this.sync.clock.now += minutes * 60_000;
    return (await this.sync.runToEnd()).run;
  }

  async record(key: string): Promise<MirrorRecord | undefined> {
    return (await this.sync.mirror()).get(key);
  }

  async live(entity: EntityName): Promise<MirrorRecord[]> {
    return [...(await this.sync.mirror()).values()].filter((one) => one.entity === entity && one.tombstone === null);
  }
}
