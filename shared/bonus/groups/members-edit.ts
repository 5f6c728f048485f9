import { refuse } from '#kernel/errors.ts';
import type { Group } from '#model/group.ts';
import type { Membership, ProPay } from '#model/propay.ts';
import { requireActive } from '../commands/status.ts';
import { requireActiveGroup } from './approve.ts';
import { membershipIn, type WorkPlace } from './membership.ts';

/** A ProPay that somebody wants in a group, with where its work belongs. */
export interface Candidate {
  readonly proPay: ProPay;
  readonly work: WorkPlace | null;
}

/** What a group asks of those who join it by hand (B-100): Active, single, not phased, and with a route. */
function requireSingle({ proPay, work }: Candidate): WorkPlace {
  requireActive(proPay);
  if (proPay.groupId !== null) refuse('member-of-group', { data: { propayId: proPay.id, groupId: proPay.groupId } });
  if (proPay.phaseMode !== 'off') refuse('not-eligible', { data: { propayId: proPay.id, reason: 'phased' } });
  return work ?? refuse('not-eligible', { data: { propayId: proPay.id, reason: 'no_route' } });
}

/** The route period that chosen ProPays have in common; `group-conflict` names those that have another one than the first. */
export function commonPlace(candidates: readonly Candidate[]): WorkPlace {
  const places = candidates.map(requireSingle);
  const first = places[0]!;
  requireShared(candidates.filter((_, index) => !sharesPlace(first, places[index]!)));
  return first;
}

function sharesPlace(a: WorkPlace, b: WorkPlace): boolean {
  return a.routeId === b.routeId && a.startDate === b.startDate && a.endDate === b.endDate;
}

function requireShared(others: readonly Candidate[]): void {
  if (others.length > 0)
    refuse('group-conflict', {
      detail: 'The members of a group share route and route period.',
      data: { propayIds: others.map(({ proPay }) => proPay.id) },
    });
}

/** A ProPay as somebody puts it into an Active group. */
export function joinedByHand(candidate: Candidate, group: Group): ProPay {
  requireActiveGroup(group);
  const work = requireSingle(candidate);
  const { routeId, period } = group;
  if (work.routeId !== routeId || work.date < period.startDate || work.date > period.endDate) requireShared([candidate]);
  return placedByHand(candidate.proPay, group.id, { routeId, ...period });
}

/** A ProPay as somebody puts it into a group of a route period, or outside of any (`groupId` null). */
export function placedByHand(
  proPay: ProPay,
  groupId: string | null,
  period: Pick<Membership, 'routeId' | 'startDate' | 'endDate'>,
): ProPay {
  return { ...proPay, groupId, membership: membershipIn(period, true), revision: proPay.revision + 1 };
}

/** What people may say of one member (B-105, B-106 b). */
export interface MemberEdit {
  readonly confirmed?: boolean;
  readonly leftOutWorkerIds?: readonly string[];
}

/** A member after it. */
export function editedMember(proPay: ProPay, edit: MemberEdit): ProPay {
  const { membership } = proPay;
  if (membership === null) throw new Error('a member of a group knows its place');
  return { ...proPay, membership: { ...membership, ...edit }, revision: proPay.revision + 1 };
}
