import type { Instant } from '#kernel/instant.ts';
import type { PayoutRole } from './propay.ts';

/** B-96. A decided one stays as it was decided until its sources move again. */
export const DIFFERENCE_STATES = ['Open', 'Cleared', 'Accepted', 'Dismissed'] as const;
export type DifferenceState = (typeof DIFFERENCE_STATES)[number];

/** What happened to the work itself, beside what its figures say: canceled, back to unfinished, somewhere else. */
export const SOURCE_CAUSES = ['canceled', 'reopened', 'moved'] as const;
export type SourceCause = (typeof SOURCE_CAUSES)[number];

/** One person's difference in one role; never zero. */
export interface RoleDifference {
  readonly workerId: string;
  readonly role: PayoutRole;
  readonly differenceCents: number;
}

/** A record that is not what it was when it was approved. */
export interface ChangedRecord {
  readonly entity: string;
  readonly id: string;
  readonly sourceId: string | null;
}

/** What people have decided on since an approval: what was approved and this together are the baseline of further differences. */
export interface SettledDifference {
  readonly seconds: number;
  /** The figures that were decided on last, against what was approved. */
  readonly byWorker: readonly RoleDifference[];
  /** What of them was booked, or was left as it is on purpose: nothing beyond it is ever given back (decision 022). */
  readonly booked: readonly RoleDifference[];
  readonly causes: readonly SourceCause[];
}

/** What the sources say now against what was approved (B-96). Amounts never move by it; people decide. */
export interface SourceDifference {
  readonly proPayId: string;
  readonly state: DifferenceState;
  /** The approval it is measured against. */
  readonly approval: number;
  /** Digest of the present inputs and of the baseline: what somebody saw who decides (B-96). */
  readonly inputsVersion: string;
  /** Digest of the present inputs alone. */
  readonly inputsSeen: string;
  /** Null while the difference cannot be told. */
  readonly deltaSeconds: number | null;
  readonly deltaCents: number | null;
  readonly byWorker: readonly RoleDifference[];
  /** What applied callbacks were to take and could not collect, as positive amounts. */
  readonly uncollected: readonly RoleDifference[];
  /** Inputs that are unknown now, so that the difference cannot be told. */
  readonly missing: readonly string[];
  readonly causes: readonly SourceCause[];
  readonly records: readonly ChangedRecord[];
  /** The run that brought the latest of the changes. */
  readonly runId: string | null;
  readonly settled: SettledDifference;
  readonly branchId: string | null;
  readonly seenAt: Instant;
  readonly revision: number;
  /** Of a phased ProPay the differences of its phases, each under its own id, of which this is the sum. */
  readonly parts: readonly SourceDifference[];
}

/** What somebody decided of a difference (B-96), with the money it made. Never changed. */
export interface DifferenceDecisionRecord {
  readonly proPayId: string;
  readonly approval: number;
  /** Revision of the difference that was decided on. */
  readonly n: number;
  readonly verdict: 'accept' | 'dismiss';
  readonly byWorker: readonly RoleDifference[];
  readonly records: readonly ChangedRecord[];
  readonly runId: string | null;
  readonly lineItemIds: readonly string[];
  readonly reason: string;
  readonly by: string;
  readonly at: Instant;
  /** How the items came about; null where none was made. */
  readonly snapshot: { readonly digest: string; readonly chunks: number } | null;
}

/** Nothing decided yet. */
export const NOTHING_SETTLED: SettledDifference = { seconds: 0, byWorker: [], booked: [], causes: [] };

/** What a difference holds that was stored before these fields existed. */
export const DIFFERENCE_DEFAULTS = {
  inputsSeen: '',
  causes: [],
  records: [],
  runId: null,
  settled: NOTHING_SETTLED,
  uncollected: [],
  branchId: null,
  revision: 0,
  parts: [],
} as const satisfies Partial<SourceDifference>;

/** What stands for the approval in the difference of a phased ProPay, whose phases have approvals of their own. */
export const OF_PHASES = 0;

/** The difference of a ProPay's present approval, or of its phases; one of an earlier approval says nothing any more. */
export function presentDifference<D extends Pick<SourceDifference, 'approval'>>(
  difference: D | null,
  approval: { readonly n: number } | null,
): D | null {
  return difference !== null && difference.approval === (approval?.n ?? OF_PHASES) ? difference : null;
}
