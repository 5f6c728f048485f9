import type { AlertInputs, FoundAlerts } from './inputs.ts';
import type { AlertItem } from './shapes.ts';

/** Where no overtime premium is owed by choice, and who chose it: a notice that lasts as long as the choice (B-201). */
export function alertsOfPolicies({ desk, filters }: AlertInputs): FoundAlerts {
  const { premiumPolicy, branches, switchedOff } = desk.context.payLaw;
  const noticeOf = (place: string): AlertItem => {
    const { by, at } = switchedOff[place] ?? { by: null, at: null };
    return { ...(place === 'tenant' ? {} : { branchId: place }), by, at, href: '/v1/settings/pay-law' };
  };
  const off = Object.keys(branches).filter((id) => branches[id]!.premiumPolicy === 'off');
  const places = premiumPolicy === 'off' ? ['tenant', ...off] : off;
  return {
    premium_policy_off: places
      .filter((place) => filters.branchId === undefined || place === 'tenant' || place === filters.branchId)
      .map(noticeOf),
  };
}
