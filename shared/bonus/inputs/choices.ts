import type { ProPay } from '#model/propay.ts';
import type { TenantContext } from '#model/settings.ts';

/** What a ProPay's cost is made of beside work and wages (B-44 to B-46), as it is in force. */
export interface CostChoices {
  readonly driveTimeInCost: boolean;
  readonly burden: boolean;
  readonly overtimeCost: boolean;
}

type Chooser = Pick<ProPay, 'driveTimeInCost' | 'burden' | 'overtimeCost' | 'lockedChoices' | 'budgetType'>;
type ChoiceContext = Pick<TenantContext, 'driveTimeInCost' | 'burdenBudgetTypes' | 'overtimeInCost'>;

/**
 * The choices in force. Burden is part of the cost where the tenant says so of the budget type and the ProPay does not exclude it;
 * overtime and drive time follow the ProPay's own choice, else the tenant's. What the first approval has locked stays (B-48).
 */
export function choicesInForce(proPay: Chooser, context: ChoiceContext): CostChoices {
  const { lockedChoices } = proPay;
  return {
    driveTimeInCost: countsDriveTime(proPay, context),
    burden: lockedChoices?.burden ?? (proPay.burden !== false && context.burdenBudgetTypes.includes(proPay.budgetType)),
    overtimeCost: lockedChoices?.overtimeCost ?? proPay.overtimeCost ?? context.overtimeInCost,
  };
}

/** Whether drive time is part of a ProPay's cost (B-46): its own choice, else the tenant's. */
export function countsDriveTime(
  proPay: Pick<ProPay, 'driveTimeInCost'> | null,
  context: Pick<TenantContext, 'driveTimeInCost'>,
): boolean {
  return proPay?.driveTimeInCost ?? context.driveTimeInCost;
}

/** Whether drive time has to be read: an approval may have frozen another choice than the tenant's present one. */
export function readsDriveTime(proPay: ProPay | null, context: Pick<TenantContext, 'driveTimeInCost'>): boolean {
  return (proPay !== null && proPay.approval !== null) || countsDriveTime(proPay, context);
}
