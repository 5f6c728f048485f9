import { allocateAmounts } from '#kernel/allocate.ts';
import { refuse } from '#kernel/errors.ts';
import { addDays, type LocalDate } from '#kernel/instant.ts';
import { integerAt, objectAt } from './check.ts';
import { defineRule } from './rules/rule.ts';
import type { Payout, Role, WorkerShare } from './shapes.ts';

/** B-121: an approved payout becomes a main part and what is held back. */
export const partsRule = defineRule('B-121', 1, 'Parts of a payout');
/** B-122: the main part waits, counted from the approval date. */
export const waitingRule = defineRule('B-122', 1, 'Waiting period');

/** A part of a payout; the order is the fixed order of B-3. */
export type Part = 'main' | 'retention' | 'warranty';

/** Longest waiting, retention and warranty: five years. */
const MAX_DAYS = 1825;

/** How long a role's payouts wait and what is held back of them (B-121 to B-124). */
export type Holdback = {
  readonly waitingDays: number;
  readonly retentionBp: number;
  readonly retentionDays: number;
  readonly warrantyBp: number;
  readonly warrantyDays: number;
};

/** Checks a role's holdback: refuses `invalid-number`, `holdback-over-100` and `days-before-waiting`. */
export function assertHoldback(value: unknown, field: string): asserts value is Holdback {
  const { waitingDays, retentionBp, retentionDays, warrantyBp, warrantyDays } = objectAt(value, field);
  const waiting = integerAt(waitingDays, `${field}.waitingDays`, 0, MAX_DAYS);
  const retention = integerAt(retentionBp, `${field}.retentionBp`, 0, 10_000);
  const warranty = integerAt(warrantyBp, `${field}.warrantyBp`, 0, 10_000);
  const retentionFor = integerAt(retentionDays, `${field}.retentionDays`, 0, MAX_DAYS);
  const warrantyFor = integerAt(warrantyDays, `${field}.warrantyDays`, 0, MAX_DAYS);
  if (retention + warranty > 10_000) refuse('holdback-over-100', { field: `${field}.retentionBp` });
  if (retention > 0 && retentionFor < waiting) refuse('days-before-waiting', { field: `${field}.retentionDays` });
  if (warranty > 0 && warrantyFor < waiting) refuse('days-before-waiting', { field: `${field}.warrantyDays` });
}

/** One part of a payout with the day it is released. */
export type PartAmount = { readonly part: Part; readonly cents: number; readonly releaseOn: LocalDate };

/**
 * Divides one payout into its parts (B-121) by B-3; parts of zero are left out. A negative payout is one main part: nothing of a
 * deduction is held back. Days are calendar days from the approval date.
 */
export function partsOf(shareCents: number, approvalDate: LocalDate, holdback: Holdback): PartAmount[] {
  const { waitingDays, retentionBp, retentionDays, warrantyBp, warrantyDays } = holdback;
  const main = { part: 'main', weight: 10_000 - retentionBp - warrantyBp, days: waitingDays } as const;
  const rest = [
    { part: 'retention', weight: retentionBp, days: retentionDays },
    { part: 'warranty', weight: warrantyBp, days: warrantyDays },
  ] as const;
  const parts = shareCents < 0 ? [{ ...main, weight: 10_000 }] : [main, ...rest];
  const amounts = allocateAmounts(
    shareCents,
    parts.map(({ part, weight }) => ({ id: part, weight })),
  );
  return parts
    .map(({ part, days }, index) => ({ part, cents: amounts[index]!, releaseOn: addDays(approvalDate, days) }))
    .filter(({ cents }) => cents !== 0);
}

/** The source of an item's money (B-120), as far as approvals make items. */
export type ApprovalCategory = 'propay' | 'group_propay' | 'phase' | 'pro_goal';

/** A line item before it has an id, a source reference and events (B-120). Its sign is its type's. */
export type LineItemDraft = {
  readonly workerId: string;
  readonly role: Role;
  readonly type: 'bonus' | 'deduction';
  readonly category: ApprovalCategory | 'over_budget' | 'lead_pay' | 'adjustment' | 'callback';
  readonly part: Part;
  readonly amountCents: number;
  readonly approvalDate: LocalDate;
  readonly releaseOn: LocalDate;
};

/**
 * The items of an approval (B-120, B-121): each payout in parts by its role's holdback, a negative one as a single deduction of
 * category `over_budget`, lead pay by the leads' holdback. Ordered by payout, then part; zeros make none. Holdbacks must have been
 * checked when the pool was saved.
 */
export function createLineItems(approval: {
  readonly category: ApprovalCategory;
  readonly approvalDate: LocalDate;
  readonly payouts: readonly Payout[];
  readonly leadPayouts: readonly WorkerShare[];
  readonly holdbacks: Readonly<Record<Role, Holdback>>;
}): LineItemDraft[] {
  const { approvalDate, holdbacks } = approval;
  const draft = (workerId: string, role: Role, cents: number, category: LineItemDraft['category']): LineItemDraft[] =>
    partsOf(cents, approvalDate, holdbacks[role]).map((part) => ({
      workerId,
      role,
      type: cents < 0 ? 'deduction' : 'bonus',
      category,
      part: part.part,
      amountCents: part.cents,
      approvalDate,
      releaseOn: part.releaseOn,
    }));
  return [
    ...approval.payouts.flatMap(({ workerId, role, cents }) =>
      draft(workerId, role, cents, cents < 0 ? 'over_budget' : approval.category),
    ),
    ...approval.leadPayouts.flatMap(({ workerId, cents }) => draft(workerId, 'crew_lead', cents, 'lead_pay')),
  ];
}
