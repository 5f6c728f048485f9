import type { ApprovalSummary, ProPay, ProPayDisqualifier, ProPayPenalty, ProPayResult } from './propay.ts';

/** B-112. */
export const PHASE_STATUSES = ['Draft', 'Active', 'Approved', 'Paid', 'Excluded', 'Canceled'] as const;
export type PhaseStatus = (typeof PHASE_STATUSES)[number];

/** What the calculation of one phase says: a ProPay's result without the counters of its own item. */
export type PhaseResult = Omit<ProPayResult, 'calcRev' | 'cfgRev'>;

/** One part of a phased ProPay (B-111) with its own budget, time, answers and approval: decisions and figures on one item. */
export interface Phase {
  readonly proPayId: string;
  /** Its milestone, the rule that its milestones match, or `other`. */
  readonly id: string;
  readonly name: string;
  readonly milestoneIds: readonly string[];
  readonly status: PhaseStatus;
  /** By whom and why it was taken out; null while it is in. */
  readonly excluded: { readonly by: string; readonly at: string; readonly reason: string | null } | null;
  readonly disqualifiers: readonly ProPayDisqualifier[];
  readonly penalties: readonly ProPayPenalty[];
  readonly approvals: number;
  readonly approval: ApprovalSummary | null;
  /** Nothing of its approval is left to be paid: all of it was, or it paid nobody anything. */
  readonly settled: boolean;
  readonly result: PhaseResult;
  /** Raised by every write, of people and of the calculation alike: each of them has seen what it writes over. */
  readonly revision: number;
}

/** The phase of everything that no rule matches. */
export const OTHER_PHASE = 'other';

/** True where a ProPay is calculated and approved by phases (B-110). */
export function isPhased({ phaseMode, milestoneId }: Pick<ProPay, 'phaseMode' | 'milestoneId'>): boolean {
  return phaseMode !== 'off' && milestoneId === null;
}

/** True where phases fill a reserve instead of being paid at once (B-114). */
export function keepsReserve(proPay: Pick<ProPay, 'phaseMode' | 'milestoneId'>): boolean {
  return isPhased(proPay) && proPay.phaseMode === 'reserve';
}

/** What the items of a release name in place of a phase: their money may come from several. */
export const RELEASE = 'reserve';

/** What approvals, snapshots and differences of a phase are kept under. */
export function phaseSourceId({ proPayId, id }: Pick<Phase, 'proPayId' | 'id'>): string {
  return `${proPayId}.${id}`;
}

/** True once somebody has decided on the phase's money: nothing moves it any more but people. */
export function isDecided({ status }: Pick<Phase, 'status'>): boolean {
  return status === 'Approved' || status === 'Paid';
}

/** True while the phase counts in the sums of its ProPay. */
export function counts({ status }: Pick<Phase, 'status'>): boolean {
  return status === 'Active' || isDecided({ status });
}
