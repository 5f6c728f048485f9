import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#functions/api/routes.ts';
import { callbackId } from '#model/ids.ts';
import { type BonusBench, POOL, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBranch, putBudget, putJob, putTime, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';
import { seedPaidPeriod } from '#test/support/export-world.ts';
import { csatTemplate, goalDesk } from '#test/support/goal-world.ts';
import { WEEK } from '#test/support/group-desk.ts';
import { proPayOf, putExample, putStop, startGroups } from '#test/support/group-world.ts';
import { DAY, statementOf } from '#test/support/pay-calls.ts';
import { dig, frame, HOUSE_PATH, phasesOn, seedHouse, trim } from '#test/support/phase-world.ts';

/**
 * Every money command, really carried out under a key: twins have one effect and one answer, the same request again is answered from the
 * record, and another request under the key is refused and changes nothing.
 */
let bench: BonusBench;
const start = (seed: () => Promise<unknown>) => async () => {
  bench = await startBonusBench();
  await seed();
  await bench.settle();
};

const driven = new Set<string>();
let keys = 0;
const post = (path: string, body: object, key = `key-${++keys}`) =>
  bench.api.call('POST', path, { body, headers: { 'idempotency-key': key } });
const get = async <T = Record<string, string>>(path: string) => (await bench.api.call<T>('GET', path)).body;

/** Everything that a command could have moved, as people see it. */
async function seen(): Promise<unknown> {
  const lists = ['/v1/propays', '/v1/groups', '/v1/line-items', '/v1/statements', '/v1/pro-goals', '/v1/exports', '/v1/audit'];
  return Promise.all(lists.map((path) => bench.api.call('GET', path, { query: { limit: '100' } }).then(({ body }) => body)));
}

/** How often a command is sent at once: a few, or as many as `DUPLICATES` says. */
const DUPLICATES = Number(process.env.DUPLICATES ?? 5);

interface Entry {
  readonly id: string;
  readonly action: string;
  readonly entityId: string;
}
const audited = async () =>
  (await bench.api.call<{ items: readonly Entry[] }>('GET', '/v1/audit', { query: { limit: 200 } })).body.items;

/**
 * Carries a command out many times at once, again, and with something else under the same key. A twin that meets the first one under way
 * may be told to wait; whoever is answered is answered the same, and nothing is noted twice.
 */
async function drive(route: string, path: string, body: object, other: { path?: string; body?: object }): Promise<void> {
  const key = `driven-${++keys}`;
  const known = new Set((await audited()).map(({ id }) => id));
  const twins = await Promise.all(Array.from({ length: DUPLICATES }, () => post(path, body, key)));
  const answered = twins.filter(({ body: answer }) => answer.code !== 'idempotency-in-flight');
  const [one] = answered;
  expect(one!.status, JSON.stringify(one!.body)).toBeLessThan(300);
  for (const twin of answered) expect([twin.status, twin.body]).toEqual([one!.status, one!.body]);
  const noted = (await audited()).filter(({ id }) => !known.has(id)).map(({ action, entityId }) => `${action} ${entityId}`);
  expect(noted.length).toBeGreaterThan(0);
  expect(noted).toEqual([...new Set(noted)]);
  await bench.settle();
  const before = await seen();
  const again = await post(path, body, key);
  expect([again.status, again.body, again.headers['idempotency-replayed']]).toEqual([one!.status, one!.body, 'true']);
  const { status, body: problem } = await post(other.path ?? path, other.body ?? body, key);
  expect([status, problem.code]).toEqual([422, 'idempotency-key-reused']);
  await bench.settle();
  expect(await seen()).toEqual(before);
  driven.add(`POST ${route}`);
}

interface Listed {
  readonly items: readonly { readonly id: string; readonly workerId: string; readonly part: string; readonly status: string }[];
}
const itemOf = async (worker: string, part: string) =>
  (await get<Listed>('/v1/line-items')).items.find(
    (item) => item.workerId === workerId(worker) && item.part === part && item.status !== 'Voided',
  )!.id;
const versionOf = async (path: string) => (await get(path)).inputsVersion!;

describe('a ProPay and its pay', () => {
  const path = `/v1/propays/${proPayOf('fence')}`;
  const [ann, bob] = [statementOf('ann'), statementOf('bob')];
  const item = (of: string, action: string) => `/v1/line-items/${of}/${action}`;
  beforeAll(
    start(async () => {
      await bench.context((context) => ({ ...context, pools: [{ ...POOL, warrantyBp: 1_000, warrantyDays: 60 }] }));
      await seedFence(bench);
      await putJob(bench, 'gate', { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z', managerId: workerId('max') });
      await putBudget(bench, 'gate', null, 20);
      await putTime(bench, { id: 'g1', worker: 'ann', job: 'gate', hours: 8 });
    }),
  );
  afterAll(() => bench.stop());

  it('is approved', async () => {
    const inputsVersion = await versionOf(path);
    await drive('/v1/propays/{id}/approve', `${path}/approve`, { inputsVersion }, { body: { inputsVersion, note: 'other' } });
  });
  it('is approved among several', async () => {
    const id = proPayOf('gate');
    const items = [{ id, inputsVersion: await versionOf(`/v1/propays/${id}`) }];
    const more = [...items, { id: proPayOf('fence'), inputsVersion: 'v' }];
    await drive('/v1/propays/bulk-approve', '/v1/propays/bulk-approve', { items }, { body: { items: more } });
  });
  it('has its items held, released and extended', async () => {
    const [main, others, reserve] = [await itemOf('ann', 'main'), await itemOf('bob', 'main'), await itemOf('ann', 'warranty')];
    await drive('/v1/line-items/{id}/hold', item(main, 'hold'), { note: 'wait' }, { body: { note: 'wait longer' } });
    await drive('/v1/line-items/{id}/release', item(main, 'release'), {}, { path: item(reserve, 'release') });
    const releaseOn = '2026-08-01';
    await drive('/v1/line-items/{id}/extend', item(reserve, 'extend'), { releaseOn }, { body: { releaseOn: '2026-09-01' } });
    await post(item(others, 'hold'), {});
    const items = [{ id: others }];
    const bulk = '/v1/line-items/bulk-release';
    await drive(bulk, bulk, { items }, { body: { items: [...items, { id: reserve }] } });
  });
  it('has items made and voided by hand', async () => {
    const bonus = { type: 'bonus', purpose: 'safety', amount: '5.00' };
    const own = { ...bonus, workerId: workerId('ann') };
    await drive('/v1/line-items', '/v1/line-items', own, { body: { ...own, amount: '500.00' } });
    const under = `/v1/statements/${ann}/line-items`;
    await drive('/v1/statements/{id}/line-items', under, bonus, { path: `/v1/statements/${bob}/line-items` });
    const reserve = await itemOf('bob', 'warranty');
    await drive('/v1/line-items/{id}/void', item(reserve, 'void'), { reason: 'a' }, { body: { reason: 'b' } });
  });
  it('has what its sources say otherwise accepted', async () => {
    await putTime(bench, { id: 'late', worker: 'ann', job: 'fence', hours: 4, date: '2026-03-05' });
    await bench.settle();
    const change = `${path}/source-changes`;
    const body = { inputsVersion: await versionOf(change), reason: 'as measured' };
    await drive('/v1/propays/{id}/source-changes/accept', `${change}/accept`, body, { body: { ...body, reason: 'else' } });
  });
  it('is paid, taken back, and unapproved', async () => {
    bench.api.pass(20 * DAY);
    const pay = { payDate: '2026-03-27', accept: [{ code: 'premium-incomplete', reason: 'a test' }] };
    const of = (id: string, action: string) => `/v1/statements/${id}/${action}`;
    await drive('/v1/statements/{id}/pay', of(ann, 'pay'), pay, { body: { ...pay, payDate: '2026-03-28' } });
    const reopen = '/v1/statements/{id}/reopen';
    await drive(reopen, of(ann, 'reopen'), { reason: 'wrong day' }, { body: { reason: 'another' } });
    const items = [{ id: ann, ...pay }];
    const bulk = '/v1/statements/bulk-pay';
    await drive(bulk, bulk, { items }, { body: { items: [...items, { id: bob, ...pay }] } });
    await post(of(ann, 'reopen'), { reason: 'once more' });
    await bench.settle();
    await drive('/v1/propays/{id}/unapprove', `${path}/unapprove`, { reason: 'again' }, { body: { reason: 'else' } });
  });
});

describe('rework', () => {
  beforeAll(
    start(async () => {
      await bench.context((context) => ({ ...context, callbackMode: 'review' }));
      await seedFence(bench);
      await bench.settle();
      const path = `/v1/propays/${proPayOf('fence')}`;
      expect((await post(`${path}/approve`, { inputsVersion: await versionOf(path) })).status).toBe(200);
      await putTime(bench, { id: 'redo', worker: 'bob', job: 'redo', hours: 2, date: '2026-03-09' });
      await putJob(bench, 'redo', {
        ...{ parentJobId: jobId('fence'), startDate: '2026-03-09' },
        ...{ status: 'completed', completedAt: '2026-03-10T04:00:00.000Z' },
      });
    }),
  );
  afterAll(() => bench.stop());

  it('is accepted', async () => {
    const path = `/v1/callbacks/${callbackId({ originalJobId: jobId('fence'), jobId: jobId('redo') })}`;
    const inputsVersion = await versionOf(path);
    const other = { body: { inputsVersion, reason: 'else' } };
    await drive('/v1/callbacks/{id}/accept', `${path}/accept`, { inputsVersion, reason: 'ours' }, other);
  });
});

describe('phases', () => {
  const phase = (id: string, action: string) => `${HOUSE_PATH}/phases/${id}/${action}`;
  const phaseVersion = async (id: string) =>
    (await get<{ items: { id: string; inputsVersion: string }[] }>(`${HOUSE_PATH}/phases`)).items.find((one) => one.id === id)!
      .inputsVersion;
  beforeAll(
    start(async () => {
      await phasesOn(bench, 'reserve');
      await seedHouse(bench);
    }),
  );
  afterAll(() => bench.stop());

  it('are approved, unapproved, and their reserve is released', async () => {
    const inputsVersion = await phaseVersion(dig);
    const template = '/v1/propays/{id}/phases/{phaseId}';
    await drive(`${template}/approve`, phase(dig, 'approve'), { inputsVersion }, { path: phase(trim, 'approve') });
    await drive(`${template}/unapprove`, phase(dig, 'unapprove'), { reason: 'again' }, { body: { reason: 'else' } });
    for (const id of [dig, frame, trim])
      expect((await post(phase(id, 'approve'), { inputsVersion: await phaseVersion(id) })).status).toBe(200);
    await bench.settle();
    const release = `${HOUSE_PATH}/release-reserve`;
    await drive('/v1/propays/{id}/release-reserve', release, { releaseBp: 5_000 }, { body: { releaseBp: 10_000 } });
  });
});

describe('groups', () => {
  const path = `/v1/groups/${WEEK}`;
  beforeAll(
    start(async () => {
      await startGroups(bench, ['north']);
      await putExample(bench, 'north');
    }),
  );
  afterAll(() => bench.stop());

  it('are approved, followed, unapproved, and approved among several', async () => {
    const accept = ['manager-missing', 'stale-data'].map((code) => ({ code, reason: 'a test' }));
    const body = { inputsVersion: await versionOf(path), accept };
    await drive('/v1/groups/{id}/approve', `${path}/approve`, body, { body: { ...body, note: 'else' } });
    await putStop(bench, 'over', { route: 'north', budgetCents: 30_000, hours: { ann: 9, bob: 12 } });
    await bench.settle();
    const change = `${path}/source-changes`;
    const accepted = { inputsVersion: await versionOf(change), reason: 'as measured' };
    const other = { body: { ...accepted, reason: 'else' } };
    await drive('/v1/groups/{id}/source-changes/accept', `${change}/accept`, accepted, other);
    await drive('/v1/groups/{id}/unapprove', `${path}/unapprove`, { reason: 'again' }, { body: { reason: 'else' } });
    const items = [{ id: WEEK, inputsVersion: await versionOf(path), accept }];
    const bulk = '/v1/groups/bulk-approve';
    await drive(bulk, bulk, { items }, { body: { items: [{ ...items[0], note: 'else' }] } });
  });
});

describe('Pro-Goals', () => {
  beforeAll(
    start(async () => {
      await putBranch(bench);
      for (const name of ['ann', 'max']) await putWorker(bench, name, null);
      bench.api.pass(30 * DAY);
    }),
  );
  afterAll(() => bench.stop());

  it('go live, are approved and unapproved', async () => {
    const desk = goalDesk(bench);
    const [first, second] = [csatTemplate(), { ...csatTemplate(), name: 'Another' }];
    const templates = await Promise.all([first, second].map((body) => desk.post<{ id: string }>('/v1/pro-goal-templates', body)));
    const [template, another] = templates.map(({ body }) => `/v1/pro-goal-templates/${body.id}/approve`);
    await drive('/v1/pro-goal-templates/{id}/approve', template!, {}, { path: another! });
    const id = await desk.start(templates[0]!.body.id);
    await desk.enter(id, { values: [{ workerId: null, value: 9_600 }] });
    const path = `/v1/pro-goals/${id}`;
    const inputsVersion = await versionOf(path);
    await drive('/v1/pro-goals/{id}/approve', `${path}/approve`, { inputsVersion }, { body: { inputsVersion, note: 'else' } });
    await drive('/v1/pro-goals/{id}/unapprove', `${path}/unapprove`, { reason: 'again' }, { body: { reason: 'else' } });
  });
});

describe('payroll exports', () => {
  beforeAll(start(() => seedPaidPeriod(bench)));
  afterAll(() => bench.stop());

  it('are prepared, made, confirmed and canceled', async () => {
    const [ann, bob] = [statementOf('ann'), statementOf('bob')];
    const [body, others] = [ann, bob].map((id) => ({ target: 'generic', statementIds: [id] }));
    await drive('/v1/exports', '/v1/exports', body!, { body: others! });
    await post('/v1/exports', others!);
    const paths = (await get<{ items: readonly { id: string }[] }>('/v1/exports')).items.map(({ id }) => `/v1/exports/${id}`);
    const [second, first] = paths;
    await drive('/v1/exports/{id}/export', `${first}/export`, {}, { path: `${second}/export` });
    await drive('/v1/exports/{id}/confirm', `${first}/confirm`, {}, { path: `${second}/confirm` });
    await drive('/v1/exports/{id}/cancel', `${second}/cancel`, { reason: 'a' }, { body: { reason: 'b' } });
  });
});

describe('all of them', () => {
  it('were driven: no money command is left out', () => {
    const required = routes.filter((route) => route.idempotency === 'required' && !route.path.startsWith('/v1/connections'));
    expect([...driven].sort()).toEqual(required.map(({ method, path }) => `${method} ${path}`).sort());
  });
});
