import { afterEach, beforeEach, expect, it } from 'vitest';
import { resultsHandler } from '#functions/bonus/on-results/handle.ts';
import { firstProPayId } from '#model/propay-item.ts';
import type { Table } from '#store/table.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, seedFence, workerId } from '#test/support/bonus-world.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

const id = firstProPayId({ jobId: jobId('fence'), milestoneId: null });

it('opens statements once and settles a ProPay once, however often and in whatever order its records come', async () => {
  await seedFence(bench);
  await bench.settle();
  const { inputsVersion } = (await bench.api.call<{ inputsVersion: string }>('GET', `/v1/propays/${id}`)).body;
  await bench.api.call('POST', `/v1/propays/${id}/approve`, { body: { inputsVersion }, headers: { 'idempotency-key': 'a' } });
  const records = (await bench.api.db.drainStream()).filter((record) =>
    JSON.stringify(record.dynamodb).includes('"et":{"S":"li"}'),
  );
  expect(records).toHaveLength(4);
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
  const statements = await bench.api.call<{ items: { id: string; reference: string }[] }>('GET', '/v1/statements');
  expect(statements.body.items.map((one) => one.reference).sort()).toEqual(['ST-1', 'ST-2', 'ST-3', 'ST-4']);
  writes = 0;
  await handle({ Records: [...records].reverse() as never }, 'two');
  expect(writes).toBe(0);

  bench.api.pass(20 * 86_400);
  for (const { id: statement } of statements.body.items)
    await bench.api.call('POST', `/v1/statements/${statement}/pay`, {
      body: { payDate: '2026-03-27' },
      headers: { 'idempotency-key': statement },
    });
  const paid = (await bench.api.db.drainStream()).filter((record) => JSON.stringify(record.dynamodb).includes('"et":{"S":"li"}'));
  const poison = structuredClone(paid[0]!);
  Object.assign(poison.dynamodb, {
    SequenceNumber: '77',
    NewImage: { et: { S: 'li' }, pk: { S: `T#acme1#P#${workerId('ann')}` }, v: { N: '9' } },
  });
  expect(await handle({ Records: [poison, ...paid] as never }, 'three')).toEqual({
    batchItemFailures: [{ itemIdentifier: '77' }],
  });
  expect((await bench.api.call<{ status: string }>('GET', `/v1/propays/${id}`)).body.status).toBe('Paid');
  writes = 0;
  await handle({ Records: paid as never }, 'four');
  expect(writes).toBe(0);
  const audit = await bench.table.queryAll(bench.scope, { partition: 'T#acme1#AU#2026-03' });
  expect(audit.filter((entry) => entry.action === 'propay.paid')).toHaveLength(1);
});
