import type { LineItem, PremiumOwner } from '#model/pay.ts';
import type { TenantContext } from '#model/settings.ts';
import type { WeekLedger } from '#model/week-ledger.ts';
import { premiumOwnerOf } from './export-mode.ts';

/**
 * Who computes premiums as the tenant has declared it (B-221): payroll where every export target leaves it to payroll; this product while
 * no target is chosen, and where any target takes our premiums.
 */
export function declaredPremiumOwner({ exportTargets }: Pick<TenantContext, 'exportTargets'>): PremiumOwner {
  const owners = Object.values(exportTargets).map(({ mode }) => premiumOwnerOf(mode));
  return owners.length > 0 && owners.every((owner) => owner === 'payroll') ? 'payroll' : 'engine';
}

/**
 * Tells premiums that are informational: shown, but neither payable nor exported, since payroll computes them (B-221). A week that an
 * export has claimed goes by its owner, any other by what is declared.
 */
export function informationalPremiums(
  context: Pick<TenantContext, 'exportTargets'>,
  ledgers: readonly Pick<WeekLedger, 'weekStart' | 'premiumOwner'>[],
): (item: Pick<LineItem, 'premium'>) => boolean {
  const declared = declaredPremiumOwner(context);
  const owners = new Map(ledgers.map(({ weekStart, premiumOwner }) => [weekStart, premiumOwner]));
  return ({ premium }) => premium !== null && (owners.get(premium.weekStart) ?? declared) === 'payroll';
}
