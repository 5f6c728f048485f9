import type { Calculation, Payout } from '#bonus/shapes.ts';
import { budgetInForce } from './budget.ts';
import { bp, byCodePoint, plus, product, type Ratio, ratio, round, share } from './exact.ts';

/*
 * A second, slow reading of the calculation of B-9, written from the rules alone and sharing no code with the engine: every figure is
 * a pair of big integers until its rounding point. Tests compare it with the engine on random inputs.
 */

/** Dollars-and-cents value of one second at a wage of one ten-thousandth: 100 cents / 10,000 / 3,600 s. */
const CENTS_PER_UNIT = ratio(100, 10_000 * 3600);

/** The parts of a result that B-190 names, or what is missing. */
export function oracle(input: Calculation) {
  const counted = input.entries.filter((entry) => entry.seconds > 0);
  const earning = counted.filter((entry) => !entry.noWeight);
  const workers = [...new Set(earning.map((entry) => entry.workerId))].sort(byCodePoint);
  const secondsOf = (id: string): number =>
    earning.filter((entry) => entry.workerId === id).reduce((sum, entry) => sum + entry.seconds, 0);
  const actualSeconds = counted.reduce((sum, entry) => sum + entry.seconds, 0);
  const isHours = input.budget?.type === 'hours_budget' || input.budget?.type === 'task_hours';

  const absent = (id: string): boolean =>
    (input.excludedWorkerIds ?? []).includes(id) ||
    ((input.leadInCrewPool ?? true) === false && input.pool.crewLeadBp > 0 && (input.crewLeadIds ?? []).includes(id)) ||
    ((input.managerInCrewPool ?? true) === false && input.pool.managerBp > 0 && (input.managerIds ?? []).includes(id));
  const crew = workers.filter((id) => !absent(id));
  const earningsOf = (id: string): number | undefined =>
    (input.distribution.earnings ?? []).find((one) => one.workerId === id)?.cents;

  const missing: string[] = [];
  const budget = budgetInForce(input);
  if (Array.isArray(budget)) missing.push(...budget);
  for (const entry of counted) {
    if (entry.wageE4 === null) missing.push(`wage:${entry.workerId}`);
    if (entry.burdenBp === null) missing.push(`burden:${entry.workerId}`);
    if (entry.week === null) missing.push(`week-hours:${entry.workerId}:${entry.weekStart}`);
  }
  const assigned = input.assignedCrew ?? [];
  if (isHours && actualSeconds === 0) {
    const gaps = assigned.filter((one) => one.wageE4 === null).map((one) => `wage:${one.workerId}`);
    if (assigned.length === 0) missing.push('crew', 'time');
    else if (gaps.length > 0) missing.push(...gaps, 'time');
  }
  if (input.distribution.formula === 'total_earnings') {
    missing.push(...crew.filter((id) => earningsOf(id) === undefined).map((id) => `earnings:${id}`));
  }
  if (missing.length > 0 || Array.isArray(budget)) {
    return { outcome: 'cannot-tell' as const, missing: [...new Set(missing)].sort(byCodePoint) };
  }

  const cost = counted.reduce<Ratio>((sum, entry) => {
    const factor = entry.week
      ? plus(ratio(1), ratio(entry.week.overtimeSeconds + 2 * entry.week.doubleTimeSeconds, 2 * entry.week.totalSeconds))
      : ratio(1);
    const burden = bp(10_000 + (entry.burdenBp ?? 0));
    return plus(sum, product(ratio(entry.seconds), ratio(entry.wageE4!), burden, factor, CENTS_PER_UNIT));
  }, ratio(0));
  const actualCostCents = round(cost);
  const centsPerSecond: Ratio | null =
    actualSeconds > 0
      ? product(cost, ratio(1, actualSeconds))
      : isHours
        ? product(
            ratio(
              assigned.reduce((sum, one) => sum + one.wageE4!, 0),
              assigned.length,
            ),
            CENTS_PER_UNIT,
          )
        : null;

  const running = (input.completionBp ?? 10_000) !== 10_000;
  const measured = running ? round(product(ratio(budget.value), bp(input.completionBp!))) : budget.value;
  const uncapped =
    budget.unit === 'hours' ? round(product(ratio(measured - actualSeconds), centsPerSecond!)) : measured - actualCostCents;
  const cap = input.savingsCapCents ?? null;
  const savingsCents = cap !== null && cap < uncapped ? cap : uncapped;
  const workerShareCents =
    (input.splitEnabled ?? true) ? round(product(ratio(savingsCents), bp(input.splitBp ?? 5000))) : savingsCents;

  const failed = (input.disqualifiers ?? []).some((one) => one.state === 'failed');
  const afterAnswers = failed && workerShareCents > 0 ? 0 : workerShareCents;
  const penalties = (input.penalties ?? []).reduce((sum, one) => sum + (one.amountCents ?? 0) * (one.count ?? 1), 0);
  const penaltyCents = afterAnswers > 0 ? Math.min(penalties, afterAnswers) : 0;
  const toSplit = afterAnswers < 0 ? (input.rollOverNegative ? afterAnswers : 0) : afterAnswers - penaltyCents;

  const { crewBp, crewLeadBp, managerBp, otherBp, companyBp } = input.pool;
  const roles = share(
    toSplit,
    new Map([crewBp, crewLeadBp, managerBp, otherBp, companyBp].map((value, index) => [`role ${index}`, BigInt(value)])),
  );
  const pools = {
    crewCents: roles.get('role 0')!,
    crewLeadCents: roles.get('role 1')!,
    managerCents: roles.get('role 2')!,
    otherCents: roles.get('role 3')!,
    companyCents: roles.get('role 4')!,
  };

  const { formula, leadWeightBp, ignoreHours, amounts } = input.distribution;
  const weightOf = (id: string): bigint => {
    const seconds = BigInt(secondsOf(id));
    switch (formula) {
      case 'wage_weighted':
        return earning
          .filter((entry) => entry.workerId === id)
          .reduce((sum, entry) => sum + BigInt(entry.seconds) * BigInt(entry.wageE4!), 0n);
      case 'per_head':
        return 1n;
      case 'crew_lead_weighted':
        return (ignoreHours ? 1n : seconds) * BigInt((input.crewLeadIds ?? []).includes(id) ? (leadWeightBp ?? 15_000) : 10_000);
      case 'total_earnings':
        return BigInt(earningsOf(id)!);
      default:
        return seconds;
    }
  };
  const payouts: Payout[] = [];
  const pay = (role: Payout['role'], shares: ReadonlyMap<string, number>): void => {
    for (const [workerId, cents] of [...shares].sort(([a], [b]) => byCodePoint(a, b)))
      if (cents !== 0) payouts.push({ workerId, role, cents });
  };
  const weights = new Map(crew.map((id) => [id, weightOf(id)]));
  const byHand = formula === 'manual' && pools.crewCents >= 0;
  const paysCrew = toSplit === 0 || (byHand ? crew.length > 0 : [...weights.values()].some((weight) => weight > 0n));
  if (toSplit !== 0 && paysCrew) {
    pay('crew', byHand ? new Map((amounts ?? []).map((one) => [one.workerId, one.cents])) : share(pools.crewCents, weights));
  }
  const evenly = (role: Payout['role'], cents: number, ids: readonly string[] | null | undefined): void => {
    if (toSplit > 0 && ids && ids.length > 0) pay(role, share(cents, new Map(ids.map((id) => [id, 1n]))));
  };
  evenly('crew_lead', pools.crewLeadCents, input.crewLeadIds);
  evenly('manager', pools.managerCents, input.managerIds);
  evenly('other', pools.otherCents, input.otherIds);

  const leads = input.crewLeadIds ?? [];
  const overrun = savingsCents < 0 ? -savingsCents : 0;
  const leadPayCents = failed || leads.length === 0 ? 0 : Math.max(0, (input.leadPayCents ?? 0) - overrun);
  const leadPay = share(leadPayCents, new Map(leads.map((id) => [id, 1n])));
  const pending = (input.disqualifiers ?? []).some((one) => one.state === 'pending');
  return {
    outcome: 'applies' as const,
    ...(budget.unit === 'hours' ? { budgetSeconds: budget.value } : { budgetCents: budget.value }),
    ...(running ? (budget.unit === 'hours' ? { earnedBudgetSeconds: measured } : { earnedBudgetCents: measured }) : {}),
    actualSeconds,
    actualCostCents,
    blendedWageE4: centsPerSecond === null ? null : round(product(centsPerSecond, ratio(3600 * 100))),
    ...(budget.unit === 'hours' ? { savedSeconds: measured - actualSeconds } : {}),
    savingsCents,
    workerShareCents,
    penaltyCents,
    pools,
    payouts,
    companyKeepsCents: payouts.reduce((rest, payout) => rest - payout.cents, savingsCents),
    leadPayCents,
    leadPayouts: [...leadPay]
      .sort(([a], [b]) => byCodePoint(a, b))
      .flatMap(([workerId, cents]) => (cents === 0 ? [] : [{ workerId, cents }])),
    approvable: actualSeconds > 0 && !pending,
    notes: [
      ...(paysCrew || pools.crewCents === 0 ? [] : ['empty-role:crew']),
      ...(toSplit <= 0
        ? []
        : (
            [
              ['crew_lead', pools.crewLeadCents, leads],
              ['manager', pools.managerCents, input.managerIds ?? []],
              ['other', pools.otherCents, input.otherIds ?? []],
            ] as const
          ).flatMap(([role, cents, ids]) => (cents !== 0 && ids.length === 0 ? [`empty-role:${role}`] : []))),
      ...(savingsCents < 0 ? ['over-budget'] : []),
      ...(failed ? ['disqualified'] : []),
      ...(pending ? ['disqualifier-pending'] : []),
      ...((input.penalties ?? []).some((one) => (one.count ?? 1) > 0 && (one.amountCents ?? null) === null)
        ? ['penalty-amount-missing']
        : []),
      ...(actualSeconds === 0 ? ['no-actual-time'] : []),
    ],
  };
}
