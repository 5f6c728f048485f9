import { calculate } from './calculate.ts';
import { roundedRatio } from './exact.ts';
import { type Moved, reserveByWorker, sharesOfApproval } from './phased/reserve.ts';
import { missingKeys } from './rules/outcome.ts';
import { defineRule } from './rules/rule.ts';
import type { AppliedResult, Budget, Calculation, Entry, UndecidedResult, WorkerShare } from './shapes.ts';

/** B-113: every phase is paid as a ProPay of its own. */
export const independentPhasesRule = defineRule('B-113', 1, 'Independent phases');
/** B-114: phases fill and draw a reserve. */
export const reservePhasesRule = defineRule('B-114', 1, 'Phases with a reserve');
/** B-115: a reserve is released in part or in full. */
export const releaseRule = defineRule('B-115', 1, 'Release of a reserve');

/** One phase with its own budget and time; the rest of the calculation is shared. */
export type Phase = { readonly id: string; readonly budget: Budget | null; readonly entries: readonly Entry[] };

/** What the phases of one ProPay have in common. A loss is never rolled over to people here: it is the reserve's, or the company's. */
export type PhaseTerms = Omit<Calculation, 'budget' | 'entries' | 'rollOverNegative'>;

type CalculatedPhase = { readonly id: string; readonly result: AppliedResult; readonly totalCents: number };

/** Calculates each phase alone; everything missing in any of them together, when something is. */
function calculatePhases(terms: PhaseTerms, phases: readonly Phase[]): readonly CalculatedPhase[] | UndecidedResult {
  const calculated: CalculatedPhase[] = [];
  const missing: string[] = [];
  for (const { id, budget, entries } of phases) {
    const result = calculate({ ...terms, budget, entries, rollOverNegative: false });
    if (result.outcome === 'cannot-tell') missing.push(...result.missing);
    else calculated.push({ id, result, totalCents: result.payouts.reduce((sum, payout) => sum + payout.cents, 0) });
  }
  return missing.length > 0 ? { outcome: 'cannot-tell', missing: missingKeys(missing) } : calculated;
}

function isUndecided(value: readonly CalculatedPhase[] | UndecidedResult): value is UndecidedResult {
  return 'outcome' in value;
}

function jobLevelSavings(phases: readonly CalculatedPhase[]): number {
  return phases.reduce((sum, { result }) => sum + result.savingsCents, 0);
}

/** Phases paid on their own (B-113): one over budget pays nothing and takes nothing back; the net of the job stands beside the sum. */
export function independentPhases(terms: PhaseTerms, phases: readonly Phase[]) {
  const calculated = calculatePhases(terms, phases);
  if (isUndecided(calculated)) return calculated;
  return {
    outcome: 'applies' as const,
    phases: calculated.map(({ id, result, totalCents }) => ({ id, savingsCents: result.savingsCents, paysCents: totalCents })),
    totalPaysCents: calculated.reduce((sum, { totalCents }) => sum + totalCents, 0),
    jobLevelSavingsCents: jobLevelSavings(calculated),
  };
}

/**
 * Phases in the order of their approval with a reserve per person (B-114): payouts are put in; a phase over budget draws its worker
 * share (R6: the same rounding, by symmetry), at most what is there, divided over the balances. Balances of 0 stay listed.
 */
export function reservePhases(terms: PhaseTerms, phases: readonly Phase[]) {
  const calculated = calculatePhases(terms, phases);
  if (isUndecided(calculated)) return calculated;
  const movements: Moved[] = [];
  const moved = calculated.map(({ id, result }, n) => {
    const shares = sharesOfApproval(movements, result);
    movements.push({ kind: 'approval', phaseId: id, n, shares });
    return { id, savingsCents: result.savingsCents, toReserveCents: shares.reduce((sum, { cents }) => sum + cents, 0) };
  });
  const reserve = reserveByWorker(movements);
  return { outcome: 'applies' as const, phases: moved, reserve, jobLevelSavingsCents: jobLevelSavings(calculated) };
}

/** Releases one percentage of every balance, or a worker's own, each rounded (R6); the rest stays. Order and zeros are kept (B-115). */
export function releaseReserve(
  reserve: readonly WorkerShare[],
  releaseBp: number,
  overrides: ReadonlyMap<string, number>,
): { readonly released: readonly WorkerShare[]; readonly remaining: readonly WorkerShare[] } {
  const released = reserve.map(({ workerId, cents }) => ({
    workerId,
    cents: roundedRatio(cents, overrides.get(workerId) ?? releaseBp, 10_000),
  }));
  const remaining = reserve.map(({ workerId, cents }, index) => ({ workerId, cents: cents - released[index]!.cents }));
  return { released, remaining };
}
