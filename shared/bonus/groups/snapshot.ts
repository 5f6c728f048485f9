import type { Contribution } from '#model/group.ts';
import type { ApprovalSnapshot } from '../snapshot.ts';
import type { GroupSnapshot } from './replay.ts';

/** A group as it was approved, with its members as later readings of their sources are held against them. */
export interface FrozenGroup extends GroupSnapshot {
  readonly members: readonly FrozenMember[];
}

/** A member as it was approved with its group. */
export interface FrozenMember extends ApprovalSnapshot {
  readonly contribution: Contribution;
}

/** A member by its id: an approval names all of its members. */
export function frozenMember({ members }: FrozenGroup, proPayId: string): FrozenMember {
  const member = members.find(({ proPay }) => proPay.id === proPayId);
  if (member === undefined) throw new Error('an approved member that its group’s snapshot does not name');
  return member;
}
