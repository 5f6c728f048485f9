import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { materialKey, milestoneKey } from '#model/keys.ts';
import { encodeMirrorRecord } from '#model/mirror-item.ts';
import { openRunStore } from '#store/mirror-run-store.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import {
  idOf,
  jobId,
  putBranch,
  putBudget,
  putJob,
  putTime,
  putVisit,
  putWorker,
  visitId,
  workerId,
} from '#test/support/bonus-world.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await putBranch(bench);
  for (const name of ['ann', 'bob']) await putWorker(bench, name, 250_000);
  // A visit of 10 h at 25.00 that has used 5 h.
  await putJob(bench, 'lawn', { recurring: true });
  await putVisit(bench, 'lawn', 'v', { status: 'in_progress' });
  await putBudget(bench, 'lawn', 'v', 10);
  await putTime(bench, { id: 't', worker: 'ann', job: 'lawn', visit: 'v', hours: 5 });
  await bench.settle();
});
afterEach(() => bench.stop());

type Body = Record<string, unknown> & {
  readonly code: string;
  readonly progressBp: number | null;
  readonly installed: readonly object[];
};
const state = () => bench.state({ jobId: jobId('lawn'), milestoneId: visitId('v') });
const result = async () => (await state()).result!;
const call = (method: string, path: string, body?: object, options = {}) =>
  bench.api.call<Body>(method, path, { ...(body === undefined ? {} : { body }), ...options });
const progressPath = `/v1/milestones/${visitId('v')}/progress`;
const report = (progressBp: number, options = {}) => call('PUT', progressPath, { progressBp }, options);
const milestone = async () => (await call('GET', `/v1/milestones/${visitId('v')}`)).body;
const actions = async () =>
  (await bench.api.call<{ items: { action: string; entityId: string }[] }>('GET', '/v1/audit', { query: {} })).body.items;

describe('a report of progress (E-8, B-37)', () => {
  it('makes the projection at once and stands on the milestone with its author', async () => {
    expect(await result()).toMatchObject({ outcome: 'cannot-tell', missing: ['progress'] });
    const { body } = await report(8_000);
    expect(body).toMatchObject({
      milestoneId: visitId('v'),
      progressBp: 8_000,
      progressBasis: 'reported',
      progressReport: { progressBp: 8_000, sourceBp: null },
    });
    await bench.settle();
    // 80 % of 10 h is 8 h; 3 h saved at 25.00 is 75.00.
    expect(await result()).toMatchObject({ outcome: 'applies', completionBp: 8_000, figures: { savingsCents: 7_500 } });
    expect(await milestone()).toMatchObject({ progressBp: 8_000, progressBasis: 'reported', percentBp: null });
  });

  it('gives way to a later percentage of the source, and to its word that the work is done (X-21)', async () => {
    await report(8_000);
    bench.api.pass(3_600);
    await putVisit(bench, 'lawn', 'v', { status: 'in_progress', percentBp: 9_000 }, { lastChangedAt: bench.api.now() });
    await bench.settle();
    expect([(await result()).completionBp, await milestone()]).toMatchObject([9_000, { progressBasis: 'source_percent' }]);
    await report(6_000);
    await bench.settle();
    expect((await result()).completionBp).toBe(6_000);
    await putVisit(bench, 'lawn', 'v', { status: 'completed', percentBp: 9_000, completedAt: bench.api.now() });
    await bench.settle();
    expect([(await result()).completionBp, await milestone()]).toMatchObject([10_000, { progressBasis: 'source_completed' }]);
  });

  it('survives every run of the sync', async () => {
    await report(8_000);
    const runs = openRunStore({ table: bench.table, scope: bench.scope, n: 1, decrypt: async () => ({}) });
    const stored = (await runs.findRecord(['milestone'], visitId('v')))!;
    const changed = { ...stored.record, contentHash: 'n'.repeat(43), revision: stored.record.revision + 1 };
    const renamed = { ...changed, fields: { ...changed.fields, name: 'Renamed' } };
    expect(await runs.changeRecord(stored, renamed as typeof stored.record, null)).toEqual({ kind: 'written' });
    expect(await milestone()).toMatchObject({ name: 'Renamed', progressBp: 8_000 });
  });

  it('refuses what is no percentage and changes nothing', async () => {
    for (const wrong of [-1, 10_001, 12.5])
      expect([(await report(wrong)).body.code, (await report(wrong)).status]).toEqual(['invalid-percentage', 422]);
    expect((await call('PUT', progressPath, { progressBp: '80' })).body.code).toBe('invalid-body');
    expect((await call('PUT', progressPath, {})).status).toBe(422);
    const item = await bench.table.get(bench.scope, milestoneKey(bench.scope, jobId('lawn'), visitId('v')));
    expect(item!.or).toBeUndefined();
  });

  it('is made by those whose work it is', async () => {
    const branch = { scope: { branchIds: [idOf('branch', 'b1')], divisionIds: [], routeIds: [] } };
    const ann = await bench.api.grant('worker', { workerId: workerId('ann') });
    const bob = await bench.api.grant('worker', { workerId: workerId('bob') });
    await putVisit(bench, 'lawn', 'v', { status: 'in_progress', assignedIds: [workerId('bob')] });
    const lead = await bench.api.grant('crew_lead', { workerId: workerId('bob') });
    const there = await bench.api.grant('manager', { scope: { ...branch.scope, branchIds: [idOf('branch', 'b2')] } });
    const status = async (options: object) => (await report(5_000, options)).status;
    expect(await status({ tokenId: ann })).toBe(200);
    // Assigned and thus visible, but without time on it.
    expect(await status({ tokenId: bob })).toBe(403);
    expect(await status({ tokenId: lead })).toBe(200);
    expect(await status({ tokenId: await bench.api.grant('manager', branch) })).toBe(200);
    expect(await status({ tokenId: there })).toBe(404);
    expect(await status({ as: 'auditor' })).toBe(403);
    expect(await status({ tenant: 'rival1' })).toBe(404);
    await putVisit(bench, 'lawn', 'v', {}, { tombstone: { at: bench.api.now(), runId: 'R', reason: 'absent' } });
    expect(await status({})).toBe(404);
  });

  it('of two people at once keeps the later one, and the audit trail keeps both', async () => {
    const both = await Promise.all([report(3_000), report(4_000)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect([3_000, 4_000]).toContain((await milestone()).progressBp);
    const made = (await actions()).filter(({ entityId }) => entityId === visitId('v'));
    expect(made.map(({ action }) => action)).toEqual(['milestone.progress_reported', 'milestone.progress_reported']);
  });

  it('is the permitted edit that a refused write to the milestone names (M-114)', async () => {
    const { status, body } = await call('PATCH', `/v1/milestones/${visitId('v')}`, { name: 'x' });
    const budgetPath = `/v1/jobs/${(await state()).records.job!.id}/overrides/budget`;
    expect([status, body.permitted]).toEqual([405, [progressPath, budgetPath].map((href) => ({ method: 'PUT', href }))]);
  });
});

describe('an installed quantity (E-9)', () => {
  const installedPath = `/v1/milestones/${visitId('v')}/installed/board`;
  const putMaterial = async (installedE4: number | null) => {
    const like = (await state()).records.milestones[0]!;
    const id = idOf('material_allocation', 'a');
    const fields = {
      milestoneId: visitId('v'),
      item: 'board',
      name: 'Board',
      unit: 'm',
      allocatedE4: 200_000,
      installedE4,
      unitValueCents: 700,
    };
    const record = {
      ...like,
      id,
      entity: 'material_allocation' as const,
      space: 'material_allocation' as const,
      sourceId: 'a',
      fields,
    };
    const item = encodeMirrorRecord(bench.scope, { ...record, revision: installedE4 === null ? 1 : 2 }, { jobId: jobId('lawn') });
    await bench.table.write(bench.scope, [{ kind: 'put', item: item as never }]);
  };
  const track = () =>
    bench.context((context) => ({
      ...context,
      materialTracking: { board: { tracked: true, unit: null, totalQuantityE4: null, unitValueCents: null } },
    }));

  it('is progress where the material is tracked: 10 of 20 is half; more than all is all', async () => {
    await putMaterial(null);
    await track();
    const { body } = await call('PUT', installedPath, { quantity: '10' });
    expect(body.installed).toMatchObject([{ item: 'board', quantity: '10.00' }]);
    await bench.settle();
    expect((await result()).completionBp).toBe(5_000);
    await call('PUT', installedPath, { quantity: '25.5' });
    await bench.settle();
    expect((await result()).completionBp).toBe(10_000);
  });

  it('acts when the tenant begins to track the item, and gives way to what the source counts', async () => {
    await putMaterial(null);
    await call('PUT', installedPath, { quantity: '10' });
    await bench.settle();
    expect((await result()).completionBp).toBeNull();
    await track();
    await bench.settle();
    expect((await result()).completionBp).toBe(5_000);
    await putMaterial(50_000);
    await bench.settle();
    expect((await result()).completionBp).toBe(2_500);
  });

  it('is refused where the source tracks it, for items that are not there, and from workers', async () => {
    expect((await call('PUT', installedPath, { quantity: '1' })).status).toBe(404);
    await putMaterial(10_000);
    const refused = await call('PUT', installedPath, { quantity: '1' });
    expect([refused.status, refused.body.code]).toEqual([405, 'mirror-read-only']);
    await putMaterial(null);
    for (const quantity of ['-1', '1.00001', 'x']) expect((await call('PUT', installedPath, { quantity })).status).toBe(422);
    const ann = await bench.api.grant('worker', { workerId: workerId('ann') });
    expect((await call('PUT', installedPath, { quantity: '1' }, { tokenId: ann })).status).toBe(403);
    expect(
      await bench.table.get(bench.scope, materialKey(bench.scope, jobId('lawn'), visitId('v'), idOf('material_allocation', 'a'))),
    ).not.toBeNull();
    expect((await milestone()).installed).toEqual([]);
  });
});

describe('asking for progress (B-38, M-121)', () => {
  it('asks once for each step of the spent budget, at the highest, until somebody reports', async () => {
    // 5 of 10 h are spent: 40 % is the highest step of 20 %.
    expect((await result()).progressRequest).toEqual({ askedBp: 4_000, askedAt: bench.api.now(), open: true });
    bench.api.pass(60);
    await report(3_000);
    await bench.settle();
    expect((await result()).progressRequest).toMatchObject({ askedBp: 4_000, open: false });
    await putTime(bench, { id: 't2', worker: 'ann', job: 'lawn', visit: 'v', hours: 4 });
    await bench.settle();
    expect((await result()).progressRequest).toEqual({ askedBp: 8_000, askedAt: bench.api.now(), open: true });
    const asked = (await actions()).filter(({ action }) => action === 'propay.progress_requested');
    expect(asked).toHaveLength(1);
  });

  it('asks nobody once the source says that the work is done', async () => {
    await putVisit(bench, 'lawn', 'v', { status: 'completed', completedAt: bench.api.now() });
    await putTime(bench, { id: 't2', worker: 'ann', job: 'lawn', visit: 'v', hours: 4 });
    await bench.settle();
    expect((await result()).progressRequest).toMatchObject({ askedBp: 4_000, open: false });
  });
});
