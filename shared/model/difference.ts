import type { Instant } from '#kernel/instant.ts';
import type { PayoutRole } from './propay.ts';

/** What the sources say now against what was approved (B-96). Amounts never move by it; people decide. */
export interface SourceDifference {
  readonly proPayId: string;
  readonly state: 'Open' | 'Cleared';
  /** The approval it is measured against. */
  readonly approval: number;
  readonly inputsVersion: string;
  readonly deltaSeconds: number | null;
  readonly deltaCents: number | null;
  readonly byWorker: readonly { readonly workerId: string; readonly role: PayoutRole; readonly differenceCents: number }[];
  /** Inputs that are unknown now, so that the difference cannot be told. */
  readonly missing: readonly string[];
  readonly seenAt: Instant;
}
