import type { LegalBasis, LineItem, StatementHeader, StatementTotals } from '#model/pay.ts';
import type { ExportedStatement, ExportLine } from '#model/payroll-export.ts';
import type { ExportMode } from '#model/settings.ts';
import { type AttributionMethod, attribute } from '../pay-law/attribution.ts';
import { weeksOf } from '../pay-law/counted-bonuses.ts';
import { BONUS_EARNINGS, type BonusEarning, earningLines, LEGAL_BASES, premiumOwnerOf } from '../pay-law/export-mode.ts';
import { countsInRegularRate } from '../pay-law/rate-exclusion.ts';
import type { WorkCalendar } from '../pay-law/workweek.ts';
import { defineRule } from '../rules/rule.ts';

/** B-222: what a paid statement sends to payroll. */
export const exportBatchRule = defineRule('B-222', 1, 'Lines of an export');

/** A statement that is paid. */
export type PaidHeader = StatementHeader & { readonly totals: StatementTotals };

/**
 * What a paid statement sends (B-222, B-224), from its frozen totals and items. The lines add up to what was paid; where payroll computes
 * the premium, to what was paid without premiums.
 */
export function exportStatement(
  header: PaidHeader,
  items: readonly LineItem[],
  mode: ExportMode,
  calendar: WorkCalendar,
): ExportedStatement {
  const bonuses = items.filter(({ type }) => type === 'bonus');
  const premiums = items.filter(({ type }) => type === 'premium');
  const lines = earningLines(mode, {
    bonusCents: sumsOf(BONUS_EARNINGS, bonuses, earningOf),
    netBalanceCents: header.totals.netBalanceCents,
    premiumCents: sumsOf(LEGAL_BASES, premiums, (item) => item.premium!.legalBasis),
  });
  const sent = premiumOwnerOf(mode) === 'payroll' ? [] : premiums;
  const owing = bonuses.filter(owesPremium).flatMap((item) => attributed(item, calendar).map(({ weekStart }) => weekStart));
  return {
    statementId: header.id,
    reference: header.reference,
    workerId: header.workerId,
    branchId: header.branchId,
    period: header.period,
    payableCents: header.totals.payableCents,
    lines: lines.flatMap(({ earning, cents }): readonly ExportLine[] =>
      mode === 'bonus_by_workweek' && earning === 'bonus'
        ? linesOfWeeks(bonuses, calendar)
        : [{ earning, legalBasis: basisOf(earning), weekStart: null, cents }],
    ),
    weeks: sortedSet([...owing, ...sent.map(({ premium }) => premium!.weekStart)]),
    incompleteWeeks: sortedSet(sent.flatMap(({ premium }) => (premium!.label === null ? [] : [premium!.weekStart]))),
    premiumPaidCents: header.totals.premiumCents,
    premiumSentCents: sent.reduce((sum, { amountCents }) => sum + amountCents, 0),
  };
}

function sumsOf<K extends string>(
  keys: readonly K[],
  items: readonly LineItem[],
  keyOf: (item: LineItem) => K,
): Readonly<Record<K, number>> {
  const sum = (key: K): number =>
    items.filter((item) => keyOf(item) === key).reduce((all, { amountCents }) => all + amountCents, 0);
  return Object.fromEntries(keys.map((key) => [key, sum(key)])) as Record<K, number>;
}

/** What payroll books a bonus as (B-224). */
function earningOf(item: LineItem): BonusEarning {
  if (item.premiumMethod === 'embedded') return 'bonus_total_earnings';
  return item.rateExclusion?.ground === 'reimbursement' ? 'reimbursement' : 'bonus';
}

/** Bonuses on which somebody has to pay premium; a share of total earnings holds its own (B-208), an excluded one none (B-209). */
const owesPremium = (item: LineItem): boolean => item.premiumMethod !== 'embedded' && countsInRegularRate(item);

/** The bonuses by the workweek they were earned in (B-204), oldest first. */
function linesOfWeeks(bonuses: readonly LineItem[], calendar: WorkCalendar): readonly ExportLine[] {
  const weeks = new Map<string, number>();
  for (const item of bonuses.filter((one) => earningOf(one) === 'bonus'))
    for (const { weekStart, attributedCents } of attributed(item, calendar))
      weeks.set(weekStart, (weeks.get(weekStart) ?? 0) + attributedCents);
  return [...weeks]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([weekStart, cents]) => ({ earning: 'bonus', legalBasis: null, weekStart, cents }));
}

function attributed(item: LineItem, calendar: WorkCalendar) {
  return attribute(item.amountCents, methodOf(item), weeksOf(item, calendar)).weeks.filter((week) => week.attributedCents !== 0);
}

/** How the weeks of a bonus are told: as it is spread here, by the default where no premium was to be issued here. */
function methodOf({ premiumMethod }: LineItem): AttributionMethod {
  return premiumMethod === null || premiumMethod === 'off' || premiumMethod === 'embedded' ? 'by_earned_hours' : premiumMethod;
}

function basisOf(earning: ExportLine['earning']): LegalBasis | null {
  return LEGAL_BASES.find((basis) => earning === `premium_${basis}`) ?? null;
}

const sortedSet = (dates: readonly string[]): readonly string[] => [...new Set(dates)].sort();
