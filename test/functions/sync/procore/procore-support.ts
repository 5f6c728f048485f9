import { readProcoreDataset } from '#functions/sync/procore/fake/entities.ts';
import { createProcoreFake } from '#functions/sync/procore/fake/fake.ts';
import { secondTenantDataset } from '#functions/sync/procore/fake/second-tenant.ts';
import { procoreConnector } from '#functions/sync/procore/index.ts';
import { manifest } from '#functions/sync/procore/manifest.ts';
import { instantFromMs } from '#kernel/instant.ts';
import type { Connector, ConnectorSession, OpenOptions, TokenSource } from '#mirror/connector.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import { newSettings } from '#model/provider-settings.ts';
import type { ClosableSourceHttp } from '#platform/http.ts';
import { FakeBench } from '#test/support/fake-bench.ts';

export const dataset = readProcoreDataset();
export const SNAPSHOT = '2026-03-20T20:00:00.000Z';
export const ZONE = 'America/New_York';
export const COMPANY = '4210';
export const ALL_PROJECTS = rowsOf('projects').map((row) => String(row.id));

/** The recorded tenant's choices: every project on, branches from offices, divisions from departments. */
export const settings: ConnectionSettings = {
  ...newSettings(manifest, '2026-03-01'),
  projectAllowList: ALL_PROJECTS,
  branchFrom: 'office',
  divisionFrom: 'department',
  customFieldUses: { '7701': 'service_type' },
};

/** The rows of a recorded list as they are kept: every field, with its project. */
export function rowsOf(list: string): Record<string, unknown>[] {
  const base = dataset.defaults?.[list] ?? {};
  return (dataset.endpoints[list] ?? []).map((row) => ({ ...base, ...row }));
}

/** The recorded row with this id, with some fields changed. */
export function rowWith(list: string, id: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const row = rowsOf(list).find((candidate) => candidate.id === id);
  if (row === undefined) throw new Error(`no ${list} ${id}`);
  return { ...row, ...changes };
}

/** A token source as the engine's, without a store behind it: one login, and a new one when asked for. */
export function tokensOf(http: OpenOptions['http'], url: string, client = 'client', secret = 'secret'): TokenSource {
  let held: string | null = null;
  const logIn = async (): Promise<string> => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: client, client_secret: secret }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await http.call({ method: 'POST', url: `${url}/oauth/token`, headers, body, login: true });
    held = (JSON.parse(answer.text) as { access_token: string }).access_token;
    return held;
  };
  return { current: async () => held ?? logIn(), renew: async (rejected) => (held === rejected ? logIn() : (held ?? logIn())) };
}

/** A fake Procore and a way to it, on one clock that waits only in appearance. */
export class ProcoreBench extends FakeBench {
  readonly fake = createProcoreFake({
    dataset,
    tenants: [
      { id: 'fernhill', clientId: 'client', secret: 'secret' },
      { id: 'second', clientId: 'client-2', secret: 'secret-2', dataset: secondTenantDataset(dataset) },
    ],
    now: () => this.nowMs,
    seed: 7,
  });

  constructor() {
    super(SNAPSHOT);
  }

  http(): ClosableSourceHttp {
    const { allowedHosts, rateHeaders } = procoreConnector.manifest;
    return this.openHttp({ allowedHosts, rateHeaders, maxCalls: 3000, callTimeoutMs: 500 });
  }

  /** What the engine opens the connector with. */
  options(changes: Partial<OpenOptions> & { readonly set?: Partial<ConnectionSettings> } = {}): OpenOptions {
    const http = changes.http ?? this.http();
    const { set, ...rest } = changes;
    return {
      credentials: { companyId: COMPANY, baseUrl: this.url },
      settings: { ...settings, ...set },
      zone: ZONE,
      currency: 'USD',
      http,
      now: () => instantFromMs(this.nowMs),
      tokens: tokensOf(http, this.url),
      ...rest,
    };
  }

  open(changes: Parameters<ProcoreBench['options']>[0] = {}): Promise<ConnectorSession> {
    return procoreConnector.open(this.options(changes));
  }

  /** The connector with this bench's tokens, as a run opens it. */
  connector(): Connector {
    const give = (options: OpenOptions): OpenOptions => ({ ...options, tokens: tokensOf(options.http, this.url) });
    return {
      ...procoreConnector,
      check: (options) => procoreConnector.check(give(options)),
      open: (options) => procoreConnector.open(give(options)),
    };
  }

  arm(name: string, order: { value?: unknown; entity?: string; times?: number; on?: boolean } = {}): void {
    const wrong = this.fake.shell.switches('fernhill').set(name, { on: true, ...order });
    if (wrong !== null) throw new Error(wrong);
  }

  disarm(name: string): void {
    this.fake.shell.switches('fernhill').set(name, { on: false });
  }

  /** Edits a row as the source would today. */
  put(list: string, row: Record<string, unknown>): void {
    const data = this.fake.shell.data('fernhill');
    const spec = data.entity(list);
    if (spec === null) throw new Error(`no list ${list}`);
    this.fake.shell.put(data, spec, row);
  }

  remove(list: string, id: number): void {
    const data = this.fake.shell.data('fernhill');
    const spec = data.entity(list);
    if (spec === null || !this.fake.shell.delete(data, spec, id)) throw new Error(`no ${list} ${id}`);
  }

  /** Addresses asked for since the mark, without host. */
  asked(): string[] {
    return this.logged().map(({ path, query }) => `${path}?${decodeURIComponent(query)}`);
  }
}
