import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import { type BonusBench, POOL, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBudget, putJob, putTime, seedFence, workerId } from '#test/support/bonus-world.ts';
import { checkLedger } from '#test/support/ledger.ts';
import { DAY, type Item, payCalls, type Statement } from '#test/support/pay-calls.ts';

const WORKERS = ['ann', 'bob', 'lea', 'max'];
const JOBS = ['fence', 'gate'];
const RUNS = 6;

/** Something somebody does; `n` picks the item, statement, job or person it is done to. */
const step = fc.record({
  act: fc.constantFrom(
    'approve',
    'approve',
    'unapprove',
    'hold',
    'hold-until',
    'release',
    'extend',
    'void',
    'replace',
    'bonus',
    'deduct',
    'pay',
    'pay',
    'pay-all',
    'reopen',
    'void-statement',
    'rework',
    'days',
  ),
  n: fc.nat(1_000),
});
type Step = { readonly act: string; readonly n: number };

/** Two jobs of the same people: one that saved, with parts that are held back, and one that lost what the crew has to bear. */
async function start(): Promise<BonusBench> {
  const bench = await startBonusBench();
  const retention = { retentionBp: 2_000, retentionDays: 20 };
  await bench.context((context) => ({
    ...context,
    pools: [
      { ...POOL, waitingDays: 3, retention: { crew: retention }, warrantyBp: 1_000, warrantyDays: 40, rollOverNegative: true },
    ],
  }));
  await seedFence(bench);
  await putJob(bench, 'gate', {
    status: 'completed',
    completedAt: '2026-03-08T20:00:00.000Z',
    crewLeadId: workerId('lea'),
    managerId: workerId('max'),
  });
  await putBudget(bench, 'gate', null, 20);
  await putTime(bench, { id: 'g1', worker: 'ann', job: 'gate', hours: 8 });
  await bench.settle();
  return bench;
}

const FOR_ITEMS: Readonly<Record<string, string>> = {
  hold: 'In Process',
  'hold-until': 'In Process',
  release: 'Held',
  extend: 'Held',
  void: 'In Process',
  replace: 'In Process',
};

/** Does one step over the API; whatever it is, it is done or refused. Answers what came of it. */
async function take(bench: BonusBench, calls: ReturnType<typeof payCalls>, { act, n }: Step): Promise<string> {
  const proPay = firstProPayId({ jobId: jobId(JOBS[n % JOBS.length]!), milestoneId: null });
  const worker = workerId(WORKERS[n % WORKERS.length]!);
  const items = (await calls.get('/v1/line-items', { limit: '200' })).body.items as readonly Item[];
  const statements = (await calls.get('/v1/statements', { limit: '200' })).body.items as unknown as readonly Statement[];
  // Mostly something the command is meant for, now and then whatever comes.
  const pick = <T>(list: readonly T[], meant: (one: T) => boolean): T | undefined => {
    const fitting = n % 7 === 0 ? list : list.filter(meant);
    return fitting[n % Math.max(1, fitting.length)];
  };
  const item = pick(items, ({ status }) => status === (FOR_ITEMS[act] ?? status));
  const statement = pick(statements, ({ status }) => status === (act === 'reopen' ? 'Paid' : 'Open'));
  const day = (days: number) => new Date(Date.parse(bench.api.now()) + days * DAY * 1_000).toISOString().slice(0, 10);
  const accept = ['period-open', 'premium-incomplete', 'stale-data'].map((code) => ({ code, reason: 'a test' }));
  const pay = { payDate: day(0), accept };
  const onItem = (verb: string, body: object = {}) =>
    item === undefined ? null : calls.post(`/v1/line-items/${item.id}/${verb}`, body);
  const onStatement = (verb: string, body: object) =>
    statement === undefined ? null : calls.post(`/v1/statements/${statement.id}/${verb}`, body);
  const run = async () => {
    switch (act) {
      case 'approve': {
        const { inputsVersion } = (await calls.get(`/v1/propays/${proPay}`)).body;
        return calls.post(`/v1/propays/${proPay}/approve`, { inputsVersion, accept });
      }
      case 'unapprove':
        return calls.post(`/v1/propays/${proPay}/unapprove`, { reason: 'a test' });
      case 'hold':
        return onItem('hold');
      case 'hold-until':
        return onItem('hold', { until: day(1 + (n % 30)) });
      case 'release':
        return onItem('release');
      case 'extend':
        return onItem('extend', { releaseOn: day(1 + (n % 60)) });
      case 'void':
        return onItem('void', { reason: 'a test' });
      case 'replace': {
        const cents = Math.round(Math.abs(Number(item?.amount ?? '0.02')) * 100);
        const first = 1 + (n % Math.max(1, cents - 1));
        const amounts = [first, cents - first].map((part) => (part / 100).toFixed(2));
        return onItem('void', {
          reason: 'a test',
          replacements: [{ amount: amounts[0], releaseOn: day(n % 10) }, { amount: amounts[1] }],
        });
      }
      case 'bonus':
      case 'deduct': {
        const amount = ((1 + (n % 20_000)) / 100).toFixed(2);
        const owed = pick(items, (one) => one.status === 'In Process' && one.type === 'bonus' && one.category !== 'manual');
        return calls.post('/v1/line-items', {
          workerId: act === 'deduct' ? (owed?.workerId ?? worker) : worker,
          type: act === 'bonus' ? act : 'deduction',
          purpose: 'correction',
          amount,
        });
      }
      case 'pay':
        return onStatement('pay', pay);
      case 'pay-all':
        return statements.length === 0
          ? null
          : calls.post('/v1/statements/bulk-pay', { items: statements.slice(0, 50).map(({ id }) => ({ id, ...pay })) });
      case 'reopen':
        return onStatement('reopen', { reason: 'a test' });
      case 'void-statement':
        return onStatement('void', {});
      case 'rework':
        await rework(bench, n % 3);
        return null;
      default:
        bench.api.pass((1 + (n % 20)) * DAY);
        return null;
    }
  };
  const answer = await run();
  if (answer === null) return 'nothing';
  expect(answer.status, `${act} ${JSON.stringify(answer.body)}`).toBeLessThan(500);
  return answer.status < 300 ? act : (answer.body.code ?? 'refused');
}

/** Rework of the fence, which takes of its bonus once that is approved: from what is held against faults first. */
async function rework(bench: BonusBench, n: number): Promise<void> {
  const job = `redo-${n}`;
  await putTime(bench, { id: job, worker: 'bob', job, hours: 1 + n, date: '2026-03-09' });
  await putJob(bench, job, {
    parentJobId: jobId('fence'),
    startDate: '2026-03-09',
    status: 'completed',
    completedAt: '2026-03-09T20:00:00.000Z',
  });
  await bench.settle();
}

describe('the ledger (I6)', () => {
  it('balances for everybody after each of many commands in any order', async () => {
    const done = new Map<string, number>();
    let drawn = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 22, maxLength: 30 }), async (steps) => {
        const bench = await start();
        try {
          const calls = payCalls(bench);
          for (const [index, one] of [{ act: 'approve', n: 0 }, { act: 'approve', n: 1 }, ...steps].entries()) {
            const result = await take(bench, calls, one);
            done.set(result, (done.get(result) ?? 0) + 1);
            // The stream follows sooner or later; the ledger balances before as well as after.
            if (index % 3 === 0) await bench.settle();
            for (const worker of WORKERS) drawn += (await checkLedger(bench, worker)).drawn;
          }
          await bench.settle();
          for (const job of JOBS) await checkProPay(bench, firstProPayId({ jobId: jobId(job), milestoneId: null }));
        } finally {
          await bench.stop();
        }
      }),
      { numRuns: RUNS, seed: 20_260_310, endOnFailure: true },
    );
    // What this seed has tried: every command was done somewhere, and many were refused.
    const tried = [
      'approve',
      'unapprove',
      'hold',
      'hold-until',
      'release',
      'extend',
      'void',
      'replace',
      'bonus',
      'deduct',
      'pay',
      'pay-all',
      'reopen',
    ];
    expect(tried.filter((act) => !done.has(act))).toEqual([]);
    expect(drawn).toBeGreaterThan(0);
    expect([...done.keys()]).toEqual(
      expect.arrayContaining(['paid-is-final', 'partly-paid', 'wrong-state', 'no-bonus-to-deduct']),
    );
  }, 240_000);
});

/** A ProPay is Paid exactly when all that is left of its approval is (B-92), and its items add up to what was approved. */
async function checkProPay(bench: BonusBench, id: string): Promise<void> {
  const { body } = await bench.api.call<{ status: string; approval: { total: string } | null }>('GET', `/v1/propays/${id}`);
  const items = (await bench.api.call<{ items: Item[] }>('GET', '/v1/line-items', { query: { propayId: id, limit: '200' } })).body
    .items;
  const live = items.filter((item) => item.status !== 'Voided');
  const paid = live.length > 0 && live.every((item) => item.status === 'Paid');
  if (body.status === 'Active') expect(live).toEqual([]);
  else expect(body.status).toBe(paid ? 'Paid' : 'Approved');
}
