import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstProPayId } from '#model/propay-item.ts';
import type { Table } from '#store/table.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putTime, seedFence } from '#test/support/bonus-world.ts';

let bench: BonusBench;
let table: Table;
beforeEach(async () => {
  bench = await startBonusBench();
  table = bench.api.ports.table;
});
afterEach(() => bench.stop());

const id = firstProPayId({ jobId: jobId('fence'), milestoneId: null });
const use = (changes: Partial<Table>) => Object.assign(bench.api.ports, { table: { ...table, ...changes } });
const version = async () => (await bench.api.call<{ inputsVersion: string }>('GET', `/v1/propays/${id}`)).body.inputsVersion;
const approve = (inputsVersion: string, key: string) =>
  bench.api.call<{ status: string; code?: string; lineItems?: unknown[] }>('POST', `/v1/propays/${id}/approve`, {
    body: { inputsVersion },
    headers: { 'idempotency-key': key },
  });
const items = async () =>
  (await bench.api.call<{ items: { amount: string; status: string }[] }>('GET', '/v1/line-items', { query: { propayId: id } }))
    .body.items;

describe('an approval under faults', () => {
  it('that dies before or after any of its writes is the same approval when it is tried again (I3)', async () => {
    await seedFence(bench);
    await bench.settle();
    const seen = await version();
    for (const [at, late] of [
      [0, false],
      [0, true],
      [1, false],
      [1, true],
    ] as const) {
      let writes = 0;
      use({
        write: async (scope, actions, token) => {
          const dies = writes++ === at;
          if (dies && !late) throw new Error('died before');
          const outcome = await table.write(scope, actions, token);
          if (dies) throw new Error('died after');
          return outcome;
        },
      });
      expect((await approve(seen, 'one-key')).status).toBeGreaterThanOrEqual(at === 1 && late ? 200 : 500);
    }
    use({});
    const done = await approve(seen, 'one-key');
    expect(done).toMatchObject({ status: 200, body: { status: 'Approved' } });
    expect(done.body.lineItems).toHaveLength(4);
    expect((await items()).map((item) => item.status)).toEqual(Array(4).fill('In Process'));
    const audit = await table.queryAll(bench.scope, { partition: 'T#acme1#AU#2026-03' });
    expect(audit.filter((entry) => entry.action === 'propay.approved')).toHaveLength(1);
  });

  it('that meets an entry stored and calculated after its reading answers with the new figures, and approves nothing', async () => {
    await seedFence(bench);
    await bench.settle();
    const seen = await version();
    let met = false;
    use({
      write: async (scope, actions, token) => {
        if (!met && actions.length > 3) {
          met = true;
          await putTime(bench, { id: 'late', worker: 'ann', job: 'fence', hours: 4, date: '2026-03-05' });
          await bench.settle();
        }
        return table.write(scope, actions, token);
      },
    });
    expect(await approve(seen, 'racing')).toMatchObject({ status: 409, body: { code: 'inputs-changed' } });
    expect(await items()).toEqual([]);
  });

  it('that meets an entry stored but not calculated yet approves what was seen, and the entry opens a difference (fault 61)', async () => {
    await seedFence(bench);
    await bench.settle();
    const seen = await version();
    let met = false;
    use({
      write: async (scope, actions, token) => {
        if (!met && actions.length > 3) {
          met = true;
          await putTime(bench, { id: 'late', worker: 'ann', job: 'fence', hours: 4, date: '2026-03-05' });
        }
        return table.write(scope, actions, token);
      },
    });
    expect(await approve(seen, 'racing')).toMatchObject({ status: 200, body: { result: { savings: '500.00' } } });
    await bench.settle();
    const after = await bench.api.call<{ result: object; sourceChange: object }>('GET', `/v1/propays/${id}`);
    expect(after.body).toMatchObject({ result: { savings: '500.00' }, sourceChange: { state: 'Open', deltaSeconds: 14_400 } });
  });
});
