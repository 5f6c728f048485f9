import type { GroupMember, GroupTerms } from '#bonus/group.ts';
import type { Phase, PhaseTerms } from '#bonus/phases.ts';
import type { Budget, Calculation, Entry, Payout, Role } from '#bonus/shapes.ts';
import { budgetInForce } from './budget.ts';
import { oracle } from './calculation.ts';
import { byCodePoint, product, ratio, round, share } from './exact.ts';

/*
 * The second reading of what is built from calculations: groups, phases, callbacks and source changes. Like the calculation beside it,
 * it is written from the rules alone.
 */

const ROLE_ORDER: readonly Role[] = ['crew', 'crew_lead', 'manager', 'other'];

type Undecided = { readonly outcome: 'cannot-tell'; readonly missing: readonly string[] };

const undecided = (missing: readonly string[]): Undecided => ({
  outcome: 'cannot-tell',
  missing: [...new Set(missing)].sort(byCodePoint),
});

/** Amounts added up by person and role, zeros left out, roles in their order, then ids. */
function addedUp(payouts: readonly Payout[]): Payout[] {
  return ROLE_ORDER.flatMap((role) => {
    const ids = [...new Set(payouts.filter((one) => one.role === role).map((one) => one.workerId))].sort(byCodePoint);
    return ids
      .map((workerId) => ({ workerId, role, cents: amountOf(payouts, workerId, role) }))
      .filter((payout) => payout.cents !== 0);
  });
}

function amountOf(payouts: readonly Payout[], workerId: string, role: Role): number {
  return payouts.filter((one) => one.workerId === workerId && one.role === role).reduce((sum, one) => sum + one.cents, 0);
}

const hasFailed = (member: GroupMember): boolean => (member.disqualifiers ?? []).some((one) => one.state === 'failed');

/** Savings of some members of a pooled group as one (B-102), or what is missing to tell them; 0 without any member. */
function pooledSavings(terms: GroupTerms, members: readonly GroupMember[]): number | readonly string[] {
  if (members.length === 0) return 0;
  const result = oracle({
    ...terms,
    ...sumOf(terms, members),
    entries: members.flatMap((member) => member.entries),
    distribution: { formula: 'per_head' },
  });
  const gaps = members.flatMap((member) => budgetGaps(terms, member));
  if (result.outcome === 'applies') return gaps.length === 0 ? result.savingsCents : gaps;
  return [...gaps, ...result.missing.filter((key) => key !== 'budget')];
}

function inTerms(terms: GroupTerms, member: GroupMember) {
  return {
    budget: member.budget,
    settingModification: member.settingModification ?? terms.settingModification ?? null,
    adjustment: member.adjustment ?? terms.adjustment ?? null,
  };
}

function budgetGaps(terms: GroupTerms, member: GroupMember): readonly string[] {
  const budget = budgetInForce(inTerms(terms, member));
  return Array.isArray(budget) ? budget : [];
}

/** The sum of budgets, each after B-35, as a budget that nothing modifies any more; unknown while one is. `total`: of those known. */
export function sumOf(terms: GroupTerms, members: readonly GroupMember[]) {
  const budgets = members.map((member) => budgetInForce(inTerms(terms, member)));
  const total = budgets.reduce((sum, budget) => sum + (Array.isArray(budget) ? 0 : budget.value), 0);
  const shown = budgets.some((budget) => Array.isArray(budget)) ? null : total;
  const hours = members.some(({ budget }) => budget?.type === 'hours_budget' || budget?.type === 'task_hours');
  const budget: Budget = hours ? { type: 'hours_budget', budgetSeconds: shown } : { type: 'labor_budget', budgetCents: shown };
  return { budget, settingModification: null, adjustment: null, total };
}

/** B-102 and B-107: one budget, one actual, one variance; failures never help, and time on failed members gives no weight. */
export function pooledOracle(terms: GroupTerms, members: readonly GroupMember[]) {
  const passing = members.filter((member) => !hasFailed(member));
  const cap = passing.length === members.length ? null : pooledSavings(terms, passing);
  const entries = members.flatMap((member) =>
    member.entries.map((entry) => ({ ...entry, noWeight: entry.noWeight || hasFailed(member) })),
  );
  const group: Calculation = {
    ...terms,
    ...sumOf(terms, members),
    entries,
    disqualifiers: [
      ...(terms.disqualifiers ?? []),
      ...members.flatMap((member) => (member.disqualifiers ?? []).filter((one) => one.state === 'pending')),
    ],
    penalties: [...(terms.penalties ?? []), ...members.flatMap((member) => member.penalties ?? [])],
    savingsCapCents: typeof cap === 'number' ? cap : null,
  };
  const gaps = [...members.flatMap((member) => budgetGaps(terms, member)), ...(Array.isArray(cap) ? cap : [])];
  const result = oracle(group);
  if (result.outcome === 'cannot-tell') return undecided([...gaps, ...result.missing.filter((key) => key !== 'budget')]);
  if (gaps.length > 0) return undecided(gaps);
  const seconds = entries
    .filter((entry) => !entry.noWeight && sharesInCrew(terms, entry.workerId))
    .reduce((sum, entry) => sum + entry.seconds, 0);
  // Cents per second, times 3,600 seconds and 100 ten-thousandths a cent.
  return {
    ...result,
    bonusRateE4: seconds === 0 ? null : round(product(ratio(result.pools.crewCents, seconds), ratio(360_000))),
  };
}

function sharesInCrew(terms: GroupTerms, id: string): boolean {
  if ((terms.excludedWorkerIds ?? []).includes(id)) return false;
  const out = (ids: readonly string[] | null | undefined, inCrew: boolean | null | undefined, bp: number) =>
    inCrew === false && bp > 0 && (ids ?? []).includes(id);
  return (
    !out(terms.crewLeadIds, terms.leadInCrewPool, terms.pool.crewLeadBp) &&
    !out(terms.managerIds, terms.managerInCrewPool, terms.pool.managerBp)
  );
}

/** B-103: every member alone; payouts add up. */
export function separateOracle(terms: GroupTerms, members: readonly GroupMember[]) {
  const results = members.map((member) => ({
    id: member.id,
    result: oracle({
      ...terms,
      ...inTerms(terms, member),
      entries: member.entries,
      disqualifiers: [...(terms.disqualifiers ?? []), ...(member.disqualifiers ?? [])],
      penalties: member.penalties ?? [],
    }),
  }));
  const missing = results.flatMap(({ result }) => (result.outcome === 'cannot-tell' ? result.missing : []));
  if (missing.length > 0) return undecided(missing);
  const known = results.flatMap(({ id, result }) => (result.outcome === 'applies' ? [{ id, result }] : []));
  return {
    outcome: 'applies' as const,
    members: known.map(({ id, result }) => ({
      id,
      savingsCents: result.savingsCents,
      workerShareCents: result.workerShareCents,
    })),
    payouts: addedUp(known.flatMap(({ result }) => result.payouts)),
  };
}

function phaseResults(terms: PhaseTerms, phases: readonly Phase[]) {
  const results = phases.map(({ id, budget, entries }) => ({ id, result: oracle({ ...terms, budget, entries }) }));
  const missing = results.flatMap(({ result }) => (result.outcome === 'cannot-tell' ? result.missing : []));
  const known = results.flatMap(({ id, result }) => (result.outcome === 'applies' ? [{ id, result }] : []));
  return { missing, known, netCents: known.reduce((sum, { result }) => sum + result.savingsCents, 0) };
}

const paid = (payouts: readonly Payout[]): number => payouts.reduce((sum, one) => sum + one.cents, 0);

/** B-113: each phase for itself, the net of the job beside the sum. */
export function independentOracle(terms: PhaseTerms, phases: readonly Phase[]) {
  const { missing, known, netCents } = phaseResults(terms, phases);
  if (missing.length > 0) return undecided(missing);
  return {
    outcome: 'applies' as const,
    phases: known.map(({ id, result }) => ({ id, savingsCents: result.savingsCents, paysCents: paid(result.payouts) })),
    totalPaysCents: known.reduce((sum, { result }) => sum + paid(result.payouts), 0),
    jobLevelSavingsCents: netCents,
  };
}

/** B-114: payouts fill each person's reserve; a phase over budget draws its part of the loss from all of them, at most all there is. */
export function reserveOracle(terms: PhaseTerms, phases: readonly Phase[]) {
  const { missing, known, netCents } = phaseResults(terms, phases);
  if (missing.length > 0) return undecided(missing);
  let reserve = new Map<string, number>();
  const splitBp = (terms.splitEnabled ?? true) ? (terms.splitBp ?? 5000) : 10_000;
  const moves = known.map(({ id, result }) => {
    const total = [...reserve.values()].reduce((sum, cents) => sum + cents, 0);
    const lossCents = round(product(ratio(0 - result.savingsCents), ratio(splitBp, 10_000)));
    const drawn = result.savingsCents < 0 ? Math.min(total, lossCents) : 0;
    const parts = share(drawn, new Map([...reserve].map(([workerId, cents]) => [workerId, BigInt(cents)])));
    reserve = new Map([...reserve].map(([workerId, cents]) => [workerId, cents - parts.get(workerId)!]));
    for (const { workerId, cents } of result.payouts) reserve.set(workerId, (reserve.get(workerId) ?? 0) + cents);
    return { id, savingsCents: result.savingsCents, toReserveCents: paid(result.payouts) - drawn };
  });
  return {
    outcome: 'applies' as const,
    phases: moves,
    reserve: [...reserve].sort(([a], [b]) => byCodePoint(a, b)).map(([workerId, cents]) => ({ workerId, cents })),
    jobLevelSavingsCents: netCents,
  };
}

/** B-152, B-153: by role what the recalculation with all rework falls by, divided by what was approved; reserves before deductions. */
export function callbackOracle(
  original: Calculation,
  rework: readonly Entry[],
  reserve: readonly Payout[],
  alreadyTaken: readonly Payout[],
) {
  const approved = oracle(original);
  if (approved.outcome === 'cannot-tell') return undecided(approved.missing);
  const unweighted = rework.map((entry) => ({ ...entry, noWeight: true }));
  // How the crew shares does not matter to the pools, and amounts by hand or earnings of those who reworked would be asked for.
  const again = oracle({ ...original, entries: [...original.entries, ...unweighted], distribution: { formula: 'per_head' } });
  if (again.outcome === 'cannot-tell') return undecided(again.missing);
  const now = [again.pools.crewCents, again.pools.crewLeadCents, again.pools.managerCents, again.pools.otherCents];
  const byWorker = ROLE_ORDER.flatMap((role, index) => {
    const earned = approved.payouts.filter((one) => one.role === role && one.cents > 0);
    const before = paid(earned);
    const fall = Math.max(0, before - Math.max(0, now[index]!));
    const parts = share(fall, new Map(earned.map((one) => [one.workerId, BigInt(one.cents)])));
    return [...parts].flatMap(([workerId, part]) => {
      const differenceCents = part - amountOf(alreadyTaken, workerId, role);
      if (differenceCents <= 0) return [];
      const held = amountOf(reserve, workerId, role);
      const fromReserveCents = differenceCents < held ? differenceCents : held;
      return [{ workerId, role, differenceCents, fromReserveCents, deductionCents: differenceCents - fromReserveCents }];
    });
  });
  return {
    outcome: 'applies' as const,
    approvedSavingsCents: approved.savingsCents,
    recomputedSavingsCents: again.savingsCents,
    differenceCents: byWorker.reduce((sum, one) => sum + one.differenceCents, 0),
    byWorker,
  };
}

/** B-96: current less approved; a source without time counts as zero savings, so nobody has anything there. */
export function sourceChangeOracle(
  approved: { readonly actualSeconds: number; readonly payouts: readonly Payout[] },
  current: Calculation,
) {
  const empty = current.entries.reduce((sum, entry) => sum + entry.seconds, 0) === 0;
  const now = empty ? null : oracle(current);
  if (now?.outcome === 'cannot-tell') return undecided(now.missing);
  const taken = approved.payouts.map((payout) => ({ ...payout, cents: 0 - payout.cents }));
  const byWorker = addedUp([...(now?.payouts ?? []), ...taken]);
  return {
    outcome: 'applies' as const,
    secondsDifference: (now?.actualSeconds ?? 0) - approved.actualSeconds,
    byWorker: byWorker.map(({ workerId, role, cents }) => ({ workerId, role, differenceCents: cents })),
    totalDifferenceCents: paid(byWorker),
  };
}
