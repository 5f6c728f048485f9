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
  const missing = missingOf(result);
  const lacks = (...kinds: readonly string[]): boolean => missing.some((key) => kinds.includes(key.split(':')[0]!));
  const managerBp = (proPay.manualPool ?? proPay.pool).managerBp;
  return [
    ...(lacks('wage') ? (['missing_wages'] as const) : []),
    ...(lacks('budget', 'task-budget') ? (['missing_budgets'] as const) : []),
    ...(managerBp > 0 && result.people.managerIds.length === 0 ? (['missing_managers'] as const) : []),
    ...(proPay.groupId === null && isReady(result) ? (['ready_for_approval'] as const) : []),
    ...(result.progressRequest.open ? (['progress_requests'] as const) : []),
  ];
}

/** B-87 as far as it does not depend on the hour: complete, told, with closed time, all answers and all amounts; of phases any one of them. */
export function isReady({ completedAtSource, figures, openEntryIds, ofPhases }: Approvable): boolean {
  if (ofPhases !== undefined) return ofPhases.readyIds.length > 0;
  if (!completedAtSource || figures === null || openEntryIds.length > 0) return false;
  return figures.approvable && !figures.notes.includes('penalty-amount-missing');
}

type Approvable = Pick<ProPayResult, 'completedAtSource' | 'figures' | 'openEntryIds' | 'ofPhases'>;

/** What nobody knows, in the ProPay or in any of its phases. */
function missingOf({ missing, ofPhases }: Pick<ProPayResult, 'missing' | 'ofPhases'>): readonly string[] {
  return ofPhases?.missing ?? missing;
}

/** The workers whose wage a result waits for (B-42). */
export function workersWithoutWage(result: Pick<ProPayResult, 'missing' | 'ofPhases'>): readonly string[] {
  return missingOf(result).flatMap((key) => (key.startsWith('wage:') ? [key.slice('wage:'.length)] : []));
}
