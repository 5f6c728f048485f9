import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { openedCallback } from '#bonus/commands/callback.ts';
import { NO_COUNTS } from '#model/connection.ts';
import { DIFFERENCE_DEFAULTS, type DifferenceDecisionRecord, type SourceDifference } from '#model/difference.ts';
import { proPayId, routeGroupId } from '#model/ids.ts';
import type { Link } from '#model/link.ts';
import type { Member } from '#model/member.ts';
import { OTHER_PHASE, type Phase } from '#model/phase.ts';
import { firstProPayId } from '#model/propay-item.ts';
import { NOT_INVITED, type User } from '#model/user.ts';
import { saveAuthorizationAction } from '#store/authorization-repository.ts';
import { putCallbackAction } from '#store/callback-repository.ts';
import { readSyncState, saveCredentialsAction } from '#store/connection-repository.ts';
import { differenceDecisionAction, putDifferenceAction } from '#store/difference-repository.ts';
import { saveLinkAction } from '#store/link-repository.ts';
import { createMemberAction } from '#store/member-repository.ts';
import { openRunStore } from '#store/mirror-run-store.ts';
import { putPhaseAction } from '#store/phase-repository.ts';
import { putReserveAction } from '#store/reserve-repository.ts';
import { openSlots } from '#store/slots.ts';
import { claimUserActions, createOwnershipAction, createUserAction } from '#store/user-repository.ts';
import { NO_SCOPE } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import {
  idOf,
  jobId,
  putBudget,
  putDrive,
  putJob,
  putTime,
  putVisit,
  seedFence,
  visitId,
  workerId,
} from '#test/support/bonus-world.ts';
import { localClientConfig } from '#test/support/dynamodb.ts';
import { goalDesk } from '#test/support/goal-world.ts';

const RUN = '01JPRUN0000000000000000009';
const AT = '2026-03-10T11:40:00.000Z';
/** Streams and ids that the world below knows. */
export const WORLD = {
  proPayId: firstProPayId({ jobId: jobId('fence'), milestoneId: null }),
  fence: jobId('fence'),
  lawn: jobId('lawn'),
  visit: visitId('v1'),
  phasedId: proPayId({ jobId: jobId('lawn'), milestoneId: null, n: 9 }),
  groupId: routeGroupId(idOf('route', 'r1'), 'week', '2026-03-02'),
  ann: workerId('ann'),
  branch: idOf('branch', 'b1'),
  runId: RUN,
  member: 'subject-of-ann',
  user: 'user-of-ann',
  stream: 'opportunities',
} as const;

export const LINK: Link = {
  id: 'l',
  connectionId: 'acme1.1',
  n: 1,
  space: 'worker',
  sourceId: 'ann',
  targetId: WORLD.ann,
  state: 'proposed',
  basis: 'number',
  at: AT,
  decidedBy: null,
  decidedAt: null,
  revision: 1,
};

const MEMBER: Member = {
  sub: WORLD.member,
  userId: WORLD.user,
  role: 'crew_lead',
  owner: false,
  scope: NO_SCOPE,
  workerId: WORLD.ann,
  state: 'active',
  roleAt: AT,
  createdAt: AT,
  lastSignInAt: null,
  sessionsEndedAt: null,
  revokedAt: null,
  cursorKey: 'k',
  revision: 1,
};

const USER: User = {
  id: WORLD.user,
  email: 'ann@example.com',
  phone: null,
  name: 'Ann',
  role: 'crew_lead',
  scope: NO_SCOPE,
  workerId: WORLD.ann,
  invitation: { ...NOT_INVITED, state: 'accepted' },
  sub: WORLD.member,
  createdAt: AT,
  createdBy: 't',
  cursorKey: 'k',
  revision: 1,
};

/** The lawn as rework of the fence. */
export const REWORK = { originalJobId: WORLD.fence, jobId: WORLD.lawn } as const;

/** A tenant with a bit of everything: an approved ProPay, a recurring job, and a connection with all its bookkeeping. */
export interface TableWorld {
  readonly bench: BonusBench;
  readonly runs: ReturnType<typeof openRunStore>;
  readonly slots: ReturnType<typeof openSlots>;
  readonly client: DynamoDBDocumentClient;
  /** A Live template with the goal of March 2026. */
  readonly goalTemplateId: string;
  stop(): Promise<void>;
}

/** Starts the world over the embedded table. */
export async function startTableWorld(): Promise<TableWorld> {
  const bench = await startBonusBench();
  const { table, scope, api } = bench;
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(api.db.endpoint)), {
    marshallOptions: { removeUndefinedValues: true },
  });
  await bench.context((context) => ({ ...context, routeRules: { [idOf('route', 'r1')]: { grouped: true, period: 'week' } } }));
  await seedFence(bench);
  await putJob(bench, 'lawn', { recurring: true });
  await putVisit(bench, 'lawn', 'v1', { routeId: idOf('route', 'r1') });
  await putBudget(bench, 'lawn', 'v1', 2);
  await putTime(bench, { id: 'tv', worker: 'ann', job: 'lawn', visit: 'v1', hours: 2 });
  await putDrive(bench, { id: 'dv', worker: 'ann', job: 'lawn', visit: 'v1', hours: 1 });
  await putTime(bench, { id: 'shop', worker: 'bob', job: null, hours: 1 });
  await bench.settle();
  await approveFence(bench);
  const desk = goalDesk(bench);
  const goalTemplateId = await desk.live();
  await desk.enter(await desk.start(goalTemplateId), { values: [{ workerId: null, value: 9_600 }] });
  await bench.settle();
  await table.write(scope, [
    putDifferenceAction(scope, {
      ...DIFFERENCE_DEFAULTS,
      proPayId: WORLD.proPayId,
      state: 'Open',
    } as unknown as SourceDifference),
    putCallbackAction(scope, openedCallback(REWORK, 'hand', AT)),
    differenceDecisionAction(scope, { proPayId: WORLD.proPayId, approval: 1, n: 1 } as DifferenceDecisionRecord),
    putPhaseAction(scope, { proPayId: WORLD.phasedId, id: OTHER_PHASE, revision: 0 } as Phase),
    putReserveAction(scope, { proPayId: WORLD.phasedId, branchId: null, movements: [], ended: true, revision: 0 }, 1),
    saveCredentialsAction(scope, 1, new Uint8Array([1])),
    saveLinkAction(scope, WORLD.ann, LINK, null),
    createMemberAction(scope, MEMBER),
    createUserAction(scope, USER),
    ...claimUserActions(scope, USER),
    createOwnershipAction(scope, { userId: USER.id, sub: MEMBER.sub }),
    saveAuthorizationAction(scope, 1, { secretHash: 'h', sealed: 's', by: { kind: 'token', id: 't' }, expiresAt: AT }),
  ]);
  const runs = openRunStore({ table, scope, n: 1, decrypt: async () => ({}) });
  await keepBooks(bench, runs);
  const slots = openSlots({ client, tableName: api.db.tableName });
  await slots.occupy('aspire', 20, scope, 1);
  await slots.moveTick('aspire', null, AT);
  return {
    bench,
    runs,
    slots,
    client,
    goalTemplateId,
    stop: async () => {
      client.destroy();
      await bench.stop();
    },
  };
}

async function approveFence({ api }: BonusBench): Promise<void> {
  const path = `/v1/propays/${WORLD.proPayId}`;
  const { inputsVersion } = (await api.call<{ inputsVersion: string }>('GET', path)).body;
  const answer = await api.call('POST', `${path}/approve`, { body: { inputsVersion }, headers: { 'idempotency-key': 'a-1' } });
  if (answer.status !== 200) throw new Error(`the approval was refused: ${JSON.stringify(answer.body)}`);
}

/** What a run leaves behind: segments, plans, sweeps, markers, quarantine, what waits, holds, its own record. */
export async function keepBooks(
  { table, scope }: Pick<BonusBench, 'table' | 'scope'>,
  runs: TableWorld['runs'],
  runId: string = RUN,
): Promise<void> {
  const { fence } = (await readSyncState(table, scope, 1))!;
  const rows = [{ id: 'AAAAAAAAAAAAAAAB', fingerprint: 'BBBBBBBB' }];
  const { stream } = WORLD;
  const openRun = { runId, leg: 1 } as Parameters<typeof runs.writePlan>[1]['openRun'];
  await runs.fold(fence, stream, [{ segment: 'all', rows }], []);
  await runs.writePlan(fence, { runId, n: 1, planned: [{ stream, segment: 'all', rows }], openRun, unfinished: false });
  await runs.writeSweep(fence, stream, { missed: [{ at: AT, runId, ids: ['AAAAAAAAAAAAAAAB'] }], seen: null });
  for (const sourceId of ['m1', 'm2'])
    await runs.putMarker(fence, {
      ...{ space: 'job', entity: 'job', sourceId, kind: 'ignored', code: 'draft', rule: 'built-in' },
      ...{ name: null, number: null, sourceStatus: null, runId, at: AT, parent: null },
    });
  await runs.putQuarantine({
    ...{ space: 'job', entity: 'job', sourceId: 'q1', reason: 'row_invalid', field: null, value: null },
    ...{ firstRunId: runId, lastRunId: runId, firstAt: AT, attempts: 1 },
  });
  await runs.putWaiting({
    ...{ parent: { space: 'job', sourceId: 'p1', id: jobId('p1') }, space: 'milestone', stream: 'work_tickets' },
    ...{ sourceId: 'c1', since: AT, parked: true, parentSkipped: false },
  });
  await runs.putHold(fence, {
    ...{ runId, entity: 'job', stream, ids: [], part: 1, count: 1, share: 1, cause: 'empty_listing' },
    ...{ openedAt: AT, decision: null, decidedBy: null },
  });
  await runs.finish(
    fence,
    { lastRunId: runId },
    {
      ...{ id: runId, connectionId: `${scope.tenantId}.1`, trigger: 'schedule', mode: 'delta', requestedBy: null },
      ...{ outcome: 'succeeded', startedAt: AT, finishedAt: AT, legs: 1, dataAsOf: AT, exceptions: [], exceptionCount: 0 },
      streams: [
        {
          ...{ stream, entity: 'job', outcome: 'succeeded', counts: NO_COUNTS, pages: 1, calls: 1, error: null, complete: false },
          ...{ cursorFrom: null, cursorTo: AT },
        },
      ],
      error: null,
    },
  );
}
