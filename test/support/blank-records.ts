import type { EntityFields } from '#model/entities.ts';

// Records as a test needs them where it says nothing more: every field that a source may leave out is left out.

export const BLANK_WORKER: EntityFields['worker'] = {
  displayName: 'Worker',
  firstName: null,
  lastName: null,
  email: null,
  phone: null,
  employeeNumber: null,
  payrollId: null,
  branchId: null,
  divisionId: null,
  sourceActive: true,
  sourceRole: null,
  hireDate: null,
  terminationDate: null,
  loginId: null,
};

export const BLANK_JOB: EntityFields['job'] = {
  name: 'Job',
  number: null,
  clientId: null,
  propertyId: null,
  branchId: null,
  divisionId: null,
  routeId: null,
  managerId: null,
  crewLeadId: null,
  parentJobId: null,
  status: 'in_progress',
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
};

export const BLANK_MILESTONE: Omit<EntityFields['milestone'], 'jobId'> = {
  name: 'Ticket',
  number: null,
  kind: 'ticket',
  status: 'scheduled',
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
};

/** The drive time that is recorded as a piece of work time: the fields that both have. */
export function driveOf<T extends Partial<EntityFields['time_entry']>>(entry: T) {
  const {
    category: _c,
    breakSeconds: _b,
    warranty: _w,
    sourceOvertimeSeconds: _o,
    approvedAtSource: _a,
    lockedAtSource: _l,
    ...drive
  } = entry;
  return drive;
}
