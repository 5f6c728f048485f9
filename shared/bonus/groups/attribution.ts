import { allocateAmounts } from '#kernel/allocate.ts';
import type { Contribution } from '#model/group.ts';
import { anyFailed } from '../rules/disqualifiers.ts';
import type { Payout } from '../shapes.ts';

/** A part of a group's payout on one member. */
export interface AttributedPayout extends Payout {
  readonly proPayId: string;
}

/**
 * Which members the payouts of a pooled group come from (B-102): each by the person's seconds on them that have a weight, or, for somebody
 * without any, evenly over those that name the person in the role. For display only; the parts of a payout always add up to it.
 */
export function attributePayouts(payouts: readonly Payout[], members: readonly Contribution[]): readonly AttributedPayout[] {
  return payouts.flatMap((payout) => {
    const seconds = members.map((member) => ({ id: member.proPayId, weight: secondsOn(member, payout.workerId) }));
    const named = members.map((member) => ({ id: member.proPayId, weight: namesInRole(member, payout) ? 1 : 0 }));
    const weights = [seconds, named, members.map(({ proPayId: id }) => ({ id, weight: 1 }))].find((list) =>
      list.some(({ weight }) => weight > 0),
    );
    if (weights === undefined) return [];
    const parts = allocateAmounts(payout.cents, weights);
    return weights.flatMap(({ id }, index) => (parts[index] === 0 ? [] : [{ ...payout, proPayId: id, cents: parts[index]! }]));
  });
}

function secondsOn(member: Contribution, workerId: string): number {
  if (anyFailed(member.disqualifiers)) return 0;
  return member.time.reduce((sum, one) => sum + (one.workerId === workerId && !one.noWeight ? one.seconds : 0), 0);
}

function namesInRole(member: Contribution, { role, workerId }: Payout): boolean {
  switch (role) {
    case 'crew':
      return member.time.some((one) => one.workerId === workerId);
    case 'crew_lead':
      return member.crewLeadIds.includes(workerId);
    case 'manager':
      return member.managerIds.includes(workerId);
    case 'other':
      return member.otherIds.includes(workerId);
  }
}
