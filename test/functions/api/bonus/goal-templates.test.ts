import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BLANK_WORKER } from '#test/support/blank-records.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putBranch, putWorker, workerId } from '#test/support/bonus-world.ts';
import { csatTemplate, goalDesk } from '#test/support/goal-world.ts';

let bench: BonusBench;
let desk: ReturnType<typeof goalDesk>;
beforeAll(async () => {
  bench = await startBonusBench({ start: '2026-04-02T12:00:00.000Z' });
  desk = goalDesk(bench);
  await putBranch(bench);
  for (const name of ['ann', 'max']) await putWorker(bench, name, null);
  await bench.settle();
});
afterAll(() => bench.stop());

const TEMPLATES = '/v1/pro-goal-templates';
interface TemplateBody {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  readonly missing: readonly string[];
  readonly warnings: readonly object[];
  readonly [member: string]: unknown;
}
const draft = async (body: object = csatTemplate()) => (await desk.post<TemplateBody>(TEMPLATES, body)).body;
const read = (id: string) => desk.get<TemplateBody>(`${TEMPLATES}/${id}`);
const change = async (method: 'PATCH' | 'DELETE', id: string, body?: object, tag?: string) =>
  bench.api.call<TemplateBody>(method, `${TEMPLATES}/${id}`, {
    ...(body === undefined ? {} : { body }),
    headers: { 'if-match': tag ?? (await read(id)).headers.etag! },
  });

describe('a template (B-161)', () => {
  it('may lack anything as a Draft, and says what; it goes live complete', async () => {
    const empty = await desk.post<TemplateBody>(TEMPLATES, {});
    expect(empty).toMatchObject({
      status: 201,
      body: {
        status: 'Draft',
        missing: ['name', 'period', 'participants', 'metric', 'tiers', 'managerId'],
        scope: { type: 'tenant' },
        pool: { waitingDays: 0, retentionBp: 0, warrantyBp: 0, statementAssignment: 'current' },
      },
    });
    expect(empty.headers.location).toBe(`${TEMPLATES}/${empty.body.id}`);
    const { id } = empty.body;
    expect(await desk.post(`${TEMPLATES}/${id}/approve`)).toMatchObject({
      status: 422,
      body: { code: 'template-incomplete', missing: empty.body.missing },
    });
    for (const [field, value] of Object.entries(csatTemplate())) {
      expect((await change('PATCH', id, { [field]: value })).status).toBe(200);
      const { status } = await desk.post(`${TEMPLATES}/${id}/approve`, {}, { key: `step-${field}` });
      expect([field, status]).toEqual([field, field === 'managerId' ? 200 : 422]);
    }
    expect((await read(id)).body).toMatchObject({ status: 'Live', liveOn: '2026-04-02', version: 8, missing: [] });
  });

  it.each([
    [{ tiers: [{ index: 0, type: 'between', min: 5, max: 4, reward: '1.00' }] }, 'invalid-tier', '/tiers[0]/min'],
    [
      {
        tiers: [
          { index: 0, type: 'gte', min: 1, reward: '2.00' },
          { index: 1, type: 'gte', min: 5, reward: '1.99' },
        ],
      },
      'tier-order',
      '/tiers',
    ],
    [{ tiers: [{ index: 0, type: 'gte', reward: '2.00' }] }, 'invalid-number', '/tiers[0]/min'],
    [{ tiers: [{ index: 0, type: 'gte', min: 1, reward: '-2.00' }] }, 'invalid-number', '/tiers[0]/rewardCents'],
    [{ cadence: 'monthly', anchorDate: '2026-01-31' }, 'invalid-calendar', '/anchorDate'],
    [{ period: { startDate: '2026-03-02', endDate: '2026-03-01' } }, 'invalid-calendar', '/period/endDate'],
    [{ period: { startDate: '2026-03-02', endDate: '2027-03-03' } }, 'invalid-calendar', '/period/endDate'],
    [{ cadence: 'monthly', period: { startDate: '2026-03-01', endDate: '2026-03-02' } }, 'invalid-body', '/period'],
    [{ pool: { retentionBp: 6_000, warrantyBp: 5_000 } }, 'holdback-over-100', '/pool/retentionBp'],
    [{ pool: { waitingDays: 30, retentionBp: 1_000, retentionDays: 20 } }, 'days-before-waiting', '/pool/retentionDays'],
    [{ metric: { source: 'builtin', name: 'smiles', unit: 'count' } }, 'invalid-body', '/metric/name'],
    [{ metric: { source: 'builtin', name: 'hours_gained', unit: 'bp' } }, 'invalid-body', '/metric/unit'],
    [{ scope: { type: 'branch', branchId: 'nowhere' } }, 'unknown-reference', '/scope/branchId'],
    [{ scope: { type: 'division', divisionId: 'nowhere' } }, 'unknown-reference', '/scope/divisionId'],
    [{ scope: { type: 'route', routeId: 'nowhere' } }, 'unknown-reference', '/scope/routeId'],
    [{ managerId: 'AAAAAAAAAAAAAAAA' }, 'unknown-reference', '/managerId'],
    [{ participants: { type: 'named', workerIds: ['AAAAAAAAAAAAAAAA'] } }, 'unknown-reference', '/participants/workerIds/0'],
    [{ disqualifierIds: ['none'] }, 'unknown-reference', '/disqualifierIds/0'],
    [{ penaltyIds: ['none'] }, 'unknown-reference', '/penaltyIds/0'],
  ])('refuses %j', async (body, code, pointer) => {
    const answer = await desk.post<{ errors: { pointer: string }[] }>(TEMPLATES, body);
    expect([answer.status, (answer.body as unknown as { code: string }).code]).toEqual([422, code]);
    expect(answer.body.errors[0]?.pointer).toBe(pointer);
  });

  it('warns of values between its tiers that none reaches (B-164)', async () => {
    const tiers = [
      { index: 0, type: 'between', min: 9_000, max: 9_400, reward: '1.00' },
      { index: 1, type: 'gte', min: 9_500, reward: '2.00' },
    ];
    expect((await draft({ tiers })).warnings).toEqual([{ code: 'tier-gap', from: 9_401, to: 9_499 }]);
    expect((await draft()).warnings).toEqual([]);
  });

  it('changes under If-Match; a Live one stays complete, and its goals keep their version', async () => {
    const id = await desk.live();
    const goalId = await desk.start(id);
    const { etag } = (await read(id)).headers;
    expect(await bench.api.call('PATCH', `${TEMPLATES}/${id}`, { body: { name: 'x' } })).toMatchObject({ status: 428 });
    expect((await change('PATCH', id, { name: 'Happy clients' }, etag)).body).toMatchObject({ version: 3, status: 'Live' });
    expect(await change('PATCH', id, { name: 'late' }, etag)).toMatchObject({ status: 412 });
    expect(await change('PATCH', id, { tiers: [] })).toMatchObject({ status: 422, body: { code: 'template-incomplete' } });
    expect(await desk.goal(goalId)).toMatchObject({ name: 'Customer satisfaction', templateVersion: 2 });
    expect(await desk.goal(await desk.start(id, '2026-02-01'))).toMatchObject({ name: 'Happy clients', templateVersion: 3 });
  });

  it('takes a single period in place of a cadence and the other way round', async () => {
    const { id } = await draft();
    const period = { startDate: '2026-05-01', endDate: '2026-05-20' };
    expect((await change('PATCH', id, { period })).body).toMatchObject({ cadence: null, anchorDate: null, period });
    expect((await change('PATCH', id, { cadence: 'weekly' })).body).toMatchObject({
      cadence: 'weekly',
      anchorDate: '2024-01-01',
      period: null,
    });
    expect((await change('PATCH', id, { anchorDate: '2024-01-03' })).body).toMatchObject({
      cadence: 'weekly',
      anchorDate: '2024-01-03',
    });
    expect((await change('PATCH', id, { cadence: null })).body).toMatchObject({ cadence: null, period: null });
  });

  it('is deleted as a Draft alone, archived when Live, and begins nothing afterwards', async () => {
    const { id: gone } = await draft();
    expect((await change('DELETE', gone)).status).toBe(204);
    expect((await read(gone)).status).toBe(404);
    const id = await desk.live();
    expect(await change('DELETE', id)).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    expect(await desk.post(`${TEMPLATES}/${id}/approve`)).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    const running = await desk.start(id);
    expect((await desk.post(`${TEMPLATES}/${id}/archive`)).body).toMatchObject({ status: 'Archived' });
    expect(await change('PATCH', id, { name: 'x' })).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    expect(await desk.post('/v1/pro-goals', { templateId: id, periodStart: '2026-02-01' })).toMatchObject({
      status: 409,
      body: { code: 'wrong-state' },
    });
    expect((await desk.goal(running)).status).toBe('Active');
    const { items } = (await bench.api.call<{ items: TemplateBody[] }>('GET', TEMPLATES, { query: { status: 'Archived' } })).body;
    expect(items.map((one) => one.id)).toContain(id);
  });

  it('belongs to its tenant and to those who manage it', async () => {
    const id = await desk.live();
    for (const method of ['GET', 'PATCH', 'DELETE'] as const)
      expect(
        (
          await bench.api.call(method, `${TEMPLATES}/${id}`, {
            tenant: 'rival1',
            headers: { 'if-match': '"r1"' },
            ...(method === 'PATCH' ? { body: {} } : {}),
          })
        ).status,
      ).toBe(404);
    expect((await desk.get(`${TEMPLATES}/${id}`, { as: 'manager' })).status).toBe(200);
    expect((await desk.get(`${TEMPLATES}/${id}`, { as: 'worker' })).status).toBe(403);
    expect((await desk.post(TEMPLATES, {}, { as: 'manager' })).status).toBe(403);
    expect((await desk.post(`${TEMPLATES}/${id}/archive`, {}, { as: 'auditor' })).status).toBe(403);
  });
});

describe('a goal started by hand', () => {
  it('begins with a period of the template, once, and not before it', async () => {
    const id = await desk.live();
    const start = (periodStart: string, options = {}) =>
      desk.post<{ id: string; status: string }>('/v1/pro-goals', { templateId: id, periodStart }, options);
    expect(await start('2026-03-02')).toMatchObject({ status: 422, body: { code: 'invalid-body' } });
    expect(await start('2026-05-01')).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
    const twins = await Promise.all([start('2026-03-01'), start('2026-03-01')]);
    expect(twins.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(new Set(twins.map(({ body }) => body.id))).toEqual(new Set([`${id}.2026-03-01`]));
    expect(twins[0]!.headers.location).toBe(`/v1/pro-goals/${id}.2026-03-01`);
    await desk.post(`/v1/pro-goals/${id}.2026-03-01/cancel`, { reason: 'not held' });
    expect(await start('2026-03-01')).toMatchObject({ status: 409, body: { code: 'wrong-state', status: 409 } });
    expect((await desk.post('/v1/pro-goals', { templateId: (await draft()).id, periodStart: '2026-03-01' })).status).toBe(409);
    expect((await desk.post('/v1/pro-goals', { templateId: 'none', periodStart: '2026-03-01' })).status).toBe(404);
  });

  it('does not cover days that another goal of the template covers', async () => {
    const id = await desk.live();
    await desk.start(id, '2026-03-01');
    await change('PATCH', id, { cadence: 'weekly' });
    const start = async (periodStart: string) => (await desk.post('/v1/pro-goals', { templateId: id, periodStart })).status;
    expect(await start('2026-02-23')).toBe(409);
    expect(await start('2026-03-09')).toBe(409);
    expect(await start('2026-02-16')).toBe(201);
    // The day after the last goal begins a short period, so that the change leaves no gap.
    expect(await start('2026-04-01')).toBe(201);
    expect((await desk.goal(`${id}.2026-04-01`)).period).toEqual({ startDate: '2026-04-01', endDate: '2026-04-05' });
  });

  it('takes its results under If-Match, whole numbers of people of the tenant', async () => {
    const goalId = await desk.start(await desk.live());
    const path = `/v1/pro-goals/${goalId}/results`;
    const { etag } = (await desk.get(path)).headers;
    const put = (body: object, tag = etag!) => bench.api.call('PUT', path, { body, headers: { 'if-match': tag } });
    expect(await bench.api.call('PUT', path, { body: { values: [] } })).toMatchObject({ status: 428 });
    const refused: readonly [object, string][] = [
      [{}, 'invalid-body'],
      [{ values: [], csv: '' }, 'invalid-body'],
      [{ values: [{ workerId: null, value: 92.5 }] }, 'invalid-number'],
      [{ values: [{ workerId: null, value: 10 ** 13 }] }, 'invalid-number'],
      [{ values: [{ workerId: null, excluded: 'x' }] }, 'invalid-body'],
      [
        {
          values: [
            { workerId: null, value: 1 },
            { workerId: null, value: 2 },
          ],
        },
        'duplicate-id',
      ],
      [{ values: [{ workerId: 'AAAAAAAAAAAAAAAA', value: 1 }] }, 'unknown-reference'],
      [{ values: [{ workerId: null, disqualifiers: [{ key: 'q', state: 'passed' }] }] }, 'invalid-body'],
      [{ csv: 'AAAAAAAAAAAAAAAA,1' }, 'unknown-reference'],
      [{ csv: `${workerId('ann')},1\n${workerId('ann')},2` }, 'duplicate-id'],
      [{ csv: `${workerId('ann')},1\n${workerId('max')},ninety` }, 'invalid-number'],
    ];
    for (const [body, code] of refused) {
      const answer = await put(body);
      expect([body, answer.status, answer.body.code]).toEqual([body, 422, code]);
    }
    expect((await desk.results(goalId)).values.every(({ value }) => value === null)).toBe(true);
    const [one, two] = await Promise.all([1, 2].map((value) => put({ values: [{ workerId: null, value }] })));
    expect([one!.status, two!.status].sort()).toEqual([200, 412]);
    expect((await desk.results(goalId)).values.length).toBe(2);
    // Somebody who is known and does not take part is kept aside.
    await bench.put('worker', 'eve', { ...BLANK_WORKER, terminationDate: '2026-01-31', sourceActive: false });
    await bench.settle();
    const entered = await desk.enter(goalId, { values: [{ workerId: idOf('worker', 'eve'), value: 5 }] });
    expect(entered.body).toMatchObject({ otherWorkerIds: [idOf('worker', 'eve')], outcome: 'cannot-tell' });
  });
});
