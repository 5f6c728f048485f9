import { addUpPools } from '../add-up.ts';
import { addUpPayouts } from '../group.ts';
import type { AppliedResult, WorkerShare } from '../shapes.ts';

/** The figures of a group netted separately: those of its members added up (B-103). A mean wage of all of them says nothing. */
export function addUpResults(results: readonly AppliedResult[]): AppliedResult {
  const total = (of: (result: AppliedResult) => number): number => results.reduce((sum, result) => sum + of(result), 0);
  const withUnit = <K extends 'budgetSeconds' | 'budgetCents' | 'savedSeconds'>(name: K) =>
    results.some((result) => result[name] !== undefined) ? { [name]: total((result) => result[name] ?? 0) } : null;
  return {
    outcome: 'applies',
    ...withUnit('budgetSeconds'),
    ...withUnit('budgetCents'),
    ...withUnit('savedSeconds'),
    actualSeconds: total((result) => result.actualSeconds),
    actualCostCents: total((result) => result.actualCostCents),
    blendedWageE4: null,
    savingsCents: total((result) => result.savingsCents),
    workerShareCents: total((result) => result.workerShareCents),
    penaltyCents: total((result) => result.penaltyCents),
    pools: addUpPools(results),
    payouts: addUpPayouts(results.flatMap((result) => result.payouts)),
    companyKeepsCents: total((result) => result.companyKeepsCents),
    leadPayCents: total((result) => result.leadPayCents),
    leadPayouts: sharesOf(results.flatMap((result) => result.leadPayouts)),
    approvable: results.every((result) => result.approvable),
    notes: [...new Set(results.flatMap((result) => result.notes))],
  };
}

/** One share per person, in the order of their ids. */
function sharesOf(shares: readonly WorkerShare[]): WorkerShare[] {
  const sums = new Map<string, number>();
  for (const { workerId, cents } of shares) sums.set(workerId, (sums.get(workerId) ?? 0) + cents);
  return [...sums].map(([workerId, cents]) => ({ workerId, cents })).sort((a, b) => (a.workerId < b.workerId ? -1 : 1));
}
