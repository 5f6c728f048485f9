import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobKey } from '#model/keys.ts';
import { firstProPayId } from '#model/propay-item.ts';
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
  await putWorker(bench, 'ann', 250_000);
});
afterEach(() => bench.stop());

type Body = Record<string, unknown> & {
  readonly code: string;
  readonly reason: string;
  readonly propayVerdict: string | null;
  readonly hasPropay: boolean;
  readonly exclusion: { readonly reason: string; readonly by: string; readonly at: string } | null;
  readonly includedByHand: { readonly reason: string } | null;
  readonly callbackOf: string | null;
  readonly activePropayIds: readonly string[];
};
const call = (method: string, path: string, body?: object, options = {}) =>
  bench.api.call<Body>(method, path, { ...(body === undefined ? {} : { body }), ...options });
const job = async (name: string, options = {}) => (await call('GET', `/v1/jobs/${jobId(name)}`, undefined, options)).body;
const target = (name: string) => ({ jobId: jobId(name), milestoneId: null });
const diagnose = async (name: string) =>
  (await bench.api.call<Body & { evidence: object }>('GET', '/v1/diagnose', { query: { kind: 'propay', sourceId: name } })).body;

/** A job of 10 h budget with 5 h of Ann's time: 125.00 saved, 62.50 to the workers. */
async function putPlain(name: string, fields: Parameters<typeof putJob>[2] = {}): Promise<void> {
  await putJob(bench, name, { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z', ...fields });
  await putBudget(bench, name, null, 10);
  await putTime(bench, { id: `t-${name}`, worker: 'ann', job: name, hours: 5 });
}

describe('one job excluded by hand (B-19, M-134)', () => {
  it('has no ProPay, shows why to everybody who worked on it, and gets one once it is included again', async () => {
    await putJob(bench, 'a');
    await call('PUT', `/v1/jobs/${jobId('a')}/exclusion`, { reason: 'a favour' });
    await putPlain('a');
    await bench.settle();
    expect(await job('a')).toMatchObject({
      hasPropay: false,
      propayVerdict: 'excluded_manually',
      exclusion: { reason: 'a favour' },
    });
    const ann = await bench.api.grant('worker', { workerId: workerId('ann') });
    expect(await job('a', { tokenId: ann })).toMatchObject({
      propayVerdict: 'excluded_manually',
      exclusion: { reason: 'a favour' },
    });
    expect(await diagnose('a')).toMatchObject({ verdict: 'V-24', code: 'excluded_manually', evidence: { reason: 'a favour' } });
    const back = await call('DELETE', `/v1/jobs/${jobId('a')}/exclusion`);
    expect(back.body).toEqual({
      jobId: jobId('a'),
      exclusion: null,
      includedByHand: null,
      callbackOf: null,
      activePropayIds: [],
    });
    await bench.settle();
    expect(await job('a')).toMatchObject({ hasPropay: true, propayVerdict: null });
    expect((await bench.state(target('a'))).result!.figures!.workerShareCents).toBe(6_250);
  });

  it('never cancels a ProPay that is there: the answer names it (M-135)', async () => {
    await putPlain('a');
    await bench.settle();
    const id = firstProPayId(target('a'));
    const { body } = await call('PUT', `/v1/jobs/${jobId('a')}/exclusion`, { reason: 'too late?' });
    expect(body.activePropayIds).toEqual([id]);
    await bench.settle();
    expect((await bench.state(target('a'))).proPay).toMatchObject({ status: 'Active' });
  });

  it('reaches every visit of a recurring job', async () => {
    await putJob(bench, 'r', { recurring: true });
    await call('PUT', `/v1/jobs/${jobId('r')}/exclusion`, { reason: 'free of charge' });
    for (const visit of ['v1', 'v2']) {
      await putVisit(bench, 'r', visit);
      await putBudget(bench, 'r', visit, 2);
    }
    await bench.settle();
    const codes = async () =>
      (await Promise.all(['v1', 'v2'].map((visit) => bench.state({ jobId: jobId('r'), milestoneId: visitId(visit) })))).map(
        ({ proPay, verdict }) => [proPay?.status ?? null, verdict?.code ?? null],
      );
    expect(await codes()).toEqual([
      [null, 'excluded_manually'],
      [null, 'excluded_manually'],
    ]);
    await call('DELETE', `/v1/jobs/${jobId('r')}/exclusion`);
    await bench.settle();
    expect(await codes()).toEqual([
      ['Active', null],
      ['Active', null],
    ]);
  });

  it('says who may: managers in their branch; a repetition writes nothing; both halves are audited', async () => {
    await putJob(bench, 'a');
    const path = `/v1/jobs/${jobId('a')}/exclusion`;
    const body = { reason: 'a favour' };
    for (const as of ['crew_lead', 'worker', 'auditor'] as const)
      expect((await call('PUT', path, body, { as })).status).toBe(403);
    const scope = (branch: string) => ({ scope: { branchIds: [idOf('branch', branch)], divisionIds: [], routeIds: [] } });
    const there = await bench.api.grant('manager', scope('b2'));
    const here = await bench.api.grant('manager', scope('b1'));
    expect((await call('PUT', path, body, { tokenId: there })).status).toBe(404);
    expect((await call('PUT', path, body, { tenant: 'rival1' })).status).toBe(404);
    expect((await call('PUT', path, { reason: '' }, { tokenId: here })).status).toBe(422);
    expect((await call('PUT', path, body, { tokenId: here })).status).toBe(200);
    expect((await call('PUT', path, body)).body.exclusion?.by).toBe(here);
    await call('DELETE', path);
    await call('DELETE', path);
    const audit = await bench.api.call<{ items: { action: string; reason: string | null }[] }>('GET', '/v1/audit', {
      query: { entityId: jobId('a') },
    });
    expect(audit.body.items.map(({ action, reason }) => [action, reason]).sort()).toEqual([
      ['job.excluded', 'a favour'],
      ['job.exclusion_removed', null],
    ]);
  });

  it('stays through every run, and two people at once lose nothing of each other', async () => {
    await putJob(bench, 'a');
    await putJob(bench, 'b');
    const both = await Promise.all([
      call('PUT', `/v1/jobs/${jobId('a')}/exclusion`, { reason: 'a favour' }),
      call('PUT', `/v1/jobs/${jobId('a')}/callback-of`, { jobId: jobId('b') }),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(await job('a')).toMatchObject({ exclusion: { reason: 'a favour' }, callbackOf: jobId('b') });
    const runs = openRunStore({ table: bench.table, scope: bench.scope, n: 1, decrypt: async () => ({}) });
    const stored = (await runs.findRecord(['job'], jobId('a')))!;
    const changed = { ...stored.record, contentHash: 'n'.repeat(43), revision: stored.record.revision + 1 };
    const renamed = { ...changed, fields: { ...changed.fields, name: 'Renamed' } };
    expect(await runs.changeRecord(stored, renamed as typeof stored.record, null)).toEqual({ kind: 'written' });
    expect(await job('a')).toMatchObject({ name: 'Renamed', exclusion: { reason: 'a favour' }, callbackOf: jobId('b') });
    expect((await bench.table.get(bench.scope, jobKey(bench.scope, jobId('a'))))!.or).toBe(2);
  });
});

describe('a ProPay made on an excluded job (B-16, M-134)', () => {
  const create = (name: string, body: object = {}, options = {}) =>
    call('POST', '/v1/propays', { jobId: jobId(name), ...body }, options);

  it('needs an admin and a reason, and marks the job as included by hand', async () => {
    await bench.context((context) => ({
      ...context,
      exclusionRules: [{ id: 'r1', type: 'service_type', value: 'warranty', revision: 1 }],
    }));
    await putPlain('a', { serviceType: 'Warranty' });
    await bench.settle();
    expect((await job('a')).propayVerdict).toBe('excluded_by_rule');
    const manager = await bench.api.grant('manager', {
      scope: { branchIds: [idOf('branch', 'b1')], divisionIds: [], routeIds: [] },
    });
    for (const refused of [await create('a', { reason: 'paid after all' }, { tokenId: manager }), await create('a')])
      expect([refused.status, refused.body.code, refused.body.reason]).toEqual([409, 'not-eligible', 'excluded_by_rule']);
    expect((await create('a', { reason: 'paid after all' })).status).toBe(201);
    expect(await job('a')).toMatchObject({ hasPropay: true, includedByHand: { reason: 'paid after all' } });
    // The rule no longer binds this job: another one after a deletion needs no overriding.
    const path = `/v1/propays/${firstProPayId(target('a'))}`;
    await call('DELETE', path, undefined, { headers: { 'if-match': (await call('GET', path)).headers.etag! } });
    expect((await create('a')).status).toBe(201);
  });

  it('is not made on a property that a rule excludes without overriding it', async () => {
    await bench.put('client', 'park', {
      ...{ kind: 'property', name: 'Park', number: 'P-9', parentId: null, line1: null, city: null },
      ...{ region: null, postalCode: null, country: null, active: true },
    });
    await bench.context((context) => ({
      ...context,
      exclusionRules: [{ id: 'r1', type: 'property', value: 'p-9', revision: 1 }],
    }));
    await putPlain('a', { propertyId: idOf('client', 'park') });
    expect((await create('a')).body.reason).toBe('excluded_by_rule');
  });
});

describe('rework named by hand (B-150)', () => {
  it('earns no ProPay until the link is taken away', async () => {
    await putPlain('first');
    await putPlain('rework');
    await call('PUT', `/v1/jobs/${jobId('rework')}/callback-of`, { jobId: jobId('first'), reason: 'leaks' });
    await bench.settle();
    expect(await job('rework')).toMatchObject({ propayVerdict: 'callback', callbackOf: jobId('first'), hasPropay: false });
    expect(await diagnose('rework')).toMatchObject({
      verdict: 'V-23',
      code: 'callback',
      evidence: { originalJobId: jobId('first') },
    });
    const refused = await call('POST', '/v1/propays', { jobId: jobId('rework'), reason: 'please' });
    expect([refused.status, refused.body.reason]).toEqual([409, 'callback']);
    await call('DELETE', `/v1/jobs/${jobId('rework')}/callback-of`);
    await bench.settle();
    expect(await job('rework')).toMatchObject({ propayVerdict: null, callbackOf: null, hasPropay: true });
  });

  it('is also told by a service type that the tenant named', async () => {
    await bench.context((context) => ({ ...context, callbackServiceTypes: ['Call back'] }));
    await putPlain('rework', { serviceType: ' CALL BACK ' });
    await bench.settle();
    expect(await job('rework')).toMatchObject({ propayVerdict: 'callback' });
    await bench.context((context) => ({ ...context, callbackServiceTypes: [] }));
    await bench.settle();
    expect(await job('rework')).toMatchObject({ propayVerdict: null });
  });

  it('names an earlier job that is there, is another one, and is no rework itself', async () => {
    for (const name of ['a', 'b', 'c']) await putJob(bench, name);
    const link = async (of: string) => {
      const { status, body } = await call('PUT', `/v1/jobs/${jobId('b')}/callback-of`, { jobId: of });
      return [status, body.code];
    };
    expect(await link(jobId('b'))).toEqual([422, 'invalid-body']);
    expect(await link('AAAAAAAAAAAAAAAA')).toEqual([422, 'unknown-reference']);
    await call('PUT', `/v1/jobs/${jobId('a')}/callback-of`, { jobId: jobId('c') });
    expect(await link(jobId('a'))).toEqual([422, 'invalid-body']);
    expect(await link(jobId('c'))).toEqual([200, undefined]);
    expect((await job('b')).callbackOf).toBe(jobId('c'));
  });
});
