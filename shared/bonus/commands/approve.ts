import { refuse } from '#kernel/errors.ts';
import { hashText } from '#kernel/hash.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import { lineItemId } from '#model/ids.ts';
import type { EarnedWeek, ItemSource, LineItem, PayHead, PremiumMethod } from '#model/pay.ts';
import type { ApprovalSummary, ProPay } from '#model/propay.ts';
import type { BonusPool } from '#model/settings.ts';
import { requireFittingAmounts } from '../fitting-amounts.ts';
import type { CostChoices } from '../inputs/choices.ts';
import { type ApprovalCategory, createLineItems, type Holdback, type LineItemDraft } from '../line-items.ts';
import { type NamedCalendar, placeItem } from '../pay/assignment.ts';
import { type CrewShare, embeddedPremiums } from '../pay-law/crew-share.ts';
import { type AppliedResult, ROLES, type Role } from '../shapes.ts';
import type { WorkedOut } from '../work-out.ts';
import { type Acceptance, requireAccepted } from './accept.ts';
import { blockersOf, type Freshness } from './blockers.ts';
import { requireActive } from './status.ts';

/** What an approver says (interface "Approve"). */
export interface ApproveRequest {
  readonly inputsVersion: string;
  readonly approvalDate: LocalDate | null;
  readonly accept: readonly Acceptance[];
  readonly note: string | null;
}

/** What the approval is decided on. */
export interface ApproveInputs {
  readonly proPay: ProPay;
  readonly worked: WorkedOut;
  readonly freshness: Freshness;
  readonly todayDate: LocalDate;
  /** What its items are of: a ProPay's unless something else is said. */
  readonly category?: ApprovalCategory;
}

/** A decided approval: the figures are those the approver saw, and the items follow from them alone. */
export interface ApprovalDecision {
  readonly n: number;
  readonly approvalDate: LocalDate;
  readonly accepted: readonly Acceptance[];
  readonly final: AppliedResult;
  readonly drafts: readonly LineItemDraft[];
}

/**
 * Decides an approval (B-87, B-88, B-121). The caller has compared `inputsVersion` with the current one already: what the approver saw is
 * what is approved. Refuses with the code of whatever stands in the way.
 */
export function decideApproval(
  request: ApproveRequest,
  { proPay, worked, freshness, todayDate, category = 'propay' }: ApproveInputs,
): ApprovalDecision {
  requireActive(proPay);
  requireFittingAmounts(worked.assembled.calculation);
  const blockers = blockersOf(proPay, worked.result, freshness);
  const accepted = requireAccepted(blockers, request.accept);
  const { final } = worked;
  if (final.outcome !== 'applies') return refuse('cannot-tell', { data: { missing: final.missing } });
  const approvalDate = request.approvalDate ?? todayDate;
  const startDate = worked.assembled.time.startDate;
  if (startDate === null || approvalDate < startDate || approvalDate > todayDate)
    refuse('approval-date-out-of-range', { field: 'approvalDate', data: { from: startDate, to: todayDate } });
  const drafts = createLineItems({
    category,
    approvalDate,
    payouts: final.payouts,
    leadPayouts: final.leadPayouts,
    holdbacks: holdbacksOf(proPay.pool),
  });
  return { n: proPay.approvals + 1, approvalDate, accepted, final, drafts };
}

/** The holdbacks of a pool by role (B-121 to B-124). */
export function holdbacksOf(
  pool: Pick<BonusPool, 'waitingDays' | 'warrantyBp' | 'warrantyDays' | 'retention'>,
): Readonly<Record<Role, Holdback>> {
  const { waitingDays, warrantyBp, warrantyDays, retention } = pool;
  const of = (role: Role): Holdback => ({
    waitingDays,
    warrantyBp,
    warrantyDays,
    retentionBp: retention[role]?.retentionBp ?? 0,
    retentionDays: retention[role]?.retentionDays ?? 0,
  });
  return Object.fromEntries(ROLES.map((role) => [role, of(role)])) as Record<Role, Holdback>;
}

/** What the items of one approval have in common. */
export interface ItemOrigin {
  readonly source: ItemSource;
  /** The thing that was approved, as item ids name it: its id. */
  readonly subjectId: string;
  readonly approval: number;
  /** The terms of the pool that was frozen with it (B-134 to B-136). */
  readonly terms: Pick<BonusPool, 'statementAssignment' | 'includeDeductions' | 'rollOverNegative'>;
  readonly branchId: string | null;
  readonly workFrom: LocalDate | null;
  readonly workTo: LocalDate | null;
  /** The workweeks that a person's money was earned in (B-204). */
  weeksOf(workerId: string): readonly EarnedWeek[];
  /** How that money is spread over them for the overtime premium. */
  premiumMethodOf(workerId: string, role: Role): PremiumMethod;
  /** How the crew shared it, with the premium that may lie in that (B-208). */
  readonly crewShare: CrewShare;
}

/** The parts of an origin that follow from the time the money was earned with. */
export type EarnedOrigin = Pick<ItemOrigin, 'weeksOf' | 'premiumMethodOf' | 'crewShare'>;

/** The origin of the items of an approved ProPay. */
export function originOfProPay(decision: ApprovalDecision, proPay: ProPay, worked: WorkedOut, earned: EarnedOrigin): ItemOrigin {
  const { place, time } = worked.assembled;
  return {
    source: { kind: 'propay', proPayId: proPay.id, approval: decision.n },
    subjectId: proPay.id,
    approval: decision.n,
    terms: proPay.pool,
    branchId: place.branchId,
    workFrom: time.startDate,
    workTo: time.lastDate,
    ...earned,
  };
}

/**
 * The line items of an approval. Their ids follow from approval, worker, role, category and part, so an approval that is tried twice
 * makes the same items and never a second set (I3).
 */
export function itemsOfApproval(
  drafts: readonly LineItemDraft[],
  origin: ItemOrigin,
  calendar: NamedCalendar,
  heads: ReadonlyMap<string, PayHead | null>,
): readonly { readonly item: LineItem; readonly freeOn: LocalDate }[] {
  const { terms } = origin;
  const embedded = embeddedPremiums(drafts, origin.crewShare);
  return drafts.map((draft, index) => {
    const placeable = {
      approvalDate: draft.approvalDate,
      releaseOn: draft.releaseOn,
      events: [],
      statementAssignment: terms.statementAssignment,
    };
    const { assignOn, freeOn } = placeItem(placeable, calendar.calendar, heads.get(draft.workerId) ?? null);
    const named = [origin.subjectId, origin.approval, draft.workerId, draft.role, draft.category, draft.part].join('\n');
    const tail = hashText(named).slice(0, TAIL_LENGTH);
    const item: LineItem = {
      ...draft,
      ...placeable,
      id: lineItemId({ workerId: draft.workerId, calendarId: calendar.calendarId, assignOn, tail }),
      calendarId: calendar.calendarId,
      branchId: origin.branchId,
      assignOn,
      periodStart: null,
      includeDeductions: terms.includeDeductions,
      carry: terms.rollOverNegative,
      source: origin.source,
      weeks: origin.weeksOf(draft.workerId),
      premiumMethod: draft.type === 'bonus' ? origin.premiumMethodOf(draft.workerId, draft.role) : null,
      embeddedPremiumCents: embedded[index]!,
      rateExclusion: null,
      premium: null,
      purpose: null,
      description: null,
      workFrom: origin.workFrom,
      workTo: origin.workTo,
      replaces: null,
      revision: 1,
    };
    return { item, freeOn };
  });
}

/** 150 bits of a digest: unique among all items that will ever be. */
const TAIL_LENGTH = 25;

/** The ProPay after its approval. The first one locks what its cost includes (B-48). */
export function approvedProPay(proPay: ProPay, summary: ApprovalSummary, { burden, overtimeCost }: CostChoices): ProPay {
  return {
    ...proPay,
    lockedChoices: proPay.lockedChoices ?? { burden, overtimeCost },
    status: 'Approved',
    approvals: summary.n,
    approval: summary,
    revision: proPay.revision + 1,
    listDate: summary.approvalDate,
  };
}

/** Sum of the money an approval hands out. */
export function approvedTotal(drafts: readonly LineItemDraft[]): number {
  return drafts.reduce((sum, draft) => sum + draft.amountCents, 0);
}

/** The moment and author of an approval with what it made. */
export function approvalSummary(
  decision: ApprovalDecision,
  made: { readonly by: string; readonly at: Instant; readonly snapshotId: string; readonly lineItemIds: readonly string[] },
): ApprovalSummary {
  return {
    n: decision.n,
    approvedAt: made.at,
    approvalDate: decision.approvalDate,
    by: made.by,
    accepted: decision.accepted,
    totalCents: approvedTotal(decision.drafts),
    snapshotId: made.snapshotId,
    lineItemIds: made.lineItemIds,
  };
}
