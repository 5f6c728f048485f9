import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Json, until } from '#test/support/product-client.ts';
import { csv, FileOffice, FileWorld } from './file-world.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** Today and days before it, where the company is. */
const day = (back: number): string =>
  new Date(Date.now() - back * 86_400_000).toLocaleDateString('en-CA', { timeZone: 'America/New_York' });

const PEOPLE = ['id', 'first_name', 'last_name', 'email', 'phone', 'role', 'active'];
const WAGES = ['worker_id', 'effective_date', 'hourly_wage'];
const JOBS = ['id', 'name', 'number', 'status', 'recurring', 'budget_hours', 'start_date', 'completed_date'];
const TIME = ['id', 'worker_id', 'job_id', 'date', 'start', 'end', 'hours'];
const ORG = ['branch', 'division', 'route', 'client'] as const;
const WORK = ['job', 'milestone', 'budget_info', 'material_allocation'] as const;
const PAY = ['worker', 'wage_record'] as const;
/** What an approver may accept of a company in the middle of a switch. */
const ACCEPTED = ['manager-missing', 'stale-data'];
const HOURS = ['time_entry', 'drive_time'] as const;

/** A company that goes over from one system to another with work under way, from the first file to the last payment, over HTTP. */
describe('a switch of systems (X-28)', () => {
  let world: FileWorld;
  let old: FileOffice;
  let next: FileOffice;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    world = await FileWorld.start();
    old = await world.office('movers');
  });
  afterAll(async () => {
    await world?.stop();
  });

  const idOf = async (list: string, sourceId: string, office: FileOffice): Promise<string> => {
    const found = (await old.list(`/v1/${list}`)).find(
      (one) => one.sourceId === sourceId && one.connectionId === office.connectionId,
    );
    if (!found) throw new Error(`no ${list} ${sourceId}`);
    return found.id;
  };
  const read = async (path: string): Promise<Json> => {
    const { status, body } = await old.client.get(path);
    expect(status, path).toBe(200);
    return body;
  };
  const supplies = async (office: FileOffice, entities: readonly string[]): Promise<Json> => {
    const path = `/v1/connections/${office.connectionId}`;
    const tag = (await old.client.get(path)).headers.get('etag')!;
    const { status, body } = await old.client.send('PATCH', path, { settings: { entities } }, { 'if-match': tag });
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  };
  const override = async (path: string, field: string, value: object): Promise<void> => {
    const tag = (await old.client.get(`${path}/overrides`)).headers.get('etag')!;
    const { status, body } = await old.client.send('PUT', `${path}/overrides/${field}`, value, { 'if-match': tag });
    expect(status, JSON.stringify(body)).toBe(200);
  };
  const proPayOf = async (jobId: string): Promise<Json> =>
    (await old.list('/v1/propays')).find((one) => one.jobId === jobId && one.status !== 'Canceled');
  const hoursOn = (jobId: string, hours: number) =>
    until(
      () => proPayOf(jobId),
      (found) => (found?.result?.actualSeconds ?? found?.ifCompletedNow?.actualSeconds) === hours * 3_600,
    );
  const proposals = async (entity: string): Promise<Json[]> =>
    (await read('/v1/links?state=proposed')).items.filter((one: Json) => one.entity === entity);
  const confirm = async (entity: string): Promise<void> => {
    for (const { id } of await proposals(entity)) expect((await old.client.post(`/v1/links/${id}/confirm`)).status).toBe(200);
  };
  const approve = async (jobId: string): Promise<Json[]> => {
    const ready = await until(
      () => proPayOf(jobId),
      (found) => found?.blockers?.every(({ code }: Json) => ACCEPTED.includes(code)) === true,
    );
    const accept = ACCEPTED.map((code) => ({ code, reason: 'the switch' }));
    const done = await old.client.post(`/v1/propays/${ready.id}/approve`, { inputsVersion: ready.inputsVersion, accept });
    expect(done.status, JSON.stringify(done.body)).toBe(200);
    return old.list(`/v1/line-items?propayId=${ready.id}`);
  };

  it('begins with work approved and work under way in the old system, and decisions made here', async () => {
    const people = csv(
      PEOPLE,
      ['w1', 'Ada', 'Moss', 'ada@movers.test', '', 'worker', 'yes'],
      ['w2', 'Ben', 'Fern', '', '+1 555 010 2233', 'worker', 'yes'],
    );
    await old.import('workers', 'full', people);
    await old.import('wages', 'upsert', csv(WAGES, ['w1', '2025-01-01', '20.00'], ['w2', '2025-01-01', '25.00']));
    const jobs = csv(
      JOBS,
      ['j1', 'Maple Court', '1001', 'in_progress', 'no', '40', day(10), ''],
      ['j2', 'Elm Yard', '1002', 'completed', 'no', '20', day(12), day(8)],
    );
    await old.import('jobs', 'full', jobs);
    const time = csv(
      TIME,
      ['t1', 'w1', 'j1', day(3), '', '', '8'],
      ['t2', 'w2', 'j1', day(2), '', '', '8'],
      ['t3', 'w1', 'j2', day(9), '', '', '10'],
    );
    await old.import('time_entries', 'upsert', time);
    for (const [list, source] of [
      ['workers', 'w1'],
      ['workers', 'w2'],
      ['jobs', 'j1'],
      ['jobs', 'j2'],
    ] as const)
      ids[source] = await idOf(list, source, old);
    await hoursOn(ids.j1!, 16);
    await override(`/v1/workers/${ids.w1}`, 'role', { value: 'crew_lead', reason: 'leads the crew' });
    await override(`/v1/workers/${ids.w1}`, 'wage', { wage: '30.00', effectiveFrom: day(5) });
    await override(`/v1/jobs/${ids.j1}`, 'manager', { value: ids.w2 });
    expect((await approve(ids.j2!)).length).toBeGreaterThan(0);
  });

  it('moves people first: the old records stay, out of scope, and are proposed as the new ones', async () => {
    await supplies(old, [...ORG, ...WORK, ...HOURS]);
    const made = await old.client.post('/v1/connections', { provider: 'file-import', name: 'The new system' });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect(made.body.settings.entities.toSorted()).toEqual([...PAY].toSorted());
    next = new FileOffice(world.host, old.client, old.tokens, made.body.id);
    expect(await read(`/v1/workers/${ids.w1}`)).toMatchObject({ outOfScope: 'type_not_read', deletedAtSource: null });
    expect(await read(`/v1/jobs/${ids.j1}`)).toMatchObject({ outOfScope: null });
    const people = csv(
      PEOPLE,
      ['n1', 'Ada', 'Moss', 'ADA@movers.test', '', 'worker', 'yes'],
      ['n2', 'Benjamin', 'Fern', '', '5550102233', 'worker', 'yes'],
    );
    await next.import('workers', 'full', people);
    await next.import('wages', 'upsert', csv(WAGES, ['n1', '2025-01-01', '21.00'], ['n2', '2025-01-01', '25.00']));
    [ids.n1, ids.n2] = [await idOf('workers', 'n1', next), await idOf('workers', 'n2', next)];
    expect((await proposals('worker')).map(({ sourceId, targetId, basis }) => [sourceId, targetId, basis]).toSorted()).toEqual([
      ['w1', ids.n1, 'email'],
      ['w2', ids.n2, 'phone'],
    ]);
    // Nothing is one before somebody has said so.
    expect((await read(`/v1/workers/${ids.n1}/overrides`)).overrides).toEqual({});
    await confirm('worker');
    const { overrides, history } = await read(`/v1/workers/${ids.n1}/overrides`);
    expect(overrides).toMatchObject({
      role: { value: 'crew_lead', reason: 'leads the crew', from: ids.w1 },
      wage: { value: '30.00', from: ids.w1 },
    });
    expect(history.map(({ field }: Json) => field).toSorted()).toEqual(['role', 'wage']);
    expect(await read(`/v1/workers/${ids.n1}`)).toMatchObject({ role: 'crew_lead', wage: '30.00' });
  });

  it('moves jobs: one piece of work, one ProPay, and the manager who was named here', async () => {
    await supplies(old, [...ORG, ...HOURS]);
    await supplies(next, [...PAY, ...WORK]);
    expect(await read(`/v1/jobs/${ids.j1}`)).toMatchObject({ outOfScope: 'type_not_read' });
    expect((await proPayOf(ids.j1!)).status).toBe('Active');
    const jobs = csv(JOBS, ['k1', 'Maple Court', '1001', 'in_progress', 'no', '40', day(10), '']);
    await next.import('jobs', 'full', jobs);
    ids.k1 = await idOf('jobs', 'k1', next);
    expect((await proposals('job')).map(({ sourceId, targetId, basis }) => [sourceId, targetId, basis])).toEqual([
      ['j1', ids.k1, 'number'],
    ]);
    await confirm('job');
    expect(await read(`/v1/jobs/${ids.k1}/overrides`)).toMatchObject({
      overrides: { manager: { value: ids.w2, from: ids.j1 } },
    });
    await until(
      () => read(`/v1/jobs/${ids.k1}`),
      (job) => job.propayVerdict === 'already_has_propay',
    );
    expect((await old.list('/v1/propays')).filter(({ status }) => status === 'Active').map(({ jobId }) => jobId)).toEqual([
      ids.j1,
    ]);
  });

  it('moves time from its day on: hours that both systems know count once', async () => {
    await supplies(old, [...ORG]);
    const moved = await supplies(next, [...PAY, ...WORK, ...HOURS]);
    expect(moved.settings.timeImportFrom).toBe(day(0));
    const time = csv(
      TIME,
      // The new system was fed with what the old one had recorded.
      ['u1', 'n1', 'k1', day(3), '', '', '8'],
      ['u2', 'n2', 'k1', day(2), '', '', '8'],
      ['u3', 'n1', 'k1', day(0), '', '', '6'],
    );
    await next.import('time_entries', 'upsert', time);
    await hoursOn(ids.j1!, 22);
    const entries = await old.list('/v1/time-entries');
    expect(entries.map(({ sourceId }) => sourceId).toSorted()).toEqual(['t1', 't2', 't3', 'u3']);
    for (const entry of entries) expect(entry.outOfScope).toBe(entry.sourceId === 'u3' ? null : 'type_not_read');
  });

  it('disconnects the old one, finishes the work in the new one, and pays everybody once', async () => {
    const path = `/v1/connections/${old.connectionId}`;
    const tag = (await old.client.get(path)).headers.get('etag')!;
    expect((await old.client.send('DELETE', path, undefined, { 'if-match': tag })).status).toBe(200);
    const jobs = csv(JOBS, ['k1', 'Maple Court', '1001', 'completed', 'no', '40', day(10), day(0)]);
    await next.import('jobs', 'full', jobs);
    const items = await approve(ids.j1!);
    const crew = items.filter(({ role }) => role === 'crew').map(({ workerId }) => workerId);
    // Each of the two once, under the record that stands for them.
    expect(crew.toSorted()).toEqual([ids.n1, ids.n2].toSorted());
    const all = (await old.list('/v1/line-items')).filter(({ status }) => status !== 'Voided');
    for (const source of ['n1', 'n2']) {
      const { id, formerId } = { id: ids[source]!, formerId: ids[source.replace('n', 'w')]! };
      const own = all.filter(({ workerId }) => workerId === id || workerId === formerId);
      const statements = await until(
        async () => (await old.list('/v1/statements')).filter(({ workerId }) => workerId === id || workerId === formerId),
        (found) => found.some(({ items: count }: Json) => count !== 0),
      );
      const open = [];
      for (const one of statements) {
        const whole = await read(`/v1/statements/${one.id}`);
        open.push(...whole.items.map((item: Json) => item.id));
      }
      expect(open.toSorted()).toEqual(own.map((item) => item.id).toSorted());
    }
    const reapproved = await old.client.post(`/v1/propays`, { jobId: ids.k1 });
    expect(reapproved.status).toBe(409);
  });

  it('keeps what was: readable, with who decided what, and why', async () => {
    expect(await read(`/v1/jobs/${ids.j1}`)).toMatchObject({ aliasOf: ids.k1, outOfScope: 'type_not_read' });
    expect(await read(`/v1/workers/${ids.w1}`)).toMatchObject({ aliasOf: ids.n1 });
    expect((await read(`/v1/workers/${ids.w1}/overrides`)).history).toHaveLength(2);
    expect(await read('/v1/diagnose?kind=job&sourceId=j2')).toMatchObject({
      verdict: 'V-6',
      evidence: { outOfScope: 'type_not_read', frozen: true },
    });
    const actions = (await old.list('/v1/audit')).map(({ action }) => action);
    expect(actions.filter((action) => action === 'link.confirmed')).toHaveLength(3);
    expect(actions).toEqual(expect.arrayContaining(['connection.changed', 'connection.disconnected', 'override.set']));
  });
});
