import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { EntityName } from '#model/entities.ts';
import { jobKey, workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { BLANK_WORKER } from '#test/support/blank-records.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putBudget, putJob, putTime, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';
import { proPayOf } from '#test/support/group-world.ts';
import { overrideDesk } from '#test/support/override-desk.ts';
import { payCalls } from '#test/support/pay-calls.ts';

vi.setConfig({ testTimeout: 240_000 });

const WORKERS = ['ann', 'bob', 'ann2', 'bob2'] as const;
const JOBS = ['fence', 'fence2', 'shed'] as const;
const ROLES = ['worker', 'crew_lead', 'manager'] as const;
const DONE = { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' } as const;

const worker = fc.constantFrom(...WORKERS);
const job = fc.constantFrom(...JOBS);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('linkPeople' as const), from: worker, to: worker }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('linkJobs' as const), from: job, to: job }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('unlink' as const), n: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('role' as const), worker, value: fc.constantFrom(...ROLES) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('manager' as const), job, value: worker }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sync' as const), worker, job, n: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time' as const), worker, job, hours: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('switch' as const), away: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('approve' as const), job }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const TYPES: readonly EntityName[] = ['worker', 'wage_record', 'job', 'milestone', 'budget_info', 'time_entry', 'drive_time'];

/** What the world must be, kept beside it. */
class World {
  readonly bench: BonusBench;
  readonly calls: ReturnType<typeof payCalls>;
  /** Overrides as they were set, by record and field. */
  readonly set = new Map<string, string>();
  readonly hours = new Map<string, number>();
  /** Items of approvals, as they were issued. */
  readonly issued = new Map<string, string>();
  times = 0;

  constructor(bench: BonusBench) {
    this.bench = bench;
    this.calls = payCalls(bench);
  }

  static async start(): Promise<World> {
    const bench = await startBonusBench();
    await seedFence(bench);
    for (const name of ['ann2', 'bob2']) await putWorker(bench, name, 250_000);
    for (const name of ['fence2', 'shed']) {
      await putJob(bench, name, { ...DONE, crewLeadId: workerId('lea'), managerId: workerId('max') });
      await putBudget(bench, name, null, 90);
    }
    const world = new World(bench);
    world.hours.set('fence', 60);
    for (const name of ['fence2', 'shed']) await world.do({ kind: 'time', worker: 'ann', job: name as 'shed', hours: 2 });
    return world;
  }

  async do(one: Step): Promise<void> {
    const { bench, calls } = this;
    switch (one.kind) {
      case 'linkPeople':
        await this.link('worker', one.from, workerId(one.to));
        break;
      case 'linkJobs':
        await this.link('job', one.from, jobId(one.to));
        break;
      case 'unlink': {
        const links = await this.links();
        if (links.length > 0) await calls.post(`/v1/links/${links[one.n % links.length]!.id}/discard`);
        break;
      }
      case 'role':
        await this.override('workers', workerId(one.worker), 'role', one.value);
        break;
      case 'manager':
        await this.override('jobs', jobId(one.job), 'manager', workerId(one.value));
        break;
      case 'sync':
        await bench.put('worker', one.worker, {
          ...BLANK_WORKER,
          displayName: `Worker ${one.worker} ${one.n}`,
          branchId: idOf('branch', 'b1'),
        });
        await putJob(bench, one.job, { ...DONE, name: `Job ${one.n}`, crewLeadId: workerId('lea'), managerId: workerId('max') });
        break;
      case 'time': {
        const id = `x${this.times}`;
        this.times += 1;
        await putTime(bench, { id, worker: one.worker, job: one.job, hours: one.hours, date: '2026-03-06' });
        this.hours.set(one.job, (this.hours.get(one.job) ?? 0) + one.hours);
        break;
      }
      case 'switch':
        await bench.context((context) => {
          const [[id, connection]] = Object.entries(context.connections) as [[string, (typeof context.connections)[string]]];
          const entities = one.away ? TYPES.filter((type) => type !== 'job' && type !== 'worker') : TYPES;
          return { ...context, connections: { ...context.connections, [id]: { ...connection, entities } } };
        });
        break;
      case 'approve': {
        const { status, body } = await calls.get(`/v1/propays/${proPayOf(one.job)}`);
        const { inputsVersion } = body as { inputsVersion?: string };
        if (status === 200) await calls.post(`/v1/propays/${proPayOf(one.job)}/approve`, { inputsVersion, accept: [] });
        break;
      }
    }
    await bench.settle();
  }

  async link(entity: 'worker' | 'job', sourceId: string, targetId: string): Promise<void> {
    const body = { entity, connectionId: 'acme1.1', sourceId, targetId };
    const { status } = await this.bench.api.call('POST', '/v1/links', { body });
    expect([201, 409, 422]).toContain(status);
  }

  async override(list: string, id: string, field: string, value: string): Promise<void> {
    const { status } = await overrideDesk(this.bench, `/v1/${list}/${id}`).set(field, { value });
    if (status === 200) this.set.set(`${list}/${id}/${field}`, value);
    else expect(status).toBe(409);
  }

  async links(): Promise<readonly { id: string; entity: string; targetId: string }[]> {
    const { body } = await this.bench.api.call<{ items: { id: string; entity: string; targetId: string }[] }>(
      'GET',
      '/v1/links',
      {
        query: { state: 'confirmed' },
      },
    );
    return body.items;
  }

  async record(entity: 'worker' | 'job', name: string): Promise<MirrorRecord> {
    const { table, scope } = this.bench;
    const key = entity === 'worker' ? workerKey(scope, workerId(name)) : jobKey(scope, jobId(name));
    return decodeMirrorRecord((await table.get(scope, key))!);
  }

  /** M-161 (4), (6), (7), (8), whatever came before. */
  async check(): Promise<void> {
    const { bench } = this;
    const records = [
      ...(await Promise.all(WORKERS.map((name) => this.record('worker', name)))),
      ...(await Promise.all(JOBS.map((name) => this.record('job', name)))),
    ];
    // (4) What was set on a record stands there, word for word, whatever leads where.
    for (const record of records) {
      const { role, manager } = record.own.overrides;
      const list = record.entity === 'worker' ? 'workers' : 'jobs';
      for (const [field, found] of [
        ['role', role],
        ['manager', manager],
      ] as const) {
        const wanted = this.set.get(`${list}/${record.id}/${field}`);
        if (wanted !== undefined) expect(found).toMatchObject({ value: wanted });
        if (wanted === undefined && found !== null) expect(found.from, 'nobody set it here').toBeDefined();
      }
    }
    // (6) Nothing leads to what is not there; what leads is told from both ends, by one link each.
    const byId = new Map(records.map((record) => [record.id, record]));
    const leading = records.filter(({ aliasOf }) => aliasOf !== null);
    for (const { aliasOf, entity, id } of leading) {
      const target = byId.get(aliasOf!);
      expect(target?.entity).toBe(entity);
      if (entity === 'job') expect(target?.standsFor).toContain(id);
    }
    for (const { id, standsFor = [] } of records) for (const other of standsFor) expect(byId.get(other)?.aliasOf).toBe(id);
    expect((await this.links()).map(({ id, targetId }) => `${id} ${targetId}`).toSorted()).toEqual(
      leading.map(({ id, connectionId, aliasOf }) => `${connectionId}.${id} ${aliasOf}`).toSorted(),
    );
    // (7) What was issued stays as it was issued, once.
    const { items } = (await this.calls.get('/v1/line-items', { limit: '200' })).body as never as {
      items: readonly { id: string; workerId: string; amount: string; type: string; status: string }[];
    };
    const found = new Map(items.map((item) => [item.id, JSON.stringify([item.workerId, item.amount, item.type])]));
    for (const [id, text] of this.issued) expect(found.get(id)).toBe(text);
    for (const [id, text] of found) this.issued.set(id, text);
    // (8) Hours count once, in the one ProPay of the work.
    for (const group of groupsOf(records.filter(({ entity }) => entity === 'job'))) {
      const names = JOBS.filter((name) => group.has(jobId(name)));
      const states = await Promise.all(names.map((name) => bench.state({ jobId: jobId(name), milestoneId: null })));
      const standing = states.filter(({ proPay }) => proPay !== null && proPay.status !== 'Canceled');
      // One at most; none where a link that was taken back has left its cancellation to a person.
      expect(standing.length).toBeLessThanOrEqual(1);
      const [{ proPay, result } = NONE] = standing;
      const hours = names.reduce((sum, name) => sum + this.hours.get(name)!, 0);
      if (proPay?.status === 'Active') expect(result!.figures?.actualSeconds).toBe(hours * 3_600);
    }
  }

  /** Everybody stands for themselves again, where money has not made two one for good. */
  async part(): Promise<void> {
    for (let left = await this.links(); left.length > 0; left = await this.links())
      for (const { id } of left) {
        const { status, body } = await this.calls.post(`/v1/links/${id}/discard`);
        expect([200, 409], JSON.stringify(body)).toContain(status);
      }
    await this.bench.settle();
  }
}

const NONE = { proPay: null, result: null };

function groupsOf(jobs: readonly MirrorRecord[]): readonly ReadonlySet<string>[] {
  const groups = new Map<string, Set<string>>();
  const rootOf = (record: MirrorRecord): string => {
    const target = jobs.find(({ id }) => id === record.aliasOf);
    return target === undefined ? record.id : rootOf(target);
  };
  for (const record of jobs) groups.set(rootOf(record), (groups.get(rootOf(record)) ?? new Set()).add(record.id));
  return [...groups.values()];
}

it('links, undoing, switches, syncs and decisions in any order: nothing decided is lost, no money moves, hours count once (M-161, X-28)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
      const world = await World.start();
      try {
        for (const one of steps) {
          await world.do(one);
          await world.check();
        }
        await world.part();
        await world.check();
        // Nothing carried is left behind.
        for (const name of WORKERS) expect(JSON.stringify((await world.record('worker', name)).own)).not.toContain('"from"');
        for (const name of JOBS) expect(JSON.stringify((await world.record('job', name)).own)).not.toContain('"from"');
      } finally {
        await world.bench.stop();
      }
    }),
    { numRuns: 12, seed: 20_261_124 },
  );
});
