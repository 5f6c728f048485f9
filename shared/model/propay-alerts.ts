import type { ProPay, ProPayResult } from './propay.ts';

/** What about an Active ProPay asks for somebody (M-157, B-183). */
export type ProPayAlert = 'missing_wages' | 'missing_budgets' | 'missing_managers' | 'ready_for_approval' | 'progress_requests';

/** The decisions on a ProPay that its alerts depend on. */
export type AlertSubject = Pick<ProPay, 'status' | 'groupId' | 'pool' | 'manualPool'>;

/**
 * The alerts of a ProPay, from what is stored of it: its result's index entry exists while there are any. Whether its sources are fresh
 * enough to approve it depends on the hour and is asked at approval; a missing manager may be accepted there (B-87).
 */
export function alertsOf(proPay: AlertSubject, result: ProPayResult): readonly ProPayAlert[] {
  if (proPay.status !== 'Active') return [];
  const lacks = (...kinds: readonly string[]): boolean => result.missing.some((key) => kinds.includes(key.split(':')[0]!));
  const managerBp = (proPay.manualPool ?? proPay.pool).managerBp;
  return [
    ...(lacks('wage') ? (['missing_wages'] as const) : []),
    ...(lacks('budget', 'task-budget') ? (['missing_budgets'] as const) : []),
    ...(managerBp > 0 && result.people.managerIds.length === 0 ? (['missing_managers'] as const) : []),
    ...(proPay.groupId === null && isReady(result) ? (['ready_for_approval'] as const) : []),
    ...(result.progressRequest.open ? (['progress_requests'] as const) : []),
  ];
}

/** B-87 as far as it does not depend on the hour: complete, told, with closed time, all answers and all amounts. */
function isReady({ completedAtSource, figures, openEntryIds }: ProPayResult): boolean {
  if (!completedAtSource || figures === null || openEntryIds.length > 0) return false;
  return figures.approvable && !figures.notes.includes('penalty-amount-missing');
}

/** The workers whose wage a result waits for (B-42). */
export function workersWithoutWage({ missing }: Pick<ProPayResult, 'missing'>): readonly string[] {
  return missing.flatMap((key) => (key.startsWith('wage:') ? [key.slice('wage:'.length)] : []));
}
