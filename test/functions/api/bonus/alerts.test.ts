import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routeGroupId } from '#model/ids.ts';
import { listPartition } from '#model/keys.ts';
import { firstProPayId } from '#model/propay-item.ts';
import { type BonusBench, POOL, startBonusBench } from '#test/support/bonus-bench.ts';
import {
  idOf,
  jobId,
  putBranch,
  putBudget,
  putJob,
  putTime,
  putVisit,
  putWage,
  putWorker,
  seedFence,
  visitId,
  workerId,
} from '#test/support/bonus-world.ts';
import { proPayOf, putExample, putStop, startGroups } from '#test/support/group-world.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

interface Alert {
  readonly kind: string;
  readonly count: number;
  readonly items: readonly Record<string, unknown>[];
  readonly action: string;
}
const DAY = 86_400;
const FENCE = firstProPayId({ jobId: jobId('fence'), milestoneId: null });
const LAWN = firstProPayId({ jobId: jobId('lawn'), milestoneId: visitId('v') });

const alerts = async (query: Record<string, string> = {}, options = {}): Promise<readonly Alert[]> => {
  const { status, body } = await bench.api.call<{ items: Alert[] }>('GET', '/v1/alerts', { query, ...options });
  expect(status).toBe(200);
  // Nobody here has a login; that has a test of its own.
  return body.items.filter(({ kind }) => kind !== 'invitations_needed');
};
const kinds = async (query: Record<string, string> = {}, options = {}) => (await alerts(query, options)).map(({ kind }) => kind);
const of = async (kind: string, query: Record<string, string> = {}, options = {}) =>
  (await alerts(query, options)).find((one) => one.kind === kind)?.items ?? [];
let keys = 0;
const post = (path: string, body: object = {}) =>
  bench.api.call('POST', path, { body, headers: { 'idempotency-key': `alerts-${++keys}` } });

async function approve(proPayId: string): Promise<void> {
  const { inputsVersion } = (await bench.api.call<{ inputsVersion: string }>('GET', `/v1/propays/${proPayId}`)).body;
  expect((await post(`/v1/propays/${proPayId}/approve`, { inputsVersion })).status).toBe(200);
  await bench.settle();
}

/** A visit of 10 h that runs and has used 5 h, with manager Max and Ann's time. */
async function seedLawn(): Promise<void> {
  await putJob(bench, 'lawn', { recurring: true, managerId: workerId('max'), divisionId: idOf('division', 'd1') });
  await putVisit(bench, 'lawn', 'v', { status: 'in_progress', crewLeadId: workerId('lea') });
  await putBudget(bench, 'lawn', 'v', 10);
  await putTime(bench, { id: 'tl', worker: 'ann', job: 'lawn', visit: 'v', hours: 5 });
}

describe('what asks for somebody (M-157, B-183)', () => {
  it('is nothing while there is nothing', async () => {
    expect(await alerts()).toEqual([]);
  });

  it('a finished ProPay asks to be approved, then its statements to be paid, and nothing after that', async () => {
    await seedFence(bench);
    await bench.settle();
    expect(await alerts()).toEqual([
      {
        kind: 'ready_for_approval',
        count: 1,
        items: [{ propayId: FENCE, href: `/v1/propays/${FENCE}` }],
        action: 'Look at the figures and approve them.',
      },
    ]);
    await approve(FENCE);
    // The period runs to 22 March; its statements can be paid from the 23rd on.
    expect(await kinds()).toEqual([]);
    bench.api.pass(14 * DAY);
    const [toPay] = await alerts();
    expect([toPay!.kind, toPay!.count]).toEqual(['statements_to_pay', 4]);
    for (const { statementId } of toPay!.items)
      expect((await post(`/v1/statements/${String(statementId)}/pay`, { payDate: '2026-03-24' })).status).toBe(200);
    await bench.settle();
    expect(await kinds()).toEqual([]);
  });

  it('a missing wage names the worker once with everything that waits for it, until it is known', async () => {
    await putBranch(bench);
    await putWorker(bench, 'cat', null);
    for (const name of ['a', 'b']) {
      await putJob(bench, name, { managerId: workerId('max') });
      await putBudget(bench, name, null, 10);
      await putTime(bench, { id: `t-${name}`, worker: 'cat', job: name, hours: 1 });
    }
    await bench.settle();
    const [waiting, ...others] = await of('missing_wages');
    const proPays = ['a', 'b'].map((name) => firstProPayId({ jobId: jobId(name), milestoneId: null }));
    expect(others).toEqual([]);
    expect(waiting).toMatchObject({ workerId: workerId('cat'), href: `/v1/workers/${workerId('cat')}` });
    expect([...(waiting!.propayIds as string[])].sort()).toEqual([...proPays].sort());
    await putWage(bench, 'cat', 250_000, '2026-01-01');
    await bench.settle();
    expect(await of('missing_wages')).toEqual([]);
  });

  it('work without a budget is listed although it has no ProPay, and a job without a manager', async () => {
    await putBranch(bench);
    await putWorker(bench, 'ann', 250_000);
    await putJob(bench, 'bare', { managerId: workerId('max') });
    await putJob(bench, 'nobody');
    await putBudget(bench, 'nobody', null, 10);
    await putJob(bench, 'visits', { recurring: true });
    await putVisit(bench, 'visits', 'w');
    await bench.settle();
    expect(await of('missing_budgets')).toEqual(
      expect.arrayContaining([
        { jobId: jobId('bare'), href: `/v1/jobs/${jobId('bare')}` },
        { jobId: jobId('visits'), milestoneId: visitId('w'), href: `/v1/milestones/${visitId('w')}` },
      ]),
    );
    expect(await of('missing_managers')).toMatchObject([{ jobId: jobId('nobody'), href: `/v1/jobs/${jobId('nobody')}` }]);
    expect(await of('missing_budgets', { managerId: workerId('max') })).toMatchObject([{ jobId: jobId('bare') }]);
    await putBudget(bench, 'bare', null, 10);
    await putBudget(bench, 'visits', 'w', 10);
    await putJob(bench, 'nobody', { managerId: workerId('max') });
    await bench.settle();
    expect([await of('missing_budgets'), await of('missing_managers', { managerId: workerId('max') })]).toEqual([[], []]);
  });

  it('running work asks for its progress until somebody reports it', async () => {
    await seedFence(bench);
    await seedLawn();
    await bench.settle();
    expect(await of('progress_requests')).toMatchObject([
      { propayId: LAWN, jobId: jobId('lawn'), milestoneId: visitId('v'), askedBp: 4_000, href: `/v1/milestones/${visitId('v')}` },
    ]);
    bench.api.pass(60);
    await bench.api.call('PUT', `/v1/milestones/${visitId('v')}/progress`, { body: { progressBp: 5_000 } });
    await bench.settle();
    expect(await of('progress_requests')).toEqual([]);
  });

  it('what changes at the source after an approval asks until it is decided', async () => {
    await seedFence(bench);
    await bench.settle();
    await approve(FENCE);
    await putTime(bench, { id: 'late', worker: 'ann', job: 'fence', hours: 4, date: '2026-03-05' });
    await bench.settle();
    expect(await of('source_changed')).toEqual([{ propayId: FENCE, href: `/v1/propays/${FENCE}/source-changes` }]);
    expect(await of('source_changed', { managerId: workerId('ann') })).toEqual([]);
  });

  it('held items are listed, the next to be free first', async () => {
    const crew = { retentionBp: 5_000, retentionDays: 60 };
    await bench.context((context) => ({ ...context, pools: [{ ...POOL, waitingDays: 30, retention: { crew } }] }));
    await seedFence(bench);
    await bench.settle();
    await approve(FENCE);
    const held = await of('held_items');
    expect(held).toHaveLength(6);
    const days = [];
    for (const { href } of held) days.push((await bench.api.call<{ releaseOn: string }>('GET', String(href))).body.releaseOn);
    expect(days).toEqual([...days].sort());
    expect(new Set(days)).toEqual(new Set(['2026-04-09', '2026-05-09']));
    expect(await of('held_items', { managerId: workerId('max') })).toHaveLength(6);
    expect(await of('held_items', { managerId: workerId('ann') })).toEqual([]);
  });
});

describe('groups (B-105)', () => {
  it('ask about unfinished work once their period is over, then to be approved; their members never alone', async () => {
    await startGroups(bench, ['north']);
    await putExample(bench, 'north');
    const open = { route: 'north', budgetCents: 50_000, hours: { ann: 2 } };
    await putStop(bench, 'open', { ...open, completed: false });
    await bench.settle();
    const groupId = routeGroupId(idOf('route', 'north'), 'week', '2026-03-02');
    const item = { groupId, href: `/v1/groups/${groupId}` };
    expect(await of('unfinished_groups')).toEqual([{ ...item, propayIds: [proPayOf('open')] }]);
    expect(await of('ready_for_approval')).toEqual([]);
    expect(await of('unfinished_groups', { branchId: idOf('branch', 'b2') })).toEqual([]);
    await putStop(bench, 'open', open);
    await bench.settle();
    expect([await of('unfinished_groups'), await of('ready_for_approval')]).toEqual([[], [item]]);
  });

  it('ask for nothing while their period runs', async () => {
    await startGroups(bench, ['north']);
    await putStop(bench, 'open', {
      route: 'north',
      budgetCents: 50_000,
      hours: { ann: 2 },
      date: '2026-03-10',
      completed: false,
    });
    await bench.settle();
    expect(await of('unfinished_groups')).toEqual([]);
  });
});

describe('whose alerts they are', () => {
  beforeEach(async () => {
    await seedFence(bench);
    await seedLawn();
    await bench.settle();
  });

  it('filters by branch, division and manager', async () => {
    const all = ['ready_for_approval', 'progress_requests'];
    expect(await kinds()).toEqual(all);
    expect(await kinds({ branchId: idOf('branch', 'b1') })).toEqual(all);
    expect(await kinds({ branchId: idOf('branch', 'b2') })).toEqual([]);
    expect(await kinds({ divisionId: idOf('division', 'd1') })).toEqual(['progress_requests']);
    expect(await kinds({ managerId: workerId('max') })).toEqual(all);
    expect(await kinds({ managerId: workerId('ann') })).toEqual([]);
    const unknown = await bench.api.call('GET', '/v1/alerts', { query: { routeId: 'r' } });
    expect(unknown.status).toBe(400);
  });

  it('shows a manager the own scope, crew leads and workers the progress of their own work, others nothing', async () => {
    const branch = (id: string) => ({ scope: { branchIds: [idOf('branch', id)], divisionIds: [], routeIds: [] } });
    const tokens = {
      here: await bench.api.grant('manager', branch('b1')),
      there: await bench.api.grant('manager', branch('b2')),
      lead: await bench.api.grant('crew_lead', { workerId: workerId('lea') }),
      ann: await bench.api.grant('worker', { workerId: workerId('ann') }),
      bob: await bench.api.grant('worker', { workerId: workerId('bob') }),
    };
    const seen = async (token: keyof typeof tokens) => kinds({}, { tokenId: tokens[token] });
    expect(await seen('here')).toEqual(['ready_for_approval', 'progress_requests']);
    expect(await seen('there')).toEqual([]);
    expect(await seen('lead')).toEqual(['progress_requests']);
    expect(await seen('ann')).toEqual(['progress_requests']);
    expect(await seen('bob')).toEqual([]);
    expect(await kinds({}, { as: 'auditor' })).toEqual(['ready_for_approval', 'progress_requests']);
  });

  it('reads a list that holds exactly the ProPays that ask for something', async () => {
    const listed = async () =>
      (await bench.table.queryAll(bench.scope, { index: 'by', partition: listPartition(bench.scope, 'ALERT') })).map(({ bs }) =>
        String(bs).split('#').at(-1),
      );
    expect((await listed()).sort()).toEqual([FENCE, LAWN].sort());
    await approve(FENCE);
    expect(await listed()).toEqual([LAWN]);
    expect((await post(`/v1/propays/${LAWN}/cancel`, { reason: 'not this one' })).status).toBe(200);
    await bench.settle();
    expect([await listed(), await kinds()]).toEqual([[], []]);
  });
});
