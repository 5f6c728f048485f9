import type { CalculationResult } from '#bonus/shapes.ts';
import { centsOf, e4Of, moneyOf, rateOf } from '../../edge.ts';

/** Edge names that hold money, and what they are called inside; a bare `amount` is told apart by where it stands. */
const MONEY: Readonly<Record<string, string>> = {
  budgetAmount: 'budgetCents',
  contractPrice: 'contractPriceCents',
  leadPay: 'leadPayCents',
  value: 'valueCents',
};
const RATES: Readonly<Record<string, string>> = { wage: 'wageE4', rate: 'rateE4', quantity: 'quantityE4' };

/**
 * A calculation in edge names as the engine takes it: decimal text becomes whole cents and ten-thousandths, everything else stays as it
 * is and is checked by the engine itself.
 */
export function calculationFromEdge(value: unknown, pointer: string): unknown {
  if (Array.isArray(value)) return value.map((inner, index) => calculationFromEdge(inner, `${pointer}/${index}`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => memberFromEdge(name, inner, `${pointer}/${name}`, pointer)),
  );
}

function memberFromEdge(name: string, value: unknown, pointer: string, parent: string): [string, unknown] {
  if (typeof value === 'string') {
    if (name === 'amount') return [/\/penalties\/\d+$/.test(parent) ? 'amountCents' : 'cents', centsOf(value, pointer)];
    if (MONEY[name] !== undefined) return [MONEY[name], centsOf(value, pointer)];
    if (RATES[name] !== undefined) return [RATES[name], e4Of(value, pointer)];
  }
  if (value === null && (MONEY[name] ?? RATES[name]) !== undefined) return [(MONEY[name] ?? RATES[name])!, null];
  return [name, calculationFromEdge(value, pointer)];
}

/** A result of the engine in edge names, as previews show it. */
export function resultToEdge(result: CalculationResult) {
  if (result.outcome === 'cannot-tell') return { outcome: result.outcome, missing: result.missing, approvable: false };
  return {
    outcome: result.outcome,
    missing: [],
    ...(result.budgetSeconds === undefined ? {} : { budgetSeconds: result.earnedBudgetSeconds ?? result.budgetSeconds }),
    ...(result.budgetCents === undefined ? {} : { budgetAmount: moneyOf(result.earnedBudgetCents ?? result.budgetCents)! }),
    actualSeconds: result.actualSeconds,
    actualCost: moneyOf(result.actualCostCents)!,
    blendedWage: rateOf(result.blendedWageE4),
    ...(result.savedSeconds === undefined ? {} : { savedSeconds: result.savedSeconds }),
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
