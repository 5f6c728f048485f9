import { differencesOf, paidFiguresOf } from '#bonus/source-change.ts';
import type { ProPayFigures } from '#model/propay.ts';
import { moneyOf } from '../../edge.ts';

/** What an approver sends. */
export interface ApproveBody {
  readonly inputsVersion: string;
  readonly approvalDate?: string | undefined;
  readonly accept?: readonly { readonly code: string; readonly reason: string }[] | undefined;
  readonly note?: string | undefined;
}

/** What has changed between what an approver saw and now, lead pay included. */
export function differenceOf(before: ProPayFigures | null, now: ProPayFigures | null) {
  const paid = (figures: ProPayFigures | null) => (figures === null ? [] : paidFiguresOf(figures).payouts);
  const byWorker = differencesOf(paid(before), paid(now));
  return {
    savings: moneyOf((now?.savingsCents ?? 0) - (before?.savingsCents ?? 0))!,
    byWorker: byWorker.map(({ workerId, role, differenceCents }) => ({ workerId, role, difference: moneyOf(differenceCents)! })),
  };
}
