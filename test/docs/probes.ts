import { readMirrorContext } from '#functions/api/mirror/context.ts';
import { findRecord } from '#functions/api/mirror/find.ts';
import { listed, referenceRange, workerTimeRange } from '#functions/api/mirror/ranges.ts';
import { type Range, readPage } from '#functions/api/pages.ts';
import { findReached } from '#functions/bonus/on-inputs/fan-out.ts';
import { callbackId } from '#model/ids.ts';
import { listPartition } from '#model/keys.ts';
import { firstProPayId } from '#model/propay-item.ts';
import { readAuthorization } from '#store/authorization-repository.ts';
import { listCallbacksOfJob, listOriginalsOf, readCallback } from '#store/callback-repository.ts';
import * as connections from '#store/connection-repository.ts';
import { listDifferenceDecisions, readDifference } from '#store/difference-repository.ts';
import { listProPaysApprovedIn, readGoalPeople, readGoalWorkers } from '#store/goal-inputs.ts';
import * as goals from '#store/goal-repository.ts';
import * as groups from '#store/group-repository.ts';
import { readHookTaken, saveHookAction } from '#store/hook-repository.ts';
import * as links from '#store/link-repository.ts';
import * as members from '#store/member-repository.ts';
import * as pay from '#store/pay-repository.ts';
import * as people from '#store/people-repository.ts';
import { listPhases } from '#store/phase-repository.ts';
import * as inputs from '#store/propay-inputs.ts';
import * as propays from '#store/propay-repository.ts';
import { readReserve } from '#store/reserve-repository.ts';
import * as settings from '#store/settings-repository.ts';
import { hourOfDay, minuteOfCycle } from '#store/slots.ts';
import { readSnapshot } from '#store/snapshot-store.ts';
import * as users from '#store/user-repository.ts';
import * as weeks from '#store/week-ledger-repository.ts';
import * as time from '#store/worker-time.ts';
import { NO_SCOPE } from '#test/support/api.ts';
import { REWORK, type TableWorld, WORLD } from './table-world.ts';

type Operation = 'GetItem' | 'BatchGetItem' | 'Query';
/** What came back, by the operation that brought it; and how often it was asked, where a step is taken more than once. */
export interface Probed {
  readonly items: Partial<Readonly<Record<Operation, number>>>;
  readonly requests?: Partial<Readonly<Record<Operation, number>>>;
}
type Probe = (world: TableWorld) => Promise<Probed>;

const SYSTEM = {
  kind: 'system',
  id: 'probe',
  role: 'owner',
  userId: null,
  workerId: null,
  formerWorkerIds: [],
  scope: NO_SCOPE,
} as const;
const one = (found: unknown): number => (found === null || found === undefined ? 0 : 1);
const get =
  (read: (world: TableWorld) => Promise<unknown>): Probe =>
  async (world) => ({ items: { GetItem: one(await read(world)) } });
const query =
  (read: (world: TableWorld) => Promise<{ readonly length: number }>): Probe =>
  async (world) => ({
    items: { Query: (await read(world)).length },
  });
const batch =
  (read: (world: TableWorld) => Promise<readonly unknown[]>): Probe =>
  async (world) => ({
    items: { BatchGetItem: (await read(world)).filter((item) => item !== null).length },
  });
/** A page over a range: of an index as many keys as rows. */
const page =
  (range: (world: TableWorld) => Range): Probe =>
  async (world) => {
    const { scope, table } = world.bench;
    const request = { scope, cursorKey: 'k', route: 'GET /', path: '/', ports: { table }, query: { limit: 50 } };
    const at = range(world);
    const { length } = (await readPage(request, [at])).items;
    return { items: at.index === undefined ? { Query: length } : { Query: length, BatchGetItem: length } };
  };
const firstPage = { limit: 50, after: null };
const N = 1;

/** Patterns that can be run against a small table, by name, with what they give back. */
export const PROBES: Readonly<Record<string, Probe>> = {
  'Job, worker, client, branch, division or route by id': batch(async ({ bench: { table, scope } }) => [
    await findRecord(table, scope, 'job', WORLD.fence),
  ]),
  'One header within a calculation': get(({ bench: { table, scope } }) => inputs.readJobHeader(table, scope, WORLD.fence)),
  'Milestone, time entry, drive time, wage, budget or material by id or `sourceId=`': async ({ bench: { table, scope } }) => {
    const found = one(await findRecord(table, scope, 'milestone', WORLD.visit));
    return { items: { Query: found, BatchGetItem: found } };
  },
  'What a record points to, during a run': async ({ runs, bench }) => {
    await runs.isOverhead('any');
    bench.api.db.counters.reset();
    const job = { space: 'job', sourceId: 'fence', id: WORLD.fence } as const;
    const visit = { space: 'milestone', sourceId: 'v1', id: WORLD.visit } as const;
    const skipped = { space: 'job', sourceId: 'm1', id: 'AAAAAAAAAAAAAAAC' } as const;
    const states = await runs.lookUp([job, visit, skipped]);
    const known = [...states.values()].filter(({ kind }) => kind !== 'unknown').length;
    // The skipped one is looked for as a record, and then as a marker and as a link.
    return { items: { Query: 1, BatchGetItem: known + 1 } };
  },
  'Jobs by branch, division and status': page(({ bench: { scope } }) => listed(scope, 'JOB', WORLD.branch)),
  'Milestones, all or of a job': page(({ bench: { scope } }) => listed(scope, 'MS', WORLD.lawn)),
  'Workers by branch and state': page(({ bench: { scope } }) => listed(scope, 'WORKER', WORLD.branch, 'active')),
  'Wages of a worker, budgets of a job, materials of a milestone, or all of them': page(({ bench: { scope } }) =>
    listed(scope, 'WAGE', WORLD.ann),
  ),
  'Branches, divisions or routes': page(({ bench: { scope } }) => referenceRange(scope, 'branch')),
  'Zones of a connection’s branches': query(async ({ runs }) => Object.keys(await runs.readBranchZones())),
  'Time or drive time of a worker by date': page(({ bench: { scope } }) =>
    workerTimeRange(scope, WORLD.ann, 'time_entry', '2026-03-03', '2026-03-05'),
  ),
  'The tenant as a mirror answer needs it': async ({ bench: { scope, api } }) => {
    await readMirrorContext({ ports: api.ports, scope, reach: 'A', actor: SYSTEM });
    return { items: { BatchGetItem: 1 } };
  },
  'Everything that the ProPay of a non-recurring job is calculated from': async ({ bench: { table, scope } }) => {
    const target = { jobId: WORLD.fence, milestoneId: null };
    const { records, proPays, callbacks, result } = await inputs.readProPayState(table, scope, target, () => false);
    const { job, milestones, budgets, entries, drives } = records;
    const parts = [milestones, budgets, entries, drives, proPays, callbacks].reduce((sum, part) => sum + part.length, 0);
    return { items: { Query: parts + one(job) + one(result) } };
  },
  'Everything that the ProPay of a visit of a recurring job is calculated from': async ({ bench: { table, scope } }) => {
    const target = { jobId: WORLD.lawn, milestoneId: WORLD.visit };
    const { records, proPays, result, verdict } = await inputs.readProPayState(table, scope, target, () => true);
    const { job, milestones, budgets, entries, drives } = records;
    const parts = [milestones, budgets, entries, drives, proPays].reduce((sum, part) => sum + part.length, 0);
    return { items: { Query: parts + one(result) + one(verdict), GetItem: one(job) }, requests: { Query: 3 } };
  },
  'Rework of a job': query(({ bench: { table, scope } }) => listCallbacksOfJob(table, scope, WORLD.fence)),
  'Callback by id': get(({ bench: { table, scope } }) => readCallback(table, scope, callbackId(REWORK))),
  'Jobs that a job is or was noted as rework of': query(({ bench: { table, scope } }) =>
    listOriginalsOf(table, scope, WORLD.lawn),
  ),
  'Job-level ProPays of a recurring job': query(({ bench: { table, scope } }) =>
    inputs.readJobLevelProPays(table, scope, WORLD.fence),
  ),
  'Wage history of a worker': query(({ bench: { table, scope } }) => inputs.readWageHistory(table, scope, WORLD.ann)),
  'ProPays that a worker is or was on': query(({ bench: { table, scope } }) =>
    propays.listProPaysOfWorker(table, scope, WORLD.ann),
  ),
  'What a change of the tenant’s context reaches': async ({ bench: { table, scope } }) => {
    const { targets } = await findReached(table, scope, { active: true, verdicts: true, jobs: false, people: [] });
    return { items: { Query: targets.length }, requests: { Query: 2 } };
  },
  'ProPay by id, with its result': async ({ bench: { table, scope } }) => {
    const read = await propays.readProPay(table, scope, WORLD.proPayId);
    return { items: { BatchGetItem: one(read?.proPay) + one(read?.result) } };
  },
  'A group with everything that it is calculated from': query(async ({ bench: { table, scope } }) => {
    const stored = (await groups.readGroup(table, scope, WORLD.groupId))!;
    return [stored.group, stored.result, ...stored.members];
  }),
  'Header of a group by id': get(({ bench: { table, scope } }) => groups.readGroupHeader(table, scope, WORLD.groupId)),
  'What one member has left in its group': get(({ bench: { table, scope } }) =>
    groups.readContribution(table, scope, WORLD.groupId, firstProPayId({ jobId: WORLD.lawn, milestoneId: WORLD.visit })),
  ),
  'The record of an approval': get(({ bench: { table, scope } }) => propays.readApproval(table, scope, WORLD.proPayId, 1)),
  'The snapshot that an approval froze': async ({ bench: { table, scope, api } }) => {
    const { snapshotDigest, snapshotChunks } = (await propays.readApproval(table, scope, WORLD.proPayId, 1))!;
    api.db.counters.reset();
    await readSnapshot(table, scope, WORLD.proPayId, { digest: snapshotDigest, chunks: snapshotChunks });
    return { items: { BatchGetItem: snapshotChunks } };
  },
  'The difference between an approved ProPay and its sources': get(({ bench: { table, scope } }) =>
    readDifference(table, scope, WORLD.proPayId),
  ),
  'What was decided of a ProPay’s differences': query(({ bench: { table, scope } }) =>
    listDifferenceDecisions(table, scope, WORLD.proPayId),
  ),
  'Phases of a ProPay': query(({ bench: { table, scope } }) => listPhases(table, scope, WORLD.phasedId)),
  'What is held back on a phased ProPay': get(({ bench: { table, scope } }) =>
    readReserve(table, scope, { id: WORLD.phasedId, branchId: null }),
  ),
  'Keys of the line items of a ProPay': query(({ bench: { table, scope } }) =>
    pay.listItemIdsOfSource(table, scope, WORLD.proPayId),
  ),
  'Line items by id': async ({ bench: { table, scope, api } }) => {
    const { items } = await pay.readPayPartition(table, scope, WORLD.ann);
    api.db.counters.reset();
    const found = await pay.readLineItems(
      table,
      scope,
      items.map(({ id }) => id),
    );
    return { items: { BatchGetItem: 2 * found.filter((item) => item !== null).length } };
  },
  'Goal template by id': get(({ bench: { table, scope }, goalTemplateId }) =>
    goals.readGoalTemplate(table, scope, goalTemplateId),
  ),
  'Goal templates by status': page(({ bench: { scope } }) => ({
    index: 'by',
    partition: listPartition(scope, 'GT'),
    prefix: 'Live#',
  })),
  'Templates that goals begin by, once a day and when a definition goes': async ({ bench: { table, scope } }) => {
    const { length } = await goals.listTemplatesOf(table, scope, 'Live');
    return { items: { Query: length, BatchGetItem: length } };
  },
  'Goal by id, with what people entered': async ({ bench: { table, scope }, goalTemplateId }) => {
    const read = await goals.readGoal(table, scope, `${goalTemplateId}.2026-03-01`);
    return { items: { BatchGetItem: one(read?.goal) + one(read?.results) } };
  },
  'The last goal of a template, of all or up to a day': async ({ bench: { table, scope }, goalTemplateId }) => ({
    items: { Query: one(await goals.readLastGoal(table, scope, goalTemplateId, '2026-03-31')) },
  }),
  'Goals of a status, once a day': async ({ bench: { table, scope } }) => {
    const { length } = await goals.listGoalsOf(table, scope, 'Active', '2026-01-01');
    return { items: { Query: length, BatchGetItem: length } };
  },
  'People among whom a goal’s participants are': async ({ bench: { table, scope } }) => {
    const place = { scope: { type: 'branch', branchId: WORLD.branch }, participants: { type: 'all' } } as const;
    const { length } = (await readGoalPeople(table, scope, place)).workers;
    return { items: { Query: length, BatchGetItem: length }, requests: { GetItem: 0 } };
  },
  'People of a goal whose last day is over': batch(({ bench: { table, scope } }) => readGoalWorkers(table, scope, [WORLD.ann])),
  'ProPays approved in a goal’s period': async ({ bench: { table, scope } }) => {
    const period = { startDate: '2026-03-01', endDate: '2026-03-31' };
    const { length } = await listProPaysApprovedIn(table, scope, [WORLD.branch], period);
    return { items: { Query: length, BatchGetItem: 2 * length }, requests: { Query: 4 } };
  },
  'Everything of a worker’s pay: items, statements, pay heads, worker-weeks': async ({ bench: { table, scope } }) => {
    const { items, headers, heads, ledgers } = await pay.readPayPartition(table, scope, WORLD.ann);
    return { items: { Query: items.length + headers.length + heads.length + ledgers.length } };
  },
  'Weeks of a worker in which bonuses count': query(({ bench: { table, scope } }) =>
    weeks.listWeekLedgers(table, scope, WORLD.ann, { from: '2026-03-02', to: '2026-03-09' }),
  ),
  'All hours of a worker in a week': async ({ bench: { table, scope } }) => {
    const range = { from: '2026-03-02', to: '2026-03-08', also: [] };
    const { length } = await time.readWorkerTime(table, scope, WORLD.ann, range);
    return { items: { Query: length, BatchGetItem: length } };
  },
  'Branches of workers': batch(async ({ bench: { table, scope } }) => [
    ...(await time.readWorkerBranches(table, scope, [WORLD.ann])).values(),
  ]),
  'The compiled context: what a calculation needs of the tenant': get(({ bench: { table, scope } }) =>
    settings.readContext(table, scope),
  ),
  'One area of the settings': get(({ bench: { table, scope } }) => settings.readArea(table, scope, 'tenant')),
  'Several areas of the settings': batch(({ bench: { table, scope } }) => settings.readAreas(table, scope, ['tenant'])),
  'Membership of a person’s request': get(({ bench: { table, scope } }) => members.readMember(table, scope, WORLD.member)),
  'User by id': get(({ bench: { table, scope } }) => users.readUser(table, scope, WORLD.user)),
  'Users of the tenant': query(({ bench: { table, scope } }) => users.listUsers(table, scope)),
  'Who owns the account': get(({ bench: { table, scope } }) => users.readOwnership(table, scope)),
  'API tokens of the tenant': query(({ bench: { table, scope } }) => people.listApiTokens(table, scope)),
  'The next reference numbers': async ({ bench: { table, scope } }) => {
    await propays.takeNumbers(table, scope, 'PP', 1);
    return { items: { GetItem: 1 } };
  },
  'Connections of a tenant': query(({ bench: { table, scope } }) => connections.listConnections(table, scope)),
  'Connection by id': get(({ bench: { table, scope } }) => connections.readConnection(table, scope, N)),
  'Sync state of a connection': get(({ bench: { table, scope } }) => connections.readSyncState(table, scope, N)),
  'Encrypted credentials': get(({ bench: { table, scope } }) => connections.readCiphertext(table, scope, N)),
  'Approval that a connection waits for': get(({ bench: { table, scope } }) => readAuthorization(table, scope, N)),
  'Whether an event of the provider was taken before': async ({ bench: { table, scope } }) => {
    await table.write(scope, [saveHookAction(scope, N, 'digest', '2026-03-10T12:00:00.000Z')]);
    return { items: { GetItem: (await readHookTaken(table, scope, N, 'digest')) ? 1 : 0 } };
  },
  'Links of a connection': query(({ bench: { table, scope } }) => links.listLinks(table, scope, N)),
  'People or jobs of a number, to propose links': async ({ runs }) => {
    const { length } = await runs.readNumbered('job', 'fence');
    return { items: { Query: length, BatchGetItem: length } };
  },
  'People or open jobs of some connections, to propose links after a switch': async ({ runs, bench }) => {
    const { length } = await runs.readOpen('worker', new Set([`${bench.scope.tenantId}.${N}`]), () => false);
    return { items: { Query: length, BatchGetItem: length } };
  },
  'Link of one record': get(({ bench: { table, scope } }) => links.readLink(table, scope, N, WORLD.ann)),
  'Finished runs, newest first': query(
    async ({ bench: { table, scope } }) => (await connections.listRuns(table, scope, N, firstPage)).items,
  ),
  'One finished run': get(({ bench: { table, scope } }) => connections.readRun(table, scope, N, WORLD.runId)),
  'Fingerprints of a stream': query(({ runs }) => runs.readSegments(WORLD.stream, false)),
  'Plan pages since the last fold': query(({ runs }) => runs.readPlans(false)),
  'What earlier listings of a stream have missed': get(({ runs }) => runs.readMissed(WORLD.stream)),
  'Quarantined records': query(
    async ({ bench: { table, scope } }) => (await connections.listQuarantine(table, scope, N, firstPage)).items,
  ),
  'Quarantine of one source id': get(({ bench: { table, scope } }) => connections.readQuarantine(table, scope, N, 'job', 'q1')),
  'Markers of what was seen and not mirrored': query(
    async ({ bench: { table, scope } }) => (await connections.listMarkers(table, scope, N, firstPage)).items,
  ),
  'Marker of one source id': get(({ bench: { table, scope } }) => connections.readMarker(table, scope, N, 'job', 'm1')),
  'Markers of several source ids': batch(({ runs }) =>
    runs.readMarkers(['m1', 'm2'].map((sourceId) => ({ space: 'job', sourceId }))),
  ),
  'Records that wait for a parent': query(({ runs }) => runs.readWaiting()),
  'How much is quarantined and waits, at the end of a run': async ({ runs }) => {
    const { quarantined, parked } = await runs.countOpen();
    return { items: { Query: quarantined + parked.length } };
  },
  'Deletions that wait for a person': query(({ runs }) => runs.readHolds()),
  'Connections due in a minute of a cycle': query(({ slots }) => slots.due('aspire', 20, minuteOfCycle('acme1.1', 20))),
  'Tenants whose daily work falls into an hour': query(({ slots, bench: { scope } }) => slots.dueToday(hourOfDay(scope))),
  'The last minute that was dispatched': get(({ slots }) => slots.lastTick('aspire')),
};
