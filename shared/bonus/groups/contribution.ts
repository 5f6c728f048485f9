import { canonicalJson } from '#kernel/canonical.ts';
import type { Contribution, MemberFacts, MemberTerms, MemberTime } from '#model/group.ts';
import type { ProPay } from '#model/propay.ts';
import type { Assembled } from '../assemble.ts';
import { kindOfBudget } from '../rules/budget-base.ts';
import { modifyBudget } from '../rules/budget-modification.ts';
import type { Calculation, Entry } from '../shapes.ts';

/** What a ProPay in a group leaves there with each of its results (B-102). */
export function contributionOf(proPay: ProPay, groupId: string, assembled: Assembled, calcRev: number): Contribution {
  const { calculation } = assembled;
  return {
    ...factsOf(proPay, assembled),
    groupId,
    proPayId: proPay.id,
    reference: proPay.reference,
    calcRev,
    terms: { ...termsOf(proPay), rollOverNegative: calculation.rollOverNegative ?? false },
    leadPayCents: calculation.leadPayCents ?? 0,
    earnings: (calculation.distribution.earnings ?? []).map(({ ref: _ref, ...earned }) => earned),
    disqualifiers: (calculation.disqualifiers ?? []).map(({ id, state }) => ({ id, state })),
    penalties: (calculation.penalties ?? []).map(({ id, amountCents, count }) => ({ id, amountCents, count: count ?? 1 })),
    confirmed: proPay.membership?.confirmed ?? false,
    leftOutWorkerIds: proPay.membership?.leftOutWorkerIds ?? [],
    now: null,
    rework: null,
  };
}

/** The part of a contribution that comes from the sources. */
export function factsOf(proPay: Pick<ProPay, 'budgetType'>, assembled: Assembled): MemberFacts {
  const { calculation, completion, time } = assembled;
  const { crewLeadIds, managerIds, otherIds } = assembled.people;
  const spent = addUpTime(calculation);
  return {
    budgetKind: kindOfBudget(proPay.budgetType),
    ...budgetOf(calculation),
    time: spent,
    assignedCrew: spent.length > 0 ? [] : (calculation.assignedCrew ?? []).map(({ workerId, wageE4 }) => ({ workerId, wageE4 })),
    crewLeadIds,
    managerIds,
    otherIds,
    workerIds: assembled.workerIds,
    place: assembled.place,
    startDate: time.startDate,
    lastDate: time.lastDate,
    completionBp: completion.completionBp,
    completedAtSource: completion.completedAtSource,
    openEntryIds: time.openEntryIds,
    connectionIds: assembled.connectionIds,
  };
}

function budgetOf({ budget, settingModification, adjustment }: Calculation): Pick<MemberFacts, 'budget' | 'missing'> {
  const modified = budget === null ? null : modifyBudget(budget, settingModification, adjustment);
  if (modified === null) return { budget: null, missing: ['budget'] };
  return modified.known ? { budget: modified.value, missing: [] } : { budget: null, missing: modified.missing };
}

/**
 * The counted time, added up where worker, wage, burden and week are the same: seconds, straight pay and exact cost of the sum are those
 * of its parts. Without a share stands the time of those whom the ProPay excludes (B-72).
 */
export function addUpTime({ entries, excludedWorkerIds }: Pick<Calculation, 'entries' | 'excludedWorkerIds'>): MemberTime[] {
  const excluded = new Set(excludedWorkerIds ?? []);
  const sums = new Map<string, MemberTime>();
  for (const entry of entries) {
    if (entry.seconds === 0) continue;
    const { seconds, ...kind } = timeOf(entry, excluded.has(entry.workerId));
    const key = canonicalJson(kind);
    sums.set(key, { ...kind, seconds: seconds + (sums.get(key)?.seconds ?? 0) });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, time]) => time);
}

function timeOf({ workerId, seconds, wageE4, burdenBp, week, weekStart, noWeight }: Entry, excluded: boolean): MemberTime {
  return {
    workerId,
    seconds,
    wageE4,
    ...(burdenBp === undefined ? null : { burdenBp }),
    ...(week === undefined ? null : { week }),
    ...(weekStart === undefined ? null : { weekStart }),
    ...(noWeight || excluded ? { noWeight: true } : null),
  };
}

/** What a ProPay has to have in common with its group (B-101). */
export function termsOf(proPay: Pick<ProPay, 'pool' | 'manualPool' | 'distribution'>): MemberTerms {
  const { pool, manualPool, distribution } = proPay;
  const { crewBp, crewLeadBp, managerBp, otherBp, companyBp } = manualPool ?? pool;
  return {
    splitEnabled: pool.splitEnabled,
    splitBp: pool.splitBp,
    waitingDays: pool.waitingDays,
    retention: pool.retention,
    warrantyBp: pool.warrantyBp,
    warrantyDays: pool.warrantyDays,
    rollOverNegative: pool.rollOverNegative,
    includeDeductions: pool.includeDeductions,
    statementAssignment: pool.statementAssignment,
    leadInCrewPool: pool.leadInCrewPool,
    managerInCrewPool: pool.managerInCrewPool,
    shares: { crewBp, crewLeadBp, managerBp, otherBp, companyBp },
    distribution,
    pool: { id: pool.id, revision: pool.revision },
  };
}
