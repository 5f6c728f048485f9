import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putBudget, putJob, putVisit } from '#test/support/bonus-world.ts';

interface Diagnosed {
  readonly verdict: string;
  readonly code: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly nextAction: { readonly code: string; readonly href: string | null };
}

let bench: BonusBench;
let n = 0;
let name: string;
beforeAll(async () => {
  bench = await startBonusBench();
});
afterAll(() => bench.stop());
beforeEach(() => {
  n += 1;
  name = `job${n}`;
});

const ask = async (sourceId = name): Promise<Diagnosed> =>
  (await bench.api.call<Diagnosed>('GET', '/v1/diagnose', { query: { kind: 'propay', sourceId } })).body;
const post = (path: string, body: Record<string, unknown> = {}, method: 'POST' | 'DELETE' = 'POST') =>
  bench.api.call<{ id: string; code?: string; status?: string }>(method, path, {
    body,
    headers: { 'idempotency-key': `key-${n}-${path}`, 'if-match': '*' },
  });

/** A job with a budget, and so with an Active ProPay. */
async function withProPay(fields: Parameters<typeof putJob>[2] = {}): Promise<string> {
  await putJob(bench, name, fields);
  await putBudget(bench, name, null, 10);
  await bench.settle();
  const first = await ask();
  expect([first.verdict, first.code]).toEqual(['V-20', 'already_has_propay']);
  return String(first.evidence.proPayId);
}

describe('a job that has or had its ProPay', () => {
  it('has it (V-20)', async () => {
    const id = await withProPay();
    expect(await ask()).toMatchObject({
      evidence: { proPayId: id, status: 'Active' },
      nextAction: { code: 'open', href: `/v1/propays/${id}` },
    });
  });

  it('had it canceled, or deleted (V-21)', async () => {
    const id = await withProPay();
    expect((await post(`/v1/propays/${id}/cancel`, { reason: 'not this one' })).status).toBe(200);
    await bench.settle();
    expect(await ask()).toMatchObject({
      verdict: 'V-21',
      code: 'propay_canceled',
      evidence: { proPayId: id, reason: 'not this one' },
      nextAction: { code: 'restore', href: `/v1/propays/${id}` },
    });
    const { headers } = await bench.api.call('GET', `/v1/propays/${id}`);
    const gone = await bench.api.call('DELETE', `/v1/propays/${id}`, { headers: { 'if-match': headers.etag! } });
    expect(gone.status).toBeLessThan(300);
    await bench.settle();
    expect(await ask()).toMatchObject({ verdict: 'V-21', code: 'propay_deleted', nextAction: { code: 'create_by_hand' } });
  });

  it('is told first what the source says of the job (V-19), also beside a ProPay', async () => {
    await withProPay();
    for (const [envelope, fields, code] of [
      [{ sourceIgnored: true }, {}, 'source_ignored'],
      [{ outOfScope: 'project_not_enabled' }, {}, 'out_of_scope_now'],
      [{}, { status: 'canceled' }, 'job_canceled'],
    ] as const) {
      await putJob(bench, name, fields, envelope);
      await bench.settle();
      expect(await ask()).toMatchObject({
        verdict: 'V-19',
        code,
        evidence: { runId: expect.any(String), at: expect.any(String) },
      });
    }
  });
});

describe('a job that has none', () => {
  it('changed between recurring and one-off (V-22)', async () => {
    await withProPay();
    await putVisit(bench, name, `${name}-v`);
    await putBudget(bench, name, `${name}-v`, 2);
    await putJob(bench, name, { recurring: true });
    await bench.settle();
    expect(await ask(`${name}-v`)).toMatchObject({
      verdict: 'V-22',
      code: 'recurrence_changed',
      evidence: { missing: ['recurrence'] },
    });
  });

  it('is overhead by a rule (V-23)', async () => {
    await bench.context((context) => ({ ...context, nonBillableRules: { ...context.nonBillableRules, jobIds: [jobId(name)] } }));
    await putJob(bench, name);
    await putBudget(bench, name, null, 10);
    await bench.settle();
    expect(await ask()).toMatchObject({ verdict: 'V-23', code: 'overhead' });
  });

  it('is rework of an earlier job (V-23)', async () => {
    await putJob(bench, 'earlier');
    await putJob(bench, name);
    const linked = await bench.api.call('PUT', `/v1/jobs/${jobId(name)}/callback-of`, { body: { jobId: jobId('earlier') } });
    expect(linked.status).toBeLessThan(300);
    await putBudget(bench, name, null, 10);
    await bench.settle();
    expect(await ask()).toMatchObject({ verdict: 'V-23', code: 'callback', evidence: { originalJobId: jobId('earlier') } });
  });

  it('was excluded by hand (V-24)', async () => {
    await putJob(bench, name);
    const excluded = await bench.api.call('PUT', `/v1/jobs/${jobId(name)}/exclusion`, { body: { reason: 'shown to the press' } });
    expect(excluded.status).toBeLessThan(300);
    await putBudget(bench, name, null, 10);
    await bench.settle();
    expect(await ask()).toMatchObject({
      verdict: 'V-24',
      code: 'excluded_manually',
      evidence: { reason: 'shown to the press' },
      nextAction: { code: 'include' },
    });
  });

  it('is outside the program (V-26)', async () => {
    await bench.context((context) => ({
      ...context,
      programScopes: { branchIds: [idOf('branch', 'elsewhere')], divisionIds: [], routeIds: [] },
    }));
    await putJob(bench, name);
    await putBudget(bench, name, null, 10);
    await bench.settle();
    expect(await ask()).toMatchObject({ verdict: 'V-26', code: 'not_incentivised', nextAction: { code: 'add_scope' } });
    await bench.context((context) => ({ ...context, programScopes: 'all' }));
  });
});
