import type { MirrorRecord } from '#model/mirror-record.ts';
import type { BudgetFigures, ProPay } from '#model/propay.ts';
import type { ProPayRecords, ProPayTarget } from '#model/propay-state.ts';
import type { BudgetType } from '#model/settings.ts';
import { defineRule } from '../rules/rule.ts';
import type { Budget, RecordRef } from '../shapes.ts';
import { isLive, refOfRecord } from './live.ts';

/** M-50: which record a budget is read from. */
export const budgetSourceRule = defineRule('M-50', 1, 'Budget source');

/** A budget with where it came from; `budget` null where the source has no figure of this type. */
export interface SourcedBudget {
  readonly budget: Budget | null;
  readonly figures: BudgetFigures | null;
}

type Figures = Omit<BudgetFigures, 'type' | 'basis'>;
interface Found {
  readonly figures: Figures;
  readonly ref: RecordRef;
  readonly basis: string | null;
}

/**
 * The budget of a type (M-50): of the visit on a recurring job; else the job's own, else the sum of its milestones that are not
 * canceled. A milestone without a figure leaves the sum unknown, since a gap is never filled (B-4). A budget given by hand at creation
 * is used only while the source has none (B-32).
 */
export function sourceBudget(
  type: BudgetType,
  records: ProPayRecords,
  target: ProPayTarget,
  own: (Pick<ProPay, 'ownBudget'> & { readonly id: string; readonly revision: number }) | null,
): SourcedBudget {
  const found = fromSource(type, records, target) ?? fromHand(type, own);
  if (found === null) return { budget: null, figures: null };
  const budget = { type, ...found.figures, ref: found.ref } as Budget;
  return { budget, figures: { type, basis: found.basis, ...found.figures } };
}

function fromSource(type: BudgetType, records: ProPayRecords, target: ProPayTarget): Found | null {
  const budgets = records.budgets.filter(isLive);
  const { job } = records;
  const direct = firstWith(
    type,
    budgets.filter((one) => one.fields.milestoneId === target.milestoneId),
    job,
  );
  if (direct !== null || target.milestoneId !== null) return direct;
  const milestones = records.milestones.filter((one) => isLive(one) && one.fields.status !== 'canceled');
  const each = milestones.map((milestone) =>
    firstWith(
      type,
      budgets.filter((one) => one.fields.milestoneId === milestone.id),
      null,
    ),
  );
  if (each.length === 0 || job === null || each.some((one) => one === null)) return null;
  const figures = summed(type, each as readonly Found[]);
  return figures === null ? null : { figures, ref: refOfRecord(job), basis: each[0]!.basis };
}

/** The first budget record, by id, that holds the type's figures; a job's contract price may also stand on the job itself. */
function firstWith(
  type: BudgetType,
  budgets: readonly MirrorRecord<'budget_info'>[],
  job: MirrorRecord<'job'> | null,
): Found | null {
  for (const record of [...budgets].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const figures = figuresOf(type, record.fields, job?.fields.contractPriceCents ?? null);
    if (figures !== null) return { figures, ref: refOfRecord(record), basis: record.fields.basis };
  }
  return null;
}

function figuresOf(
  type: BudgetType,
  fields: MirrorRecord<'budget_info'>['fields'],
  jobPriceCents: number | null,
): Figures | null {
  switch (type) {
    case 'hours_budget':
      return fields.budgetSeconds === null ? null : { budgetSeconds: fields.budgetSeconds };
    case 'labor_budget':
      return fields.laborAmountCents === null ? null : { budgetCents: fields.laborAmountCents };
    case 'contract_price': {
      const contractPriceCents = fields.contractPriceCents ?? jobPriceCents;
      return contractPriceCents === null || fields.laborShareBp === null
        ? null
        : { contractPriceCents, laborBp: fields.laborShareBp };
    }
    case 'rate':
      return fields.rateE4 === null || fields.quantityE4 === null
        ? null
        : { rateE4: fields.rateE4, quantityE4: fields.quantityE4 };
    case 'task_hours':
      return fields.tasks.length === 0
        ? null
        : { tasks: fields.tasks.map((task) => ({ id: task.key, budgetSeconds: task.seconds })) };
    case 'task_amount':
      return fields.tasks.length === 0
        ? null
        : { tasks: fields.tasks.map((task) => ({ id: task.key, budgetCents: task.amountCents })) };
  }
}

/** Adds up the budgets of milestones: plain figures only, a rate or a share of a price has no sum. */
function summed(type: BudgetType, each: readonly Found[]): Figures | null {
  if (type === 'hours_budget') return { budgetSeconds: each.reduce((sum, one) => sum + one.figures.budgetSeconds!, 0) };
  if (type === 'labor_budget') return { budgetCents: each.reduce((sum, one) => sum + one.figures.budgetCents!, 0) };
  return null;
}

function fromHand(type: BudgetType, own: Parameters<typeof sourceBudget>[3]): Found | null {
  if (own === null || own.ownBudget === null) return null;
  const { budgetSeconds, budgetCents } = own.ownBudget;
  const ref: RecordRef = { entity: 'propay', id: own.id, revision: own.revision };
  if (type === 'hours_budget' && budgetSeconds !== undefined) return { figures: { budgetSeconds }, ref, basis: 'hand' };
  if (type === 'labor_budget' && budgetCents !== undefined) return { figures: { budgetCents }, ref, basis: 'hand' };
  return null;
}
