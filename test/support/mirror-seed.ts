import type { Connection, ConnectionSettings, StreamState, SyncState } from '#model/connection.ts';
import { NO_COUNTS } from '#model/connection.ts';
import type { EntityFields, EntityName, IdentitySpace } from '#model/entities.ts';
import { mirrorId } from '#model/ids.ts';
import { encodeMirrorRecord } from '#model/mirror-item.ts';
import { type MirrorRecord, NO_BONUS } from '#model/mirror-record.ts';
import { NO_FACTS } from '#model/own-facts.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { initialSyncState } from '#model/sync-item.ts';
import { applyConnection } from '#model/tenant-context.ts';
import { NO_BUDGET } from '#model/unknown-fields.ts';
import { createConnectionActions } from '#store/connection-repository.ts';
import { createTenantActions, readContext, saveContextAction } from '#store/settings-repository.ts';
import type { Item, Table } from '#store/table.ts';
import { BLANK_JOB, BLANK_MILESTONE, BLANK_WORKER, driveOf } from './blank-records.ts';

export const AT = '2026-03-10T11:40:00.000Z';
const RUN = '01JPRUN0000000000000000001';

/** A small company in the mirror: two branches, two divisions, a route, people, jobs, milestones, time, wages and budgets. */
export interface Seed {
  readonly connectionId: string;
  readonly branches: readonly [string, string];
  readonly divisions: readonly [string, string];
  readonly routeId: string;
  readonly clientId: string;
  readonly workers: readonly string[];
  readonly jobs: readonly string[];
  readonly milestones: readonly string[];
  readonly entries: readonly string[];
}

export const SETTINGS: ConnectionSettings = {
  cycleMinutes: 20,
  trailingDays: 14,
  timeImportFrom: '2026-01-01',
  entities: [
    ...(['branch', 'division', 'route', 'client', 'worker', 'wage_record', 'job', 'milestone', 'budget_info'] as const),
    ...(['time_entry', 'drive_time'] as const),
  ],
  ignoredStatuses: [],
  statusMap: {},
  budgetSource: 'ticket_hours',
  budgetSyncEnabled: true,
  importWages: true,
  roleMap: { Foreman: 'crew_lead', Boss: 'manager' },
  managerMap: {},
  payCodeMap: {},
  employeeContactTypes: ['Employee'],
  recurringTypes: ['Contract'],
};

/** A tenant with nothing in it. */
export async function seedTenant(table: Table, scope: TenantScope, name = 'Acme Landscaping'): Promise<void> {
  const tenant = { tenantId: scope.tenantId, name, country: 'US', state: 'CO', zone: 'America/Denver', currency: 'USD' };
  await table.write(scope, createTenantActions(scope, tenant, AT, 'test'));
}

/** Puts a mirror record as a run would, with what the test sets on its envelope. */
export async function putRecord<E extends EntityName>(
  table: Table,
  scope: TenantScope,
  entity: E,
  sourceId: string,
  fields: EntityFields[E],
  envelope: Partial<MirrorRecord> & { bonusItem?: unknown; jobId?: string } = {},
): Promise<string> {
  const connectionId = envelope.connectionId ?? `${scope.tenantId}.1`;
  const space = envelope.space ?? (SPACES[entity] as IdentitySpace);
  const { bonusItem, jobId, ...rest } = envelope;
  const id = mirrorId(connectionId, space, sourceId);
  const record: MirrorRecord<E> = {
    id,
    entity,
    space,
    connectionId,
    sourceId,
    generation: 1,
    fields,
    sourceUpdatedAt: '2026-03-10T10:00:00.000Z',
    sourceCreatedAt: null,
    sourceStatus: 'Open',
    contentHash: 'h'.repeat(43),
    mappingVersion: 1,
    revision: 1,
    fence: 1,
    firstSeenRunId: RUN,
    lastChangedRunId: RUN,
    lastChangedAt: AT,
    tombstone: null,
    aliasOf: null,
    outOfScope: null,
    sourceIgnored: false,
    pendingDeletion: false,
    pendingRefs: [],
    own: NO_FACTS,
    bonus: NO_BONUS,
    ...(rest as Partial<MirrorRecord<E>>),
  };
  const item = { ...encodeMirrorRecord(scope, record, jobId ? { jobId } : {}), ...(bonusItem ? { b: bonusItem } : {}) };
  await table.write(scope, [{ kind: 'put', item: item as unknown as Item }]);
  return id;
}

const SPACES: { readonly [E in EntityName]: IdentitySpace } = {
  branch: 'branch',
  division: 'division',
  route: 'route',
  client: 'client',
  worker: 'worker',
  wage_record: 'wage_record',
  job: 'job',
  milestone: 'milestone',
  budget_info: 'budget_info',
  material_allocation: 'material_allocation',
  time_entry: 'time',
  drive_time: 'time',
};

/** Connection 1 with every stream read a moment ago. */
export async function seedConnection(
  table: Table,
  scope: TenantScope,
  options: { connection?: Partial<Connection>; sync?: Partial<SyncState> } = {},
): Promise<Connection> {
  const n = options.connection?.n ?? 1;
  const connection: Connection = {
    id: `${scope.tenantId}.${n}`,
    n,
    provider: 'aspire',
    name: 'Main office',
    accountId: 'A-1',
    accountName: 'Acme at the source',
    settings: SETTINGS,
    disconnectedAt: null,
    disconnectedBy: null,
    createdAt: '2026-02-01T00:00:00.000Z',
    revision: 1,
    ...options.connection,
  };
  const streams = Object.fromEntries(STREAMS.map((stream) => [stream, streamState()]));
  const sync: SyncState = {
    ...initialSyncState(1),
    state: 'active',
    firstSyncDone: true,
    lastSuccessfulAt: AT,
    lastSuccessfulRunId: RUN,
    lastRunId: RUN,
    dataAsOf: AT,
    streams,
    ...options.sync,
  };
  await table.write(scope, createConnectionActions(scope, connection, sync, 'sealed'));
  const context = (await readContext(table, scope))!;
  await table.write(scope, [saveContextAction(scope, applyConnection(context, connection))]);
  return connection;
}

const STREAMS = [
  ...['branches', 'divisions', 'routes', 'companies', 'properties', 'contacts', 'pay_rates', 'opportunities', 'work_tickets'],
  ...['work_ticket_times', 'clock_times'],
];

/** A stream that was read to the end. */
export function streamState(over: Partial<StreamState> = {}): StreamState {
  return {
    watermark: AT,
    lastReadAt: AT,
    lastFullAt: AT,
    lastOutcome: 'succeeded',
    lastRunId: RUN,
    lastSuccessfulAt: AT,
    lastSuccessfulRunId: RUN,
    dataAsOf: AT,
    counts: NO_COUNTS,
    digest: null,
    sweepOpen: false,
    owesFull: false,
    ...over,
  };
}

export const JOB: EntityFields['job'] = {
  ...BLANK_JOB,
  name: 'Mulch the beds',
  serviceType: 'Mulch',
  startDate: '2026-03-01',
  contractPriceCents: 1_250_050,
};
export const WORKER: EntityFields['worker'] = {
  ...BLANK_WORKER,
  displayName: 'Ana Diaz',
  firstName: 'Ana',
  lastName: 'Diaz',
  email: 'ana@example.com',
  phone: '+13035550100',
};
export const MILESTONE: Omit<EntityFields['milestone'], 'jobId'> = {
  ...BLANK_MILESTONE,
  name: 'Visit',
  sequence: 1,
  scheduledDate: '2026-03-05',
};
export const ENTRY: Omit<EntityFields['time_entry'], 'workerId'> = {
  jobId: null,
  milestoneId: null,
  attribution: 'job',
  start: '2026-03-05T14:00:00.000Z',
  end: '2026-03-05T22:00:00.000Z',
  workDate: '2026-03-05',
  zone: 'America/Denver',
  durationSeconds: 28_800,
  open: false,
  category: 'work',
  breakSeconds: 0,
  warranty: false,
  sourceOvertimeSeconds: null,
  approvedAtSource: null,
  lockedAtSource: null,
};

/** Fills a tenant: `jobs` jobs over both branches and divisions, each with two milestones and two entries. */
export async function seedCompany(table: Table, scope: TenantScope, counts = { jobs: 6, workers: 5 }): Promise<Seed> {
  await seedTenant(table, scope);
  await seedConnection(table, scope);
  const put = <E extends EntityName>(entity: E, sourceId: string, fields: EntityFields[E], envelope = {}) =>
    putRecord(table, scope, entity, sourceId, fields, envelope);
  const place = { code: null, zone: null, city: null, active: true, derived: false };
  const branches = [
    await put('branch', 'b1', { name: 'North', ...place }),
    await put('branch', 'b2', { name: 'South', ...place }),
  ] as const;
  const division = { code: null, branchId: null, overhead: false, active: true, origin: 'synced' as const };
  const divisions = [
    await put('division', 'd1', { name: 'Maintenance', ...division }),
    await put('division', 'd2', { name: 'Construction', ...division }),
  ] as const;
  const workers: string[] = [];
  for (let i = 0; i < counts.workers; i++) {
    const fields = { ...WORKER, displayName: `Worker ${i}`, branchId: branches[i % 2]!, sourceRole: i === 1 ? 'Foreman' : null };
    const id = await put('worker', `w${i}`, { ...fields, sourceActive: i !== 4 });
    workers.push(id);
    const wage = { workerId: id, effectiveFrom: '2026-01-01', rateE4: 250_000 + i * 1_000, currency: 'USD', burdenBp: null };
    await put('wage_record', `p${i}`, wage);
  }
  const routeId = await put('route', 'r1', {
    name: 'Route 1',
    branchId: branches[0],
    divisionId: divisions[0],
    crewLeadId: workers[1]!,
    managerId: null,
    memberIds: [workers[1]!, workers[2]!],
    order: 1,
    active: true,
  });
  const client = { kind: 'client' as const, name: 'Mrs Green', number: 'C-1', parentId: null, line1: null, city: 'Denver' };
  const clientId = await put('client', 'c1', { ...client, region: 'CO', postalCode: null, country: 'US', active: true });
  const jobs: string[] = [];
  const milestones: string[] = [];
  const entries: string[] = [];
  for (let i = 0; i < counts.jobs; i++) {
    const job: EntityFields['job'] = {
      ...JOB,
      name: `Job ${i}`,
      number: `J-${i}`,
      clientId,
      branchId: branches[i % 2]!,
      divisionId: divisions[Math.floor(i / 2) % 2]!,
      routeId: i === 0 ? routeId : null,
      status: i % 3 === 2 ? 'completed' : 'in_progress',
    };
    const jobId = await put('job', `j${i}`, job, { sourceUrl: null });
    jobs.push(jobId);
    await put('budget_info', `j${i}`, budgetOf(jobId, null));
    for (let m = 0; m < 2; m++) {
      const milestoneId = await put('milestone', `m${i}-${m}`, { ...MILESTONE, jobId, scheduledDate: `2026-03-0${m + 4}` });
      milestones.push(milestoneId);
      const workerId = workers[(i + m) % counts.workers]!;
      entries.push(
        await put('time_entry', `t${i}-${m}`, { ...ENTRY, jobId, milestoneId, workerId, workDate: `2026-03-0${m + 4}` }),
      );
    }
    await put('drive_time', `v${i}`, {
      ...driveOf(ENTRY),
      jobId,
      workerId: workers[i % counts.workers]!,
      routeId: null,
      basis: 'pay_code',
    });
  }
  await fillContext(table, scope, (context) => ({
    ...context,
    branches: Object.fromEntries(
      branches.map((id, i) => [id, { name: i ? 'South' : 'North', zone: null, active: true, payCalendar: null }]),
    ),
    divisions: Object.fromEntries(
      divisions.map((id, i) => [id, { name: i ? 'Construction' : 'Maintenance', overhead: false, active: true }]),
    ),
    routes: { [routeId]: { name: 'Route 1', branchId: branches[0], crewLeadId: workers[1]!, managerId: null, active: true } },
  }));
  return { connectionId: `${scope.tenantId}.1`, branches, divisions, routeId, clientId, workers, jobs, milestones, entries };
}

function budgetOf(jobId: string, milestoneId: string | null): EntityFields['budget_info'] {
  return {
    jobId,
    milestoneId,
    ...NO_BUDGET,
    budgetSeconds: 36_000,
    basis: 'ticket_hours',
  };
}

/** Changes the compiled context as its writers would. */
export async function fillContext(
  table: Table,
  scope: TenantScope,
  change: (context: TenantContext) => TenantContext,
): Promise<void> {
  const context = (await readContext(table, scope))!;
  await table.write(scope, [saveContextAction(scope, change(context))]);
}
