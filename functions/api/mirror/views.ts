import { divisionOf } from '#bonus/inputs/division-of.ts';
import { latestReport } from '#bonus/inputs/milestone-progress.ts';
import { effectiveBudget, shownWage } from '#bonus/inputs/overrides.ts';
import { managerInForce, roleOf } from '#bonus/inputs/people.ts';
import type { SyncState } from '#model/connection.ts';
import { type EntityFields, type EntityName, REFERENCES } from '#model/entities.ts';
import type { BonusBlock, MirrorRecord, ShownBudget } from '#model/mirror-record.ts';
import { workerState } from '#model/overrides.ts';
import { type OwnFacts, payrollIdOf } from '#model/own-facts.ts';
import type { TenantContext } from '#model/settings.ts';
import { outOfScopeOf } from '#model/supplied-types.ts';
import { moneyOf, rateOf } from '../edge.ts';
import type { MirrorContext } from './context.ts';
import { recordAge } from './freshness.ts';
import { overrideViews } from './override-views.ts';

/** What a view is made with: the tenant, the age of the data, and what the role sees. */
export interface ViewInputs {
  readonly mirror: MirrorContext;
  readonly syncs: ReadonlyMap<string, SyncState>;
  readonly sees: PropertySight;
}

/** Which properties of visible records a role sees (M-145). */
export interface PropertySight {
  readonly budgets: boolean;
  /** Which work is excluded, and why. */
  readonly excluded: boolean;
  wages(workerId: string): boolean;
  contact(workerId: string): boolean;
}

type View = Record<string, unknown>;
type ViewOf = { readonly [E in EntityName]: (record: MirrorRecord<E>, inputs: ViewInputs) => View };

/** A mirror record as the API serves it: envelope, effective fields of M-27 in edge units, and nothing the role may not see. */
export function viewOf(record: MirrorRecord, inputs: ViewInputs): View {
  const resolved = withoutPending(record);
  const view = (VIEWS[record.entity] as (record: MirrorRecord, inputs: ViewInputs) => View)(resolved, inputs);
  const overrides = overrideViews(resolved, inputs.mirror, inputs.sees);
  const local = { overridden: Object.keys(overrides), overrides };
  return { ...envelope(record, inputs), ...local, ...view, ...(isLocal(record) ? NO_SOURCE : {}) };
}

/** Of a record that was made here, no source, connection or run tells anything. */
const NO_SOURCE = { sourceId: null, connectionId: null, firstSeenRunId: null, lastChangedRunId: null, lastSeenRunId: null };

function isLocal(record: MirrorRecord): boolean {
  return record.entity === 'division' && (record as MirrorRecord<'division'>).fields.origin === 'local';
}

function envelope(record: MirrorRecord, { mirror, syncs }: ViewInputs): View {
  const { dataAsOf, lastSeenRunId } = recordAge(record, mirror.tenant, syncs);
  return {
    id: record.id,
    entity: record.entity,
    sourceId: record.sourceId,
    connectionId: record.connectionId,
    generation: record.generation,
    revision: record.revision,
    dataAsOf,
    sourceUpdatedAt: record.sourceUpdatedAt,
    sourceStatus: record.sourceStatus,
    sourceUrl: sourceUrlOf(record),
    firstSeenRunId: record.firstSeenRunId,
    lastChangedRunId: record.lastChangedRunId,
    lastSeenRunId,
    deletedAtSource: record.tombstone?.at ?? null,
    outOfScope: outOfScopeOf(record, mirror.tenant),
    ...(record.aliasOf === null ? {} : { aliasOf: record.aliasOf }),
    sourceIgnored: record.sourceIgnored,
    pendingDeletion: record.pendingDeletion,
    pendingRefs: record.pendingRefs,
  };
}

/** The link to the record at its source, where the source gives one: jobs only. */
export function sourceUrlOf(record: MirrorRecord): string | null {
  return record.entity === 'job' ? (record.fields as EntityFields['job']).sourceUrl : null;
}

/** References whose target is not mirrored yet are served as null, or left out of a list (M-26). */
function withoutPending(record: MirrorRecord): MirrorRecord {
  if (record.pendingRefs.length === 0) return record;
  const fields: Record<string, unknown> = { ...(record.fields as unknown as Record<string, unknown>) };
  for (const reference of REFERENCES[record.entity])
    if (record.pendingRefs.includes(reference.field)) fields[reference.field] = reference.many ? [] : null;
  return { ...record, fields: fields as unknown as MirrorRecord['fields'] };
}

const liveStatus = (record: MirrorRecord): 'active' | 'inactive' => (record.tombstone === null ? 'active' : 'inactive');
const onOff = (active: boolean): 'active' | 'inactive' => (active ? 'active' : 'inactive');

const VIEWS: ViewOf = {
  branch: ({ fields }) => ({ ...fields, status: onOff(fields.active) }),
  division: ({ fields }) => ({ ...fields, status: onOff(fields.active) }),
  route: ({ fields }) => ({ ...fields, status: onOff(fields.active) }),
  client: ({ fields }) => ({ ...fields, status: onOff(fields.active) }),
  worker: (record, inputs) => workerView(record, inputs),
  wage_record: (record) => {
    const { rateE4, ...fields } = record.fields;
    return { ...fields, rate: rateOf(rateE4), status: liveStatus(record) };
  },
  job: (record, inputs) => jobView(record, inputs),
  milestone: (record, inputs) => milestoneView(record, inputs),
  budget_info: (record, { mirror }) => ({
    ...budgetView(record.fields),
    jobId: record.fields.jobId,
    milestoneId: record.fields.milestoneId,
    status: liveStatus(record),
    currency: mirror.tenant.currency,
  }),
  material_allocation: (record, { mirror }) => {
    const { allocatedE4, installedE4, unitValueCents, ...fields } = record.fields;
    return {
      ...fields,
      allocated: rateOf(allocatedE4),
      installed: rateOf(installedE4),
      unitValue: moneyOf(unitValueCents),
      status: liveStatus(record),
      currency: mirror.tenant.currency,
    };
  },
  time_entry: (record) => ({ ...record.fields, status: liveStatus(record) }),
  drive_time: (record) => ({ ...record.fields, status: liveStatus(record) }),
};

function workerView(record: MirrorRecord<'worker'>, { mirror, sees }: ViewInputs): View {
  const { email, phone, ...fields } = record.fields;
  const wage = shownWage(record, mirror.today);
  return {
    ...fields,
    payrollId: payrollIdOf(record),
    status: workerState(record),
    role: roleOf(record, mirror.tenant),
    currency: mirror.tenant.currency,
    ...(sees.contact(record.id) ? { email, phone } : {}),
    ...(sees.wages(record.id)
      ? {
          wage: rateOf(wage?.wageE4 ?? null),
          wageEffectiveFrom: wage?.effectiveFrom ?? null,
          wageMissing: wage === null ? 'not_supplied' : null,
        }
      : {}),
  };
}

function jobView(record: MirrorRecord<'job'>, { mirror, sees }: ViewInputs): View {
  const { contractPriceCents, sourceUrl: _sourceUrl, ...fields } = record.fields;
  return {
    ...fields,
    status: statusShown(record, 'pending'),
    ...inDivision(record, mirror.tenant),
    currency: mirror.tenant.currency,
    hasPropay: hasProPay(record.bonus),
    propayIds: record.bonus.proPayIds,
    ...verdictView(record.bonus, sees),
    ...(sees.excluded ? ownFactsView(record.own) : {}),
    ...(sees.budgets ? { contractPrice: moneyOf(contractPriceCents), budget: budgetOf(record) } : {}),
  };
}

/** The division a job belongs to, and the manager of that place (M-47, M-141). A reference that waits for its target is the source's. */
function inDivision({ id, fields, own, pendingRefs }: MirrorRecord<'job'>, tenant: TenantContext) {
  const divisionId = pendingRefs.includes('divisionId') ? null : divisionOf(fields, tenant);
  return { divisionId, managerId: managerInForce({ id, own, fields: { ...fields, divisionId } }, tenant)?.workerId ?? null };
}

/** Whether work has a ProPay that counts: one that was canceled or deleted does not (M-126, V-21). */
export function hasProPay({ proPayIds, verdict }: BonusBlock): boolean {
  return proPayIds.length > 0 && verdict === null;
}

/** Why there is no ProPay; of excluded work also by what kind of rule, to those who may see it (B-20, M-126). */
function verdictView({ verdict, excludedBy }: BonusBlock, { excluded }: PropertySight) {
  return excluded || !EXCLUDED.has(verdict ?? '') ? { propayVerdict: verdict, excludedBy } : {};
}

const EXCLUDED: ReadonlySet<string> = new Set(['excluded_by_rule', 'excluded_manually']);

/** What people decided of a job. */
export function ownFactsView({ excluded, included, callbackOf }: OwnFacts) {
  return { exclusion: excluded, includedByHand: included, callbackOf: callbackOf?.jobId ?? null };
}

function milestoneView(record: MirrorRecord<'milestone'>, { sees }: ViewInputs): View {
  const { fields } = record;
  return {
    ...fields,
    status: statusShown(record, 'scheduled'),
    ...reportsView(record),
    propayId: record.bonus.proPayIds.at(-1) ?? null,
    ...verdictView(record.bonus, sees),
    ...(sees.budgets ? { budget: budgetOf(record) } : {}),
  };
}

/**
 * How far along a milestone is by what is said of it (E-8), and the reports by hand behind that. What the source calls completed is
 * complete, whatever stands beside it.
 */
export function reportsView(record: MirrorRecord<'milestone'>) {
  const { progress, installed } = record.own;
  const complete = record.fields.status === 'completed';
  const latest = latestReport(record);
  const basis = latest === null ? null : latest.by === 'hand' ? 'reported' : 'source_percent';
  return {
    progressBp: complete ? 10_000 : (latest?.progressBp ?? null),
    progressBasis: complete ? 'source_completed' : basis,
    progressReport: progress,
    installed: Object.entries(installed ?? {}).map(([item, { quantityE4, by, at }]) => ({
      item,
      quantity: rateOf(quantityE4)!,
      by,
      at,
    })),
  };
}

/** M-31: what waits is in progress once work on it has begun. The source's own status stays what is stored and listed by. */
function statusShown(record: MirrorRecord<'job'> | MirrorRecord<'milestone'>, waiting: 'pending' | 'scheduled'): string {
  const { status } = record.fields;
  return status === waiting && record.bonus.begun && record.tombstone === null ? 'in_progress' : status;
}

/** The source's budget, with what people gave because it has none (E-7). */
function budgetOf({ bonus, own }: MirrorRecord<'job'> | MirrorRecord<'milestone'>): View | null {
  const budget = effectiveBudget(bonus.budget, own.overrides.budget);
  return budget === null ? null : budgetView(budget);
}

function budgetView(fields: ShownBudget): View {
  return {
    budgetSeconds: fields.budgetSeconds,
    laborAmount: moneyOf(fields.laborAmountCents),
    contractPrice: moneyOf(fields.contractPriceCents),
    laborShareBp: fields.laborShareBp,
    rate: rateOf(fields.rateE4),
    quantity: rateOf(fields.quantityE4),
    tasks: fields.tasks.map(({ key, name, seconds, amountCents }) => ({ key, name, seconds, amount: moneyOf(amountCents) })),
    basis: fields.basis,
  };
}
