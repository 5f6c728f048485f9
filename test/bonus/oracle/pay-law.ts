import { byCodePoint, plus, product, type Ratio, ratio, round, share } from './exact.ts';

/*
 * A second reading of B-203 to B-221, written from the rules alone: every figure is a pair of big integers until its rounding point,
 * hours are fractions of 3,600 seconds, money is fractions of a cent. It shares no code with the engine.
 */

const over = (a: Ratio, b: Ratio): Ratio => product(a, ratio(b[1], b[0]));
const hours = (seconds: number): Ratio => ratio(seconds, 3600);
/** Cents per hour of a wage in ten-thousandths of a dollar. */
const wage = (e4: number): Ratio => ratio(e4, 100);
const HALF = ratio(1, 2);

const larger = (a: Ratio, b: Ratio): Ratio => (a[0] * b[1] > b[0] * a[1] ? a : b);

export type Week = { readonly totalSeconds: number; readonly overtimeSeconds?: number };
const overtimeOf = (week: Week): Ratio => hours(week.overtimeSeconds ?? Math.max(0, week.totalSeconds - 40 * 3600));

/** ½ · amount / H for every overtime hour. */
function halfTime(cents: number, week: Week): Ratio {
  return week.totalSeconds === 0 ? ratio(0) : product(over(ratio(cents), hours(week.totalSeconds)), HALF, overtimeOf(week));
}

export function oneWeek(input: Week & { wageE4: number; bonusCents: number }) {
  const straight = product(wage(input.wageE4), hours(input.totalSeconds));
  const onWage = product(HALF, wage(input.wageE4), overtimeOf(input));
  const premium = halfTime(input.bonusCents, input);
  return {
    regularRateE4:
      input.totalSeconds === 0
        ? null
        : round(product(over(plus(straight, ratio(input.bonusCents)), hours(input.totalSeconds)), ratio(100))),
    premiumCents: round(premium),
    totalDueCents: round(plus(plus(straight, onWage), plus(ratio(input.bonusCents), premium))),
  };
}

export type WeekOfBonus = Week & { weekStart: string; earnedSeconds?: number; hoursComplete?: boolean };

export function premiumOfBonus(input: { method: string; bonusCents: number; weeks: readonly WeekOfBonus[] }) {
  const { method, bonusCents, weeks } = input;
  if (method === 'off') return { premiumCents: 0 };
  if (weeks.length === 0 && bonusCents !== 0) return { outcome: 'refused', error: 'no-weight' };
  const withTime = weeks.filter((week) => (week.earnedSeconds ?? 0) > 0).map((week) => week.weekStart);
  const names = (withTime.length > 0 ? withTime : weeks.map((week) => week.weekStart)).sort();
  const even = weeks.map(({ weekStart }) => (weekStart < names[0]! || weekStart > names.at(-1)! ? 0 : 1));
  const own = weeks.map((week) => (method === 'equal_hours' ? week.totalSeconds : (week.earnedSeconds ?? 0)));
  const weights = method === 'equal_weeks' || own.every((weight) => weight === 0) ? even : own;
  const parts = share(bonusCents, new Map(weeks.map(({ weekStart }, index) => [weekStart, BigInt(weights[index]!)])));
  const byWeek = weeks.map((week) => {
    const attributedCents = parts.get(week.weekStart)!;
    return { weekStart: week.weekStart, attributedCents, premiumCents: round(halfTime(attributedCents, week)) };
  });
  return {
    byWeek,
    premiumCents: byWeek.reduce((sum, week) => sum + week.premiumCents, 0),
    ...(weeks.some((week) => week.hoursComplete === false) ? { label: 'incomplete' } : {}),
  };
}

export function ledger(input: Week & { attributedCents: readonly number[]; issuedCents: number }) {
  const sum = input.attributedCents.reduce((total, cents) => total + cents, 0);
  const dueCents = round(halfTime(sum, input));
  return { dueCents, newPremiumCents: dueCents > input.issuedCents ? dueCents - input.issuedCents : 0 };
}

export function earnings(input: {
  poolCents: number;
  workers: readonly { id: string; straightCents: number; overtimePremiumCents: number }[];
}) {
  const workers = [...input.workers].sort((a, b) => byCodePoint(a.id, b.id));
  const total = workers.reduce((sum, one) => sum + one.straightCents + one.overtimePremiumCents, 0);
  const parts = share(
    total === 0 ? 0 : input.poolCents,
    new Map(workers.map((one) => [one.id, BigInt(one.straightCents + one.overtimePremiumCents)])),
  );
  return {
    shares: workers.map(({ id }) => ({ workerId: id, cents: parts.get(id)! })).filter(({ cents }) => cents !== 0),
    premiumCents: 0,
    embeddedPremium: workers.map(({ id, straightCents, overtimePremiumCents }) => ({
      workerId: id,
      cents:
        straightCents + overtimePremiumCents === 0
          ? 0
          : round(product(ratio(parts.get(id)!), ratio(overtimePremiumCents, straightCents + overtimePremiumCents))),
    })),
  };
}

export function california(input: {
  bonusKind: string;
  bonusCents: number;
  totalSeconds: number;
  federalOvertimeSeconds: number;
  stateOvertimeSeconds: number;
  stateDoubleTimeSeconds: number;
}) {
  const bonus = ratio(input.bonusCents);
  const [h, ot, dt] = [input.totalSeconds, input.stateOvertimeSeconds, input.stateDoubleTimeSeconds];
  const federalCents = round(halfTime(input.bonusCents, { totalSeconds: h, overtimeSeconds: input.federalOvertimeSeconds }));
  let stateCents = 0;
  if (input.bonusKind === 'flat') {
    if (h - ot - dt <= 0) return { outcome: 'cannot-tell', missing: ['non-overtime-hours'] };
    const owed = plus(product(ratio(3, 2), hours(ot)), product(ratio(2), hours(dt)));
    stateCents = round(product(over(bonus, hours(h - ot - dt)), owed));
  } else if (h > 0) {
    stateCents = round(product(over(bonus, hours(h)), plus(product(HALF, hours(ot)), hours(dt))));
  }
  const stateOnlyCents = stateCents > federalCents ? stateCents - federalCents : 0;
  return { federalCents, stateCents, stateOnlyCents, totalCents: federalCents + stateOnlyCents };
}

export function pieces(input: Week & { pieceCents: number; otherPaidCents: number }) {
  const paid = input.pieceCents + input.otherPaidCents;
  return {
    regularRateE4: input.totalSeconds === 0 ? null : round(product(over(ratio(paid), hours(input.totalSeconds)), ratio(100))),
    premiumCents: round(halfTime(paid, input)),
    totalDueCents: round(plus(ratio(paid), halfTime(paid, input))),
  };
}

export function californiaPieces(input: {
  pieceCents: number;
  totalSeconds: number;
  restSeconds: number;
  nonProductiveSeconds: number;
  nonProductiveWageE4: number;
  minimumWageE4: number;
}) {
  const nonProductive = product(wage(input.nonProductiveWageE4), hours(input.nonProductiveSeconds));
  const other = input.totalSeconds - input.restSeconds;
  const average = other > 0 ? over(plus(ratio(input.pieceCents), nonProductive), hours(other)) : null;
  const minimum = wage(input.minimumWageE4);
  const restCents = round(product(hours(input.restSeconds), average === null ? minimum : larger(average, minimum)));
  return {
    nonProductiveCents: round(nonProductive),
    averageRateE4: average === null ? null : round(product(average, ratio(100))),
    restCents,
    grossCents: input.pieceCents + round(nonProductive) + restCents,
  };
}

export function floor(input: Week & { payExcludingPremiumCents: number; minimumWageE4: number }) {
  const pay = ratio(input.payExcludingPremiumCents);
  const minimum = wage(input.minimumWageE4);
  const topUp = larger(ratio(0), plus(product(hours(input.totalSeconds), minimum), product(pay, ratio(-1))));
  const premium = topUp[0] > 0n ? product(HALF, minimum, overtimeOf(input)) : halfTime(input.payExcludingPremiumCents, input);
  return {
    topUpCents: round(topUp),
    premiumCents: round(premium),
    totalDueCents: input.payExcludingPremiumCents + round(topUp) + round(premium),
  };
}

export function lowered(input: Week & { kind: string; bonusCents: number; amountCents: number }) {
  const taken = Math.min(input.amountCents, Math.max(0, input.bonusCents));
  const earnedCents = input.kind === 'penalty' ? input.bonusCents - taken : input.bonusCents;
  return {
    earnedCents,
    premiumCents: round(halfTime(earnedCents, input)),
    deductionCents: input.kind === 'penalty' ? 0 : 0 - taken,
  };
}

export function exported(input: { mode: string; items: readonly { kind: string; cents: number; legalBasis?: string }[] }) {
  const total = (match: (item: { kind: string; legalBasis?: string }) => boolean): number =>
    input.items.filter(match).reduce((sum, item) => sum + item.cents, 0);
  const bonuses = total((item) => item.kind === 'bonus');
  const net = Math.max(0, bonuses + total((item) => item.kind === 'deduction'));
  const own = input.mode === 'bonus_plus_premium';
  const lines = own
    ? [
        ['bonus', net],
        ['premium_flsa_207', total((item) => item.legalBasis === 'flsa_207')],
        ['premium_state_only', total((item) => item.legalBasis === 'state_only')],
      ]
    : [
        ['bonus', bonuses],
        ['bonus_deduction', net - bonuses],
      ];
  return {
    premiumOwner: own ? 'engine' : 'payroll',
    lines: lines.filter(([, cents]) => cents !== 0).map(([earning, cents]) => ({ earning, cents })),
  };
}
