import type { Instant, LocalDate } from '#kernel/instant.ts';
import { msOf } from '#kernel/instant.ts';
import type { Connection, OpenRun, RunCounts, RunException, StreamReport, SyncState } from '#model/connection.ts';
import { NO_COUNTS } from '#model/connection.ts';
import type { EntityName, IdentitySpace } from '#model/entities.ts';
import type { IntegrationManifest, StreamManifest } from '#model/manifest.ts';
import type { PlanPage, TargetState } from '#model/sync-items.ts';
import type { Connector, ConnectorSession, FetchRequest, HandledRow, SourceHttp, TokenSource } from './connector.ts';
import { usedCustomFields } from './custom-fields.ts';
import { FingerprintView } from './fingerprints.ts';
import type { AuxiliaryReading } from './read-auxiliary.ts';
import type { RunStore } from './run-store.ts';
import type { Recognisable } from './same-record.ts';
import { OutOfTime } from './source-error.ts';
import type { StartDecision, StartInput } from './start.ts';
import { WaitingList } from './waiting-list.ts';

/** Everything outside the engine, handed in: clock, store, connector, the way to go on in a new message. */
export interface RunPorts {
  readonly store: RunStore;
  readonly connector: Connector;
  readonly openHttp: (connection: Connection) => SourceHttp;
  /** Of an integration that logs in by OAuth. */
  readonly tokens?: TokenSource;
  readonly tenant: { readonly zone: string; readonly currency: string; readonly epoch: number };
  readonly now: () => Instant;
  readonly today: () => LocalDate;
  readonly ulid: () => string;
  /** Which queue the message came from: deltas have one of their own. */
  readonly lane: 'cycle' | 'bulk';
  /** Milliseconds until the function is stopped. */
  readonly remainingMs: () => number;
  /** What a connector has to tell operators although it stops nothing. */
  readonly notice?: (code: string, detail: string) => void;
  /** Calls `work` every `ms` until the returned function is called. */
  readonly every: (ms: number, work: () => void) => () => void;
  readonly steps: RunSteps;
}

/** The steps of a run in which files that people upload differ from a source that is asked: each function carries its own only. */
export interface RunSteps {
  decideStart(input: StartInput): StartDecision;
  /** Reads what is due, and settles what waited for it. */
  read(leg: Leg): Promise<void>;
  /** What the end of the run writes into the sync state. */
  stateAtEnd(leg: Leg, changes: Partial<SyncState>): Partial<SyncState>;
}

/** The lease was taken over, or is about to end: nothing more may be written. */
export class Superseded extends Error {}

export const LEASE_SECONDS = 120;
export const RENEW_EVERY_MS = 40_000;
/** No write is sent with less than this left on the lease (data model, section 5). */
const WRITE_MARGIN_MS = 30_000;
/** No new page with less than this left to the function (M-80). */
const PAGE_MARGIN_MS = 30_000;

/** A run lists this many of its exceptions, with the full count beside them (M-108). */
const LISTED_EXCEPTIONS = 1_000;
/** A run's entry is one item. */
const LISTED_BYTES = 250_000;

/** One leg of a run: what was read at its start, and what it has gathered since. */
export class Leg {
  readonly ports: RunPorts;
  readonly connection: Connection;
  readonly state: SyncState;
  readonly session: ConnectorSession;
  readonly http: SourceHttp;
  readonly fence: number;
  readonly done: StreamReport[];
  readonly exceptions: RunException[] = [];
  exceptionCount = 0;
  /** Records that this night's audit has found to have drifted; null where nothing was compared. */
  drifted: number | null = null;
  readonly targets = new Map<string, TargetState>();
  readonly waiting: WaitingList;
  /** People and jobs that this leg has created, or changed in what they are recognised by. */
  readonly newcomers: Recognisable[] = [];
  readonly refetch: FetchRequest[] = [];
  /** What the lists that are only compared have shown. */
  readonly auxiliary: AuxiliaryReading[] = [];
  readonly fullStreams = new Set<string>();
  /** Streams with misses or holds that the next sweep has to look at. */
  readonly sweepsOpen = new Map<string, boolean>();
  readonly #seen = new Map<string, ReadonlySet<string>>();
  readonly #gone = new Map<string, Map<string, 'flag' | 'feed'>>();
  readonly #handled = new Map<string, readonly HandledRow[]>();
  openRun: OpenRun;
  leaseUntil: Instant;
  nextPlanPage: number;
  planPagesWritten = 0;
  deletions: SyncState['deletions'];
  #plans: PlanPage[] | null = null;
  readonly #counts = new Map<string, { -readonly [K in keyof RunCounts]: RunCounts[K] }>();
  readonly #excepted = new Set<string>();
  #exceptionBytes = 0;
  #knowsSourceTime = false;
  #stream = '';
  readonly #views = new Map<string, FingerprintView>();
  #lost = false;
  #missingFields: Promise<readonly string[]> | null = null;

  constructor(start: {
    ports: RunPorts;
    connection: Connection;
    state: SyncState;
    session: ConnectorSession;
    http: SourceHttp;
    fence: number;
    openRun: OpenRun;
    leaseUntil: Instant;
    nextPlanPage: number;
  }) {
    this.ports = start.ports;
    this.waiting = new WaitingList(start.ports.store);
    this.connection = start.connection;
    this.state = start.state;
    this.session = start.session;
    this.http = start.http;
    this.fence = start.fence;
    this.openRun = start.openRun;
    this.leaseUntil = start.leaseUntil;
    this.nextPlanPage = start.nextPlanPage;
    this.done = [...start.openRun.done];
    this.deletions = start.state.deletions;
    this.exceptionCount = start.openRun.exceptionCount;
    for (const [key, counts] of Object.entries(start.openRun.counts)) this.#counts.set(key, { ...NO_COUNTS, ...counts });
  }

  get manifest(): IntegrationManifest {
    return this.ports.connector.manifest;
  }

  /** The source's own clock, as its first answer tells it, bounds every watermark of the run (M-88). */
  noteSourceTime(told: Instant | null): void {
    if (told === null || this.#knowsSourceTime) return;
    this.#knowsSourceTime = true;
    if (this.openRun.leg === 1) this.openRun = { ...this.openRun, sourceStartedAt: told };
  }

  /** Called before every write: a superseded or expiring leg writes nothing more (M-79). */
  guard(): void {
    if (this.#lost || msOf(this.leaseUntil) - msOf(this.ports.now()) < WRITE_MARGIN_MS) throw new Superseded();
  }

  lose(): void {
    this.#lost = true;
  }

  /** Called before every page: leaves in time for a checkpoint and a new message. */
  mayReadOn(): void {
    if (this.ports.remainingMs() < PAGE_MARGIN_MS) throw new OutOfTime();
  }

  /** What a stream's reading has shown, for holds that end by themselves. */
  noteSeen(stream: string, ids: ReadonlySet<string>): void {
    this.#seen.set(stream, ids);
  }

  seenIn(stream: string, id: string): boolean {
    return this.#seen.get(stream)?.has(id) ?? false;
  }

  /** Rows of a stream that the next reading's overlap may bring again. */
  noteHandled(stream: string, rows: readonly HandledRow[]): void {
    this.#handled.set(stream, rows);
  }

  handledIn(stream: string): readonly HandledRow[] {
    return this.#handled.get(stream) ?? [];
  }

  /** A record that the source says is gone, and how it says so. */
  noteGone(stream: string, id: string, proof: 'flag' | 'feed'): void {
    const gone = this.#gone.get(stream) ?? new Map<string, 'flag' | 'feed'>();
    this.#gone.set(stream, gone.set(id, proof));
  }

  /** What the source said of a stream's records since this was asked last. */
  takeGone(stream: string): ReadonlyMap<string, 'flag' | 'feed'> {
    const gone = this.#gone.get(stream) ?? new Map<string, 'flag' | 'feed'>();
    this.#gone.delete(stream);
    return gone;
  }

  /** Counts belong to the stream being read: two lists may hold records of one entity. */
  beginStream(stream: string): void {
    this.#stream = stream;
  }

  countOf(entity: EntityName, stream = this.#stream): { -readonly [K in keyof RunCounts]: RunCounts[K] } {
    const key = `${stream}/${entity}`;
    const existing = this.#counts.get(key);
    if (existing) return existing;
    const fresh = { ...NO_COUNTS };
    this.#counts.set(key, fresh);
    return fresh;
  }

  /** Lists an exception of the run, each once; false when it is listed already. */
  except(exception: RunException): boolean {
    const key = `${exception.entity}\n${exception.sourceId}\n${exception.reason}`;
    if (exception.sourceId !== null && this.#excepted.has(key)) return false;
    this.#excepted.add(key);
    this.exceptionCount += 1;
    this.#exceptionBytes += Buffer.byteLength(JSON.stringify(exception));
    if (this.exceptions.length < LISTED_EXCEPTIONS && this.#exceptionBytes < LISTED_BYTES) this.exceptions.push(exception);
    return true;
  }

  /** Custom fields with a use that the source has no more: asked once a leg, and only where somebody wants to know (M-49). */
  missingFields(): Promise<readonly string[]> {
    const used = usedCustomFields(this.connection.settings);
    this.#missingFields ??= used.length === 0 ? Promise.resolve([]) : (this.session.missingFields?.(used) ?? Promise.resolve([]));
    return this.#missingFields;
  }

  /** As this leg has found it, else as an earlier run has; fields that have a use no more are left out. */
  async knownMissingFields(): Promise<readonly string[]> {
    const used = usedCustomFields(this.connection.settings);
    const known = await (this.#missingFields?.catch(() => null) ?? null);
    return (known ?? this.state.missingFields).filter((field) => used.includes(field));
  }

  /** A sample of a stream was compared with the source. */
  noteAudit(drifted: number): void {
    this.drifted = (this.drifted ?? 0) + drifted;
  }

  /** The run as it stands, for a plan page or the end of a leg: where to go on, and what it has counted. */
  snapshot(): OpenRun {
    return {
      ...this.openRun,
      done: this.done,
      planPage: this.nextPlanPage,
      counts: Object.fromEntries(this.#counts),
      exceptionCount: this.exceptionCount,
    };
  }

  streamOf(name: string): StreamManifest {
    const stream = this.manifest.streams.find((one) => one.stream === name);
    if (!stream) throw new Error(`the manifest has no stream ${name}`);
    return stream;
  }

  /** The stream that brings records of an identity space; null where this connection does not supply them (M-43). */
  streamSupplying(space: IdentitySpace): StreamManifest | null {
    const { entities } = this.connection.settings;
    return this.manifest.streams.find((one) => one.space === space && entities.includes(one.entity)) ?? null;
  }

  /** Reads may lag behind our own last run, and behind a crashed leg, for a moment; a minute after a good run they do not. */
  get readsStrongly(): boolean {
    const last = this.state.lastSuccessfulAt;
    return this.openRun.leg > 1 || this.state.openRun !== null || last === null || msOf(this.ports.now()) - msOf(last) < 60_000;
  }

  async plans(): Promise<PlanPage[]> {
    this.#plans ??= [...(await this.ports.store.readPlans(this.readsStrongly))];
    return this.#plans;
  }

  /** The fingerprints of a stream, read when the first row asks for them. */
  async view(stream: string): Promise<FingerprintView> {
    const existing = this.#views.get(stream);
    if (existing) return existing;
    const [segments, plans] = await Promise.all([this.ports.store.readSegments(stream, this.readsStrongly), this.plans()]);
    const view = FingerprintView.of(stream, segments, plans);
    this.#views.set(stream, view);
    return view;
  }

  get loadedViews(): ReadonlyMap<string, FingerprintView> {
    return this.#views;
  }
}
