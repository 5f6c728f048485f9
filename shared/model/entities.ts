import type { Instant, LocalDate } from '#kernel/instant.ts';

/** The mirrored entity types (M-27), in the order in which a run reads them (M-81): parents before children. */
export const ENTITIES = [
  'branch',
  'division',
  'route',
  'client',
  'worker',
  'wage_record',
  'job',
  'milestone',
  'budget_info',
  'material_allocation',
  'time_entry',
  'drive_time',
] as const;
export type EntityName = (typeof ENTITIES)[number];

export type JobStatus = 'pending' | 'in_progress' | 'completed' | 'canceled';
export type MilestoneStatus = 'pending' | 'scheduled' | 'in_progress' | 'completed' | 'canceled';
export type TimeCategory = 'work' | 'shop' | 'leave' | 'break_paid' | 'break_unpaid' | 'shift';
export type Attribution = 'job' | 'none' | 'pending' | 'outside_scope';
export type DriveBasis = 'flag' | 'label' | 'jobcode' | 'pay_code' | 'time_type' | 'column';

/**
 * The canonical fields of every entity (M-27), as stored: a reference ends in `Id` (or `Ids`) and holds a mirror id. Absent is null.
 * Units last: seconds, basis points (10,000 = 100 %), ten-thousandths (E4), cents.
 */
export interface EntityFields {
  branch: { name: string; code: string | null; zone: string | null; city: string | null; active: boolean; derived: boolean };
  division: {
    name: string;
    code: string | null;
    branchId: string | null;
    overhead: boolean;
    active: boolean;
    origin: 'synced' | 'local';
  };
  route: {
    name: string;
    branchId: string | null;
    divisionId: string | null;
    crewLeadId: string | null;
    managerId: string | null;
    memberIds: readonly string[];
    order: number | null;
    active: boolean;
  };
  client: {
    kind: 'client' | 'property';
    name: string;
    number: string | null;
    parentId: string | null;
    line1: string | null;
    city: string | null;
    region: string | null;
    postalCode: string | null;
    country: string | null;
    active: boolean;
  };
  worker: {
    displayName: string;
    firstName: string | null;
    lastName: string | null;
    email: string | null;
    phone: string | null;
    employeeNumber: string | null;
    payrollId: string | null;
    branchId: string | null;
    divisionId: string | null;
    sourceActive: boolean;
    sourceRole: string | null;
    hireDate: LocalDate | null;
    terminationDate: LocalDate | null;
    loginId: string | null;
  };
  wage_record: { workerId: string; effectiveFrom: LocalDate; rateE4: number; currency: string; burdenBp: number | null };
  job: {
    name: string;
    number: string | null;
    clientId: string | null;
    propertyId: string | null;
    branchId: string | null;
    divisionId: string | null;
    routeId: string | null;
    managerId: string | null;
    crewLeadId: string | null;
    parentJobId: string | null;
    status: JobStatus;
    recurring: boolean;
    serviceType: string | null;
    invoiceType: string | null;
    startDate: LocalDate | null;
    endDate: LocalDate | null;
    completedAt: Instant | null;
    canceledAt: Instant | null;
    contractPriceCents: number | null;
    customFields: Readonly<Record<string, string>>;
    sourceUrl: string | null;
  };
  milestone: {
    jobId: string;
    name: string;
    number: string | null;
    kind: 'ticket' | 'visit' | 'task' | 'cost_line';
    status: MilestoneStatus;
    review: 'none' | 'pending_review';
    sequence: number | null;
    scheduledDate: LocalDate | null;
    scheduledStart: Instant | null;
    scheduledEnd: Instant | null;
    completedAt: Instant | null;
    routeId: string | null;
    crewLeadId: string | null;
    assignedIds: readonly string[];
    serviceType: string | null;
    invoiceType: string | null;
    percentBp: number | null;
    timeAndMaterials: boolean;
  };
  budget_info: {
    jobId: string;
    milestoneId: string | null;
    budgetSeconds: number | null;
    laborAmountCents: number | null;
    contractPriceCents: number | null;
    laborShareBp: number | null;
    rateE4: number | null;
    quantityE4: number | null;
    tasks: readonly BudgetTask[];
    basis: string;
  };
  material_allocation: {
    milestoneId: string;
    item: string;
    name: string;
    unit: string;
    allocatedE4: number;
    installedE4: number | null;
    unitValueCents: number | null;
  };
  time_entry: TimeFields & {
    category: TimeCategory;
    breakSeconds: number;
    warranty: boolean;
    sourceOvertimeSeconds: number | null;
    approvedAtSource: boolean | null;
    lockedAtSource: boolean | null;
    milestoneId: string | null;
  };
  drive_time: TimeFields & { routeId: string | null; milestoneId: string | null; basis: DriveBasis };
}

export interface BudgetTask {
  readonly key: string;
  readonly name: string;
  readonly seconds: number | null;
  readonly amountCents: number | null;
}

interface TimeFields {
  workerId: string;
  jobId: string | null;
  attribution: Attribution;
  start: Instant | null;
  end: Instant | null;
  workDate: LocalDate;
  zone: string;
  durationSeconds: number;
  open: boolean;
}

export type Fields<E extends EntityName = EntityName> = EntityFields[E];

/** Which field of an entity points where; `many` marks a list. Drives reference resolution, pendingRefs and parking (M-26). */
export interface ReferenceField {
  readonly field: string;
  readonly to: ReferenceTarget;
  readonly required?: true;
  readonly many?: true;
}

/**
 * An identity space of source ids: normally the entity's name. Clients and properties are two lists with ids of their own, so each is a
 * space; time and drive time share one, since a source may turn one into the other without changing the id.
 */
export type IdentitySpace =
  | 'branch'
  | 'division'
  | 'route'
  | 'client'
  | 'property'
  | 'worker'
  | 'wage_record'
  | 'job'
  | 'milestone'
  | 'budget_info'
  | 'material_allocation'
  | 'time'
  | 'shift';
export type ReferenceTarget = Extract<
  IdentitySpace,
  'branch' | 'division' | 'route' | 'client' | 'property' | 'worker' | 'job' | 'milestone'
>;

export const REFERENCES: { readonly [E in EntityName]: readonly ReferenceField[] } = {
  branch: [],
  division: [{ field: 'branchId', to: 'branch' }],
  route: [
    { field: 'branchId', to: 'branch' },
    { field: 'divisionId', to: 'division' },
    { field: 'crewLeadId', to: 'worker' },
    { field: 'managerId', to: 'worker' },
    { field: 'memberIds', to: 'worker', many: true },
  ],
  client: [{ field: 'parentId', to: 'client' }],
  worker: [
    { field: 'branchId', to: 'branch' },
    { field: 'divisionId', to: 'division' },
  ],
  wage_record: [{ field: 'workerId', to: 'worker', required: true }],
  job: [
    { field: 'clientId', to: 'client' },
    { field: 'propertyId', to: 'property' },
    { field: 'branchId', to: 'branch' },
    { field: 'divisionId', to: 'division' },
    { field: 'routeId', to: 'route' },
    { field: 'managerId', to: 'worker' },
    { field: 'crewLeadId', to: 'worker' },
    { field: 'parentJobId', to: 'job' },
  ],
  milestone: [
    { field: 'jobId', to: 'job', required: true },
    { field: 'routeId', to: 'route' },
    { field: 'crewLeadId', to: 'worker' },
    { field: 'assignedIds', to: 'worker', many: true },
  ],
  budget_info: [
    { field: 'jobId', to: 'job', required: true },
    { field: 'milestoneId', to: 'milestone' },
  ],
  material_allocation: [{ field: 'milestoneId', to: 'milestone', required: true }],
  time_entry: [
    { field: 'workerId', to: 'worker', required: true },
    { field: 'jobId', to: 'job' },
    { field: 'milestoneId', to: 'milestone' },
  ],
  drive_time: [
    { field: 'workerId', to: 'worker', required: true },
    { field: 'jobId', to: 'job' },
    { field: 'milestoneId', to: 'milestone' },
    { field: 'routeId', to: 'route' },
  ],
};
