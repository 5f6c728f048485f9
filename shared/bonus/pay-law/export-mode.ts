import type { LegalBasis, PremiumOwner } from '#model/pay.ts';
import type { ExportEarning, ExportMode } from '#model/settings.ts';
import { defineRule } from '../rules/rule.ts';
import { type StatementItem, statementTotals } from '../statement.ts';

/** B-221: who computes the premium for a payroll, and what it is sent. */
export const exportModeRule = defineRule('B-221', 1, 'Export mode');

/** The legal bases in the order of export lines; only the federal one feeds the yearly code-TT figure (B-213). */
export const LEGAL_BASES = ['flsa_207', 'state_only'] as const satisfies readonly LegalBasis[];

/** An item of a statement on its way to payroll; a premium names its legal basis. */
export type ExportItem = Pick<StatementItem, 'kind' | 'cents'> & { readonly legalBasis: LegalBasis | null };

/** One earning of a worker; never 0. */
export type EarningLine = { readonly earning: ExportEarning; readonly cents: number };

/** The earnings of bonuses, in the order in which deductions lower them (B-217): what is no wage comes last. */
export const BONUS_EARNINGS = ['bonus', 'bonus_total_earnings', 'reimbursement'] as const satisfies readonly ExportEarning[];
export type BonusEarning = (typeof BONUS_EARNINGS)[number];

/** What a statement or a list of items comes to: bonuses by what they are booked as, what is left of them, premiums by legal basis. */
export interface EarnedAmounts {
  readonly bonusCents: Readonly<Record<BonusEarning, number>>;
  readonly netBalanceCents: number;
  readonly premiumCents: Readonly<Record<LegalBasis, number>>;
}

/** The owner of premiums under a mode. */
export function premiumOwnerOf(mode: ExportMode): PremiumOwner {
  return mode === 'bonus_plus_premium' ? 'engine' : 'payroll';
}

/** What one worker's items become; deductions are counted whole. */
export function exportLines(mode: ExportMode, items: readonly ExportItem[]): readonly EarningLine[] {
  const { bonusesCents, netBalanceCents } = statementTotals(
    items.map(({ kind, cents }, index) => ({ id: String(index), kind, cents })),
    0,
  );
  return earningLines(mode, {
    bonusCents: { bonus: bonusesCents, bonus_total_earnings: 0, reimbursement: 0 },
    netBalanceCents,
    premiumCents: { flsa_207: premiumOf('flsa_207', items), state_only: premiumOf('state_only', items) },
  });
}

/**
 * What amounts become (B-221, B-222, B-224). Where payroll computes the premium, bonuses go in full and what deductions take, at
 * most all of them, apart, so that its premium rests on the bonus before deductions; our premiums stay here. Else the net bonus goes,
 * and the premium beside it by legal basis.
 */
export function earningLines(
  mode: ExportMode,
  { bonusCents, netBalanceCents, premiumCents }: EarnedAmounts,
): readonly EarningLine[] {
  const bonuses = BONUS_EARNINGS.map((earning) => ({ earning, cents: bonusCents[earning] }));
  const takenCents = bonuses.reduce((sum, { cents }) => sum + cents, 0) - Math.max(0, netBalanceCents);
  const lines: readonly EarningLine[] =
    premiumOwnerOf(mode) === 'payroll'
      ? [...bonuses, { earning: 'bonus_deduction', cents: 0 - takenCents }]
      : [
          ...lowered(bonuses, takenCents),
          ...LEGAL_BASES.map((basis) => ({ earning: `premium_${basis}` as const, cents: premiumCents[basis] })),
        ];
  return lines.filter(({ cents }) => cents !== 0);
}

/** The bonuses after deductions took so much, at most all of them. */
function lowered(bonuses: readonly EarningLine[], takenCents: number): readonly EarningLine[] {
  let left = takenCents;
  return bonuses.map(({ earning, cents }) => {
    const taken = Math.min(left, cents);
    left -= taken;
    return { earning, cents: cents - taken };
  });
}

function premiumOf(basis: LegalBasis, items: readonly ExportItem[]): number {
  return items.filter((item) => item.kind === 'premium' && item.legalBasis === basis).reduce((sum, item) => sum + item.cents, 0);
}
