import { readJobberDataset } from '#functions/sync/jobber/fake/entities.ts';
import { createJobberFake, type JobberFake } from '#functions/sync/jobber/fake/fake.ts';
import { secondTenantDataset } from '#functions/sync/jobber/fake/second-tenant.ts';
import { jobberConnector } from '#functions/sync/jobber/index.ts';
import { manifest } from '#functions/sync/jobber/manifest.ts';
import type { MapContext } from '#functions/sync/jobber/map/context.ts';
import { instantFromMs } from '#kernel/instant.ts';
import type { ConnectorSession, OpenOptions, ReadRequest, TokenSource } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import { newSettings } from '#model/provider-settings.ts';
import type { ClosableSourceHttp } from '#platform/http.ts';
import { FakeBench } from '#test/support/fake-bench.ts';
import type { Row } from '../../../../shared/fake-source/dataset.ts';

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
export class Bench extends FakeBench {
  readonly notices: string[] = [];
  readonly fake: JobberFake = createJobberFake({
    dataset,
    tenants: [{ id: 'one' }, { id: 'two', dataset: secondTenantDataset(dataset) }],
    app: APP,
    now: () => this.nowMs,
    seed: 7,
  });
  readonly tokens = new BenchTokens(() => this.fake.accessToken('one'));

  constructor() {
    super(SNAPSHOT);
  }

  http(): ClosableSourceHttp {
    return this.openHttp({ allowedHosts: jobberConnector.manifest.allowedHosts });
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

  arm(fault: string, more: Record<string, unknown> = {}): Promise<void> {
    return this.order({ fault, on: true, ...more });
  }

  /** The lists asked for since the mark. */
  requests(): (string | null)[] {
    return this.logged().map(({ entity }) => entity);
  }
}

export function full(stream: string): Omit<ReadRequest, 'pageToken'> {
  return { stream, since: null, window: null };
}
