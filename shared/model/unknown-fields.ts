import type { EntityFields } from './entities.ts';

/** A worker of whom a source tells nothing: what mapping spreads below the fields that it knows. */
export const UNKNOWN_WORKER = {
  firstName: null,
  lastName: null,
  email: null,
  phone: null,
  employeeNumber: null,
  payrollId: null,
  branchId: null,
  divisionId: null,
  sourceActive: false,
  sourceRole: null,
  hireDate: null,
  terminationDate: null,
  loginId: null,
} as const satisfies Partial<EntityFields['worker']>;

/** A job of which a source tells nothing beyond name and status. */
export const UNKNOWN_JOB = {
  number: null,
  clientId: null,
  propertyId: null,
  branchId: null,
  divisionId: null,
  routeId: null,
  managerId: null,
  crewLeadId: null,
  parentJobId: null,
  recurring: false,
  serviceType: null,
  invoiceType: null,
  startDate: null,
  endDate: null,
  completedAt: null,
  canceledAt: null,
  contractPriceCents: null,
  customFields: {},
  sourceUrl: null,
} as const satisfies Partial<EntityFields['job']>;

/** A milestone of which a source tells nothing beyond its job, name and status. */
export const UNKNOWN_MILESTONE = {
  number: null,
  kind: 'task',
  review: 'none',
  sequence: null,
  scheduledDate: null,
  scheduledStart: null,
  scheduledEnd: null,
  completedAt: null,
  routeId: null,
  crewLeadId: null,
  assignedIds: [],
  serviceType: null,
  invoiceType: null,
  percentBp: null,
  timeAndMaterials: false,
} as const satisfies Partial<EntityFields['milestone']>;

/** A budget without a figure. */
export const NO_BUDGET = {
  budgetSeconds: null,
  laborAmountCents: null,
  contractPriceCents: null,
  laborShareBp: null,
  rateE4: null,
  quantityE4: null,
  tasks: [],
} as const satisfies Partial<EntityFields['budget_info']>;
