import { refuse } from '#kernel/errors.ts';
import type { Adjustment, BudgetFigures, PoolShares, ProPay, ProPayDistribution } from '#model/propay.ts';
import type { BudgetType } from '#model/settings.ts';
import { isManual } from '../inputs/adjustment.ts';
import { assertDistribution } from '../rules/distribution.ts';
import { assertPoolToSave } from '../rules/role-pools.ts';
import { requireActive, requireUnphased } from './status.ts';

/** What may be edited on a ProPay; absent leaves a thing as it is. */
export interface ProPayEdit {
  readonly title?: string;
  readonly notes?: string | null;
  readonly budgetType?: BudgetType;
  readonly adjustment?: Adjustment;
  readonly manualPool?: PoolShares | null;
  readonly distribution?: ProPayDistribution;
  readonly excludedWorkerIds?: readonly string[];
  readonly includedWorkerIds?: readonly string[];
  readonly crewLeadIds?: readonly string[] | null;
  readonly otherIds?: readonly string[] | null;
  readonly driveTimeInCost?: boolean | null;
  readonly burden?: boolean | null;
  readonly overtimeCost?: boolean | null;
  readonly leadPayCents?: number;
}

/** An edited ProPay that remembers what budget its value by hand replaces (B-35): the one of the moment in which it was entered. */
export function withReplacedBudget(proPay: ProPay, edit: ProPayEdit, present: BudgetFigures | null): ProPay {
  if (edit.adjustment === undefined) return proPay;
  return { ...proPay, replacedBudget: isManual(edit.adjustment) ? present : null };
}

/** Title and notes stay editable whatever the status; everything else can move money (B-90). */
const HARMLESS = new Set<keyof ProPayEdit>(['title', 'notes']);

/**
 * A ProPay after an edit. Burden and overtime in the cost are fixed from the first approval on (`locked-choice`, B-48). What could change
 * money is refused on an approved one (`approved-unapprove-first`) and in every other state but Active. Whether the values fit together is
 * checked by calculating with them.
 */
export function editProPay(proPay: ProPay, edit: ProPayEdit): ProPay {
  if (proPay.status === 'Deleted') refuse('deleted');
  const names = (Object.keys(edit) as (keyof ProPayEdit)[]).filter((name) => edit[name] !== undefined);
  const locked = names.find((name) => name === 'burden' || name === 'overtimeCost');
  if (locked !== undefined && proPay.lockedChoices !== null) refuse('locked-choice', { field: locked });
  if (names.some((name) => !HARMLESS.has(name))) requireActive(proPay);
  if (edit.distribution !== undefined) assertDistribution(edit.distribution, 'distribution');
  // A figure or amounts for the whole say nothing of its phases.
  if (edit.adjustment !== undefined && isManual(edit.adjustment)) requireUnphased(proPay, 'adjustment');
  if (edit.distribution?.formula === 'manual') requireUnphased(proPay, 'distribution');
  if ((edit.leadPayCents ?? 0) > 0) requireUnphased(proPay, 'leadPay');
  const changed = Object.fromEntries(names.map((name) => [name, edit[name]]));
  const next: ProPay = { ...proPay, ...changed, revision: proPay.revision + 1 };
  // A part for others needs somebody to receive it (B-54, B-56).
  if (edit.manualPool !== undefined || edit.otherIds !== undefined)
    assertPoolToSave(next.manualPool ?? next.pool, next.otherIds ?? next.pool.otherIds, 'manualPool');
  const both = next.includedWorkerIds.find((id) => next.excludedWorkerIds.includes(id));
  if (both !== undefined)
    refuse('invalid-body', {
      field: 'includedWorkerIds',
      detail: 'names somebody whom excludedWorkerIds names as well',
      data: { workerId: both },
    });
  return next;
}
