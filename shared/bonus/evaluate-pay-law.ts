import { refuse } from '#kernel/errors.ts';
import { assertCents, assertSeconds, assertWageE4, MAX_CENTS } from '#kernel/money.ts';
import { EXPORT_MODES } from '#model/settings.ts';
import { dateAt, type Fields, flagAt, integerAt, listAt, objectAt, refuseShape, textAt } from './check.ts';
import { cannotTell } from './evaluate-rules.ts';
import { type BonusWeek, bonusPremium } from './pay-law/bonus-premium.ts';
import { statePremium } from './pay-law/california.ts';
import { pieceWeekPay } from './pay-law/california-piece-rate.ts';
import { type PeriodEarnings, shareByEarnings } from './pay-law/earnings-share.ts';
import { type ExportItem, exportLines, LEGAL_BASES, premiumOwnerOf } from './pay-law/export-mode.ts';
import { federalOvertime, type WeekTotals } from './pay-law/federal-premium.ts';
import { payOfWeek } from './pay-law/one-week.ts';
import { lowerBonus } from './pay-law/penalty-or-deduction.ts';
import { pieceRateCheck } from './pay-law/piece-rate.ts';
import { floorCheck } from './pay-law/wage-floor.ts';
import { ledgerBalance } from './pay-law/week-ledger.ts';
import { assertStatementItems } from './statement.ts';

/** B-203: a week with one wage and one bonus. */
export function evaluateOneWeek(inputs: unknown): object {
  const fields = objectAt(inputs, 'inputs');
  assertWageE4(fields.wageE4, 'wageE4');
  return payOfWeek(fields.wageE4, centsAt(fields, 'bonusCents'), weekTotalsAt(fields));
}

/** B-205: the premium of one bonus; off owes nothing, whatever the hours. */
export function evaluateBonusPremium(inputs: unknown): object {
  const fields = objectAt(inputs, 'inputs');
  const method = oneOf(['off', 'by_earned_hours', 'equal_weeks', 'equal_hours'] as const, fields.method, 'method');
  const bonusCents = centsAt(fields, 'bonusCents');
  const weeks = listAt(fields.weeks, 'weeks').map((item, index) => bonusWeekAt(item, `weeks[${index}]`));
  weeks.forEach(({ weekStart }, index) => {
    const first = weeks.findIndex((week) => week.weekStart === weekStart);
    if (first < index) refuse('duplicate-id', { field: `weeks[${index}].weekStart` });
  });
  if (method === 'off') return { outcome: 'does-not-apply', reason: 'off', byWeek: [], premiumCents: 0 };
  if (weeks.length === 0 && bonusCents !== 0)
    refuse('no-weight', { field: 'weeks', detail: 'a bonus belongs to at least one week' });
  return bonusPremium(bonusCents, method, weeks);
}

function bonusWeekAt(item: unknown, field: string): BonusWeek {
  const week = objectAt(item, field);
  return {
    weekStart: dateAt(week.weekStart, `${field}.weekStart`),
    earnedSeconds: secondsAt(week, 'earnedSeconds', 0, field),
    ...weekTotalsAt(week, field),
    hoursComplete: flagAt(week.hoursComplete, `${field}.hoursComplete`, true),
  };
}

/** B-206: what a worker-week owes in all, and what of it is new. */
export function evaluateLedger(inputs: unknown): object {
  const fields = objectAt(inputs, 'inputs');
  const attributed = listAt(fields.attributedCents, 'attributedCents').map((cents, index) => {
    assertCents(cents, `attributedCents[${index}]`);
    return cents;
  });
  return ledgerBalance(attributed, weekTotalsAt(fields), centsAt(fields, 'issuedCents'));
}

/** B-208: a pool by total earnings; whose earnings are unknown is named. */
export function evaluateEarningsShare(inputs: unknown): object {
  const fields = objectAt(inputs, 'inputs');
  const poolCents = centsAt(fields, 'poolCents');
  const missing: string[] = [];
  const seen = new Set<string>();
  const people = listAt(fields.workers, 'workers').map((item, index): PeriodEarnings => {
    const worker = objectAt(item, `workers[${index}]`);
    const id = textAt(worker.id, `workers[${index}].id`);
    if (seen.has(id)) refuse('duplicate-id', { field: `workers[${index}].id` });
    seen.add(id);
    const [straightCents, overtimePremiumCents] = (['straightCents', 'overtimePremiumCents'] as const).map((name) => {
      const cents = worker[name];
      if (cents !== undefined && cents !== null) return integerAt(cents, `workers[${index}].${name}`, 0, MAX_CENTS);
      missing.push(`earnings:${id}`);
      return 0;
    });
    return { id, straightCents: straightCents!, overtimePremiumCents: overtimePremiumCents! };
  });
  return missing.length > 0 ? cannotTell(missing) : shareByEarnings(poolCents, people);
}

/** B-212: federal and state premium. */
export function evaluateStatePremium(inputs: unknown): object {
  const fields = objectAt(inputs, 'inputs');
  const kind = oneOf(['flat', 'production'] as const, fields.bonusKind, 'bonusKind');
  const premium = statePremium(kind, centsAt(fields, 'bonusCents'), {
    totalSeconds: secondsAt(fields, 'totalSeconds'),
    federalOvertimeSeconds: secondsAt(fields, 'federalOvertimeSeconds'),
    stateOvertimeSeconds: secondsAt(fields, 'stateOvertimeSeconds'),
    stateDoubleTimeSeconds: secondsAt(fields, 'stateDoubleTimeSeconds'),
  });
  return premium ?? cannotTell(['non-overtime-hours']);
}

/** B-214: a week of piece wages. */
export function evaluatePieceRate(inputs: unknown): object {
  const fields = objectAt(inputs, 'inputs');
  return pieceRateCheck(centsAt(fields, 'pieceCents'), centsAt(fields, 'otherPaidCents'), weekTotalsAt(fields));
}

/** B-215: a week of piece wages in California. */
export function evaluateCaliforniaPieceRate(inputs: unknown): object {
  const fields = objectAt(inputs, 'inputs');
  const { nonProductiveWageE4, minimumWageE4 } = fields;
  assertWageE4(nonProductiveWageE4, 'nonProductiveWageE4');
  assertWageE4(minimumWageE4, 'minimumWageE4');
  return pieceWeekPay({
    pieceCents: centsAt(fields, 'pieceCents'),
    totalSeconds: secondsAt(fields, 'totalSeconds'),
    restSeconds: secondsAt(fields, 'restSeconds'),
    nonProductiveSeconds: secondsAt(fields, 'nonProductiveSeconds'),
    nonProductiveWageE4,
    minimumWageE4,
  });
}

/** B-216: a week's pay against the minimum wage. */
export function evaluateWageFloor(inputs: unknown): object {
  const fields = objectAt(inputs, 'inputs');
  assertWageE4(fields.minimumWageE4, 'minimumWageE4');
  return floorCheck(centsAt(fields, 'payExcludingPremiumCents'), fields.minimumWageE4, weekTotalsAt(fields));
}

/** B-217: a bonus lowered before or after it is earned. */
export function evaluateLoweredBonus(inputs: unknown): object {
  const fields = objectAt(inputs, 'inputs');
  const kind = oneOf(['penalty', 'deduction'] as const, fields.kind, 'kind');
  const amountCents = integerAt(fields.amountCents, 'amountCents', 0, MAX_CENTS, 'invalid-amount');
  return lowerBonus(kind, centsAt(fields, 'bonusCents'), amountCents, weekTotalsAt(fields));
}

/** B-221: what a statement's items become under a mode. */
export function evaluateExport(inputs: unknown): object {
  const { mode, items } = objectAt(inputs, 'inputs');
  const known = oneOf(EXPORT_MODES, mode, 'mode');
  assertStatementItems(items, 'items');
  const list = items.map((item, index): ExportItem => {
    const { legalBasis } = objectAt(item, `items[${index}]`);
    const basis = item.kind === 'premium' ? oneOf(LEGAL_BASES, legalBasis, `items[${index}].legalBasis`) : null;
    return { kind: item.kind, cents: item.cents, legalBasis: basis };
  });
  return { premiumOwner: premiumOwnerOf(known), lines: exportLines(known, list) };
}

/** Hours and overtime of a week; overtime that is not given is what exceeds 40 hours (B-190). */
function weekTotalsAt(fields: Fields, place?: string): WeekTotals {
  const totalSeconds = secondsAt(fields, 'totalSeconds', undefined, place);
  return { totalSeconds, overtimeSeconds: secondsAt(fields, 'overtimeSeconds', federalOvertime(totalSeconds), place) };
}

function centsAt(fields: Fields, name: string): number {
  const value = fields[name];
  assertCents(value, name);
  return value;
}

/** Seconds by name; an absent or null one is `whenAbsent` where the shape allows that. */
function secondsAt(fields: Fields, name: string, whenAbsent?: number, place?: string): number {
  const value = fields[name] ?? whenAbsent;
  assertSeconds(value, place === undefined ? name : `${place}.${name}`);
  return value;
}

function oneOf<T extends string>(list: readonly T[], value: unknown, field: string): T {
  const known = list.find((one) => one === value);
  if (known === undefined) refuseShape(field, `must be one of ${list.join(', ')}`);
  return known;
}
