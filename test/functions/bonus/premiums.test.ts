import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { type InputsEvent, inputsHandler } from '#functions/bonus/on-inputs/handle.ts';
import { resultsHandler } from '#functions/bonus/on-results/handle.ts';
import { firstProPayId } from '#model/propay-item.ts';
import type { PayLaw } from '#model/settings.ts';
import { issuePremiums } from '#pay/issue-premiums.ts';
import { readPayPartition } from '#store/pay-repository.ts';
import { readContext } from '#store/settings-repository.ts';
import type { Table } from '#store/table.ts';
import { type BonusBench, POOL, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBranch, putBudget, putDrive, putJob, putTime, putWorker, workerId } from '#test/support/bonus-world.ts';
import { nightHandler } from '#test/support/night.ts';

const CREW = { ...POOL, crewBp: 10_000, crewLeadBp: 0, managerBp: 0 };
const [W1, W2, W3] = ['2026-03-02', '2026-03-09', '2026-03-16'] as const;
const ANN = workerId('ann');

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench({ start: '2026-04-01T18:00:00.000Z' });
  await bench.context((context) => ({ ...context, pools: [CREW] }));
  await payLaw({ hoursSource: 'all' });
  await putBranch(bench);
});
afterEach(() => bench.stop());

const payLaw = (changes: Partial<PayLaw>) =>
  bench.context((context) => ({ ...context, payLaw: { ...context.payLaw, ...changes } }));

let entries = 0;
const hours = (date: string, count: number, job: string | null = null, worker = 'ann') =>
  putTime(bench, { id: `e${++entries}`, worker, job, hours: count, date });

/** A completed job of ann's whose savings are `saved` hours at the wage; half of them are the bonus. */
async function work(name: string, saved: number, worked: readonly (readonly [date: string, hours: number])[]): Promise<void> {
  await putJob(bench, name, { status: 'completed', completedAt: '2026-03-28T20:00:00.000Z' });
  const total = worked.reduce((sum, [, count]) => sum + count, 0);
  await putBudget(bench, name, null, total + saved);
  for (const [date, count] of worked) await hours(date, count, name);
}

const proPayId = (name: string): string => firstProPayId({ jobId: jobId(name), milestoneId: null });
let calls = 0;
const post = (path: string, body: object) =>
  bench.api.call<Record<string, unknown>>('POST', path, { body, headers: { 'idempotency-key': `k-${++calls}` } });
const ACCEPT = [{ code: 'stale-data', reason: 'a test' }];

async function approve(name: string): Promise<void> {
  await bench.settle();
  const path = `/v1/propays/${proPayId(name)}`;
  const { inputsVersion } = (await bench.api.call<{ inputsVersion: string }>('GET', path)).body;
  const answer = await post(`${path}/approve`, { inputsVersion, accept: ACCEPT });
  expect([answer.status, answer.body.detail]).toEqual([200, undefined]);
  await bench.settle();
}

interface ItemView {
  readonly id: string;
  readonly type: string;
  readonly amount: string;
  readonly status: string;
  readonly statementId: string | null;
  readonly releaseOn: string;
  readonly premium: null | Readonly<Record<string, unknown>>;
}
const items = async (): Promise<readonly ItemView[]> =>
  (await bench.api.call<{ items: ItemView[] }>('GET', '/v1/line-items', { query: { workerId: ANN, limit: '100' } })).body.items;
const premiums = async (): Promise<readonly ItemView[]> =>
  (await items())
    .filter((item) => item.type === 'premium')
    .sort((a, b) =>
      `${a.premium?.weekStart} ${a.premium?.issuedBefore}`.localeCompare(`${b.premium?.weekStart} ${b.premium?.issuedBefore}`),
    );
const amounts = async () => (await premiums()).map((item) => [item.premium?.weekStart, item.amount]);
const pay = async () => readPayPartition(bench.table, bench.scope, ANN);
const statement = async (id: string) =>
  (await bench.api.call<Record<'premium' | 'bonuses' | 'payable' | 'status', string>>('GET', `/v1/statements/${id}`)).body;

/** Example D of the specification: 600.00 on a ProPay of 30, 20 and 10 hours in weeks of 48, 40 and 52 hours. */
async function exampleD(): Promise<void> {
  await putWorker(bench, 'ann', 200_000);
  await work('fence', 60, [
    [W1, 30],
    [W2, 20],
    [W3, 10],
  ]);
  await hours(W1, 18);
  await hours(W2, 20);
  await hours(W3, 42);
}

describe('a bonus over three weeks (example D)', () => {
  const methods: readonly (readonly [PayLaw['premiumPolicy'], string, string, string])[] = [
    ['by_earned_hours', '25.00', '11.54', '36.54'],
    ['equal_weeks', '16.67', '23.08', '39.75'],
    ['equal_hours', '17.14', '25.71', '42.85'],
  ];
  test.each(methods)('by %s', async (premiumPolicy, first, third, total) => {
    await exampleD();
    await payLaw({ premiumPolicy });
    await approve('fence');
    expect(await amounts()).toEqual([
      [W1, first],
      [W3, third],
    ]);
    const [bonus] = (await items()).filter((item) => item.type === 'bonus');
    const [premium] = await premiums();
    expect([bonus?.amount, premium?.statementId]).toEqual(['600.00', bonus?.statementId]);
    const whole = await statement(bonus!.statementId!);
    expect([whole.bonuses, whole.premium]).toEqual(['600.00', total]);
    expect(whole.payable).toBe((600 + Number(total)).toFixed(2));
  });

  it('can be followed to the bonus, the hours and the entries behind them', async () => {
    await exampleD();
    await approve('fence');
    const [premium] = await premiums();
    const {
      hours: time,
      bonuses,
      ...working
    } = premium!.premium as {
      readonly hours: readonly { readonly id: string; readonly seconds: number }[];
      readonly bonuses: readonly object[];
    };
    expect(working).toEqual({
      weekStart: W1,
      legalBasis: 'flsa_207',
      formula: 'federal',
      totalSeconds: 48 * 3600,
      overtimeSeconds: 8 * 3600,
      doubleTimeSeconds: 0,
      due: '25.00',
      issuedBefore: '0.00',
      label: null,
    });
    const [bonus] = (await items()).filter((item) => item.type === 'bonus');
    expect(bonuses).toEqual([{ itemId: bonus!.id, method: 'by_earned_hours', attributed: '300.00' }]);
    expect(time.reduce((sum, one) => sum + one.seconds, 0)).toBe(48 * 3600);
    expect(time).toHaveLength(2);
    const audit = await bench.table.queryAll(bench.scope, { partition: 'T#acme1#AU#2026-04' });
    expect(audit.filter((entry) => entry.action === 'premium.issued').map((entry) => entry.ei)).toContain(premium!.id);
  });

  it('is not issued again by records that come again, in any order', async () => {
    await exampleD();
    await bench.settle();
    const { inputsVersion } = (await bench.api.call<{ inputsVersion: string }>('GET', `/v1/propays/${proPayId('fence')}`)).body;
    await post(`/v1/propays/${proPayId('fence')}/approve`, { inputsVersion, accept: ACCEPT });
    const records = await bench.api.db.drainStream();
    let writes = 0;
    const table: Table = {
      ...bench.table,
      write: (scope, actions, token) => {
        writes += 1;
        return bench.table.write(scope, actions, token);
      },
    };
    const handle = resultsHandler({ ...bench.ports, table });
    expect(await handle({ Records: records as never }, 'one')).toEqual({ batchItemFailures: [] });
    expect(await amounts()).toEqual([
      [W1, '25.00'],
      [W3, '11.54'],
    ]);
    // The premiums are items too, and their statement follows them.
    const followed = await bench.api.db.drainStream();
    await handle({ Records: followed as never }, 'two');
    writes = 0;
    await handle({ Records: [...records, ...followed].reverse() as never }, 'three');
    expect(writes).toBe(0);
  });
});

describe('a worker-week', () => {
  it('rounds two bonuses together: 2.41, then 2.40 (B-206)', async () => {
    await putWorker(bench, 'ann', 433_300);
    await work('fence', 2, [[W1, 5]]);
    await work('gate', 2, [[W1, 5]]);
    await hours(W1, 35);
    await approve('fence');
    expect(await amounts()).toEqual([[W1, '2.41']]);
    await approve('gate');
    expect(await amounts()).toEqual([
      [W1, '2.41'],
      [W1, '2.40'],
    ]);
    expect((await pay()).ledgers).toMatchObject([{ weekStart: W1, issuedCents: { flsa_207: 481, state_only: 0 } }]);
  });

  it('is given what late hours add, on the open statement, and after payment on the one of the day', async () => {
    await exampleD();
    await approve('fence');
    const statementId = (await premiums())[0]!.statementId!;
    await putDrive(bench, { id: 'd', worker: 'ann', job: 'fence', hours: 2, date: '2026-03-07' });
    await bench.settle();
    // 300.00 · 10 / (2 · 50) = 30.00
    expect(await amounts()).toEqual([
      [W1, '25.00'],
      [W1, '5.00'],
      [W3, '11.54'],
    ]);
    expect((await premiums()).map((item) => item.statementId)).toEqual([statementId, statementId, statementId]);

    bench.api.pass(20 * 86_400);
    expect((await post(`/v1/statements/${statementId}/pay`, { payDate: '2026-04-20' })).status).toBe(200);
    await hours('2026-03-08', 10);
    await bench.settle();
    // 300.00 · 20 / (2 · 60) = 50.00
    const late = (await premiums()).find((item) => item.amount === '20.00')!;
    expect([late.status, late.releaseOn, late.premium?.issuedBefore]).toEqual(['In Process', '2026-04-21', '30.00']);
    expect(late.statementId).not.toBe(statementId);
    expect(await statement(late.statementId!)).toMatchObject({ premium: '20.00', payable: '20.00', bonuses: '0.00' });
  });

  it('gives nothing back when hours are shortened, and counts the excess against later premium', async () => {
    await putWorker(bench, 'ann', 200_000);
    await work('fence', 10, [[W1, 30]]);
    await putTime(bench, { id: 'long', worker: 'ann', job: null, hours: 20, date: W1 });
    await approve('fence');
    // 100.00 · 10 / (2 · 50) = 10.00
    expect(await amounts()).toEqual([[W1, '10.00']]);
    await putTime(bench, { id: 'long', worker: 'ann', job: null, hours: 12, date: W1 });
    await bench.settle();
    expect(await amounts()).toEqual([[W1, '10.00']]);
    await work('gate', 20, [[W1, 1]]);
    await approve('gate');
    // 300.00 · 3 / (2 · 43) = 10.47
    expect(await amounts()).toEqual([
      [W1, '10.00'],
      [W1, '0.47'],
    ]);
  });

  it('keeps its premium when the bonus is voided before payment, and owes only the rest of the next one', async () => {
    await exampleD();
    await approve('fence');
    await post(`/v1/propays/${proPayId('fence')}/unapprove`, { reason: 'a mistake' });
    await bench.settle();
    expect((await pay()).ledgers.map((ledger) => ledger.bonuses)).toEqual([[], [], []]);
    expect(await amounts()).toEqual([
      [W1, '25.00'],
      [W3, '11.54'],
    ]);
    await putBudget(bench, 'fence', null, 180);
    await approve('fence');
    // 1,200.00 owes twice as much.
    expect(await amounts()).toEqual([
      [W1, '25.00'],
      [W1, '25.00'],
      [W3, '11.54'],
      [W3, '11.54'],
    ]);
  });

  it('issues a premium anew that was voided while it is due', async () => {
    await exampleD();
    await approve('fence');
    const [first] = await premiums();
    await post(`/v1/line-items/${first!.id}/void`, { reason: 'a mistake' });
    await bench.settle();
    const standing = (await premiums()).filter((item) => item.status !== 'Voided');
    expect(standing.map((item) => item.amount)).toEqual(['25.00', '11.54']);
  });

  it('is issued once by many that look at it at the same time', async () => {
    await exampleD();
    await bench.settle();
    const { inputsVersion } = (await bench.api.call<{ inputsVersion: string }>('GET', `/v1/propays/${proPayId('fence')}`)).body;
    await post(`/v1/propays/${proPayId('fence')}/approve`, { inputsVersion, accept: ACCEPT });
    const context = (await readContext(bench.table, bench.scope))!;
    const { table, now, ulid } = bench.ports;
    const ask = { workerId: ANN, weeks: [W1, W2, W3], also: [] };
    await Promise.all(
      Array.from({ length: 6 }, () => issuePremiums({ table, now, ulid, requestId: 'twin' }, bench.scope, context, ask)),
    );
    expect(await amounts()).toEqual([
      [W1, '25.00'],
      [W3, '11.54'],
    ]);
  });
});

it('reports the records whose hours could not be followed, and makes it good when they come again', async () => {
  await exampleD();
  await approve('fence');
  await hours('2026-03-07', 2);
  const records = await bench.inputs();
  let broken = true;
  const queryAll: Table['queryAll'] = (scope, request) => {
    if (broken && request.from?.startsWith('K#')) throw new Error('the store is out of reach');
    return bench.table.queryAll(scope, request);
  };
  const handle = inputsHandler({ ...bench.ports, table: { ...bench.table, queryAll } });
  const numbers = records.map((record) => record.dynamodb.SequenceNumber);
  const answer = await handle({ Records: records } as unknown as InputsEvent, 'one');
  expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(numbers);
  broken = false;
  expect(await handle({ Records: records } as unknown as InputsEvent, 'two')).toEqual({ batchItemFailures: [] });
  expect((await premiums()).map((item) => item.amount).sort()).toEqual(['11.54', '25.00', '5.00']);
});

describe('what may be missing', () => {
  it('is said of a premium, and paying it needs a reason (B-138, B-205)', async () => {
    await payLaw({ hoursSource: 'jobs_only' });
    await exampleD();
    await approve('fence');
    const [premium] = await premiums();
    expect(premium?.premium).toMatchObject({ label: 'incomplete' });
    bench.api.pass(20 * 86_400);
    const path = `/v1/statements/${premium!.statementId}/pay`;
    const refused = await post(path, { payDate: '2026-04-20' });
    expect([refused.status, refused.body.code]).toEqual([409, 'premium-incomplete']);
    const accept = [{ code: 'premium-incomplete', reason: 'the rest is known to be leave' }];
    expect((await post(path, { payDate: '2026-04-20', accept })).status).toBe(200);
  });

  it('ends with the week: what was incomplete then is not asked about later', async () => {
    const now = bench.api.now().slice(0, 10);
    await putWorker(bench, 'ann', 200_000);
    await work('fence', 10, [[now, 50]]);
    await approve('fence');
    const [premium] = await premiums();
    expect(premium?.premium).toMatchObject({ label: 'incomplete' });
    bench.api.pass(20 * 86_400);
    expect((await post(`/v1/statements/${premium!.statementId}/pay`, { payDate: '2026-04-20' })).status).toBe(200);
  });

  it('is found before payment, even if no record of it ever came', async () => {
    await exampleD();
    await approve('fence');
    await hours('2026-03-07', 2);
    bench.api.pass(20 * 86_400);
    const statementId = (await premiums())[0]!.statementId!;
    const paid = await post(`/v1/statements/${statementId}/pay`, { payDate: '2026-04-20' });
    expect(paid.body).toMatchObject({ status: 'Paid', premium: '41.54' });
  });
});

describe('policy', () => {
  it('waits with a held bonus, and issues on the day it is payable (B-207)', async () => {
    await bench.context((context) => ({ ...context, pools: [{ ...CREW, waitingDays: 14 }] }));
    await exampleD();
    await approve('fence');
    expect(await amounts()).toEqual([]);
    const schedule = nightHandler({ ...bench.ports, dueToday: async () => [bench.scope.tenantId] });
    await schedule({ time: bench.api.now() }, 'early');
    expect(await amounts()).toEqual([]);
    bench.api.pass(14 * 86_400);
    await schedule({ time: bench.api.now() }, 'day');
    expect(await amounts()).toEqual([
      [W1, '25.00'],
      [W3, '11.54'],
    ]);
  });

  it('or issues at approval, payable at once', async () => {
    await bench.context((context) => ({ ...context, pools: [{ ...CREW, waitingDays: 14 }] }));
    await payLaw({ premiumTiming: 'at_approval' });
    await exampleD();
    await approve('fence');
    const all = await items();
    expect(all.map((item) => [item.type, item.status]).sort()).toEqual([
      ['bonus', 'Held'],
      ['premium', 'In Process'],
      ['premium', 'In Process'],
    ]);
  });

  it('off owes nothing, and a change acts on later approvals alone (B-201)', async () => {
    await payLaw({ premiumPolicy: 'off' });
    await exampleD();
    await approve('fence');
    await payLaw({ premiumPolicy: 'by_earned_hours' });
    await hours('2026-03-07', 2);
    await bench.settle();
    expect([await amounts(), (await pay()).ledgers]).toEqual([[], []]);
  });

  it('spares whom somebody named exempt, and says so (B-211)', async () => {
    await payLaw({ exemptions: { [ANN]: { ground: 'outside sales', by: 'ada' } } });
    await exampleD();
    await approve('fence');
    expect(await amounts()).toEqual([]);
    expect((await pay()).ledgers.map((ledger) => ledger.reason)).toEqual(['exempt', 'exempt', 'exempt']);
    await payLaw({ exemptions: {} });
    const context = (await readContext(bench.table, bench.scope))!;
    const { table, now, ulid } = bench.ports;
    await issuePremiums({ table, now, ulid, requestId: 'r' }, bench.scope, context, { workerId: ANN, weeks: [], also: [] });
    expect(await amounts()).toEqual([
      [W1, '25.00'],
      [W3, '11.54'],
    ]);
  });

  it('adds what California asks for beyond federal law, as a premium of its own (B-212, B-213)', async () => {
    await bench.context((context) => ({ ...context, state: 'CA' }));
    await putWorker(bench, 'ann', 200_000);
    // 44 h with 7 h overtime and 2 h double time by the day, 4 h overtime by the week.
    await work('fence', 13, [
      [W1, 14],
      ['2026-03-03', 10],
      ['2026-03-04', 10],
      ['2026-03-05', 10],
    ]);
    await approve('fence');
    const found = (await premiums()).map((item) => [item.premium?.legalBasis, item.premium?.formula, item.amount]);
    // 130.00 / 44 · (½ · 10 + 2) = 20.68, of which 130.00 · 4 / 88 = 5.91 federal.
    expect(found.sort()).toEqual([
      ['flsa_207', 'federal', '5.91'],
      ['state_only', 'california_production', '14.77'],
    ]);
  });
});

it('people without own time share over the weeks of the work (B-204)', async () => {
  await bench.context((context) => ({ ...context, pools: [{ ...CREW, crewBp: 5_000, managerBp: 5_000 }] }));
  await putWorker(bench, 'max', null);
  await exampleD();
  await putJob(bench, 'fence', {
    status: 'completed',
    completedAt: '2026-03-28T20:00:00.000Z',
    managerId: workerId('max'),
  });
  await hours(W1, 50, null, 'max');
  await approve('fence');
  const { items: own, ledgers } = await readPayPartition(bench.table, bench.scope, workerId('max'));
  // 300.00 over three weeks, 50 hours in the first: 100.00 · 10 / (2 · 50).
  expect(own.filter((item) => item.type === 'premium').map((item) => item.amountCents)).toEqual([1000]);
  expect(ledgers.map((ledger) => ledger.bonuses[0]?.attributedCents)).toEqual([10_000, 10_000, 10_000]);
});
