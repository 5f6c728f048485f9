import { divisionOf } from '#bonus/inputs/division-of.ts';
import {
  overridesOfJob,
  overridesOfMilestone,
  overridesOfWorker,
  type ShownOverride,
  type ShownWageOverride,
} from '#bonus/inputs/overrides.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { LocalBudget, OverrideField } from '#model/overrides.ts';
import { moneyOf, rateOf } from '../edge.ts';
import type { MirrorContext } from './context.ts';
import type { PropertySight } from './views.ts';

/** An override as the API serves it: beside what the source said then and says now, in edge units (M-117). */
export interface OverrideView {
  readonly value: unknown;
  readonly by: string;
  readonly at: string;
  readonly reason: string | null;
  readonly sourceValueWhenSet: unknown;
  readonly sourceValue: unknown;
  readonly conflict: boolean;
  /** The record that it was set on, where that one leads here by now. */
  readonly from?: string;
  /** Of a wage. */
  readonly effectiveFrom?: string;
  readonly burdenBp?: number | null;
  /** Of a state. */
  readonly note?: string | null;
}

export type OverrideViews = Readonly<Partial<Record<OverrideField, OverrideView>>>;

/** The overrides of a record, without those that the role may not see. */
export function overrideViews(record: MirrorRecord, mirror: MirrorContext, sees: PropertySight): OverrideViews {
  switch (record.entity) {
    case 'worker':
      return viewsOfWorker(record as MirrorRecord<'worker'>, mirror, sees);
    case 'job':
      return viewsOfJob(record as MirrorRecord<'job'>, mirror, sees);
    case 'milestone': {
      const { budget } = overridesOfMilestone(record as MirrorRecord<'milestone'>);
      return budget !== null && sees.budgets ? { budget: inEdgeUnits(budget, budgetText) } : {};
    }
    default:
      return {};
  }
}

function viewsOfWorker(worker: MirrorRecord<'worker'>, { tenant, today }: MirrorContext, sees: PropertySight): OverrideViews {
  const { wage, role, active } = overridesOfWorker(worker, tenant, today);
  return {
    ...(wage !== null && sees.wages(worker.id) ? { wage: wageView(wage) } : {}),
    ...(role === null ? {} : { role }),
    ...(active === null
      ? {}
      : { active: { ...active, note: active.value === 'active' && !worker.fields.sourceActive ? NO_DATA : null } }),
  };
}

/** M-120, A-15. */
const NO_DATA = 'No new data until active at the source.';

function wageView({ effectiveFrom, burdenBp, ...wage }: ShownWageOverride): OverrideView {
  return { ...inEdgeUnits(wage, rateOf), effectiveFrom, burdenBp };
}

function viewsOfJob(job: MirrorRecord<'job'>, { tenant }: MirrorContext, sees: PropertySight): OverrideViews {
  const located = { ...job, fields: { ...job.fields, divisionId: divisionOf(job.fields, tenant) } };
  const { manager, budget } = overridesOfJob(located, tenant);
  return {
    ...(manager === null ? {} : { manager }),
    ...(budget !== null && sees.budgets ? { budget: inEdgeUnits(budget, budgetText) } : {}),
  };
}

function inEdgeUnits<V>(shown: ShownOverride<V>, text: (value: V | null) => unknown): OverrideView {
  const { value, sourceValueWhenSet, sourceValue, ...rest } = shown;
  return { ...rest, value: text(value), sourceValueWhenSet: text(sourceValueWhenSet), sourceValue: text(sourceValue) };
}

/** A budget in edge names, with the fields alone that somebody gave. */
export function budgetText(budget: LocalBudget | null): unknown {
  if (budget === null) return null;
  const { budgetSeconds, laborAmountCents, contractPriceCents, laborShareBp, rateE4, quantityE4, tasks } = budget;
  const given = {
    budgetSeconds,
    laborAmount: textOf(laborAmountCents, moneyOf),
    contractPrice: textOf(contractPriceCents, moneyOf),
    laborShareBp,
    rate: textOf(rateE4, rateOf),
    quantity: textOf(quantityE4, rateOf),
    tasks: tasks?.map(({ key, name, seconds, amountCents }) => ({ key, name, seconds, amount: moneyOf(amountCents) })),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function textOf(value: number | null | undefined, text: (value: number) => string | null): string | null | undefined {
  return value === undefined || value === null ? undefined : text(value);
}
