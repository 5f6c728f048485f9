import type { FeedEvent } from '#events/event.ts';
import type { Instant } from '#kernel/instant.ts';
import type { Connection, Hold, Marker, QuarantineEntry, Run, SyncState } from '#model/connection.ts';
import type { EntityName, IdentitySpace } from '#model/entities.ts';
import type { FingerprintRow } from '#model/fingerprint-rows.ts';
import type { Link } from '#model/link.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type {
  PlanPage,
  RecordPlace,
  StoredRecord,
  SweepState,
  TargetRef,
  TargetState,
  Waiting,
  WriteResult,
} from '#model/sync-items.ts';

/**
 * What a run needs of the store, for one connection. Implemented over the table in shared/store; the engine sees only this.
 * A write that loses its condition says so; a failing store throws, and nothing is ever taken as "not there" because of that (M-90).
 */
export interface RunStore {
  readConnection(): Promise<Connection | null>;
  readState(): Promise<SyncState | null>;
  /** Zones of mirrored branches by source id, so that a connector need not ask for them again. */
  readBranchZones(): Promise<Readonly<Record<string, string | null>>>;
  readCredentials(): Promise<Readonly<Record<string, string>>>;

  /** Raises the fence and takes the lease, if the state still is what was read. */
  take(state: SyncState, changes: Partial<SyncState>): Promise<boolean>;
  renew(fence: number, leaseUntil: Instant): Promise<boolean>;
  /** Saves the end of a leg: checkpoint, freed lease. */
  check(fence: number, changes: Partial<SyncState>): Promise<boolean>;
  finish(fence: number, changes: Partial<SyncState>, run: Run): Promise<boolean>;

  readSegments(stream: string, strong: boolean): Promise<readonly { segment: string; rows: readonly FingerprintRow[] }[]>;
  readPlans(strong: boolean): Promise<readonly PlanPage[]>;
  /** Names what will be written, under the fence, before it is written. */
  writePlan(fence: number, page: PlanPage): Promise<boolean>;
  /** Marks the last plan page of a crashed leg: its rows are unknown until looked at. */
  markUnfinished(fence: number, page: PlanPage): Promise<boolean>;
  /** Rewrites segments and drops the plan pages that are now inside them. */
  fold(
    fence: number,
    stream: string,
    segments: readonly { segment: string; rows: readonly FingerprintRow[] }[],
    stale: readonly string[],
  ): Promise<void>;
  dropPlans(fence: number, pages: readonly PlanPage[]): Promise<void>;

  /** Stored records at their expected places, null where nothing is; of an id that was used again the newest generation. */
  readRecords(places: readonly RecordPlace[]): Promise<readonly (StoredRecord | null)[]>;
  /** Records that are not at their expected place, wherever they are: the live one, of the newest generation. */
  findRecord(entities: readonly EntityName[], id: string): Promise<StoredRecord | null>;
  lookUp(targets: readonly TargetRef[]): Promise<ReadonlyMap<string, TargetState>>;
  readMarkers(ids: readonly { space: IdentitySpace; sourceId: string }[]): Promise<readonly (Marker | null)[]>;

  /** Whether time on a job of this division is shop time (M-57). */
  isOverhead(divisionId: string | null): Promise<boolean>;
  /** `predecessor`: the tombstoned generation whose id is used again; from then on it leads to the new one. */
  createRecord(record: MirrorRecord, jobId: string | null, predecessor: StoredRecord | null): Promise<WriteResult>;
  changeRecord(stored: StoredRecord, record: MirrorRecord, jobId: string | null): Promise<WriteResult>;
  tombstone(fence: number, stored: StoredRecord, record: MirrorRecord): Promise<WriteResult>;
  /** What hangs on a milestone, under the job it is in now. */
  readChildren(jobId: string, milestoneId: string): Promise<readonly StoredRecord[]>;
  /** Appends to the tenant's change feed. */
  announce(events: readonly FeedEvent[]): Promise<void>;

  putMarker(fence: number, marker: Marker): Promise<void>;
  removeMarker(space: IdentitySpace, sourceId: string): Promise<void>;
  putQuarantine(entry: QuarantineEntry): Promise<void>;
  removeQuarantine(space: IdentitySpace, sourceId: string): Promise<void>;
  /** Drops entries of rows without an id, of these spaces, that this run has not met again. */
  dropNameless(runId: string, spaces: ReadonlySet<IdentitySpace>): Promise<void>;
  /** Children that wait for a parent. */
  readWaiting(): Promise<readonly Waiting[]>;
  putWaiting(waiting: Waiting): Promise<void>;
  removeWaiting(waiting: Waiting): Promise<void>;
  /** How many records are quarantined, and since when each parked one waits. */
  countOpen(): Promise<{ readonly quarantined: number; readonly parked: readonly Instant[] }>;

  /** Live people or jobs of the tenant, of any connection, that have this number. */
  readNumbered(
    entity: 'worker' | 'job',
    number: string,
  ): Promise<readonly { readonly id: string; readonly connectionId: string }[]>;
  /** All connections of the tenant, disconnected ones too. */
  readConnections(): Promise<readonly Connection[]>;
  /** People, or jobs that are not finished, of some connections, without those that lead to another record; `skip`: ids not to be read. */
  readOpen(
    entity: 'worker' | 'job',
    connectionIds: ReadonlySet<string>,
    skip: (id: string) => boolean,
  ): Promise<readonly MirrorRecord[]>;
  /** The links of a connection, whatever their state. */
  readLinks(n: number): Promise<readonly Link[]>;
  /** Writes a proposal down unless there is a link of this record already, whatever its state. */
  proposeLink(ownId: string, link: Link): Promise<void>;

  readMissed(stream: string): Promise<SweepState>;
  writeSweep(fence: number, stream: string, sweep: SweepState): Promise<void>;
  putHold(fence: number, hold: Hold): Promise<void>;
  readHolds(): Promise<readonly Hold[]>;
  closeHold(fence: number, hold: Hold): Promise<void>;
}
