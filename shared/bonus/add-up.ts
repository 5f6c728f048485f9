import type { PoolAmounts } from './shapes.ts';

/** The pools of several calculations added up, role by role. */
export function addUpPools(results: readonly { readonly pools: PoolAmounts }[]): PoolAmounts {
  const sum = (role: keyof PoolAmounts): number => results.reduce((total, { pools }) => total + pools[role], 0);
  return {
    crewCents: sum('crewCents'),
    crewLeadCents: sum('crewLeadCents'),
    managerCents: sum('managerCents'),
    otherCents: sum('otherCents'),
    companyCents: sum('companyCents'),
  };
}
