import type { LocalDate } from '#kernel/instant.ts';
import type { LineItemDraft } from '../line-items.ts';
import type { Payout } from '../shapes.ts';

/** Items that come after an approval: of an accepted source change (B-97), or of a callback (B-153). */
export type LaterCategory = 'adjustment' | 'callback';

/**
 * What later events add to people's items: one whole item per person and role, free at once, so that it stands on the next open statement.
 * Nothing of it is held back.
 */
export function laterDrafts(payouts: readonly Payout[], category: LaterCategory, date: LocalDate): readonly LineItemDraft[] {
  return payouts.map(({ workerId, role, cents }) => ({
    workerId,
    role,
    type: cents < 0 ? 'deduction' : 'bonus',
    category,
    part: 'main',
    amountCents: cents,
    approvalDate: date,
    releaseOn: date,
  }));
}
