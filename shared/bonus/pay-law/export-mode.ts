import type { LegalBasis, PremiumOwner } from '#model/pay.ts';
import type { ExportMode } from '#model/settings.ts';
import { defineRule } from '../rules/rule.ts';
import { type StatementItem, statementTotals } from '../statement.ts';

/** B-221: who computes the premium for a payroll, and what it is sent. */
export const exportModeRule = defineRule('B-221', 1, 'Export mode');

/** The legal bases in the order of export lines; only the federal one feeds the yearly code-TT figure (B-213). */
export const LEGAL_BASES = ['flsa_207', 'state_only'] as const satisfies readonly LegalBasis[];

/** An item of a statement on its way to payroll; a premium names its legal basis. */
export type ExportItem = Pick<StatementItem, 'kind' | 'cents'> & { readonly legalBasis: LegalBasis | null };

/** One earning of a worker; never 0. */
export type EarningLine = {
  readonly earning: 'bonus' | 'bonus_deduction' | `premium_${LegalBasis}`;
  readonly cents: number;
};

/** The owner of premiums under a mode. */
export function premiumOwnerOf(mode: ExportMode): PremiumOwner {
  return mode === 'bonus_plus_premium' ? 'engine' : 'payroll';
}

/**
 * What one worker's items become (B-221, B-222). Where payroll computes the premium, bonuses go in full and what deductions take, at
 * most all of them, apart, so that its premium rests on the bonus before deductions; our premiums stay here. Else the net bonus goes,
 * and the premium beside it by legal basis.
 */
export function exportLines(mode: ExportMode, items: readonly ExportItem[]): readonly EarningLine[] {
  const { bonusesCents, netBalanceCents } = statementTotals(
    items.map(({ kind, cents }, index) => ({ id: String(index), kind, cents })),
    0,
  );
  const net = Math.max(0, netBalanceCents);
  const lines: EarningLine[] =
    premiumOwnerOf(mode) === 'payroll'
      ? [
          { earning: 'bonus', cents: bonusesCents },
          { earning: 'bonus_deduction', cents: net - bonusesCents },
        ]
      : [
          { earning: 'bonus', cents: net },
          ...LEGAL_BASES.map((basis) => ({ earning: `premium_${basis}` as const, cents: premiumOf(basis, items) })),
        ];
  return lines.filter(({ cents }) => cents !== 0);
}

function premiumOf(basis: LegalBasis, items: readonly ExportItem[]): number {
  return items.filter((item) => item.kind === 'premium' && item.legalBasis === basis).reduce((sum, item) => sum + item.cents, 0);
}
