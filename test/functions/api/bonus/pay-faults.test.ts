import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { openPlainTable } from '#store/plain-table.ts';
import { type Table, withBatches } from '#store/table.ts';
import { NO_SCOPE } from '#test/support/api.ts';
import { type BonusBench, POOL, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putBranch, putBudget, putJob, putTime, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';
import { localClientConfig } from '#test/support/dynamodb.ts';
import { checkLedger } from '#test/support/ledger.ts';
import { DAY, payCalls, statementOf } from '#test/support/pay-calls.ts';

let bench: BonusBench;
let table: Table;
let calls: ReturnType<typeof payCalls>;
beforeEach(async () => {
  bench = await startBonusBench();
  table = bench.api.ports.table;
  calls = payCalls(bench);
});
afterEach(() => bench.stop());

const fence = firstProPayId({ jobId: jobId('fence'), milestoneId: null });
const ann = statementOf('ann');
const PAY = { payDate: '2026-03-27' };
const use = (other: Table) => Object.assign(bench.api.ports, { table: other });
const unapprove = () => calls.post(`/v1/propays/${fence}/unapprove`, { reason: 'hours are being corrected' });
const done = { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' } as const;

/** Lets something happen just before the first command writes its effect. */
function before(act: () => Promise<unknown>): void {
  let met = false;
  use({
    ...table,
    write: async (scope, actions, token) => {
      if (!met && actions.length > 3) {
        met = true;
        use(table);
        await act();
      }
      return table.write(scope, actions, token);
    },
  });
}

describe('unapproving and paying the same items (fault 63)', () => {
  const pay = () => calls.post(`/v1/statements/${ann}/pay`, PAY);

  it.each([
    ['pay', 'unapprove'],
    ['unapprove', 'pay'],
  ])('lets the one win that writes first, when %s meets %s', async (first, second) => {
    const acts = { pay, unapprove };
    await seedFence(bench);
    await bench.settle();
    await calls.approve(fence);
    bench.api.pass(20 * DAY);
    let met: Awaited<ReturnType<typeof pay>> | null = null;
    before(async () => {
      met = await acts[second as keyof typeof acts]();
    });
    const loser = await acts[first as keyof typeof acts]();
    expect(met!.status).toBe(200);
    // What is unapproved has nothing left to pay; what is partly paid cannot be unapproved.
    expect([loser.status, loser.body.code]).toEqual([409, first === 'pay' ? 'wrong-state' : 'partly-paid']);
    await bench.settle();
    expect(await calls.statusOf(fence)).toBe(second === 'pay' ? 'Approved' : 'Active');
    for (const worker of ['ann', 'bob', 'lea', 'max']) await checkLedger(bench, worker);
  });

  it('lets exactly one win wherever a payment meets an unapproval of more items than a transaction holds', async () => {
    const crew = Array.from({ length: 33 }, (_, index) => `c${index}`);
    const retention = { retentionBp: 1_000, retentionDays: 5 };
    await bench.context((context) => ({
      ...context,
      pools: [{ ...POOL, retention: { crew: retention }, warrantyBp: 1_000, warrantyDays: 5 }],
    }));
    await putJob(bench, 'fence', { ...done, managerId: workerId('c0') });
    await putBudget(bench, 'fence', null, 800);
    for (const name of crew) {
      await putWorker(bench, name, 250_000);
      await putTime(bench, { id: `t${name}`, worker: name, job: 'fence', hours: 1 });
    }
    await bench.settle();
    const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(bench.api.db.endpoint)), {
      marshallOptions: { removeUndefinedValues: true },
    });
    const options = { client, tableName: bench.api.db.tableName, now: bench.api.now, sleep: async () => {}, random: () => 0.5 };
    const plain = openPlainTable(options);
    const winners = new Set<string>();
    for (const at of [-1, 1, 103]) {
      await calls.approve(fence, { accept: [{ code: 'stale-data', reason: 'a test' }] });
      bench.api.pass(20 * DAY);
      const statements = (await calls.get('/v1/statements', { workerId: workerId('c7') })).body.items as readonly {
        id: string;
        status: string;
      }[];
      const open = statements.find(({ status }) => status === 'Open')!;
      let writes = 0;
      let paid: Awaited<ReturnType<typeof calls.post>> | null = null;
      use(
        withBatches(
          {
            ...plain,
            write: async (scope, actions, token) => {
              writes += 1;
              if (writes === at + 4 && paid === null) {
                use(table);
                paid = await calls.post(`/v1/statements/${open.id}/pay`, {
                  payDate: bench.api.now().slice(0, 10),
                  accept: [{ code: 'period-open', reason: 'a test' }],
                });
              }
              return plain.write(scope, actions, token);
            },
          },
          options,
        ),
      );
      const undone = await unapprove();
      use(table);
      const statuses = [paid!.status, undone.status];
      expect(
        statuses.filter((status) => status === 200),
        `met at write ${at}: ${statuses}`,
      ).toHaveLength(1);
      await bench.settle();
      await checkLedger(bench, 'c7');
      winners.add(paid!.status === 200 ? 'pay' : 'unapprove');
      if (paid!.status === 200) {
        expect(undone.body.code).toBe('partly-paid');
        expect((await calls.post(`/v1/statements/${open.id}/reopen`, { reason: 'a test' })).status).toBe(200);
        expect((await unapprove()).status).toBe(200);
      }
      await bench.settle();
    }
    client.destroy();
    expect([...winners].sort()).toEqual(['pay', 'unapprove']);
  }, 60_000);
});

describe('what is approved stands still (I4)', () => {
  it('whatever is edited, and until it is unapproved (B-90)', async () => {
    await seedFence(bench);
    await bench.settle();
    const items = await calls.approve(fence);
    const revision = () => bench.api.call<{ revision: number }>('GET', `/v1/propays/${fence}`);
    const edit = async (body: object) =>
      bench.api.call<{ code?: string }>('PATCH', `/v1/propays/${fence}`, {
        body,
        headers: { 'if-match': (await revision()).headers.etag! },
      });
    for (const body of [
      { budget: { type: 'labor_budget' } },
      { adjustment: { type: 'percentage_increase', valueBp: 1_000 } },
      { manualPool: { crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 } },
      { distribution: { formula: 'per_head' } },
      { excludedWorkerIds: [workerId('bob')] },
      { crewLeadIds: [workerId('ann')] },
      { driveTimeInCost: true },
      { leadPay: '5.00' },
    ])
      expect([body, (await edit(body)).body.code]).toEqual([body, 'approved-unapprove-first']);
    expect((await edit({ title: 'The fence', notes: 'done well' })).status).toBe(200);
    await bench.settle();
    const after = (await calls.get('/v1/line-items', { propayId: fence })).body.items;
    expect(after.map(({ id, amount, status }) => [id, amount, status]).sort()).toEqual(
      items.map(({ id, amount, status }) => [id, amount, status]).sort(),
    );
  });

  it('when its job is canceled, reopened or moved to another branch with a calendar of its own (fault 70)', async () => {
    await seedFence(bench);
    await putBranch(bench, 'b2');
    await bench.settle();
    const items = await calls.approve(fence);
    const seen = async () =>
      (await calls.get('/v1/line-items', { propayId: fence })).body.items.map(({ id, amount, status, statementId }) => [
        id,
        amount,
        status,
        statementId,
      ]);
    const expected = await seen();
    expect(expected).toHaveLength(4);
    const job = (fields: object) =>
      putJob(bench, 'fence', { crewLeadId: workerId('lea'), managerId: workerId('max'), ...done, ...fields });
    await bench.context((context) => ({
      ...context,
      branches: {
        ...context.branches,
        [idOf('branch', 'b2')]: {
          ...context.branches[idOf('branch', 'b2')]!,
          payCalendar: { frequency: 'weekly', startWeekday: 7 },
        },
      },
    }));
    for (const fields of [
      { status: 'canceled', canceledAt: '2026-03-11T10:00:00.000Z' },
      { status: 'in_progress', completedAt: null },
      { branchId: idOf('branch', 'b2') },
    ]) {
      await job(fields);
      await bench.settle();
      expect(await seen()).toEqual(expected);
      expect(await calls.statusOf(fence)).toBe('Approved');
    }
    // The statement stays with the branch it was earned in, and its manager pays it.
    bench.api.pass(20 * DAY);
    await bench.context((context) => ({ ...context, managersPayStatements: true }));
    const managerOf = (branch: string) =>
      bench.api.grant('manager', { scope: { ...NO_SCOPE, branchIds: [idOf('branch', branch)] } });
    const pay = async (branch: string) => calls.post(`/v1/statements/${ann}/pay`, PAY, { tokenId: await managerOf(branch) });
    expect((await pay('b2')).status).toBe(404);
    expect((await pay('b1')).body).toMatchObject({ status: 'Paid', payable: '87.50' });
    expect(items).toHaveLength(4);
  });

  it('and joins the first open period after the closed ones of its worker (B-134)', async () => {
    await seedFence(bench);
    await putJob(bench, 'gate', { ...done, crewLeadId: workerId('lea'), managerId: workerId('max') });
    await putBudget(bench, 'gate', null, 20);
    await putTime(bench, { id: 'g1', worker: 'ann', job: 'gate', hours: 8, date: '2026-02-20' });
    await bench.settle();
    await calls.approve(fence);
    const accept = [{ code: 'period-open', reason: 'early' }];
    expect((await calls.post(`/v1/statements/${ann}/pay`, { payDate: '2026-03-20', accept })).status).toBe(200);
    const gate = firstProPayId({ jobId: jobId('gate'), milestoneId: null });
    // Dated back into a period that was never opened it stands there; today’s is closed for ann alone.
    const back = await calls.approve(gate, { approvalDate: '2026-02-20' });
    expect(back.find((item) => item.workerId === workerId('ann'))!.statementId).toBe(statementOf('ann', '2026-02-09'));
    expect((await calls.post(`/v1/propays/${gate}/unapprove`, { reason: 'wrong day' })).status).toBe(200);
    const items = await calls.approve(gate);
    expect(items.map((item) => item.statementId).sort()).toEqual(
      [statementOf('ann', '2026-03-23'), statementOf('lea'), statementOf('max')].sort(),
    );
    for (const worker of ['ann', 'bob', 'lea', 'max']) await checkLedger(bench, worker);
  });
});

describe('one cent for three (fault 66)', () => {
  it('goes to one of them, always the same, and is paid', async () => {
    await bench.context((context) => ({
      ...context,
      pools: [{ ...POOL, crewBp: 10_000, crewLeadBp: 0, managerBp: 0 }],
    }));
    await putBranch(bench);
    await putJob(bench, 'fence', done);
    for (const name of ['ann', 'bob', 'cid']) {
      await putWorker(bench, name, 250_000);
      await putTime(bench, { id: name, worker: name, job: 'fence', hours: 8 });
    }
    // Two seconds at 25.00 an hour are 1.39 cents.
    await putBudget(bench, 'fence', null, 24, { budgetSeconds: 24 * 3_600 + 2 });
    await bench.settle();
    const [only, ...others] = await calls.approve(fence, { accept: [{ code: 'manager-missing', reason: 'nobody' }] });
    const first = [workerId('ann'), workerId('bob'), workerId('cid')].sort()[0];
    expect([only!.workerId, only!.amount, others]).toEqual([first, '0.01', []]);
    bench.api.pass(20 * DAY);
    expect((await calls.post(`/v1/statements/${only!.statementId}/pay`, PAY)).body).toMatchObject({
      status: 'Paid',
      payable: '0.01',
    });
    await bench.settle();
    expect(await calls.statusOf(fence)).toBe('Paid');
  });
});
