import type { Instant, LocalDate } from '#kernel/instant.ts';
import { MAX_CENTS } from '#kernel/money.ts';
import { startOfDay } from '#kernel/zone.ts';
import { ignoredStatus, sameName } from '#mirror/import-scope.ts';
import type { JobStatus, MilestoneStatus } from '#model/entities.ts';
import type { MappedRecord, SkipReason } from '#model/mapped-record.ts';
import { NO_BUDGET, UNKNOWN_JOB, UNKNOWN_MILESTONE } from '#model/unknown-fields.ts';
import { derivedId } from '../identity.ts';
import type { RowReader } from '../row-reader.ts';
import { alone, branchOf, type MapFields, type Place, UNSTATED, withSkip } from './context.ts';

/** The words of a status in a file (M-73). `draft` is never mirrored (M-45). */
const STATUSES = {
  pending: 'pending',
  scheduled: 'scheduled',
  in_progress: 'in_progress',
  completed: 'completed',
  canceled: 'canceled',
  draft: 'draft',
} as const satisfies Record<string, MilestoneStatus | 'draft'>;

/** Status, and why a row is not mirrored on first sight: draft, canceled, or a status on the connection's list (M-45). */
function statusOf(row: RowReader, completed: LocalDate | null): { status: MilestoneStatus; skip: SkipReason | undefined } {
  const { settings } = row.request;
  const further = new Map(Object.entries(settings.statusMap).map(([raw, status]) => [sameName(raw), status]));
  // A list without statuses is one of work to be done; a day of completion says more.
  const unstated = completed === null ? 'pending' : 'completed';
  const status = row.word('status', STATUSES, further) ?? unstated;
  if (status === 'draft') return { status: 'pending', skip: { kind: 'ignored', code: 'draft', rule: 'built-in' } };
  if (status === 'canceled') return { status, skip: { kind: 'ignored', code: 'canceled', rule: 'built-in' } };
  const { ignoredStatuses } = settings;
  const scope = { settings: { ignoredStatuses, timeImportFrom: '' }, byId: true };
  return { status, skip: ignoredStatus(scope, [row.raw('status')]) };
}

function jobStatus(status: MilestoneStatus): JobStatus {
  return status === 'scheduled' ? 'pending' : status;
}

function dayAsInstant(row: RowReader, date: LocalDate | null): Instant | null {
  return date === null ? null : startOfDay(date, row.clocks.zone);
}

export const mapJob: MapFields = (row, place) => {
  const completedDate = row.date('completed_date');
  const { status, skip } = statusOf(row, completedDate);
  const record: MappedRecord<'job'> = {
    entity: 'job',
    space: 'job',
    ...place,
    sourceStatus: row.raw('status'),
    ...withSkip(skip),
    fields: {
      ...UNKNOWN_JOB,
      name: row.text('name') ?? '',
      number: row.text('number'),
      clientId: row.id('client_id'),
      propertyId: row.id('property_id'),
      branchId: branchOf(row),
      divisionId: row.id('division_id'),
      routeId: row.id('route_id'),
      managerId: row.id('manager_worker_id'),
      parentJobId: row.id('parent_job_id'),
      status: jobStatus(status),
      recurring: row.flag('recurring') ?? false,
      serviceType: row.text('service_type'),
      invoiceType: row.text('invoice_type'),
      startDate: row.date('start_date'),
      endDate: row.date('end_date'),
      completedAt: dayAsInstant(row, completedDate),
      contractPriceCents: row.cents('revenue'),
    },
  };
  return { record, also: hoursBudget(row, place.sourceId, null, place), parents: [] };
};

export const mapMilestone: MapFields = (row, place) => {
  const completedDate = row.date('completed_date');
  const { status, skip } = statusOf(row, completedDate);
  const jobId = row.id('job_id') ?? '';
  const record: MappedRecord<'milestone'> = {
    entity: 'milestone',
    space: 'milestone',
    ...place,
    sourceStatus: row.raw('status'),
    ...withSkip(skip),
    fields: {
      ...UNKNOWN_MILESTONE,
      jobId,
      name: row.text('name') ?? '',
      status,
      review: status === 'completed' ? 'pending_review' : 'none',
      sequence: row.scaled('sequence', 0, 2_147_483_647),
      scheduledDate: row.date('scheduled_date'),
      completedAt: dayAsInstant(row, completedDate),
      routeId: row.id('route_id'),
      crewLeadId: row.id('leader_worker_id'),
      serviceType: row.text('service_type'),
      percentBp: row.basisPoints('percent_complete'),
    },
  };
  return { record, also: hoursBudget(row, jobId, place.sourceId, place), parents: [] };
};

/** One budget of a job or milestone, whichever file tells of it. */
function budgetId(jobId: string, milestoneId: string | null): string {
  return derivedId('budgets', [jobId, milestoneId ?? '']);
}

/** The budget in a row of jobs or milestones, also without a figure, so that one taken away does not live on; none without that column. */
function hoursBudget(row: RowReader, jobId: string, milestoneId: string | null, place: Place): MappedRecord[] {
  if (!row.has('budget_hours')) return [];
  const fields = { ...NO_BUDGET, jobId, milestoneId, budgetSeconds: row.seconds('budget_hours'), basis: 'budget_hours' };
  const sourceId = budgetId(jobId, milestoneId);
  return [{ entity: 'budget_info', space: 'budget_info', ...place, sourceId, ...UNSTATED, fields }];
}

export const mapBudget: MapFields = (row, place) => {
  const jobId = row.id('job_id') ?? '';
  const milestoneId = row.id('milestone_id');
  return alone({
    entity: 'budget_info',
    space: 'budget_info',
    ...place,
    sourceId: budgetId(jobId, milestoneId),
    ...UNSTATED,
    fields: {
      jobId,
      milestoneId,
      budgetSeconds: row.seconds('hours'),
      laborAmountCents: row.cents('labor_amount'),
      contractPriceCents: row.cents('contract_price'),
      laborShareBp: row.basisPoints('labor_percent'),
      rateE4: row.scaled('rate', 4, MAX_CENTS),
      quantityE4: row.scaled('quantity', 4, MAX_CENTS),
      tasks: [],
      basis: 'budgets',
    },
  });
};

export const mapMaterial: MapFields = (row, place) =>
  alone({
    entity: 'material_allocation',
    space: 'material_allocation',
    ...place,
    ...UNSTATED,
    fields: {
      milestoneId: row.id('milestone_id') ?? '',
      item: row.id('item_id') ?? '',
      name: row.text('name') ?? '',
      unit: row.text('unit') ?? '',
      allocatedE4: row.scaled('allocated', 4, MAX_CENTS) ?? 0,
      installedE4: row.scaled('installed', 4, MAX_CENTS),
      unitValueCents: row.cents('unit_value'),
    },
  });

const UNSTAMPED = { sourceUpdatedAt: null, sourceCreatedAt: null, sourceStatus: null } as const;

/** The job that columns of a time row tell of (M-74): its id and name are those columns, nothing else of it is known. */
export function derivedJob(row: RowReader, cells: readonly number[]): MappedRecord<'job'> | null {
  const values = cells.map((cell) => row.cell(cell));
  if (values.every((value) => value === '')) return null;
  const name = values.filter((value) => value !== '').join(' ');
  return {
    entity: 'job',
    space: 'job',
    sourceId: derivedId('jobs', values),
    ...UNSTAMPED,
    fields: { ...UNKNOWN_JOB, name, branchId: row.request.derivedBranchId, status: 'pending' },
  };
}

/** The milestone that columns of a time row tell of, under the job that they name. */
export function derivedMilestone(row: RowReader, cells: readonly number[], jobId: string): MappedRecord<'milestone'> | null {
  const values = cells.map((cell) => row.cell(cell));
  if (values.every((value) => value === '')) return null;
  const name = values.filter((value) => value !== '').join(' ');
  return {
    entity: 'milestone',
    space: 'milestone',
    sourceId: derivedId('milestones', [jobId, ...values]),
    ...UNSTAMPED,
    fields: { ...UNKNOWN_MILESTONE, jobId, name, status: 'pending' },
  };
}
