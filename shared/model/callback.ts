import type { Instant } from '#kernel/instant.ts';
import type { PayoutRole } from './propay.ts';

/** B-154. */
export const CALLBACK_STATES = ['Open', 'Assessed', 'Applied', 'Dismissed'] as const;
export type CallbackState = (typeof CALLBACK_STATES)[number];

/** How a job was recognised as rework (B-150): somebody said so, its service type says so, the source links it. */
export const RECOGNITIONS = ['hand', 'service_type', 'source'] as const;
export type Recognition = (typeof RECOGNITIONS)[number];

/** What one person gives back in one role (B-152, B-153); all amounts 0 or more. */
export interface CallbackPart {
  readonly workerId: string;
  readonly role: PayoutRole;
  readonly differenceCents: number;
  readonly fromReserveCents: number;
  readonly deductionCents: number;
  /** What of an applied one is the company's for good, since deductions were blocked (B-153); absent where they were not. */
  readonly waivedCents?: number;
}

/** What the rework means for an approval, as it was when it was worked out; once applied, what was taken. */
export interface CallbackAssessment {
  /** Digest of everything it was worked out from: what somebody saw who accepts it. */
  readonly inputsVersion: string;
  readonly reworkSeconds: number;
  readonly reworkCostCents: number;
  readonly approvedSavingsCents: number;
  readonly recomputedSavingsCents: number;
  readonly differenceCents: number;
  readonly byWorker: readonly CallbackPart[];
  readonly at: Instant;
}

/** Rework of an earlier job (B-150): in the original's partition, so that its ProPay finds it with its inputs. */
export interface Callback {
  readonly id: string;
  /** The job that is reworked. */
  readonly originalJobId: string;
  /** The rework itself. */
  readonly jobId: string;
  readonly recognisedBy: Recognition;
  readonly state: CallbackState;
  readonly openedAt: Instant;
  /** Set with the assessment: the approval it is about. */
  readonly proPayId: string | null;
  readonly approval: number | null;
  readonly assessment: CallbackAssessment | null;
  /** Inputs that are unknown, so that nothing can be assessed. */
  readonly missing: readonly string[];
  /** Who applied or dismissed it; `unlinked`: the rework is none any more. */
  readonly decision: {
    readonly by: string;
    readonly at: Instant;
    readonly reason: string | null;
    readonly unlinked: boolean;
  } | null;
  readonly lineItemIds: readonly string[];
  /** How its items came about. */
  readonly snapshot: { readonly digest: string; readonly chunks: number } | null;
  readonly revision: number;
}

/** True while the rework counts: it is linked, and nobody has dismissed it. */
export function isLiveCallback({ state }: Pick<Callback, 'state'>): boolean {
  return state !== 'Dismissed';
}
