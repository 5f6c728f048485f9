import { addSeconds, type Instant } from '#kernel/instant.ts';
import type { Marker, QuarantineEntry, StreamState, SyncState } from '#model/connection.ts';
import type { EntityName } from '#model/entities.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { NO_LONGER_READ } from '#model/supplied-types.ts';
import type { ProbeAnswer } from '#model/sync-call.ts';
import type { Waiting } from '#model/sync-items.ts';
import { TO_BE_AUTHORIZED, waitsForPerson } from './connection-state.ts';
import { TEXTS, type VerdictCode } from './diagnose-texts.ts';

/** What one connection that supplies the entity knows of a source id. */
export interface SupplierEvidence {
  readonly connectionId: string;
  readonly provider: string;
  /** The integration's name, for texts. */
  readonly source: string;
  readonly cycleMinutes: number;
  readonly disconnectedAt: Instant | null;
  readonly disconnectedBy: string | null;
  /** Since when it does not supply the entity any more (M-43); null where it does. */
  readonly releasedAt: Instant | null;
  readonly sync: SyncState;
  /** States of the streams that bring the entity; null for one that was never read. */
  readonly streams: readonly (StreamState | null)[];
  /** Whether the source refuses us one of those streams. */
  readonly scopeMissing: boolean;
  readonly nextRunAt: Instant | null;
  readonly record: MirrorRecord | null;
  readonly marker: Marker | null;
  readonly quarantine: QuarantineEntry | null;
  readonly parked: Waiting | null;
}

export interface DiagnosisInput {
  readonly entity: EntityName;
  readonly suppliers: readonly SupplierEvidence[];
  /** Providers connected at all: what V-1 tells. */
  readonly connectedProviders: readonly string[];
  /** The filter of the asker's list that leaves a record out, null where none does; left out where no list is meant (V-5). */
  readonly hiddenBy?: (record: MirrorRecord) => HidingFilter | null;
  /** Whether the asker's role and scope reach a record. */
  readonly isVisible: (record: MirrorRecord) => boolean;
  readonly role: string;
  /** What the one look at the source gave; null: it was not asked yet, or cannot be. */
  readonly probe: ProbeAnswer | { readonly result: 'left_out' } | null;
  readonly now: Instant;
}

/** A filter of a list: what it asks for, and what the record it leaves out has instead. */
export interface HidingFilter {
  readonly filter: string;
  readonly asked: string;
  readonly value: string | null;
}

/** A row of the table after M-125 that holds. */
export interface Diagnosis {
  readonly verdict: `V-${number}`;
  readonly code: VerdictCode;
  readonly title: string;
  readonly detail: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly nextAction: { readonly code: string; readonly detail: string };
  readonly supplier: SupplierEvidence | null;
  readonly record: MirrorRecord | null;
}

type Found = {
  readonly code: VerdictCode;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly record?: MirrorRecord;
} | null;
type SupplierRow = (supplier: SupplierEvidence, input: DiagnosisInput) => Found;

/**
 * Why a record is missing, or that it is not (M-122): the first row of the table, top down, that holds. Pure. Null when nothing stored
 * decides and the source has not been asked yet (M-123): ask it and diagnose again.
 */
export function diagnose(input: DiagnosisInput): Diagnosis | null {
  if (input.suppliers.length === 0) return verdict('no_connection', { providers: input.connectedProviders }, null, null);
  for (const row of [...RECORD_ROWS, ...TRACE_ROWS]) {
    for (const supplier of input.suppliers) {
      const found = row(supplier, input);
      if (found) return verdict(found.code, withConnection(found.evidence, supplier), supplier, found.record ?? null);
    }
  }
  // From here on it is about the connection that would bring the record: one that still runs, if there is any.
  const supplier = input.suppliers.find((one) => one.disconnectedAt === null && one.releasedAt === null) ?? input.suppliers[0]!;
  for (const row of CONNECTION_ROWS) {
    const found = row(supplier, input);
    if (found) return verdict(found.code, withConnection(found.evidence, supplier), supplier, null);
  }
  if (input.probe === null) return null;
  const found = judgeProbe(supplier, input.probe, input.now);
  return verdict(found.code, withConnection(found.evidence, supplier), supplier, null);
}

/** V-2 to V-6: the record is there. */
const RECORD_ROWS: readonly SupplierRow[] = [
  ({ record }) => (record?.aliasOf ? { code: 'merged', evidence: { target: record.aliasOf }, record } : null),
  ({ record }) =>
    record?.tombstone
      ? {
          code: 'deleted_at_source',
          evidence: {
            runId: record.tombstone.runId,
            at: record.tombstone.at,
            proof: record.tombstone.reason,
            lastSeenRunId: record.lastChangedRunId,
          },
          record,
        }
      : null,
  ({ record }, input) => (record && !input.isVisible(record) ? { code: 'hidden_by_role', evidence: { role: input.role } } : null),
  ({ record }, input) => {
    const hiding = record === null ? null : (input.hiddenBy?.(record) ?? null);
    return record && hiding ? { code: 'filtered_by_view', evidence: { ...hiding }, record } : null;
  },
  ({ record, quarantine, disconnectedAt }) =>
    record
      ? {
          code: 'present',
          evidence: {
            runId: record.lastChangedRunId,
            at: record.lastChangedAt,
            frozen: disconnectedAt !== null,
            // Mirrored before, and unreadable since: the last good version stays (M-98).
            staleSince: quarantine?.firstAt ?? null,
            outOfScope: record.outOfScope,
            sourceIgnored: record.sourceIgnored,
          },
          record,
        }
      : null,
];

/** V-7 to V-10: it was seen, and left a trace. */
const TRACE_ROWS: readonly SupplierRow[] = [
  ({ quarantine }) =>
    quarantine
      ? {
          code: 'quarantined',
          evidence: {
            reason: quarantine.reason,
            field: quarantine.field,
            value: quarantine.value,
            runId: quarantine.lastRunId,
            at: quarantine.firstAt,
          },
        }
      : null,
  ({ parked }) =>
    parked
      ? {
          code: 'parent_missing',
          evidence: { at: parked.since, parent: { kind: parked.parent.space, sourceId: parked.parent.sourceId } },
        }
      : null,
  ({ marker }) =>
    marker?.kind === 'parked'
      ? {
          code: 'parent_missing',
          evidence: {
            at: marker.at,
            runId: marker.runId,
            parent: marker.parent && { kind: marker.parent.space, sourceId: marker.parent.sourceId },
          },
        }
      : null,
  ({ marker }) =>
    marker?.kind === 'ignored'
      ? {
          code: 'ignored_status',
          evidence: { value: marker.sourceStatus, reason: marker.code, rule: marker.rule, runId: marker.runId, at: marker.at },
        }
      : null,
  ({ marker }) =>
    marker?.kind === 'out_of_scope'
      ? { code: 'out_of_scope', evidence: { reason: marker.code, rule: marker.rule, runId: marker.runId, at: marker.at } }
      : null,
];

/** V-10 of a type that has moved to another connection, and V-11 to V-15: nothing can have arrived. */
const CONNECTION_ROWS: readonly SupplierRow[] = [
  ({ releasedAt }) =>
    releasedAt === null
      ? null
      : { code: 'out_of_scope', evidence: { reason: NO_LONGER_READ, rule: 'connection.entities', at: releasedAt } },
  ({ disconnectedAt, disconnectedBy }) =>
    disconnectedAt === null ? null : { code: 'disconnected', evidence: { at: disconnectedAt, by: disconnectedBy } },
  ({ sync }) =>
    sync.state === 'failed'
      ? {
          code: waitsForPerson(sync) ? 'reauth_required' : 'connection_failed',
          evidence: { cause: sync.cause, runId: sync.lastSuccessfulRunId, at: sync.lastSuccessfulAt },
        }
      : null,
  ({ sync }) =>
    sync.cause === 'setup_incomplete' || sync.cause === TO_BE_AUTHORIZED.cause
      ? { code: 'setup_incomplete', evidence: { cause: sync.cause, steps: sync.fix } }
      : null,
  ({ sync }) =>
    sync.firstSyncDone
      ? null
      : {
          code: 'first_sync_pending',
          evidence: {
            at: sync.firstSyncStartedAt,
            runId: sync.openRun?.runId ?? null,
            streamsDone: sync.openRun?.done.map(({ stream }) => stream) ?? [],
          },
        },
  ({ sync, streams, scopeMissing }) => {
    const failing = streams.find(
      (stream) => stream === null || (stream.lastOutcome !== 'succeeded' && stream.lastOutcome !== 'succeeded-with-quarantine'),
    );
    if (failing === undefined) return null;
    return {
      code: scopeMissing ? 'scope_missing' : 'partial_run',
      evidence: {
        runId: failing?.lastRunId ?? sync.lastRunId,
        at: failing?.lastSuccessfulAt ?? null,
        dataAsOf: failing?.dataAsOf ?? null,
        error: sync.lastError?.code ?? null,
        missingScopes: sync.missingScopes,
      },
    };
  },
];

/** V-16 to V-18, and V-7, V-9, V-10 by the same rules as a run would judge (M-123). */
function judgeProbe(supplier: SupplierEvidence, probe: NonNullable<DiagnosisInput['probe']>, now: Instant): NonNullable<Found> {
  const listed = { dataAsOf: oldestAge(supplier), at: supplier.sync.lastSuccessfulAt, runId: supplier.sync.lastSuccessfulRunId };
  if (probe.result === 'not_found') return { code: 'not_at_source', evidence: listed };
  if (probe.result !== 'found') return { code: 'never_seen', evidence: { ...listed, probe: probe.result } };
  if (probe.rejected) return { code: 'quarantined', evidence: { ...listed, ...probe.rejected } };
  if (probe.skip?.kind === 'ignored')
    return {
      code: 'ignored_status',
      evidence: { ...listed, value: probe.sourceStatus, reason: probe.skip.code, rule: probe.skip.rule },
    };
  if (probe.skip) return { code: 'out_of_scope', evidence: { ...listed, reason: probe.skip.code, rule: probe.skip.rule } };
  const stamp = probe.sourceUpdatedAt ?? probe.sourceCreatedAt;
  const evidence = { ...listed, sourceUpdatedAt: probe.sourceUpdatedAt, sourceCreatedAt: probe.sourceCreatedAt };
  const readUpTo = listed.dataAsOf;
  const isNew = stamp === null || readUpTo === null || stamp > readUpTo || stamp > addSeconds(now, -supplier.cycleMinutes * 60);
  return { code: isNew ? 'not_synced_yet' : 'missed', evidence };
}

function oldestAge(supplier: SupplierEvidence): Instant | null {
  const ages = supplier.streams.map((stream) => stream?.dataAsOf ?? null);
  return ages.includes(null) ? null : ((ages as Instant[]).toSorted()[0] ?? null);
}

function withConnection(
  evidence: Readonly<Record<string, unknown>>,
  supplier: SupplierEvidence,
): Readonly<Record<string, unknown>> {
  return { connectionId: supplier.connectionId, ...evidence };
}

function verdict(
  code: VerdictCode,
  evidence: Readonly<Record<string, unknown>>,
  supplier: SupplierEvidence | null,
  record: MirrorRecord | null,
): Diagnosis {
  return { ...describe(code, supplier?.source ?? 'the source'), evidence, supplier, record };
}

/** Row, title, detail and next action of a code, with the source's name filled in. */
export function describe(
  code: VerdictCode,
  source: string,
): Pick<Diagnosis, 'verdict' | 'code' | 'title' | 'detail' | 'nextAction'> {
  const { row, title, detail, action } = TEXTS[code];
  const fill = (text: string): string => text.replaceAll('{source}', source);
  return {
    verdict: row,
    code,
    title: fill(title),
    detail: fill(detail),
    nextAction: { code: action[0], detail: fill(action[1]) },
  };
}
