import * as z from 'zod/mini';
import type { AppliedResult, Calculation, CalculationResult } from '#bonus/shapes.ts';
import { payoutChanges } from '#bonus/what-if.ts';
import { centsOf, e4Of, moneyOf, moneyText, rateOf, rateText } from '../../edge.ts';
import type { Viewer } from '../sight.ts';
import { payoutChangeView } from './payout-changes.ts';

/** What may be left out or be null, which is the same. */
const maybe = <T extends z.ZodMiniType>(schema: T) => z.optional(z.nullable(schema));
/** Texts and numbers in their forms alone: which words there are and which ranges, the rules say, each with its own code. */
const text = z.string().check(z.maxLength(200));
const number = z.number();
const ids = maybe(z.array(text));
const shares = maybe(z.array(z.strictObject({ workerId: text, amount: moneyText })));

const parts = {
  budget: z.nullable(
    z.strictObject({
      type: text,
      budgetSeconds: maybe(number),
      budgetAmount: maybe(moneyText),
      contractPrice: maybe(moneyText),
      laborBp: maybe(number),
      rate: maybe(rateText),
      quantity: maybe(rateText),
      tasks: z.optional(z.array(z.strictObject({ id: text, budgetSeconds: maybe(number), budgetAmount: maybe(moneyText) }))),
    }),
  ),
  settingModification: maybe(z.strictObject({ direction: text, bp: number })),
  adjustment: maybe(
    z.strictObject({
      type: text,
      valueBp: z.optional(number),
      factorBp: z.optional(number),
      value: z.optional(moneyText),
      valueSeconds: z.optional(number),
    }),
  ),
  completionBp: maybe(number),
  entries: z.array(
    z.strictObject({
      workerId: text,
      seconds: number,
      wage: z.nullable(rateText),
      burdenBp: maybe(number),
      week: maybe(z.strictObject({ totalSeconds: number, overtimeSeconds: number, doubleTimeSeconds: number })),
      weekStart: z.optional(text),
      noWeight: maybe(z.boolean()),
    }),
  ),
  assignedCrew: maybe(z.array(z.strictObject({ workerId: text, wage: z.nullable(rateText) }))),
  crewLeadIds: ids,
  managerIds: ids,
  otherIds: ids,
  excludedWorkerIds: ids,
  leadInCrewPool: maybe(z.boolean()),
  managerInCrewPool: maybe(z.boolean()),
  splitEnabled: maybe(z.boolean()),
  splitBp: maybe(number),
  pool: z.strictObject({ crewBp: number, crewLeadBp: number, managerBp: number, otherBp: number, companyBp: number }),
  distribution: z.strictObject({
    formula: text,
    leadWeightBp: maybe(number),
    ignoreHours: maybe(z.boolean()),
    amounts: shares,
    earnings: shares,
  }),
  disqualifiers: maybe(z.array(z.strictObject({ id: text, state: text }))),
  penalties: maybe(z.array(z.strictObject({ id: text, amount: z.nullable(moneyText), count: maybe(number) }))),
  rollOverNegative: maybe(z.boolean()),
  leadPay: maybe(moneyText),
};

/** A whole calculation (B-190) in edge names. */
export const calculationSchema = z.strictObject(parts);
/** Any of its keys. */
export const overlaySchema = z.partial(calculationSchema);

/** A calculation in edge names, or parts of one, as the engine takes it, which checks every value itself. */
export function calculationFromEdge<E extends z.infer<typeof calculationSchema> | z.infer<typeof overlaySchema>>(
  given: E,
  pointer: string,
): E extends z.infer<typeof calculationSchema> ? Calculation : Partial<Calculation> {
  return fromEdge(given, pointer) as never;
}

/** Edge names that hold money or a rate, and what they are called inside. */
const MONEY: Readonly<Record<string, string>> = {
  budgetAmount: 'budgetCents',
  contractPrice: 'contractPriceCents',
  leadPay: 'leadPayCents',
  value: 'valueCents',
};
const RATES: Readonly<Record<string, string>> = { wage: 'wageE4', rate: 'rateE4', quantity: 'quantityE4' };

/** Decimal text becomes whole cents and ten-thousandths; everything else stays as it is. */
function fromEdge(value: unknown, pointer: string): unknown {
  if (Array.isArray(value)) return value.map((inner, index) => fromEdge(inner, `${pointer}/${index}`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => memberFromEdge(name, inner, `${pointer}/${name}`)));
}

function memberFromEdge(name: string, value: unknown, pointer: string): [string, unknown] {
  const money = name === 'amount' ? amountAt(pointer) : MONEY[name];
  const inside = money ?? RATES[name];
  if (inside === undefined) return [name, fromEdge(value, pointer)];
  if (typeof value !== 'string') return [inside, value];
  return [inside, money === undefined ? e4Of(value, pointer) : centsOf(value, pointer)];
}

/** An amount is a penalty's, or somebody's share. */
function amountAt(pointer: string): string {
  return /\/penalties\/\d+\/amount$/.test(pointer) ? 'amountCents' : 'cents';
}

/** A result of the engine in edge names, as previews show it to a caller. */
export function resultToEdge(result: CalculationResult, { budgets, costs }: Pick<Viewer, 'budgets' | 'costs'>) {
  if (result.outcome === 'cannot-tell') return { outcome: result.outcome, missing: result.missing, approvable: false };
  return {
    outcome: result.outcome,
    missing: [],
    ...(budgets ? budgetOf(result) : {}),
    actualSeconds: result.actualSeconds,
    ...(costs ? { actualCost: moneyOf(result.actualCostCents)!, blendedWage: rateOf(result.blendedWageE4) } : {}),
    ...(budgets && result.savedSeconds !== undefined ? { savedSeconds: result.savedSeconds } : {}),
    savings: moneyOf(result.savingsCents)!,
    workerShare: moneyOf(result.workerShareCents)!,
    penalty: moneyOf(result.penaltyCents)!,
    pools: {
      crew: moneyOf(result.pools.crewCents)!,
      crewLead: moneyOf(result.pools.crewLeadCents)!,
      manager: moneyOf(result.pools.managerCents)!,
      other: moneyOf(result.pools.otherCents)!,
      company: moneyOf(result.pools.companyCents)!,
    },
    payouts: result.payouts.map(({ workerId, role, cents }) => ({ workerId, role, amount: moneyOf(cents)! })),
    companyKeeps: moneyOf(result.companyKeepsCents)!,
    leadPay: moneyOf(result.leadPayCents)!,
    approvable: result.approvable,
    notes: result.notes,
  };
}

function budgetOf({ budgetSeconds, earnedBudgetSeconds, budgetCents, earnedBudgetCents }: AppliedResult) {
  if (budgetSeconds !== undefined) return { budgetSeconds: earnedBudgetSeconds ?? budgetSeconds };
  return budgetCents === undefined ? {} : { budgetAmount: moneyOf(earnedBudgetCents ?? budgetCents)! };
}

type EdgeResult = ReturnType<typeof resultToEdge>;

/** What differs between two results, line by line: figures by their names, then people's payouts by role. */
export function differenceToEdge(before: CalculationResult, after: CalculationResult, from: EdgeResult, to: EdgeResult) {
  const [was, is] = [figuresOf(from), figuresOf(to)];
  const figures = [...new Set([...was.keys(), ...is.keys()])].flatMap((field) => {
    const line = { field, from: was.get(field) ?? null, to: is.get(field) ?? null };
    return JSON.stringify(line.from) === JSON.stringify(line.to) ? [] : [line];
  });
  return [...figures, ...payoutChanges(before, after).map(payoutChangeView)];
}

/** Every figure by its name, those of the pools as `pools.crew`; payouts are told apart by person. */
function figuresOf(result: EdgeResult): ReadonlyMap<string, unknown> {
  const { pools, payouts: _payouts, ...figures } = { pools: {}, payouts: [], ...result };
  const byPool = Object.entries(pools).map(([name, amount]) => [`pools.${name}`, amount] as const);
  return new Map<string, unknown>([...Object.entries(figures), ...byPool]);
}
