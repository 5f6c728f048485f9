import { canonicalJson } from '#kernel/canonical.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import type { ConflictField, Contribution, Group, GroupConflict, MemberTerms } from '#model/group.ts';
import type { ProPay } from '#model/propay.ts';
import type { TenantContext } from '#model/settings.ts';
import type { GroupTerms } from '../group.ts';
import { calendarOfBranch } from '../pay/assignment.ts';
import { differingTerms } from '../rules/group-conflicts.ts';
import { missingKeys } from '../rules/outcome.ts';
import type { RecordRef } from '../shapes.ts';

/** Members in the order of their reference numbers: the first one's settings are the group's (B-101). */
export function inOrder<T extends { readonly reference: string }>(members: readonly T[]): readonly T[] {
  // The numbers carry no leading zeros, so the longer one is the greater one.
  return [...members].sort((a, b) => a.reference.length - b.reference.length || compareCodePoints(a.reference, b.reference));
}

/** The settings of a group (B-101): its own, else those of the member with the lowest reference number. Null without members. */
export function termsInForce(group: Pick<Group, 'own'>, members: readonly Contribution[]): MemberTerms | null {
  const [first] = inOrder(members);
  return first === undefined ? null : { ...first.terms, ...group.own };
}

/** Members that differ from the group's settings (B-101), lowest reference number first. */
export function conflictsOf(
  group: Pick<Group, 'own' | 'netting'>,
  members: readonly Contribution[],
  context: Pick<TenantContext, 'branches' | 'payCalendar'>,
): readonly GroupConflict[] {
  const ordered = inOrder(members);
  const [first] = ordered;
  const terms = termsInForce(group, members);
  if (first === undefined || terms === null) return [];
  const calendar = calendarOf(first, context);
  // Amounts by hand divide the pool of the group: no member has anything to be compared with them.
  const byHand = group.own.distribution?.formula === 'manual';
  return ordered.flatMap((member) => {
    const fields: ConflictField[] = differingTerms(terms, member.terms).filter((field) => field !== 'distribution' || !byHand);
    if (calendarOf(member, context) !== calendar) fields.push('pay_calendar');
    if (group.netting === 'pooled' && member.budgetKind !== first.budgetKind) fields.push('budget_kind');
    return fields.length === 0 ? [] : [{ proPayId: member.proPayId, fields }];
  });
}

function calendarOf({ place }: Contribution, context: Pick<TenantContext, 'branches' | 'payCalendar'>): string {
  return canonicalJson(calendarOfBranch(context, place.branchId).calendar);
}

/** A member as it is aligned with its group: everything that can be a conflict and can be set (B-101). */
export function aligned(proPay: ProPay, terms: MemberTerms): ProPay {
  const { shares, distribution, pool: _pool, ...options } = terms;
  return { ...proPay, pool: { ...proPay.pool, ...options }, manualPool: shares, distribution };
}

/** What the calculation of a group has in common for all members; people are the distinct ones of all of them (B-102). */
export function groupTerms(group: Group, members: readonly Contribution[], terms: MemberTerms): GroupTerms {
  const pool: RecordRef = { entity: 'bonus_pool', ...terms.pool };
  const own: RecordRef = { entity: 'group', id: group.id, revision: group.revision };
  const { splitEnabled, splitBp, leadInCrewPool, managerInCrewPool, rollOverNegative } = terms;
  return {
    ...peopleOf(members),
    excludedWorkerIds: group.excludedWorkerIds,
    splitEnabled,
    splitBp,
    leadInCrewPool,
    managerInCrewPool,
    rollOverNegative,
    pool: { ...terms.shares, ref: group.own.shares === undefined ? pool : own },
    distribution: {
      ...terms.distribution,
      ...(terms.distribution.formula === 'total_earnings' ? { earnings: earningsOf(members) } : {}),
      ref: group.own.distribution === undefined ? pool : own,
    },
    disqualifiers: group.disqualifiers.map(({ key, state, definitionRevision }) => ({
      id: key,
      state,
      ref: { entity: 'disqualifier', id: key, revision: definitionRevision },
    })),
    penalties: group.penalties.map(({ key, amountCents, count, definitionRevision }) => ({
      id: key,
      amountCents,
      count,
      ref: { entity: 'penalty', id: key, revision: definitionRevision },
    })),
  };
}

/** Everybody's earnings of the route period, once: all members know the same of a person (B-71). */
function earningsOf(members: readonly Contribution[]): NonNullable<GroupTerms['distribution']['earnings']> {
  const known = new Map(inOrder(members).flatMap(({ earnings }) => earnings.map((one) => [one.workerId, one])));
  return [...known.values()].sort((a, b) => compareCodePoints(a.workerId, b.workerId));
}

/** The people of members beside their crew, each once, and what is promised to leads on top (B-61). */
export function peopleOf(members: readonly Contribution[]) {
  const all = (of: (member: Contribution) => readonly string[]): string[] => missingKeys(members.flatMap(of));
  const planned = new Map(inOrder(members).flatMap(({ assignedCrew }) => assignedCrew.map((one) => [one.workerId, one])));
  return {
    crewLeadIds: all((member) => member.crewLeadIds),
    managerIds: all((member) => member.managerIds),
    otherIds: all((member) => member.otherIds),
    assignedCrew: [...planned.values()],
    leadPayCents: members.reduce((sum, member) => sum + member.leadPayCents, 0),
  };
}
