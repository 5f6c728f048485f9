import type { Instant } from '#kernel/instant.ts';

/** A login that may own an account: its user, and the subject of its membership. */
export interface OwnerRef {
  readonly userId: string;
  readonly sub: string;
}

/** Who owns the account: one record per tenant, so that there is exactly one owner at every moment (M-142). */
export interface Ownership {
  readonly owner: OwnerRef;
  /** Whom the owner has offered it to. */
  readonly offer: (OwnerRef & { readonly at: Instant }) | null;
  readonly revision: number;
}
