import * as z from 'zod/mini';
import type { EntityName } from '#model/entities.ts';
import { dateText, idText, instantText, moneyText, rateText } from '../edge.ts';

const id = z.nullable(idText);
const text = z.nullable(z.string());
const date = z.nullable(dateText);
const instant = z.nullable(instantText);
const money = z.nullable(moneyText);
const whole = z.nullable(z.int());

/** The envelope of M-23 as every mirror record carries it. */
const envelope = {
  id: idText,
  entity: z.string(),
  sourceId: z.string(),
  connectionId: idText,
  generation: z.int(),
  revision: z.int(),
  dataAsOf: instant,
  sourceUpdatedAt: instant,
  sourceStatus: text,
  sourceUrl: text,
  firstSeenRunId: z.string(),
  lastChangedRunId: z.string(),
  lastSeenRunId: z.string(),
  deletedAtSource: instant,
  outOfScope: text,
  /** The record that stands for this one (M-149); absent where it stands for itself. */
  aliasOf: z.optional(idText),
  sourceIgnored: z.boolean(),
  pendingDeletion: z.boolean(),
  pendingRefs: z.array(z.string()),
  overridden: z.array(z.string()),
  overrides: z.record(z.string(), z.unknown()),
  /** What the source itself says, and the hash it is compared by; where an admin asks for it. */
  source: z.optional(z.strictObject({ contentHash: z.string(), fields: z.record(z.string(), z.unknown()) })),
};
const decision = z.strictObject({ by: z.string(), at: instantText, reason: text, from: z.optional(idText) });
/** What people decided of a job. */
export const ownFactsShape = { exclusion: z.nullable(decision), includedByHand: z.nullable(decision), callbackOf: id };
/** What people reported of a milestone, and how far along it is by it. */
export const reportsShape = {
  progressBp: whole,
  progressBasis: z.nullable(z.enum(['source_completed', 'source_percent', 'reported'])),
  progressReport: z.nullable(z.strictObject({ progressBp: z.number(), sourceBp: whole, by: z.string(), at: instantText })),
  installed: z.array(z.strictObject({ item: z.string(), quantity: rateText, by: z.string(), at: instantText })),
};
/** Why there is no ProPay; left out where the work is excluded and the role may not see that. */
const verdictShape = { propayVerdict: z.optional(text), excludedBy: z.optional(text) };
const onOff = z.enum(['active', 'inactive']);

const task = z.strictObject({ key: z.string(), name: z.string(), seconds: whole, amount: money });
const budgetFields = {
  budgetSeconds: whole,
  laborAmount: money,
  contractPrice: money,
  laborShareBp: whole,
  rate: z.nullable(rateText),
  quantity: z.nullable(rateText),
  tasks: z.array(task),
  basis: z.string(),
};
/** The budget as it stands on a job or milestone; left out where the role may not see it. */
const budget = z.optional(z.nullable(z.strictObject(budgetFields)));

const time = {
  workerId: id,
  jobId: id,
  milestoneId: id,
  attribution: z.enum(['job', 'none', 'pending', 'outside_scope']),
  start: instant,
  end: instant,
  workDate: dateText,
  zone: z.string(),
  durationSeconds: z.int(),
  open: z.boolean(),
};

/** The answer's schema of every entity of the mirror. Optional fields are those that some role may not see. */
export const MIRROR_SHAPES = {
  branch: z.strictObject({
    ...envelope,
    status: onOff,
    name: z.string(),
    code: text,
    zone: text,
    city: text,
    active: z.boolean(),
    derived: z.boolean(),
  }),
  division: z.strictObject({
    ...envelope,
    ...{ sourceId: text, connectionId: id, firstSeenRunId: text, lastChangedRunId: text, lastSeenRunId: text },
    status: onOff,
    name: z.string(),
    code: text,
    branchId: id,
    overhead: z.boolean(),
    active: z.boolean(),
    origin: z.enum(['synced', 'local']),
  }),
  route: z.strictObject({
    ...envelope,
    status: onOff,
    name: z.string(),
    branchId: id,
    divisionId: id,
    crewLeadId: id,
    managerId: id,
    memberIds: z.array(idText),
    order: whole,
    active: z.boolean(),
  }),
  client: z.strictObject({
    ...envelope,
    status: onOff,
    kind: z.enum(['client', 'property']),
    name: z.string(),
    number: text,
    parentId: id,
    line1: text,
    city: text,
    region: text,
    postalCode: text,
    country: text,
    active: z.boolean(),
  }),
  worker: z.strictObject({
    ...envelope,
    status: z.enum(['active', 'deactivated', 'archived']),
    displayName: z.string(),
    firstName: text,
    lastName: text,
    email: z.optional(text),
    phone: z.optional(text),
    employeeNumber: text,
    payrollId: text,
    branchId: id,
    divisionId: id,
    role: z.enum(['manager', 'crew_lead', 'worker']),
    sourceActive: z.boolean(),
    sourceRole: text,
    hireDate: date,
    terminationDate: date,
    loginId: text,
    wage: z.optional(z.nullable(rateText)),
    wageEffectiveFrom: z.optional(date),
    wageMissing: z.optional(text),
    currency: z.string(),
  }),
  wage_record: z.strictObject({
    ...envelope,
    status: onOff,
    workerId: id,
    effectiveFrom: dateText,
    rate: rateText,
    currency: z.string(),
    burdenBp: whole,
  }),
  job: z.strictObject({
    ...envelope,
    status: z.enum(['pending', 'in_progress', 'completed', 'canceled']),
    name: z.string(),
    number: text,
    clientId: id,
    propertyId: id,
    branchId: id,
    divisionId: id,
    routeId: id,
    managerId: id,
    crewLeadId: id,
    parentJobId: id,
    recurring: z.boolean(),
    serviceType: text,
    invoiceType: text,
    startDate: date,
    endDate: date,
    completedAt: instant,
    canceledAt: instant,
    contractPrice: z.optional(money),
    currency: z.string(),
    customFields: z.record(z.string(), z.string()),
    budget,
    hasPropay: z.boolean(),
    propayIds: z.array(idText),
    ...verdictShape,
    ...z.partial(z.strictObject(ownFactsShape)).shape,
  }),
  milestone: z.strictObject({
    ...envelope,
    status: z.enum(['pending', 'scheduled', 'in_progress', 'completed', 'canceled']),
    jobId: idText,
    name: z.string(),
    number: text,
    kind: z.enum(['ticket', 'visit', 'task', 'cost_line']),
    review: z.enum(['none', 'pending_review']),
    sequence: whole,
    scheduledDate: date,
    scheduledStart: instant,
    scheduledEnd: instant,
    completedAt: instant,
    routeId: id,
    crewLeadId: id,
    assignedIds: z.array(idText),
    serviceType: text,
    invoiceType: text,
    percentBp: whole,
    timeAndMaterials: z.boolean(),
    ...reportsShape,
    budget,
    propayId: id,
    ...verdictShape,
  }),
  budget_info: z.strictObject({
    ...envelope,
    status: onOff,
    jobId: idText,
    milestoneId: id,
    ...budgetFields,
    currency: z.string(),
  }),
  material_allocation: z.strictObject({
    ...envelope,
    status: onOff,
    milestoneId: idText,
    item: z.string(),
    name: z.string(),
    unit: z.string(),
    allocated: rateText,
    installed: z.nullable(rateText),
    unitValue: money,
    currency: z.string(),
  }),
  time_entry: z.strictObject({
    ...envelope,
    status: onOff,
    ...time,
    category: z.enum(['work', 'shop', 'leave', 'break_paid', 'break_unpaid', 'shift']),
    breakSeconds: z.int(),
    warranty: z.boolean(),
    sourceOvertimeSeconds: whole,
    approvedAtSource: z.nullable(z.boolean()),
    lockedAtSource: z.nullable(z.boolean()),
  }),
  drive_time: z.strictObject({ ...envelope, status: onOff, ...time, routeId: id, basis: z.string() }),
} as const satisfies Record<EntityName, z.ZodMiniType>;
