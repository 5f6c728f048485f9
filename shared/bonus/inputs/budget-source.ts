import type { LocalBudget } from '#model/overrides.ts';
import type { BudgetFigures, OwnBudget, ProPay } from '#model/propay.ts';
import type { ProPayRecords, ProPayTarget } from '#model/propay-state.ts';
import type { BudgetType } from '#model/settings.ts';
import { defineRule } from '../rules/rule.ts';
import type { Budget, RecordRef } from '../shapes.ts';
import type { IncentiveInForce } from './incentives.ts';
import { isLive, refOfOverride, refOfRecord } from './live.ts';

/** M-50: which record a budget is read from. */
export const budgetSourceRule = defineRule('M-50', 1, 'Budget source');

/** A budget with where it came from; `budget` null where nobody gives a figure of this type. */
export interface SourcedBudget {
  readonly budget: Budget | null;
  readonly figures: BudgetFigures | null;
}

/** Where the figures may come from beside the source's records. */
export interface BudgetHelp {
  /** The ProPay's own budget, given at creation by hand (B-32). */
  readonly own?: (Pick<ProPay, 'ownBudget'> & { readonly id: string; readonly revision: number }) | null;
  /** The setting's share of labour in a contract price (B-28). */
  readonly laborShare?: IncentiveInForce['laborShare'];
}

interface Found {
  readonly figures: OwnBudget;
  readonly refs: readonly RecordRef[];
  readonly basis: string | null;
}

/** Budget fields of one job or milestone from one place: a record of the source, or what people gave because the source has none. */
interface BudgetRow {
  readonly fields: LocalBudget;
  readonly ref: RecordRef;
  readonly basis: string;
}

/**
 * The budget of a type (M-50): of the visit on a recurring job; else the job's own, else the sum of its milestones that are not
 * canceled. A milestone without a figure leaves the sum unknown, since a gap is never filled (B-4). What people gave of a job or
 * milestone counts while the source lacks it (E-7), a budget given by hand at creation where nobody gives any (B-32). A share of labour
 * that is given nowhere is the setting's, read each time.
 */
export function sourceBudget(
  type: BudgetType,
  records: ProPayRecords,
  target: ProPayTarget,
  { own = null, laborShare = null }: BudgetHelp = {},
): SourcedBudget {
  const found = fromSource(type, records, target, laborShare) ?? fromHand(type, own, laborShare);
  if (found === null) return { budget: null, figures: null };
  const budget = { type, ...found.figures, ref: found.refs } as Budget;
  return { budget, figures: { type, basis: found.basis, ...found.figures } };
}

/** A budget of which nothing is known: what a value entered by hand replaces where nobody gives any (B-35). */
export function unknownBudget(type: BudgetType): Budget {
  const nothing = {
    budgetSeconds: null,
    budgetCents: null,
    contractPriceCents: null,
    laborBp: null,
    rateE4: null,
    quantityE4: null,
  };
  return { type, ...nothing, tasks: [] } as Budget;
}

type Share = IncentiveInForce['laborShare'];

function fromSource(type: BudgetType, records: ProPayRecords, target: ProPayTarget, laborShare: Share): Found | null {
  const of = (milestoneId: string | null) => rowsOf(records, milestoneId);
  if (target.milestoneId !== null) return firstWith(type, of(target.milestoneId), laborShare);
  const direct = firstWith(type, of(null), laborShare);
  if (direct !== null) return direct;
  const milestones = records.milestones.filter((one) => isLive(one) && one.fields.status !== 'canceled');
  const each = milestones.map((one) => ({ milestoneId: one.id, found: firstWith(type, of(one.id), laborShare) }));
  return each.length > 0 && each.every(isFound) ? summed(type, each) : null;
}

/** The source's records by id, then a contract price that stands on the job itself, then what people gave. */
function rowsOf({ budgets, job, milestones }: ProPayRecords, milestoneId: string | null): readonly BudgetRow[] {
  const given = budgets.filter((one) => isLive(one) && one.fields.milestoneId === milestoneId);
  const rows: BudgetRow[] = given
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((record) => ({ fields: record.fields, ref: refOfRecord(record), basis: record.fields.basis }));
  if (milestoneId === null && job !== null) {
    const { contractPriceCents } = job.fields;
    rows.push({ fields: { contractPriceCents }, ref: refOfRecord(job), basis: 'setting' });
  }
  const subject = milestoneId === null ? job : milestones.find(({ id }) => id === milestoneId);
  const local = subject?.own.overrides.budget ?? null;
  if (local !== null) rows.push({ fields: local.value, ref: refOfOverride(subject!.id, 'budget', local), basis: 'override' });
  return rows;
}

/** The first row that holds the type's figures; what takes two fields may come from two places. */
function firstWith(type: BudgetType, rows: readonly BudgetRow[], laborShare: Share): Found | null {
  if (type === 'contract_price') return contractPrice(rows, laborShare);
  for (const { fields, ref, basis } of rows) {
    const figures = figuresOf(type, fields);
    if (figures !== null) return { figures, refs: [ref], basis };
  }
  return type === 'rate' ? together(rows) : null;
}

/** A rate of one place and a quantity of another: the source gives one of them, people the other. */
function together(rows: readonly BudgetRow[]): Found | null {
  const rate = rows.find(({ fields }) => isGiven(fields.rateE4));
  const quantity = rows.find(({ fields }) => isGiven(fields.quantityE4));
  if (rate === undefined || quantity === undefined || ![rate, quantity].some(({ basis }) => basis === 'override')) return null;
  const figures = { rateE4: rate.fields.rateE4, quantityE4: quantity.fields.quantityE4 };
  return { figures, refs: [rate.ref, quantity.ref], basis: 'override' };
}

/** Price times share of labour (B-28), each from the first place that gives it. */
function contractPrice(rows: readonly BudgetRow[], laborShare: Share): Found | null {
  const priced = rows.find(({ fields }) => isGiven(fields.contractPriceCents));
  const shared = rows.find(({ fields }) => isGiven(fields.laborShareBp));
  const laborBp = shared?.fields.laborShareBp ?? laborShare?.bp ?? null;
  if (priced === undefined || laborBp === null) return null;
  const share = shared === undefined ? laborShare!.ref : shared.ref;
  const refs = shared === priced ? [priced.ref] : [priced.ref, share];
  return { figures: { contractPriceCents: priced.fields.contractPriceCents, laborBp }, refs, basis: shared?.basis ?? 'setting' };
}

const isGiven = (value: number | null | undefined): boolean => value !== null && value !== undefined;

function figuresOf(
  type: Exclude<BudgetType, 'contract_price'>,
  { budgetSeconds = null, laborAmountCents = null, rateE4 = null, quantityE4 = null, tasks = [] }: LocalBudget,
): OwnBudget | null {
  switch (type) {
    case 'hours_budget':
      return budgetSeconds === null ? null : { budgetSeconds };
    case 'labor_budget':
      return laborAmountCents === null ? null : { budgetCents: laborAmountCents };
    case 'rate':
      return rateE4 === null || quantityE4 === null ? null : { rateE4, quantityE4 };
    case 'task_hours':
      return tasks.length === 0 ? null : { tasks: tasks.map((task) => ({ id: task.key, budgetSeconds: task.seconds })) };
    case 'task_amount':
      return tasks.length === 0 ? null : { tasks: tasks.map((task) => ({ id: task.key, budgetCents: task.amountCents })) };
  }
}

interface Part {
  readonly milestoneId: string;
  readonly found: Found;
}

function isFound(part: { readonly milestoneId: string; readonly found: Found | null }): part is Part {
  return part.found !== null;
}

/** Adds up the budgets of milestones. Prices have a sum only under one share, quantities under one rate. */
function summed(type: BudgetType, parts: readonly Part[]): Found | null {
  const figures = sumOf(type, parts);
  if (figures === null) return null;
  return { figures, refs: parts.flatMap(({ found }) => found.refs), basis: parts[0]!.found.basis };
}

function sumOf(type: BudgetType, parts: readonly Part[]): OwnBudget | null {
  const each = parts.map(({ found }) => found.figures);
  const sum = (name: 'budgetSeconds' | 'budgetCents' | 'contractPriceCents' | 'quantityE4'): number =>
    each.reduce((total, figures) => total + figures[name]!, 0);
  const common = (name: 'laborBp' | 'rateE4'): number | null =>
    each.every((figures) => figures[name] === each[0]![name]) ? each[0]![name]! : null;
  switch (type) {
    case 'hours_budget':
      return { budgetSeconds: sum('budgetSeconds') };
    case 'labor_budget':
      return { budgetCents: sum('budgetCents') };
    case 'contract_price': {
      const laborBp = common('laborBp');
      return laborBp === null ? null : { contractPriceCents: sum('contractPriceCents'), laborBp };
    }
    case 'rate': {
      const rateE4 = common('rateE4');
      return rateE4 === null ? null : { rateE4, quantityE4: sum('quantityE4') };
    }
    case 'task_hours':
    case 'task_amount':
      return { tasks: parts.flatMap(tasksOf) };
  }
}

/** Tasks of several milestones may bear the same key, so each is named with its milestone. */
function tasksOf({ milestoneId, found }: Part): NonNullable<OwnBudget['tasks']> {
  return found.figures.tasks!.map((task) => ({ ...task, id: `${milestoneId}:${task.id}` }));
}

function fromHand(type: BudgetType, own: BudgetHelp['own'], laborShare: Share): Found | null {
  if (own === null || own === undefined || own.ownBudget === null) return null;
  const { budgetSeconds, budgetCents, contractPriceCents, rateE4, quantityE4, tasks } = own.ownBudget;
  const laborBp = own.ownBudget.laborBp ?? laborShare?.bp;
  const figures: Readonly<Record<BudgetType, OwnBudget>> = {
    hours_budget: { budgetSeconds },
    labor_budget: { budgetCents },
    contract_price: { contractPriceCents, laborBp },
    rate: { rateE4, quantityE4 },
    task_hours: { tasks },
    task_amount: { tasks },
  };
  if (Object.values(figures[type]).some((value) => value === undefined || value === null)) return null;
  const ref: RecordRef = { entity: 'propay', id: own.id, revision: own.revision };
  const borrowed = type === 'contract_price' && (own.ownBudget.laborBp ?? null) === null;
  return { figures: figures[type], refs: borrowed ? [ref, laborShare!.ref] : [ref], basis: 'hand' };
}
