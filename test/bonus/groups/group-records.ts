import { termsOf } from '#bonus/groups/contribution.ts';
import type { Contribution, Group } from '#model/group.ts';
import { POOL } from '#test/support/bonus-bench.ts';

/** A group without anything of its own. */
export const GROUP: Group = {
  id: 'group',
  reference: 'PPG 1',
  status: 'Active',
  routeId: 'route',
  branchId: 'b1',
  period: { startDate: '2026-03-02', endDate: '2026-03-08' },
  periodKind: 'week',
  netting: 'pooled',
  own: {},
  excludedWorkerIds: [],
  disqualifiers: [],
  penalties: [],
  revision: 1,
  approvals: 0,
  approval: null,
  canceledReason: null,
  createdAt: '2026-03-02T12:00:00.000Z',
  createdBy: 'system',
};

/** What a member with the pool of the bench leaves: completed work without time, unless said otherwise. */
export function contribution(proPayId: string, given: Partial<Contribution> = {}): Contribution {
  return {
    groupId: GROUP.id,
    proPayId,
    reference: 'PP-1',
    calcRev: 1,
    budgetKind: 'money',
    budget: 0,
    missing: [],
    time: [],
    assignedCrew: [],
    crewLeadIds: [],
    managerIds: [],
    otherIds: [],
    workerIds: [],
    place: { branchId: 'b1', divisionId: null, routeId: GROUP.routeId },
    startDate: '2026-03-02',
    lastDate: '2026-03-04',
    completionBp: 10_000,
    completedAtSource: true,
    openEntryIds: [],
    connectionIds: ['acme1.1'],
    terms: termsOf({ pool: POOL, manualPool: null, distribution: POOL.distribution }),
    leadPayCents: 0,
    earnings: [],
    disqualifiers: [],
    penalties: [],
    confirmed: false,
    leftOutWorkerIds: [],
    now: null,
    rework: null,
    ...given,
  };
}
