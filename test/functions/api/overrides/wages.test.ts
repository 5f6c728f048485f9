import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BLANK_WORKER } from '#test/support/blank-records.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, putBranch, putTime, putWage, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';
import { overrideDesk } from '#test/support/override-desk.ts';
import { deskOfJob, saveArea } from '#test/support/propay-desk.ts';

// The bench's today is 2026-03-10.
let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await putBranch(bench);
});
afterEach(() => bench.stop());

const ann = () => overrideDesk(bench, `/v1/workers/${workerId('ann')}`);
const wageOf = async () => (await ann().record<{ wage: string | null }>()).wage;
const conflicts = async (options = {}) =>
  (await bench.api.call<{ items: { kind: string; items: object[] }[] }>('GET', '/v1/alerts', options)).body.items.find(
    ({ kind }) => kind === 'conflicts',
  )?.items ?? [];

describe('a wage given here (E-1)', () => {
  it('wins from its day on, stands beside the source’s, and ends with a revert', async () => {
    await putWorker(bench, 'ann', 200_000);
    await bench.settle();
    expect(await wageOf()).toBe('20.00');
    const set = await ann().set('wage', { wage: '30', effectiveFrom: '2026-03-01', burdenBp: 3_000, reason: 'agreed' });
    expect(set.status).toBe(200);
    const shown = {
      value: '30.00',
      reason: 'agreed',
      sourceValueWhenSet: '20.00',
      sourceValue: '20.00',
      conflict: false,
      effectiveFrom: '2026-03-01',
      burdenBp: 3_000,
    };
    expect(set.body.overrides.wage).toMatchObject(shown);
    expect(set.body.history).toMatchObject([{ field: 'wage', value: '30.00', clearedBy: null, effectiveFrom: '2026-03-01' }]);
    expect(await ann().record()).toMatchObject({
      wage: '30.00',
      wageEffectiveFrom: '2026-03-01',
      wageMissing: null,
      overridden: ['wage'],
      overrides: { wage: shown },
    });
    const cleared = await ann().clear('wage');
    expect(cleared.body.overrides).toEqual({});
    expect(cleared.body.history).toMatchObject([{ value: '30.00', clearedBy: expect.any(String), clearedAt: bench.api.now() }]);
    expect(await ann().record()).toMatchObject({ wage: '20.00', overridden: [] });
    expect((await ann().clear('wage')).body.history).toHaveLength(1);
  });

  it('that is announced waits for its day; a second one of the same day takes its place; a revert ends what is to come as well', async () => {
    await putWorker(bench, 'ann', 200_000);
    await ann().set('wage', { wage: '25', effectiveFrom: '2026-03-12' });
    await ann().set('wage', { wage: '26', effectiveFrom: '2026-03-12' });
    await ann().set('wage', { wage: '28', effectiveFrom: '2026-04-01' });
    await bench.settle();
    expect(await ann().record()).toMatchObject({
      wage: '20.00',
      overrides: { wage: { value: '26.00', effectiveFrom: '2026-03-12' } },
    });
    bench.api.pass(2 * 86_400);
    expect(await wageOf()).toBe('26.00');
    expect((await ann().read()).body.history).toMatchObject([
      { value: '25.00', clearedBy: expect.any(String) },
      { value: '26.00', clearedBy: null },
      { value: '28.00', clearedBy: null },
    ]);
    await ann().clear('wage');
    bench.api.pass(30 * 86_400);
    expect(await wageOf()).toBe('20.00');
  });

  it('survives a hundred runs of whatever the source says, and is never dropped by itself', async () => {
    await putWorker(bench, 'ann', 200_000);
    await ann().set('wage', { wage: '31.5', effectiveFrom: '2026-02-01' });
    for (let run = 0; run < 100; run++) {
      await bench.put('worker', 'ann', { ...BLANK_WORKER, displayName: `Ann ${run}`, sourceActive: run % 3 > 0 });
      await putWage(bench, 'ann', 200_000 + run, run % 2 ? '2026-01-01' : '2026-03-05');
      if (run % 20 === 0) await bench.settle();
      if (run % 10 === 0) expect(await wageOf()).toBe('31.50');
    }
    await bench.settle();
    expect(await ann().record()).toMatchObject({ wage: '31.50', displayName: 'Ann 99' });
  });

  it('conflicts with a source that has moved on, until somebody keeps or clears it', async () => {
    await putWorker(bench, 'ann', 200_000);
    await ann().set('wage', { wage: '30', effectiveFrom: '2026-03-01' });
    await putWage(bench, 'ann', 220_000, '2026-03-08');
    await bench.settle();
    expect((await ann().read()).body.overrides.wage).toMatchObject({
      sourceValueWhenSet: '20.00',
      sourceValue: '22.00',
      conflict: true,
    });
    const alert = { workerId: workerId('ann'), fields: ['wage'], href: `/v1/workers/${workerId('ann')}/overrides` };
    expect(await conflicts()).toEqual([alert]);
    expect(await wageOf()).toBe('30.00');
    const kept = await ann().keep('wage');
    expect(kept.body.overrides.wage).toMatchObject({ value: '30.00', sourceValueWhenSet: '22.00', conflict: false });
    expect(kept.body.history).toMatchObject([{ value: '30.00', keptBy: expect.any(String), keptAt: bench.api.now() }]);
    expect(await conflicts()).toEqual([]);
    // The source comes to the same wage by itself: nothing to decide.
    await putWage(bench, 'ann', 300_000, '2026-03-09');
    await bench.settle();
    expect((await ann().read()).body.overrides.wage).toMatchObject({ sourceValue: '30.00', conflict: false });
  });

  it('is refused where it is none, and nothing changes', async () => {
    await putWorker(bench, 'ann', null);
    const bad: object[] = [
      {},
      { wage: '30' },
      { wage: '0', effectiveFrom: '2026-03-01' },
      { wage: '-5', effectiveFrom: '2026-03-01' },
      { wage: '10000.01', effectiveFrom: '2026-03-01' },
      { wage: 30, effectiveFrom: '2026-03-01' },
      { wage: '30.12345', effectiveFrom: '2026-03-01' },
      { wage: '30', effectiveFrom: '2026-02-30' },
      { wage: '30', effectiveFrom: '1999-12-31' },
      { wage: '30', effectiveFrom: '2100-01-01' },
      { wage: '30', effectiveFrom: '2026-03-01', burdenBp: -1 },
      { wage: '30', effectiveFrom: '2026-03-01', burdenBp: 1.5 },
      { wage: '30', effectiveFrom: '2026-03-01', bonusRate: '5' },
    ];
    for (const body of bad) expect([(await ann().set('wage', body)).status, body]).toEqual([422, body]);
    expect((await ann().clear('wage', { effectiveFrom: 'soon' })).status).toBe(400);
    expect((await ann().read()).body).toEqual({ overrides: {}, history: [] });
    expect(await wageOf()).toBeNull();
  });

  it('needs the tag of the list, which no sync moves', async () => {
    await putWorker(bench, 'ann', 200_000);
    const tag = (await ann().read()).headers.etag!;
    const body = { wage: '30', effectiveFrom: '2026-03-01' };
    const path = `/v1/workers/${workerId('ann')}/overrides/wage`;
    expect((await bench.api.call('PUT', path, { body })).body).toMatchObject({ status: 428, code: 'precondition-required' });
    await putWage(bench, 'ann', 210_000, '2026-03-01');
    await bench.put('worker', 'ann', { ...BLANK_WORKER, displayName: 'Ann' });
    await bench.settle();
    const first = await bench.api.call('PUT', path, { body, headers: { 'if-match': tag } });
    expect(first.status).toBe(200);
    expect((await bench.api.call('PUT', path, { body, headers: { 'if-match': tag } })).body).toMatchObject({ status: 412 });
    expect((await bench.api.call('DELETE', path, { headers: { 'if-match': tag } })).status).toBe(412);
    expect((await bench.api.call('DELETE', path, { headers: { 'if-match': first.headers.etag! } })).status).toBe(200);
  });

  it('of two people at once one is told to look again', async () => {
    await putWorker(bench, 'ann', 200_000);
    const headers = { 'if-match': (await ann().read()).headers.etag! };
    const set = (wage: string) => ann().set('wage', { wage, effectiveFrom: '2026-03-01' }, { headers });
    const answers = await Promise.all(['30', '31', '32'].map(set));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    expect((await ann().read()).body.history).toHaveLength(1);
  });
});

describe('who may give a wage (M-145)', () => {
  const body = { wage: '30', effectiveFrom: '2026-03-01' };
  const scope = { branchIds: [idOf('branch', 'b1')], divisionIds: [], routeIds: [] };

  it('owner and admin; a manager in scope where the setting lets managers; nobody else', async () => {
    await putWorker(bench, 'ann', 200_000);
    await bench.settle();
    for (const as of ['crew_lead', 'worker', 'auditor'] as const)
      expect((await ann().set('wage', body, { as, headers: { 'if-match': '"r0"' } })).status).toBe(403);
    const manager = await bench.api.grant('manager', { scope });
    const other = await bench.api.grant('manager');
    expect((await ann().set('wage', body, { tokenId: manager })).status).toBe(403);
    await saveArea(bench, 'people', { managersEditWages: true });
    const set = await ann().set('wage', body, { tokenId: manager, headers: { 'if-match': '"r0"' } });
    expect(set.status).toBe(200);
    // Wages are hidden from managers, also the one that they have just entered (M-146).
    expect(set.body).toEqual({ overrides: {}, history: [] });
    expect((await ann().set('wage', body, { tokenId: other, headers: { 'if-match': '"r1"' } })).status).toBe(404);
    expect((await ann().set('wage', body, { as: 'admin' })).status).toBe(200);
    expect((await ann().keep('wage', { tokenId: manager })).status).toBe(200);
    expect((await ann().keep('wage', { tokenId: other })).status).toBe(404);
  });

  it('another tenant’s ids and unknown ones are not there', async () => {
    await putWorker(bench, 'ann', 200_000);
    for (const tenant of ['rival1'])
      for (const [method, path] of [
        ['GET', 'overrides'],
        ['PUT', 'overrides/wage'],
        ['DELETE', 'overrides/wage'],
        ['POST', 'overrides/wage/keep'],
      ] as const)
        expect(
          (
            await bench.api.call(method, `/v1/workers/${workerId('ann')}/${path}`, {
              tenant,
              headers: { 'if-match': '"r0"' },
              ...(method === 'PUT' ? { body } : {}),
            })
          ).status,
        ).toBe(404);
  });

  it('who may not see wages sees neither override nor history; the person sees their own', async () => {
    await putWorker(bench, 'ann', 200_000);
    await ann().set('wage', body);
    const manager = await bench.api.grant('manager', { scope });
    const self = await bench.api.grant('worker', { workerId: workerId('ann') });
    expect((await ann().read({ tokenId: manager })).body).toEqual({ overrides: {}, history: [] });
    expect(await ann().record({ tokenId: manager })).toMatchObject({ overridden: [], overrides: {} });
    expect((await ann().read({ tokenId: self })).body).toMatchObject({ overrides: { wage: { value: '30.00' } } });
  });
});

describe('what a wage given here changes', () => {
  it('a ProPay that waits for it is calculated, with the override as the origin of the wage', async () => {
    await seedFence(bench);
    await putWorker(bench, 'new', null);
    await putTime(bench, { id: 'new', worker: 'new', job: 'fence', hours: 2, date: '2026-03-04' });
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    expect(await fence.get()).toMatchObject({ result: { outcome: 'cannot-tell', missing: [`wage:${workerId('new')}`] } });
    const desk = overrideDesk(bench, `/v1/workers/${workerId('new')}`);
    await desk.set('wage', { wage: '20', effectiveFrom: '2026-01-01' });
    await bench.settle();
    // 62 h for 1,540.00; 18 h saved at 24.8387.
    expect(await fence.get()).toMatchObject({ result: { outcome: 'applies', actualCost: '1540.00', savings: '447.10' } });
    const { nodes } = await fence.explain();
    const refs = nodes.flatMap(({ inputs }) => inputs).filter(({ record }) => record === 'override');
    expect(refs).toContainEqual({ record: 'override', recordId: `${workerId('new')}.wage`, revision: 1 });
  });

  it('a running ProPay keeps the rates it began with until somebody recalculates it (M-119)', async () => {
    await seedFence(bench);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    const before = (await fence.get()).result;
    await ann().set('wage', { wage: '35', effectiveFrom: '2026-03-03' });
    await bench.settle();
    expect((await fence.get()).result).toEqual(before);
    const preview = await fence.post('recalculate', { wageBasis: 'by_entry_date', preview: true });
    // 10 h at 25.00 and 20 h at 35.00 of Ann, 30 h at 25.00 of Bob.
    expect(preview.body.result).toMatchObject({ actualCost: '1700.00' });
  });

  it('with a date inside an approved ProPay moves nothing there, and is listed for people to decide (M-119, M-137, X-19)', async () => {
    await seedFence(bench);
    await bench.settle();
    const fence = deskOfJob(bench, 'fence');
    // Known before the approval and not taken over: no later change.
    await ann().set('wage', { wage: '26', effectiveFrom: '2026-01-15' });
    await bench.settle();
    const approved = await fence.approve();
    expect([approved.status, approved.body.result]).toMatchObject([200, { savings: '500.00' }]);
    await bench.settle();
    const changes = async () =>
      (await bench.api.call<Record<string, unknown>>('GET', `/v1/propays/${fence.id}/source-changes`)).body;
    bench.api.pass(60);
    // A later day of the work, and a day after it, change nothing of a ProPay that is paid by the wages of its start.
    await ann().set('wage', { wage: '40', effectiveFrom: '2026-03-03' });
    await ann().set('wage', { wage: '50', effectiveFrom: '2026-03-09' });
    await bench.settle();
    expect(await changes()).toMatchObject({ state: null, delta: '0.00' });
    await ann().set('wage', { wage: '35', effectiveFrom: '2026-02-01' });
    await bench.settle();
    // 20 h saved at 30.00 instead of 25.00, half of it to the people: 300.00 instead of 250.00.
    expect(await changes()).toMatchObject({
      state: 'Open',
      deltaSeconds: 0,
      delta: '50.00',
      records: [{ entity: 'override', id: `${workerId('ann')}.wage`, sourceId: null }],
      runId: null,
    });
    expect(await fence.get()).toMatchObject({ status: 'Approved', result: { savings: '500.00' } });
    const alerts = await bench.api.call<{ items: { kind: string }[] }>('GET', '/v1/alerts');
    expect(alerts.body.items.map(({ kind }) => kind)).toContain('source_changed');
    await ann().clear('wage', { effectiveFrom: '2026-01-01' });
    await bench.settle();
    expect(await changes()).toMatchObject({ delta: '0.00' });
  });
});
