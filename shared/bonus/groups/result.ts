import type { Instant } from '#kernel/instant.ts';
import type { Contribution, Group, GroupResult } from '#model/group.ts';
import { missingKeys } from '../rules/outcome.ts';

/** A group's result as it is worked out, before it is stored. */
export type NewGroupResult = Omit<GroupResult, 'calcRev' | 'calculatedAt'>;

/**
 * The first result of a group that is made with its first member: whose it is, and nothing yet of its figures. What the member leaves in
 * the group wakes its calculation.
 */
export function blankGroupResult(group: Pick<Group, 'routeId'>, members: readonly Contribution[], now: Instant): GroupResult {
  const nothing = { inputsVersion: '', inputsSeen: '', outcome: 'does-not-apply', missing: [], conflicts: [] } as const;
  return nextGroupResult(null, { ...nothing, figures: null, ifCompleted: null, ...summaryOf(group, members) }, now);
}

/** A group's result with the next revision, as it is stored. */
export function nextGroupResult(before: Pick<GroupResult, 'calcRev'> | null, worked: NewGroupResult, now: Instant): GroupResult {
  return { ...worked, calcRev: (before?.calcRev ?? 0) + 1, calculatedAt: now };
}

/** Whose and where a group is, by its members. */
export function summaryOf(group: Pick<Group, 'routeId'>, members: readonly Contribution[]) {
  const all = (of: (member: Contribution) => readonly string[]): string[] => missingKeys(members.flatMap(of));
  const same = (of: (member: Contribution) => string | null): string | null => {
    const found = new Set(members.map(of));
    return found.size === 1 ? [...found][0]! : null;
  };
  const dates = (of: (member: Contribution) => string | null): string[] => members.flatMap((one) => of(one) ?? []).sort();
  return {
    place: {
      branchId: same(({ place }) => place.branchId),
      divisionId: same(({ place }) => place.divisionId),
      routeId: group.routeId,
    },
    connectionIds: all((one) => one.connectionIds),
    people: {
      crewLeadIds: all((one) => one.crewLeadIds),
      managerIds: all((one) => one.managerIds),
      otherIds: all((one) => one.otherIds),
      workerIds: all((one) => one.workerIds),
    },
    startDate: dates((one) => one.startDate)[0] ?? null,
    lastDate: dates((one) => one.lastDate).at(-1) ?? null,
    proPayIds: members.map(({ proPayId }) => proPayId),
    completedCount: members.filter(({ completedAtSource }) => completedAtSource).length,
  };
}
