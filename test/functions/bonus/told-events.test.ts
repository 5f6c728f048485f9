import { afterEach, beforeEach, expect, it } from 'vitest';
import { fieldsOf, isEventType } from '#events/catalogue.ts';
import type { EventEnvelope } from '#events/event.ts';
import { openSession } from '#functions/bonus/ports.ts';
import { verifyAudit } from '#functions/bonus/verification/verify-audit.ts';
import { firstProPayId } from '#model/propay-item.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, seedFence } from '#test/support/bonus-world.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

it('an entry that was lost on its way is told and sealed after the night has found it (M-153)', async () => {
  await seedFence(bench);
  await bench.settle();
  await bench.api.call('POST', '/v1/exclusion-rules', { body: { type: 'service_type', value: 'Snow' } });
  await bench.api.db.drainStream();
  const read = async () => (await bench.api.call<{ items: { hash: string | null }[] }>('GET', '/v1/audit')).body.items;
  expect((await read()).filter(({ hash }) => hash === null)).toHaveLength(1);
  bench.api.pass(2 * 3_600);
  await verifyAudit(openSession(bench.ports, 'night'), bench.scope, bench.api.now());
  expect(bench.api.logs.at(-1)).toMatchObject({ AuditFaults: 1, unsealed: 1, broken: [] });
  await bench.settle();
  expect((await read()).filter(({ hash }) => hash === null)).toEqual([]);
  expect((await feed()).filter(({ type }) => type === 'exclusion_rule.saved')).toHaveLength(1);
  await verifyAudit(openSession(bench.ports, 'night'), bench.scope, bench.api.now());
  expect(bench.api.logs.at(-1)).toMatchObject({ AuditFaults: 0 });
});

const id = firstProPayId({ jobId: jobId('fence'), milestoneId: null });

async function feed(): Promise<readonly EventEnvelope[]> {
  const { body } = await bench.api.call<{ items: EventEnvelope[]; hasMore: boolean }>('GET', '/v1/changes', {
    query: { limit: 200 },
  });
  expect(body.hasMore).toBe(false);
  return body.items;
}

it('a ProPay is told from its creation to its payment, each thing once, with amounts and no wage (B-184)', async () => {
  await seedFence(bench);
  await bench.settle();
  const { inputsVersion } = (await bench.api.call<{ inputsVersion: string }>('GET', `/v1/propays/${id}`)).body;
  await bench.api.call('POST', `/v1/propays/${id}/approve`, { body: { inputsVersion }, headers: { 'idempotency-key': 'a' } });
  await bench.settle();
  bench.api.pass(20 * 86_400);
  const statements = await bench.api.call<{ items: { id: string }[] }>('GET', '/v1/statements');
  for (const { id: statement } of statements.body.items)
    await bench.api.call('POST', `/v1/statements/${statement}/pay`, {
      body: { payDate: '2026-03-27' },
      headers: { 'idempotency-key': statement },
    });
  await bench.settle();
  const events = await feed();
  const counts = Object.fromEntries(
    [...Map.groupBy(events, ({ type }) => type)].map(([type, list]): [string, number] => [type, list.length]),
  );
  expect(counts).toMatchObject({
    'propay.created': 1,
    'propay.approved': 1,
    'propay.paid': 1,
    'line_item.created': 4,
    'line_item.paid': 4,
    'statement.opened': 4,
    'statement.paid': 4,
  });
  expect(new Set(events.map((one) => one.id)).size).toBe(events.length);
  const created = events.filter(({ type }) => type === 'line_item.created');
  const approved = events.find(({ type }) => type === 'propay.approved')!;
  expect(created.reduce((sum, { data }) => sum + Number(data.amountCents), 0)).toBe(approved.data.totalCents);
  for (const { type, data } of events) {
    expect(isEventType(type)).toBe(true);
    const allowed = fieldsOf(type).map(({ name }) => name);
    expect(Object.keys(data).filter((name) => !allowed.includes(name))).toEqual([]);
  }
});
