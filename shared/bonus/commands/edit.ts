import { refuse } from '#kernel/errors.ts';
import type { Adjustment, PoolShares, ProPay } from '#model/propay.ts';
import type { BudgetType, Formula } from '#model/settings.ts';
import { requireActive } from './status.ts';

/** What may be edited on a ProPay; absent leaves a thing as it is. */
export interface ProPayEdit {
  readonly title?: string;
  readonly notes?: string | null;
  readonly budgetType?: BudgetType;
  readonly adjustment?: Adjustment;
  readonly manualPool?: PoolShares | null;
  readonly distribution?: { readonly formula: Formula; readonly leadWeightBp?: number; readonly ignoreHours?: boolean };
  readonly excludedWorkerIds?: readonly string[];
  readonly crewLeadIds?: readonly string[] | null;
  readonly otherIds?: readonly string[] | null;
  readonly driveTimeInCost?: boolean | null;
  readonly leadPayCents?: number;
}

/** Title and notes stay editable whatever the status; everything else can move money (B-90). */
const HARMLESS = new Set<keyof ProPayEdit>(['title', 'notes']);

/**
 * A ProPay after an edit. What could change money is refused on an approved one (`approved-unapprove-first`) and in every other state
 * but Active. Whether the values fit together is checked by calculating with them.
 */
export function editProPay(proPay: ProPay, edit: ProPayEdit): ProPay {
  if (proPay.status === 'Deleted') refuse('deleted');
  const names = (Object.keys(edit) as (keyof ProPayEdit)[]).filter((name) => edit[name] !== undefined);
  if (names.some((name) => !HARMLESS.has(name))) requireActive(proPay);
  if (
    edit.distribution !== undefined &&
    (edit.distribution.formula === 'manual' || edit.distribution.formula === 'total_earnings')
  )
    refuse('unknown-formula', { field: 'distribution.formula', detail: 'This formula is not offered on a single ProPay.' });
  if (
    edit.budgetType !== undefined &&
    edit.budgetType !== proPay.budgetType &&
    (edit.adjustment ?? proPay.adjustment).type.startsWith('manual_')
  )
    refuse('adjustment-unit-mismatch', {
      field: 'adjustment',
      detail: 'Take the manual value away before changing the budget type.',
    });
  const changed = Object.fromEntries(names.map((name) => [name, edit[name]]));
  return { ...proPay, ...changed, revision: proPay.revision + 1 };
}
