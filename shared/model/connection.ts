import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { EntityName } from './entities.ts';
import type { AcceptedFile } from './upload.ts';

/** M-111. Degraded is shown as "Active, needs attention". */
export type ConnectionState = 'disconnected' | 'pending' | 'active' | 'degraded' | 'failed';

/** One tenant's link to one source account: what people see and set. The run's own state is `SyncState`. */
export interface Connection {
  readonly id: string;
  readonly n: number;
  readonly provider: string;
  readonly name: string;
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly settings: ConnectionSettings;
  /** The types that it has supplied and supplies no more, and when each was given up. */
  readonly released?: Readonly<Partial<Record<EntityName, Instant>>>;
  readonly disconnectedAt: Instant | null;
  readonly disconnectedBy: string | null;
  readonly createdAt: Instant;
  readonly revision: number;
}

/** The `connection.*` keys of M-150. Those with a question mark belong to some integrations only (`manifest.settings`). */
export interface ConnectionSettings {
  readonly cycleMinutes: number;
  readonly trailingDays: number;
  readonly timeImportFrom: LocalDate;
  /** Time before that day came from another connection: what a file tells of it is left out as well. */
  readonly takesOver?: true;
  readonly entities: readonly EntityName[];
  readonly ignoredStatuses: readonly string[];
  /** Raw source status → canonical status, added by an admin where the provider's own map has none (M-44). */
  readonly statusMap: Readonly<Record<string, string>>;
  /** Which of the source's figures is the budget (M-50, M-56); left out until somebody has chosen. */
  readonly budgetSource?: string;
  readonly budgetSyncEnabled: boolean;
  readonly importWages: boolean;
  readonly roleMap: Readonly<Record<string, 'manager' | 'crew_lead' | 'worker'>>;
  /** `<branchId>|<divisionId or ->` → worker id (M-47). */
  readonly managerMap: Readonly<Record<string, string>>;
  /** Source pay code → `work` `drive` `shop` `leave` `break_paid` `break_unpaid`. */
  readonly payCodeMap?: Readonly<Record<string, string>>;
  readonly employeeContactTypes?: readonly string[];
  readonly recurringTypes?: readonly string[];
  /** Labels of time entries that mean driving. */
  readonly driveLabels?: readonly string[];
  /** Custom field, by id or name → its one use (M-49): `hours_budget` `labor_budget` `service_type` `exclusion`; all others are ignored. */
  readonly customFieldUses?: Readonly<Record<string, string>>;
  /** How hours are written in custom fields (M-60): `decimal_hours` `hh_mm` `seconds`. */
  readonly budgetTimeFormat?: string;
  /** Source time type, by id or name → category as in `payCodeMap`; left out: the provider's own map. */
  readonly timeTypeMap?: Readonly<Record<string, string>>;
  /** Source ids of the projects that are mirrored (M-66); left out: none. */
  readonly projectAllowList?: readonly string[];
  /** Which list of the source branches come from; left out: one derived branch (M-28). */
  readonly branchFrom?: string;
  /** Which list of the source divisions come from; left out: none. */
  readonly divisionFrom?: string;
  /** What the levels of the tree of jobcodes are (M-62): `job>milestone`, the default, or `client>job>milestone`. */
  readonly jobcodeLevels?: string;
  /** Jobcode id → what it is instead of what its level says: `job` `milestone` `overhead` `drive` `ignore` `roll_up`. */
  readonly jobcodeMap?: Readonly<Record<string, string>>;
  /** Layouts of the files that are uploaded, at most one for each kind of file; what has none is read by the canonical columns (M-74). */
  readonly fileProfile?: readonly FileProfile[];
  /** So many days without a file, and the connection needs attention (M-74). */
  readonly expectedFileEveryDays?: number;
  /** Jobcode id → what differs from the connection's defaults for that jobcode alone (M-65). */
  readonly jobcodeSettings?: Readonly<Record<string, JobcodeSettings>>;
}

/** A layout of files by name and version, with what else its grammar holds (`shared/imports/profile.ts`). */
export interface FileProfile {
  readonly profile: string;
  readonly version: number;
  readonly entity: string;
}

/** Settings of one jobcode (M-65); what is left out follows the connection. */
export interface JobcodeSettings {
  /** Category of its time: as in `payCodeMap`. */
  readonly category?: string;
  /** Its time is shop time: hours of the worker, cost of no ProPay. */
  readonly overhead?: boolean;
  readonly serviceType?: string;
  readonly budgetSource?: string;
}

/** Sync's own state of one connection: lease, watermarks, checkpoint, outcome history. One item, written only under its fence. */
export interface SyncState {
  readonly fence: number;
  readonly lease: Lease | null;
  readonly state: ConnectionState;
  readonly cause: string | null;
  readonly fix: string | null;
  /** Last schedule tick that a run was started for: a duplicate or older tick is refused (fault 1). */
  readonly tick: Instant | null;
  /** A resync that was asked for and not taken yet: the row is the truth, the event a nudge. */
  readonly pending: PendingResync | null;
  /** Files that were accepted and wait to be read in, in the order of their acceptance; none but at a source of files. */
  readonly files: readonly AcceptedFile[];
  /** The open run, if any: it is resumed by whoever takes the lease next. */
  readonly openRun: OpenRun | null;
  readonly streams: Readonly<Record<string, StreamState>>;
  readonly firstSyncDone: boolean;
  /** End of the last run that read everything, whether or not every stream could be read (M-83). */
  readonly lastReconcileAt: Instant | null;
  readonly firstSyncStartedAt: Instant | null;
  readonly lastSuccessfulAt: Instant | null;
  readonly lastSuccessfulRunId: string | null;
  readonly dataAsOf: Instant | null;
  readonly lastRunId: string | null;
  readonly lastError: {
    readonly code: string;
    readonly who: 'customer' | 'nobody' | 'us';
    readonly detail: string;
    readonly runId: string;
  } | null;
  /** Runs in a row that did not succeed (M-111). */
  readonly failedRuns: number;
  readonly openHolds: number;
  readonly quarantined: number;
  readonly parked: number;
  /** Records that the last nightly audit found to differ from the source (M-111). */
  readonly drifted: number;
  readonly missingScopes: readonly string[];
  /** Custom fields with a use that the source had no more when it was last asked (M-49). */
  readonly missingFields: readonly string[];
  /** From when on the run may begin that a provider's event has asked for; null: none is asked for. */
  readonly hintDue: Instant | null;
  /** Start of the last run that an event has asked for. */
  readonly hintedAt: Instant | null;
  /** Deletions applied in the last 24 hours per entity, for the guard (M-103). */
  readonly deletions: Readonly<
    Record<string, readonly { readonly at: Instant; readonly count: number; readonly liveBefore: number }[]>
  >;
  /** Start instants of manual resyncs in the quota windows (M-85). */
  readonly resyncs: readonly { readonly at: Instant; readonly mode: 'delta' | 'full' }[];
  /** Plan pages written since the last fold of the fingerprints. */
  readonly planPages: number;
  /** Raised when the table is restored to an earlier time: the next run is full. */
  readonly epoch: number;
}

export interface Lease {
  readonly runId: string;
  readonly leg: number;
  readonly until: Instant;
  /** Whose lease it is: tells a taker whose answer was lost that it has taken it. */
  readonly holder: string;
}

export interface PendingResync {
  readonly runId: string;
  readonly mode: 'delta' | 'full';
  readonly entities: readonly EntityName[] | null;
  readonly requestedBy: string;
  readonly requestedAt: Instant;
}

export type RunTrigger = 'initial' | 'schedule' | 'manual' | 'reconcile' | 'hint' | 'upload' | 'repair';
export type RunMode = 'delta' | 'full';
export type StreamOutcome = 'succeeded' | 'succeeded-with-quarantine' | 'interrupted' | 'failed';

export interface OpenRun {
  readonly runId: string;
  readonly trigger: RunTrigger;
  readonly mode: RunMode;
  readonly requestedBy: string | null;
  readonly startedAt: Instant;
  /** The run's start as the source's clock tells it: bounds every watermark of the run (M-88). */
  readonly sourceStartedAt: Instant;
  readonly leg: number;
  readonly entities: readonly EntityName[] | null;
  /** Of a run that reads a file in. */
  readonly file?: AcceptedFile;
  /** Streams finished in earlier legs, with their outcome. */
  readonly done: readonly StreamReport[];
  readonly checkpoint: Checkpoint | null;
  /** Next plan page number of the run. */
  readonly planPage: number;
  /** Counts of the run so far, by `<stream>/<entity>`, and how many exceptions it has listed. */
  readonly counts: Readonly<Record<string, RunCounts>>;
  readonly exceptionCount: number;
  /** Digest of the mappings under which it reads; of a run from before they were noted, and of one that has seen several, none that is in force. */
  readonly mapping?: string;
}

/** Where the run goes on: the stream being read, its page token and window, and what it has counted so far (M-89). */
export interface Checkpoint {
  readonly stream: string;
  readonly pageToken: string | null;
  readonly from: Instant | null;
  readonly highWater: Instant | null;
  /** Rows received so far, and those of them that could not be read. */
  readonly rows: number;
  readonly rejected: number;
  readonly pages: number;
  readonly calls: number;
}

export interface RunCounts {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly deleted: number;
  readonly restored: number;
  readonly skippedByStatus: number;
  readonly skippedByScope: number;
  readonly quarantined: number;
  readonly parked: number;
  readonly held: number;
  readonly staleIgnored: number;
}

export const NO_COUNTS: RunCounts = {
  created: 0,
  changed: 0,
  unchanged: 0,
  deleted: 0,
  restored: 0,
  skippedByStatus: 0,
  skippedByScope: 0,
  quarantined: 0,
  parked: 0,
  held: 0,
  staleIgnored: 0,
};

/** Kept per stream in `SyncState`. */
export interface StreamState {
  /** Largest source stamp durably handled (M-88); null before the first complete read. */
  readonly watermark: Instant | null;
  readonly lastReadAt: Instant | null;
  /** When everything was last read; of a window stream, at least its far days. */
  readonly lastFullAt: Instant | null;
  readonly lastOutcome: StreamOutcome | null;
  readonly lastRunId: string | null;
  readonly lastSuccessfulAt: Instant | null;
  readonly lastSuccessfulRunId: string | null;
  readonly dataAsOf: Instant | null;
  readonly counts: RunCounts;
  /** Of an auxiliary list that is compared whole. */
  readonly digest: string | null;
  /** Misses or holds wait for the next complete listing. */
  readonly sweepOpen: boolean;
  /** Digests of rows that the overlap of the next reading brings again, for connectors that leave them out. */
  readonly handled?: readonly string[];
  /** Digest of the mapping under which it was last read whole: with another one it is read whole again (M-97). */
  readonly mapping?: string;
  /** A full reading was begun and not ended well: the next reading is full, whatever the run's mode. */
  readonly owesFull: boolean;
}

export interface StreamReport {
  readonly stream: string;
  readonly entity: EntityName;
  readonly outcome: StreamOutcome;
  readonly counts: RunCounts;
  readonly pages: number;
  readonly calls: number;
  readonly cursorFrom: Instant | null;
  readonly cursorTo: Instant | null;
  readonly error: RunError | null;
  /** True when the stream was listed completely (a sweep). */
  readonly complete: boolean;
  /** True when everything was read, or of a window stream at least its far days. */
  readonly far?: boolean;
}

export interface RunError {
  readonly code: string;
  readonly who: 'customer' | 'nobody' | 'us';
  readonly detail: string;
}

/** A run's entry in the history (M-108). */
export interface Run {
  readonly id: string;
  readonly connectionId: string;
  readonly trigger: RunTrigger;
  readonly mode: RunMode;
  readonly requestedBy: string | null;
  readonly outcome: StreamOutcome;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly legs: number;
  readonly dataAsOf: Instant | null;
  readonly streams: readonly StreamReport[];
  readonly exceptions: readonly RunException[];
  readonly exceptionCount: number;
  readonly error: RunError | null;
}

export interface RunException {
  readonly entity: EntityName;
  readonly sourceId: string | null;
  /** Line of an uploaded file. */
  readonly row?: number;
  readonly reason: string;
  readonly field: string | null;
  readonly value: string | null;
  readonly since: Instant;
}

/** A source record that was seen and deliberately not mirrored, or waits for its parent (M-45, M-101, M-125). */
export interface Marker {
  readonly space: string;
  readonly entity: EntityName;
  readonly sourceId: string;
  readonly kind: 'ignored' | 'out_of_scope' | 'parked';
  readonly code: string;
  readonly rule: string;
  readonly name: string | null;
  readonly number: string | null;
  readonly sourceStatus: string | null;
  readonly runId: string;
  readonly at: Instant;
  readonly parent: { readonly id: string; readonly space: string; readonly sourceId: string } | null;
}

export interface QuarantineEntry {
  readonly space: string;
  readonly entity: EntityName;
  readonly sourceId: string | null;
  /** Line of an uploaded file. */
  readonly row?: number;
  readonly reason: string;
  readonly field: string | null;
  readonly value: string | null;
  readonly firstRunId: string;
  readonly lastRunId: string;
  readonly firstAt: Instant;
  readonly attempts: number;
}

/** Deletions that wait for a person (M-104). */
export interface Hold {
  readonly runId: string;
  readonly entity: EntityName;
  readonly stream: string;
  readonly ids: readonly string[];
  /** A hold of more records than one item can list has several parts. */
  readonly part: number;
  readonly count: number;
  readonly share: number;
  readonly cause: 'empty_listing' | 'bound_exceeded';
  readonly openedAt: Instant;
  readonly decision: 'confirmed' | 'discarded' | null;
  readonly decidedBy: string | null;
}
