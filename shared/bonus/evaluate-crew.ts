import { refuse } from '#kernel/errors.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import { assertCents, assertSeconds, MAX_CENTS, MAX_WAGE_E4 } from '#kernel/money.ts';
import { calculate } from './calculate.ts';
import { flagAt, integerAt, listAt, objectAt, optionalTextAt, textAt } from './check.ts';
import { assertCalculation } from './check-calculation.ts';
import { cannotTell } from './evaluate-rules.ts';
import { addProduct } from './exact.ts';
import { absenceOf, type CrewMember, type CrewSwitches } from './rules/crew.ts';
import { assertDistribution, distribute, earningsByWorker } from './rules/distribution.ts';
import { missingEarnings } from './rules/total-earnings.ts';
import { type Payout, ROLES } from './shapes.ts';
import { compareWithApproved } from './source-change.ts';

/** B-9, B-77, B-78: a whole calculation. */
export function evaluateCalculation(inputs: unknown): object {
  assertCalculation(inputs);
  return calculate(inputs);
}

type CrewWorker = CrewMember & { readonly isManager: boolean; readonly excluded: boolean; readonly wageMissing: boolean };

/** B-65 to B-73: a crew pool among given workers. */
export function evaluateDistribution(inputs: unknown): object {
  const { poolCents, distribution, workers, ...options } = objectAt(inputs, 'inputs');
  assertCents(poolCents, 'poolCents');
  assertDistribution(distribution, 'distribution');
  const earnings = earningsByWorker(distribution.earnings);
  const people = listAt(workers, 'workers').map((item, index) => workerAt(item, `workers[${index}]`, earnings));
  if (new Set(people.map((person) => person.workerId)).size !== people.length) refuse('duplicate-id', { field: 'workers' });
  const switches: CrewSwitches = {
    excluded: idsOf(people.filter((person) => person.excluded)),
    leads: idsOf(people.filter((person) => person.isLead)),
    managers: idsOf(people.filter((person) => person.isManager)),
    leadInCrewPool: flagAt(options.leadInCrewPool, 'leadInCrewPool', true),
    managerInCrewPool: flagAt(options.managerInCrewPool, 'managerInCrewPool', true),
    // Without the percentage a switch is taken at its word: only a percentage of 0 makes the person crew again.
    crewLeadBp: percentageAt(options.crewLeadBp, 'crewLeadBp'),
    managerBp: percentageAt(options.managerBp, 'managerBp'),
  };
  const members = people
    .filter((person) => person.seconds > 0 && absenceOf(person.workerId, switches) === null)
    .sort((a, b) => compareCodePoints(a.workerId, b.workerId));
  const missing = distribution.formula === 'total_earnings' ? missingEarnings(members) : [];
  if (distribution.formula === 'wage_weighted') {
    for (const member of members) if (member.wageMissing) missing.push(`wage:${member.workerId}`);
  }
  if (missing.length > 0) return cannotTell(missing);
  const amounts = distribute(poolCents, distribution, members);
  const shares = members
    .map(({ workerId }, index) => ({ workerId, cents: amounts?.[index] ?? 0 }))
    .filter(({ cents }) => cents !== 0);
  return { shares, companyCents: amounts === null ? poolCents : 0 };
}

function workerAt(item: unknown, field: string, earnings: ReadonlyMap<string, number>): CrewWorker {
  const worker = objectAt(item, field);
  const workerId = textAt(worker.id, `${field}.id`);
  assertSeconds(worker.seconds, `${field}.seconds`);
  const wageMissing = worker.wageE4 === undefined || worker.wageE4 === null;
  const wageE4 = wageMissing ? 0 : integerAt(worker.wageE4, `${field}.wageE4`, 0, MAX_WAGE_E4);
  const role = optionalTextAt(worker.role, `${field}.role`);
  const earned = worker.earningsCents;
  const earningsCents =
    earned === undefined || earned === null
      ? (earnings.get(workerId) ?? null)
      : integerAt(earned, `${field}.earningsCents`, 0, MAX_CENTS);
  return {
    workerId,
    seconds: worker.seconds,
    straight: addProduct(0, worker.seconds, wageE4),
    isLead: role === 'crew_lead',
    isManager: role === 'manager',
    excluded: flagAt(worker.excluded, `${field}.excluded`, false),
    earningsCents,
    wageMissing,
  };
}

function idsOf(people: readonly CrewWorker[]): ReadonlySet<string> {
  return new Set(people.map((person) => person.workerId));
}

function percentageAt(value: unknown, field: string): number {
  return value === undefined || value === null ? 10_000 : integerAt(value, field, 0, 10_000);
}

/** B-96: approved against current. */
export function evaluateSourceChange(inputs: unknown): object {
  const { approved, current } = objectAt(inputs, 'inputs');
  const { actualSeconds, payouts } = objectAt(approved, 'approved');
  assertSeconds(actualSeconds, 'approved.actualSeconds');
  assertCalculation(current);
  return compareWithApproved({ actualSeconds, payouts: payoutsAt(payouts, 'approved.payouts') }, current);
}

/** A checked list of amounts per person and role. */
export function payoutsAt(value: unknown, field: string): Payout[] {
  return listAt(value, field).map((item, index) => payoutAt(item, `${field}[${index}]`));
}

function payoutAt(item: unknown, field: string): Payout {
  const payout = objectAt(item, field);
  const role = ROLES.find((one) => one === payout.role);
  if (role === undefined) refuse('invalid-body', { field: `${field}.role`, detail: 'unknown role' });
  assertCents(payout.cents, `${field}.cents`);
  return { workerId: textAt(payout.workerId, `${field}.workerId`), role, cents: payout.cents };
}
