import type { Instant } from '#kernel/instant.ts';
import { addSeconds, instantFromMs, msOf } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { ConnectorSession, OpenOptions } from '#mirror/connector.ts';
import type { RunPorts } from '#mirror/leg.ts';
import type { Run } from '#model/connection.ts';
import { connectionKey, syncStateKey } from '#model/keys.ts';
import type { IntegrationManifest, StreamManifest } from '#model/manifest.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { type ClosableSourceHttp, createSourceHttp } from '#platform/http.ts';
import { type SyncBench, startSyncBench } from '#test/support/sync-bench.ts';
import type { Conformance, ConformanceSource, RowWork } from '../../shared/fake-source/conformance.ts';
import { keyOf, type Row } from '../../shared/fake-source/dataset.ts';
import type { LoggedRequest } from '../../shared/fake-source/request-log.ts';
import type { RunningFake } from '../../shared/fake-source/serve.ts';

export const MINUTE = 60_000;

/** The real engine over an embedded table, reading an integration's fake over HTTP on one clock that waits only in appearance. */
export class World {
  readonly conformance: Conformance;
  readonly source: ConformanceSource;
  readonly bench: SyncBench;
  /** What a call waited for, in milliseconds, since the last `mark`. */
  waits: number[] = [];
  readonly #running: RunningFake;
  readonly #https: ClosableSourceHttp[] = [];
  readonly #timers = new Set<{ at: number; readonly ms: number; readonly work: () => void }>();
  #marked = 0;

  private constructor(conformance: Conformance, source: ConformanceSource, running: RunningFake, bench: SyncBench) {
    this.conformance = conformance;
    this.source = source;
    this.#running = running;
    this.bench = bench;
  }

  /** `good` false: with credentials that the source refuses. */
  static async start(conformance: Conformance, good = true): Promise<World> {
    let world: World | null = null;
    const now = () => world?.bench.clock.now ?? msOf(conformance.at);
    const source = conformance.open(now);
    const running = await source.fake.start();
    const tokens = source.tokens?.(running.url, good);
    const { connector } = conformance;
    const bench = await startSyncBench({
      connector: tokens === undefined ? connector : { ...connector, open: (options) => connector.open({ ...options, tokens }) },
      credentials: source.credentials(running.url, good),
      settings: conformance.settings,
      now: msOf(conformance.at),
      openHttp: () => world!.http(),
    });
    world = new World(conformance, source, running, bench);
    return world;
  }

  async stop(): Promise<void> {
    for (const http of this.#https) http.close();
    await this.#running.stop();
    await this.bench.stop();
  }

  get manifest(): IntegrationManifest {
    return this.conformance.connector.manifest;
  }

  /** The source's http as a leg has it: the manifest's rate, retries and limits, on the world's clock. */
  http(): ClosableSourceHttp {
    const http = createSourceHttp({
      allowedHosts: this.manifest.allowedHosts,
      allowLoopback: true,
      requestsPerSecond: this.manifest.requestsPerSecond,
      rateHeaders: this.manifest.rateHeaders,
      ...(this.manifest.requestBurst === undefined ? {} : { requestBurst: this.manifest.requestBurst }),
      maxCalls: 3_000,
      now: () => this.bench.clock.now,
      sleep: async (ms) => {
        this.waits.push(ms);
        await this.#pass(ms);
      },
      random: () => 0.5,
      callTimeoutMs: 2_000,
    });
    this.#https.push(http);
    return http;
  }

  /** Lets time go by; what a run does every so often, such as renewing its lease, is done meanwhile. */
  async #pass(ms: number): Promise<void> {
    const until = this.bench.clock.now + ms;
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > until) break;
      this.bench.clock.now = Math.max(this.bench.clock.now, next.at);
      next.at += next.ms;
      next.work();
      // The work goes to the store and back before anything else happens.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.bench.clock.now = Math.max(this.bench.clock.now, until);
  }

  readonly #every = (ms: number, work: () => void): (() => void) => {
    const timer = { at: this.bench.clock.now + ms, ms, work };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** What a connector is opened with outside of a run. */
  options(good = true): OpenOptions {
    const { settings, zone } = this.conformance;
    const tokens = this.source.tokens?.(this.#running.url, good);
    return {
      credentials: this.source.credentials(this.#running.url, good),
      settings,
      zone,
      currency: 'USD',
      http: this.http(),
      now: () => instantFromMs(this.bench.clock.now),
      ...(tokens === undefined ? {} : { tokens }),
    };
  }

  /** Tells the control door something. */
  async order(order: Readonly<Record<string, unknown>>): Promise<void> {
    const reply = await fetch(`${this.#running.url}/__control`, { method: 'POST', body: JSON.stringify(order) });
    if (!reply.ok) throw new Error(await reply.text());
  }

  /** Turns every fault off again; the data stay. */
  calm(): void {
    for (const tenant of this.source.fake.shell.tenants()) this.source.fake.shell.switches(tenant).clear();
  }

  /** From here on `requests` and `waits` count. */
  mark(): void {
    this.waits = [];
    this.#marked = this.source.fake.shell.log.list().length;
  }

  /** Requests served since the mark, those of the control door left out. */
  requests(): readonly LoggedRequest[] {
    return this.source.fake.shell.log
      .list()
      .slice(this.#marked)
      .filter(({ path }) => !path.startsWith('/__control'));
  }

  /** The run that the next tick starts. */
  async delta(minutes = 20, ports: Partial<RunPorts> = {}): Promise<Run> {
    this.bench.clock.now += minutes * MINUTE;
    return (await this.bench.runToEnd({}, { every: this.#every, ...ports })).run;
  }

  /** The first run: everything is read. */
  first(ports: Partial<RunPorts> = {}): Promise<Run> {
    return this.delta(0, ports);
  }

  /** A run that reads everything because an admin asked for it. */
  async full(minutes = 21, ports: Partial<RunPorts> = {}): Promise<Run> {
    const { bench } = this;
    bench.clock.now += minutes * MINUTE;
    const pending = {
      runId: `FULL${bench.clock.now}`,
      mode: 'full',
      entities: null,
      requestedBy: 'admin',
      requestedAt: bench.ports().now(),
    };
    const update = { expression: 'SET pending = :p', values: { ':p': pending } };
    await bench.table.write(bench.scope, [{ kind: 'update', key: syncStateKey(bench.scope, 1), update }]);
    return (await bench.runToEnd({ kind: 'manual' }, { every: this.#every, ...ports })).run;
  }

  /** Mirror records by space and source id, and only what the source decides of them: equal mirrors are equal objects. */
  async mirrored(): Promise<Record<string, unknown>> {
    const records = [...(await this.bench.mirror())].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      records.map(([key, { fields, tombstone, pendingRefs, contentHash }]) => [
        key,
        { fields, tombstone: tombstone?.reason ?? null, pendingRefs, contentHash },
      ]),
    );
  }

  stream(name: string): StreamManifest {
    const stream = this.manifest.streams.find((one) => one.stream === name);
    if (stream === undefined) throw new Error(`no stream ${name}`);
    return stream;
  }

  work(stream: string): RowWork {
    const work = this.conformance.rows[stream];
    if (work === undefined) throw new Error(`fake/conformance.ts tells nothing of the stream ${stream}`);
    return work;
  }

  /** The rows of a stream's list that are mirrored and live, with their records. */
  async live(stream: string): Promise<readonly { readonly row: Row; readonly record: MirrorRecord }[]> {
    const mirror = await this.bench.mirror();
    const { entity, also = [] } = this.stream(stream);
    const byId = new Map(
      [...mirror.values()]
        .filter((record) => record.tombstone === null && [entity, ...also].includes(record.entity))
        .map((record) => [record.sourceId, record] as const),
    );
    return this.rows(stream).flatMap((row) => {
      const record = byId.get(this.sourceIdOf(stream, row));
      return record === undefined ? [] : [{ row, record }];
    });
  }

  /** The rows of a stream's list in the connected account. */
  rows(stream: string): readonly Row[] {
    const data = this.#data();
    const spec = data.entity(this.work(stream).list);
    if (spec === null) throw new Error(`the fake has no list ${this.work(stream).list}`);
    return data.rows(spec);
  }

  sourceIdOf(stream: string, row: Row): string {
    const { list, sourceId } = this.work(stream);
    return sourceId?.(row) ?? keyOf(this.#data().entity(list)!, row)!;
  }

  keyOf(stream: string, row: Row): string {
    return keyOf(this.#data().entity(this.work(stream).list)!, row)!;
  }

  /** Puts rows into a stream's list; with `at` they carry that stamp, else the source stamps them now. */
  put(stream: string, rows: readonly Row[], at?: Instant): Promise<void> {
    const { list } = this.work(stream);
    const stamp = this.#data().entity(list)!.stamp;
    const stamped = rows.map((row) => {
      if (stamp === null) return row;
      const { [stamp]: _old, ...rest } = row;
      return at === undefined ? rest : { ...rest, [stamp]: this.conformance.stampText(at) };
    });
    return this.order({ put: { [list]: stamped } });
  }

  remove(stream: string, rows: readonly Row[]): Promise<void> {
    return this.order({ delete: { [this.work(stream).list]: rows.map((row) => this.keyOf(stream, row)) } });
  }

  /** Notes whose account was connected, as connecting does. */
  async connectedTo(accountId: string | null): Promise<void> {
    const update = { expression: 'SET accountId = :a', values: { ':a': accountId } };
    await this.bench.table.write(this.bench.scope, [{ kind: 'update', key: connectionKey(this.bench.scope, 1), update }]);
  }

  async watermark(stream: string): Promise<Instant | null> {
    return (await this.bench.state()).streams[stream]?.watermark ?? null;
  }

  now(plusSeconds = 0): Instant {
    return addSeconds(instantFromMs(this.bench.clock.now), plusSeconds);
  }

  /** Every row of a stream as a full reading maps it, without the engine. */
  async readWhole(session: ConnectorSession, stream: string): Promise<readonly MappedRow[]> {
    const rows: MappedRow[] = [];
    let pageToken: string | null = null;
    do {
      const page = await session.readPage({ stream, pageToken, since: null, window: null });
      rows.push(...page.rows);
      pageToken = page.next;
    } while (pageToken !== null);
    return rows;
  }

  get today(): string {
    return localDateOf(this.now(), this.conformance.zone);
  }

  #data() {
    const { shell } = this.source.fake;
    return shell.data(shell.tenants()[0]!);
  }
}
