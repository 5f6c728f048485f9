import type { EntityFields, EntityName } from '#model/entities.ts';
import { type MirrorRecord, NO_BONUS } from '#model/mirror-record.ts';
import { NO_FACTS } from '#model/own-facts.ts';
import type { ProPay } from '#model/propay.ts';
import type { ProPayRecords, ProPayState } from '#model/propay-state.ts';
import type { TenantContext } from '#model/settings.ts';
import { newTenantContext } from '#model/tenant-context.ts';
import { NO_BUDGET } from '#model/unknown-fields.ts';

/** A mirrored record with just the fields that a test names; the rest is null. */
export function record<E extends EntityName>(
  entity: E,
  id: string,
  fields: Partial<EntityFields[E]>,
  envelope: Partial<MirrorRecord> = {},
): MirrorRecord<E> {
  return {
    id,
    entity,
    space: entity,
    connectionId: 'acme1.1',
    sourceId: `source-${id}`,
    generation: 1,
    fields: { ...EMPTY[entity], ...fields },
    sourceUpdatedAt: null,
    sourceCreatedAt: null,
    sourceStatus: null,
    contentHash: '',
    mappingVersion: 1,
    revision: 1,
    fence: 1,
    firstSeenRunId: 'R',
    lastChangedRunId: 'R',
    lastChangedAt: '2026-03-10T12:00:00.000Z',
    tombstone: null,
    aliasOf: null,
    outOfScope: null,
    sourceIgnored: false,
    pendingDeletion: false,
    pendingRefs: [],
    own: NO_FACTS,
    bonus: NO_BONUS,
    ...envelope,
  } as unknown as MirrorRecord<E>;
}

const EMPTY: Partial<Record<EntityName, object>> = {
  job: {
    name: 'Job',
    branchId: 'b1',
    divisionId: null,
    routeId: null,
    managerId: null,
    crewLeadId: null,
    propertyId: null,
    status: 'in_progress',
    recurring: false,
    serviceType: null,
    invoiceType: null,
    startDate: '2026-03-01',
    completedAt: null,
    contractPriceCents: null,
    customFields: {},
  },
  milestone: {
    jobId: 'j1',
    name: 'Visit',
    status: 'scheduled',
    scheduledDate: null,
    completedAt: null,
    routeId: null,
    crewLeadId: null,
    assignedIds: [],
    serviceType: null,
    invoiceType: null,
    percentBp: null,
  },
  budget_info: {
    jobId: 'j1',
    milestoneId: null,
    ...NO_BUDGET,
    basis: 'field',
  },
  time_entry: {
    workerId: 'w1',
    jobId: 'j1',
    milestoneId: null,
    category: 'work',
    attribution: 'job',
    workDate: '2026-03-02',
    durationSeconds: 3_600,
    open: false,
  },
  drive_time: {
    workerId: 'w1',
    jobId: 'j1',
    milestoneId: null,
    attribution: 'job',
    workDate: '2026-03-02',
    durationSeconds: 600,
    open: false,
  },
};

/** The records of a target, with an empty list for every kind that a test does not name. */
export function recordsOf(given: Partial<ProPayRecords>): ProPayRecords {
  return { job: record('job', 'j1', {}), milestones: [], budgets: [], materials: [], entries: [], drives: [], ...given };
}

/** The state of a target without a ProPay. */
export function stateOf(
  given: Partial<ProPayRecords>,
  milestoneId: string | null = null,
  proPays: readonly ProPay[] = [],
): ProPayState {
  const none = { proPay: null, result: null, verdict: null, callbacks: [], phases: [], parent: null };
  return { target: { jobId: 'j1', milestoneId }, records: recordsOf(given), ...none, proPays };
}

/** A tenant that has launched, with one pool. */
export function context(changes: Partial<TenantContext> = {}): TenantContext {
  const tenant = { tenantId: 'acme1', name: 'Acme', country: 'US', state: null, zone: 'America/Denver', currency: 'USD' };
  const pool = { id: 'p', default: true } as TenantContext['pools'][number];
  return { ...newTenantContext(tenant), launch: { mode: 'date', date: '2026-01-01' }, pools: [pool], ...changes };
}
