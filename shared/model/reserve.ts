import type { Instant } from '#kernel/instant.ts';
import type { PayoutRole } from './propay.ts';

/** A person's part of a movement in one role; negative where it leaves the reserve. Never zero. */
export interface ReserveShare {
  readonly workerId: string;
  readonly role: PayoutRole;
  readonly cents: number;
}

/**
 * One movement of a reserve (B-114, B-115): what a phase's approval put in or drew, its unapproval that takes this back, a release, or an
 * accepted change of a phase's sources.
 */
export interface ReserveMovement {
  readonly kind: 'approval' | 'unapproval' | 'release' | 'change';
  /** The phase it is about; null for a release. */
  readonly phaseId: string | null;
  /** Which approval of the phase, or which release of the ProPay. */
  readonly n: number;
  /** Of a change: the revision of the difference that was accepted. */
  readonly change?: number;
  readonly shares: readonly ReserveShare[];
  /** Items that a release made. */
  readonly lineItemIds: readonly string[];
  readonly by: string;
  readonly at: Instant;
}

/** What is held back on a phased ProPay, as the list of everything that ever moved it. */
export interface Reserve {
  readonly proPayId: string;
  readonly branchId: string | null;
  readonly movements: readonly ReserveMovement[];
  /** No phase is open any more: what is left asks to be released (B-116). */
  readonly ended: boolean;
  readonly revision: number;
}
