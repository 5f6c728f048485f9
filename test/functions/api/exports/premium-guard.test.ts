import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPayPartition } from '#store/pay-repository.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { putTime, workerId } from '#test/support/bonus-world.ts';
import { exportDesk, STATEMENTS, seedPaidPeriod, target } from '#test/support/export-world.ts';
import { DAY, payCalls, statementOf } from '#test/support/pay-calls.ts';

/** Nobody pays a premium twice, and nobody leaves it to nobody (B-221). */

let bench: BonusBench;
let desk: ReturnType<typeof exportDesk>;
let calls: ReturnType<typeof payCalls>;
beforeEach(async () => {
  bench = await startBonusBench();
  desk = exportDesk(bench);
  calls = payCalls(bench);
});
afterEach(() => bench.stop());

const { ann, bob } = STATEMENTS as { ann: string; bob: string };
const later = statementOf('ann', '2026-03-23');
const named = (...statementIds: string[]) => ({ period: undefined, statementIds });
const BOTH = { generic: target('bonus_plus_premium', { codes: {} }), gusto: target('bonus_only', { codes: {} }) };
const weekOf = async (worker: string) => {
  const { ledgers } = await readPayPartition(bench.table, bench.scope, workerId(worker));
  const { premiumOwner, claimedBy } = ledgers.find(({ weekStart }) => weekStart === '2026-03-02')!;
  return [premiumOwner, claimedBy];
};
const codes = async (id: string) => (await desk.get(id)).preflight.map(({ code }) => code);

/** Another bonus of the same week, paid a period later. */
async function secondBonus(): Promise<void> {
  await calls.post('/v1/line-items', {
    workerId: workerId('ann'),
    type: 'bonus',
    purpose: 'safety',
    amount: '50.00',
    weeks: ['2026-03-02'],
  });
  await bench.settle();
  bench.api.pass(20 * DAY);
  const paid = await calls.post(`/v1/statements/${later}/pay`, { payDate: '2026-04-14' });
  // 50.00 · 10 h / (2 · 50 h)
  expect(paid.body).toMatchObject({ status: 'Paid', premium: '5.00' });
}

describe('the owner of a week', () => {
  it('is named by the first export, whatever overtime there was, and kept by the next', async () => {
    await seedPaidPeriod(bench, BOTH);
    await secondBonus();
    const first = (await desk.prepare(named(ann, bob))).body.id;
    expect(await weekOf('ann')).toEqual([null, []]);
    await desk.make(first);
    expect(await weekOf('ann')).toEqual(['engine', [first]]);
    expect(await weekOf('bob')).toEqual(['engine', [first]]);
    const other = (await desk.prepare({ target: 'gusto', ...named(later) })).body.id;
    expect(await codes(other)).toEqual(['premium-already-owned', 'premium-left-to-payroll']);
    const refused = await desk.make(other);
    expect([refused.status, refused.body.code]).toEqual([409, 'premium-already-owned']);
    await desk.cancel(other);
    const second = (await desk.prepare(named(later))).body.id;
    expect((await desk.make(second)).body).toMatchObject({ status: 'Exported', total: '55.00' });
    expect(await weekOf('ann')).toEqual(['engine', [first, second]]);
  });

  it('goes with the last export that named it', async () => {
    await seedPaidPeriod(bench, BOTH);
    await secondBonus();
    const [first, second] = [(await desk.prepare(named(ann))).body.id, (await desk.prepare(named(later))).body.id];
    await desk.make(first);
    await desk.make(second);
    await desk.cancel(first);
    expect(await weekOf('ann')).toEqual(['engine', [second]]);
    const other = (await desk.prepare({ target: 'gusto', ...named(ann) })).body.id;
    expect((await desk.make(other)).body.code).toBe('premium-already-owned');
    const replacing = (await desk.prepare({ target: 'gusto', ...named(later), replace: true })).body.id;
    expect(await weekOf('ann')).toEqual([null, []]);
    expect((await desk.make(other)).body.status).toBe('Exported');
    expect((await desk.make(replacing)).body.status).toBe('Exported');
    expect(await weekOf('ann')).toEqual(['payroll', [other, replacing]]);
  });

  it('that payroll is makes what is not paid yet of the week informational', async () => {
    await seedPaidPeriod(bench, BOTH);
    const id = (await desk.prepare({ target: 'gusto', ...named(ann) })).body.id;
    await desk.make(id);
    await calls.post('/v1/line-items', {
      workerId: workerId('ann'),
      type: 'bonus',
      purpose: 'safety',
      amount: '50.00',
      weeks: ['2026-03-02'],
    });
    await bench.settle();
    expect(await calls.statement(later)).toMatchObject({ premium: '0.00', informationalPremium: '5.00', payable: '50.00' });
    await desk.cancel(id);
    expect(await calls.statement(later)).toMatchObject({ premium: '5.00', payable: '55.00' });
  });

  it('stays when hours of the week change', async () => {
    await seedPaidPeriod(bench, BOTH);
    const id = (await desk.prepare(named(ann))).body.id;
    await desk.make(id);
    await putTime(bench, { id: 'late', worker: 'ann', job: null, hours: 5, date: '2026-03-07' });
    await bench.settle();
    expect(await weekOf('ann')).toEqual(['engine', [id]]);
  });

  it('is needed for a week in which nothing was ever worked out as well', async () => {
    await seedPaidPeriod(bench, { gusto: target('bonus_only', { codes: {} }) });
    const { ledgers } = await readPayPartition(bench.table, bench.scope, workerId('bob'));
    await bench.table.write(
      bench.scope,
      ledgers.map(({ weekStart }) => ({
        kind: 'delete' as const,
        key: { pk: `T#acme1#P#${workerId('bob')}`, sk: `K#${weekStart}` },
      })),
    );
    const id = (await desk.prepare({ target: 'gusto', ...named(bob) })).body.id;
    expect((await desk.make(id)).body.status).toBe('Exported');
    expect(await weekOf('bob')).toEqual(['payroll', [id]]);
    await desk.cancel(id);
    expect(await weekOf('bob')).toEqual([null, []]);
  });
});

describe('a payment', () => {
  it('that left the premium to payroll is not sent with ours: it is paid again first', async () => {
    await seedPaidPeriod(bench, { gusto: target('bonus_only', { codes: {} }) });
    expect(await calls.statement(ann)).toMatchObject({ premium: '0.00', informationalPremium: '8.75', payable: '87.50' });
    await desk.targets(BOTH);
    const id = (await desk.prepare(named(ann))).body.id;
    expect(await codes(id)).toEqual(['premium-not-payable']);
    expect((await desk.make(id)).body.code).toBe('preflight-failed');
    await desk.cancel(id);
    await calls.post(`/v1/statements/${ann}/reopen`, { reason: 'the premium is ours' });
    await calls.post(`/v1/statements/${ann}/pay`, { payDate: '2026-03-31' });
    const again = (await desk.prepare(named(ann))).body;
    expect([again.total, (await desk.make(again.id)).body.status]).toEqual(['96.25', 'Exported']);
  });

  it('that counted our premium sends the bonus alone where payroll computes it', async () => {
    await seedPaidPeriod(bench, BOTH);
    const { body } = await desk.prepare({ target: 'gusto', ...named(ann) });
    expect(body.total).toBe('87.50');
    expect(await codes(body.id)).toEqual(['premium-left-to-payroll']);
    expect((await desk.make(body.id)).body.files.map(({ total }) => total)).toEqual(['87.50']);
  });
});
