import { firstProPayId } from '#model/propay-item.ts';
import { NO_SCOPE } from './api.ts';
import type { BonusBench } from './bonus-bench.ts';
import { idOf, jobId, putBranch, putBudget, putJob, putTime, putVisit, putWorker, workerId } from './bonus-world.ts';
import { csatTemplate, goalDesk } from './goal-world.ts';
import { putRoute } from './group-world.ts';

const B1 = idOf('branch', 'b1');
const of = (job: string): string => firstProPayId({ jobId: jobId(job), milestoneId: null });
export const [FENCE, PATIO, HOUSE] = [of('fence'), of('patio'), of('house')];

/** Everything of the bonus layer that can be read, all in branch b1, with the ids by which it is read. */
export interface SightWorld {
  readonly groupId: string;
  readonly goalId: string;
  readonly callbackId: string;
  readonly itemIds: readonly string[];
  readonly statementIds: readonly string[];
}

/** Every route that reads the bonus layer, with what there is to be read by it. */
export const READS: Readonly<Record<string, (world: SightWorld) => readonly string[]>> = {
  '/v1/propays': () => ['/v1/propays', `/v1/propays?workerId=${workerId('bob')}`],
  '/v1/propays/{id}': () => [FENCE, PATIO, HOUSE].map((id) => `/v1/propays/${id}`),
  '/v1/propays/{id}/explain': () => [
    ...[FENCE, PATIO, HOUSE].map((id) => `/v1/propays/${id}/explain`),
    ...[FENCE, PATIO].map((id) => `/v1/propays/${id}/explain?approval=1`),
  ],
  '/v1/propays/{id}/phases': () => [`/v1/propays/${HOUSE}/phases`],
  '/v1/propays/{id}/source-changes': () => [`/v1/propays/${FENCE}/source-changes`],
  '/v1/groups': () => ['/v1/groups'],
  '/v1/groups/{id}': ({ groupId }) => [`/v1/groups/${groupId}`],
  '/v1/groups/{id}/explain': ({ groupId }) => [`/v1/groups/${groupId}/explain`],
  '/v1/groups/{id}/source-changes': ({ groupId }) => [`/v1/groups/${groupId}/source-changes`],
  '/v1/callbacks': () => ['/v1/callbacks', `/v1/callbacks?propayId=${PATIO}`],
  '/v1/callbacks/{id}': ({ callbackId }) => [`/v1/callbacks/${callbackId}`],
  '/v1/line-items': () => ['/v1/line-items', `/v1/line-items?propayId=${FENCE}`, `/v1/line-items?workerId=${workerId('bob')}`],
  '/v1/line-items/{id}': ({ itemIds }) => itemIds.map((id) => `/v1/line-items/${id}`),
  '/v1/statements': () => ['/v1/statements', `/v1/statements?workerId=${workerId('bob')}`],
  '/v1/statements/{id}': ({ statementIds }) => statementIds.map((id) => `/v1/statements/${id}`),
  '/v1/workers/{id}/bonus': () => CREW.map((name) => `/v1/workers/${workerId(name)}/bonus`),
  '/v1/pro-goals': () => ['/v1/pro-goals'],
  '/v1/pro-goals/{id}': ({ goalId }) => [`/v1/pro-goals/${goalId}`],
  '/v1/pro-goals/{id}/results': ({ goalId }) => [`/v1/pro-goals/${goalId}/results`],
  '/v1/pro-goals/{id}/explain': ({ goalId }) => [`/v1/pro-goals/${goalId}/explain`],
  '/v1/alerts': () => ['/v1/alerts'],
};

const CREW = ['ann', 'bob', 'mo'];
let keys = 0;

/**
 * Branch b1 with an approved ProPay whose time has changed since, one with rework, one in phases, an approved group and a goal. Ann, Bob
 * and Mo worked on all of them; Mo otherwise manages branch b2, where nothing is.
 */
export async function seedSightWorld(bench: BonusBench): Promise<SightWorld> {
  const call = async (method: string, path: string, body?: object, headers: object = {}) => {
    const answer = await bench.api.call<Record<string, never>>(method, path, {
      ...(body === undefined ? {} : { body }),
      headers: { ...(method === 'POST' ? { 'idempotency-key': `sw-${++keys}` } : {}), ...headers },
    });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body as Record<string, never> & { readonly id: string; readonly inputsVersion: string };
  };
  const approved = async (path: string) => {
    const { inputsVersion } = await call('GET', path);
    await call('POST', `${path}/approve`, { inputsVersion });
    await bench.settle();
  };
  for (const name of ['b1', 'b2']) await putBranch(bench, name);
  for (const [at, name] of CREW.entries()) await putWorker(bench, name, 273_100 + at * 11_100);
  for (const name of ['lea', 'max']) await putWorker(bench, name, null);
  await putRoute(bench, 'north', { crewLeadId: workerId('lea') });
  await bench.context((context) => ({
    ...context,
    pools: context.pools.map((pool) => ({ ...pool, warrantyBp: 1_000, warrantyDays: 365 })),
    routeRules: { [idOf('route', 'north')]: { grouped: true, period: 'week' } },
  }));
  const people = { crewLeadId: workerId('lea'), managerId: workerId('max') };
  const done = { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z', ...people } as const;
  const work = async (job: string, visit: string | null = null) => {
    for (const [at, worker] of CREW.entries())
      await putTime(bench, {
        id: `${job}${visit ?? ''}${worker}`,
        worker,
        job,
        visit,
        hours: 7 + at,
        date: `2026-03-0${2 + at}`,
      });
  };
  for (const job of ['fence', 'patio']) {
    await putJob(bench, job, done);
    await putBudget(bench, job, null, 97);
    await work(job);
  }
  for (const job of ['stop1', 'stop2']) {
    await putJob(bench, job, { ...done, routeId: idOf('route', 'north') });
    await putBudget(bench, job, null, 61);
    await work(job);
  }
  await bench.settle();
  await bench.context((context) => ({ ...context, phases: { mode: 'reserve', branches: {}, rules: [] } }));
  await putJob(bench, 'house', done);
  for (const visit of ['dig', 'trim']) {
    await putVisit(bench, 'house', visit, { status: 'completed', scheduledDate: '2026-03-02' });
    await putBudget(bench, 'house', visit, 83);
    await work('house', visit);
  }
  await bench.settle();
  for (const id of [FENCE, PATIO]) await approved(`/v1/propays/${id}`);
  const { items } = (await call('GET', '/v1/groups')) as unknown as { items: { id: string }[] };
  await approved(`/v1/groups/${items[0]!.id}`);
  const phases = (await call('GET', `/v1/propays/${HOUSE}/phases`)) as unknown as {
    items: { id: string; inputsVersion: string }[];
  };
  const { id: phaseId, inputsVersion } = phases.items[0]!;
  await call('POST', `/v1/propays/${HOUSE}/phases/${phaseId}/approve`, { inputsVersion });
  await bench.settle();
  for (const job of ['fence', 'stop1'])
    await putTime(bench, { id: `${job}late`, worker: 'bob', job, hours: 5, date: '2026-03-06' });
  await putJob(bench, 'redo', { ...done, startDate: '2026-03-09' });
  await putTime(bench, { id: 'redo', worker: 'bob', job: 'redo', hours: 6, date: '2026-03-09' });
  await bench.settle();
  await call('PUT', `/v1/jobs/${jobId('redo')}/callback-of`, { jobId: jobId('patio') });
  await bench.settle();
  const goals = goalDesk(bench);
  const named = { type: 'named', workerIds: CREW.map(workerId) };
  const template = await goals.live({ ...csatTemplate(), scope: { type: 'branch', branchId: B1 }, participants: named });
  const goalId = await goals.start(template);
  await goals.enter(goalId, { values: CREW.map((name, at) => ({ workerId: workerId(name), value: 9_300 + at * 150 })) });
  await bench.settle();
  const all = async (path: string) =>
    ((await call('GET', path)) as unknown as { items: readonly { readonly id: string }[] }).items.map(({ id }) => id);
  return {
    groupId: items[0]!.id,
    goalId,
    callbackId: (await all('/v1/callbacks'))[0]!,
    itemIds: await all('/v1/line-items'),
    statementIds: await all('/v1/statements'),
  };
}

/** Who asks, by the token that each holds. */
export async function sightCallers(bench: BonusBench) {
  const { grant } = bench.api;
  const managing = (branch: string) => ({ ...NO_SCOPE, branchIds: [idOf('branch', branch)] });
  return {
    ann: await grant('worker', { workerId: workerId('ann') }),
    /** Worked in b1 once, manages b2. */
    mo: await grant('manager', { workerId: workerId('mo'), scope: managing('b2') }),
    /** Manages b1. */
    manager: await grant('manager', { scope: managing('b1') }),
    lea: await grant('crew_lead', { workerId: workerId('lea') }),
    auditor: await grant('auditor'),
  } as const;
}
