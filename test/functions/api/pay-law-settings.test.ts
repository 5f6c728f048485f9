import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deductionsAllowed, isExempt } from '#bonus/pay-law/policies.ts';
import type { BranchPayLaw } from '#model/settings.ts';
import { readContext } from '#store/settings-repository.ts';
import { startTestApi, type TestApi } from '#test/support/api.ts';
import { type Seed, seedCompany } from '#test/support/mirror-seed.ts';

let api: TestApi;
let seed: Seed;
let tag = '"r0"';
beforeAll(async () => {
  api = await startTestApi();
  seed = await seedCompany(api.table, api.scope, { jobs: 1, workers: 2 });
});
afterAll(() => api.stop());

interface Saved {
  readonly status: number;
  readonly body: { readonly values: Record<string, unknown>; readonly code?: string; readonly errors?: { pointer: string }[] };
  readonly headers: Readonly<Record<string, string>>;
}

async function save(values: object, reason?: string): Promise<Saved> {
  const body = { area: 'pay-law', values, ...(reason === undefined ? {} : { reason }) };
  const answer = await api.call<Saved['body']>('PUT', '/v1/settings/pay-law', { body, headers: { 'if-match': tag } });
  if (answer.status === 200) tag = answer.headers.etag!;
  return answer;
}

const branchOf = (changes: Partial<BranchPayLaw>) => ({
  branches: {
    [seed.branches[0]]: {
      ...{ premiumPolicy: null, workweekStart: null, stateRule: null, deductionPolicy: null, minimumWages: [] },
      ...changes,
    },
  },
});

describe('the settings of pay law (B-232)', () => {
  it('begin with their defaults, and reach the context when they are saved', async () => {
    const { body } = await api.call<Saved['body']>('GET', '/v1/settings/pay-law');
    expect(body.values).toEqual({
      premiumPolicy: 'by_earned_hours',
      premiumTiming: 'with_item',
      workweekStart: { weekday: 1, time: '00:00' },
      hoursSource: 'jobs_only',
      branches: {},
      exemptions: {},
      confirmedHours: [],
      switchedOff: {},
      paydayDays: 7,
    });
    expect((await save({ premiumPolicy: 'equal_weeks', workweekStart: { weekday: 7, time: '06:00' } })).status).toBe(200);
    const { payLaw } = (await readContext(api.table, api.scope))!;
    expect(payLaw).toMatchObject({ premiumPolicy: 'equal_weeks', workweekStart: { weekday: 7, time: '06:00' } });
  });

  it('take another policy of deductions only with a reason, and keep it (B-218)', async () => {
    const refused = await save(branchOf({ deductionPolicy: 'blocked' }));
    expect([refused.status, refused.body.errors?.[0]?.pointer]).toEqual([422, '/reason']);
    expect((await save(branchOf({ deductionPolicy: 'blocked' }), '  ')).status).toBe(422);
    expect((await save(branchOf({ deductionPolicy: 'blocked' }), 'advice of counsel')).status).toBe(200);
    const context = (await readContext(api.table, api.scope))!;
    expect(deductionsAllowed(context, seed.branches[0])).toBe(false);
    const { body } = await api.call<{ items: Record<string, unknown>[] }>('GET', '/v1/audit');
    expect(body.items[0]).toMatchObject({ action: 'settings.changed', reason: 'advice of counsel' });
    expect((await save({ branches: {} })).status).toBe(422);
    expect((await save(branchOf({ deductionPolicy: 'blocked', stateRule: 'california' }))).status).toBe(200);
  });

  it('name who claims an exemption by themselves (B-211)', async () => {
    const workerId = seed.workers[0]!;
    const saved = await save({ exemptions: { [workerId]: { ground: 'executive', by: 'somebody else' } } });
    const audit = await api.call<{ items: { actor: { id: string } }[] }>('GET', '/v1/audit');
    const me = audit.body.items[0]!.actor.id;
    expect(saved.body.values.exemptions).toEqual({ [workerId]: { ground: 'executive', by: me } });
    expect(isExempt((await readContext(api.table, api.scope))!, workerId)).toBe(true);
    expect((await save({ exemptions: { nobody: { ground: 'executive' } } })).body.code).toBe('unknown-reference');
  });

  it('keep minimum wages oldest first, one a day, within their range', async () => {
    const wage = (effectiveFrom: string, wageE4: number) => ({ effectiveFrom, wageE4 });
    const own = (...minimumWages: ReturnType<typeof wage>[]) =>
      branchOf({ deductionPolicy: 'blocked', stateRule: 'california', minimumWages });
    expect((await save(own(wage('2026-01-01', 0)))).body.code).toBe('invalid-number');
    expect((await save(own(wage('2026-01-01', 1), wage('2026-01-01', 2)))).body.code).toBe('duplicate-id');
    const saved = await save(own(wage('2026-01-01', 169_000), wage('2025-01-01', 165_000)));
    expect(JSON.stringify(saved.body.values.branches)).toContain('[{"effectiveFrom":"2025-01-01"');
  });

  it.each([
    [{ premiumPolicy: 'sometimes' }],
    [{ premiumTiming: 'never' }],
    [{ workweekStart: { weekday: 8, time: '00:00' } }],
    [{ workweekStart: { weekday: 1, time: '24:00' } }],
    [{ hoursSource: 'some' }],
    [{ unknown: true }],
    [{ branches: { nowhere: {} } }],
  ])('refuse %j', async (values) => {
    expect((await save(values)).status).toBe(422);
  });

  it('are changed by nobody below an admin', async () => {
    const options = { body: { area: 'pay-law', values: {} }, headers: { 'if-match': tag } };
    expect((await api.call('PUT', '/v1/settings/pay-law', { ...options, as: 'manager' })).status).toBe(403);
  });
});
