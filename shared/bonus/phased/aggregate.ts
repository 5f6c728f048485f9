import { hashCanonical } from '#kernel/hash.ts';
import { counts, isDecided, type Phase } from '#model/phase.ts';
import type { Payout, ProPayFigures, ProPayResult } from '#model/propay.ts';
import { isReady } from '#model/propay-alerts.ts';
import { addUpPools } from '../add-up.ts';
import { roundedRatio } from '../exact.ts';
import { UNITS_PER_CENT } from '../rules/labour-cost.ts';
import { missingKeys } from '../rules/outcome.ts';
import { ROLES } from '../shapes.ts';

/** The parts of a result that a phased ProPay has of its phases. */
export type PhasedResult = Pick<ProPayResult, 'inputsVersion' | 'outcome' | 'missing' | 'figures' | 'ifCompleted' | 'ofPhases'>;

/**
 * What a phased ProPay shows as a whole: the sums of the phases that count (B-112), so that savings are the job-level net (B-113) while
 * payouts are what the phases pay. As long as none of them can be told, what is missing in all of them.
 */
export function resultOfPhases(phases: readonly Phase[]): PhasedResult {
  const counted = phases.filter(counts);
  const figures = counted.flatMap(({ result }) => result.figures ?? []);
  const ifCompleted = counted.flatMap(({ result }) => result.ifCompleted ?? result.figures ?? []);
  const inputsVersion = hashCanonical(
    phases.map(({ id, status, approvals, result }) => [
      id,
      isDecided({ status }) ? 'decided' : status,
      approvals,
      result.inputsVersion,
    ]),
  );
  const open = phases.filter(({ status }) => status === 'Draft' || status === 'Active');
  const ofPhases = {
    readyIds: open.filter(({ status, result }) => status === 'Active' && isReady(result)).map(({ id }) => id),
    missing: missingKeys(
      open.flatMap(({ status, result }) => (status === 'Draft' ? [...result.missing, 'budget'] : result.missing)),
    ),
  };
  const running = counted.some(({ result }) => result.ifCompleted !== null);
  if (figures.length === 0) {
    const missing = missingKeys([...phases.flatMap(({ result }) => result.missing), ...(counted.length === 0 ? ['budget'] : [])]);
    return {
      inputsVersion,
      outcome: 'cannot-tell',
      missing,
      figures: null,
      ifCompleted: running ? sumOf(ifCompleted) : null,
      ofPhases,
    };
  }
  return {
    inputsVersion,
    outcome: 'applies',
    missing: [],
    figures: sumOf(figures),
    ifCompleted: running ? sumOf(ifCompleted) : null,
    ofPhases,
  };
}

/** Figures added up; the blended wage is that of all time together (R8). */
export function sumOf(list: readonly ProPayFigures[]): ProPayFigures {
  const sum = (pick: (one: ProPayFigures) => number): number => list.reduce((total, one) => total + pick(one), 0);
  const known = (pick: (one: ProPayFigures) => number | null): number | null =>
    list.some((one) => pick(one) === null) ? null : sum((one) => pick(one)!);
  const actualSeconds = sum((one) => one.actualSeconds);
  const actualCostCents = sum((one) => one.actualCostCents);
  return {
    budgetSeconds: known((one) => one.budgetSeconds),
    budgetCents: known((one) => one.budgetCents),
    actualSeconds,
    actualCostCents,
    blendedWageE4: actualSeconds === 0 ? null : roundedRatio(actualCostCents, UNITS_PER_CENT, actualSeconds),
    savedSeconds: known((one) => one.savedSeconds),
    savingsCents: sum((one) => one.savingsCents),
    workerShareCents: sum((one) => one.workerShareCents),
    penaltyCents: sum((one) => one.penaltyCents),
    pools: addUpPools(list),
    payouts: mergedPayouts(list.flatMap(({ payouts }) => payouts)),
    companyKeepsCents: sum((one) => one.companyKeepsCents),
    leadPayCents: 0,
    leadPayouts: [],
    possibleCents: sum((one) => one.possibleCents),
    approvable: false,
    notes: [...new Set(list.flatMap(({ notes }) => notes))].sort(),
  };
}

function mergedPayouts(payouts: readonly Payout[]): readonly Payout[] {
  const merged = Map.groupBy(payouts, ({ role, workerId }) => `${ROLES.indexOf(role)} ${workerId}`);
  return [...merged]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, same]) => ({
      workerId: same[0]!.workerId,
      role: same[0]!.role,
      cents: same.reduce((total, { cents }) => total + cents, 0),
      seconds: same.reduce((total, { seconds }) => total + seconds, 0),
      ...(same.some(({ aboveStraightPay }) => aboveStraightPay) ? { aboveStraightPay: true as const } : null),
    }));
}

/** What a phased ProPay is as a whole: open while any of its phases is, then as far as those are that somebody decided on. */
export function statusOfPhases(phases: readonly Phase[]): 'Active' | 'Approved' | 'Paid' {
  if (!isOver(phases)) return 'Active';
  const decided = phases.filter(isDecided);
  const paid = decided.some(({ status }) => status === 'Paid');
  return paid && decided.every(({ settled }) => settled) ? 'Paid' : 'Approved';
}

/** B-116: nothing more will be approved. */
export function isOver(phases: readonly Phase[]): boolean {
  return phases.some(isDecided) && !phases.some(({ status }) => status === 'Draft' || status === 'Active');
}
