import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#functions/api/routes.ts';
import { firstProPayId } from '#model/propay-item.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId, putBranch, putJob, putWorker, seedFence, workerId } from '#test/support/bonus-world.ts';
import { csatTemplate, goalDesk } from '#test/support/goal-world.ts';
import { WEEK } from '#test/support/group-desk.ts';
import { proPayOf, putExample, startGroups } from '#test/support/group-world.ts';
import { dig, HOUSE_PATH, phasesOn, seedHouse } from '#test/support/phase-world.ts';

/**
 * Every route that asks for If-Match, on a real record that somebody else has changed meanwhile: it refuses the old tag and changes nothing;
 * of two with the present tag exactly one is done.
 */
interface Tagged {
  readonly method: 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** Where its tag is read; the path itself unless said otherwise. */
  readonly read?: string;
  /** A change by somebody else, under the tag it is given. */
  readonly touch: readonly [method: 'PUT' | 'PATCH', path: string, body: object];
}

let bench: BonusBench;
const start = (seed: () => Promise<unknown>) => async () => {
  bench = await startBonusBench();
  await bench.context((context) => ({ ...context, disqualifiers: [SAFE], penalties: [LATE] }));
  await seed();
  await bench.settle();
};
const SAFE = { id: 'd-safe', name: 'Was everybody safe?', category: 'Safety', revision: 1 } as const;
const LATE = { id: 'p-late', name: 'Late', category: 'Paperwork', kind: 'fixed', amountCents: 1_500, revision: 1 } as const;

const driven = new Set<string>();
const call = ({ method, path, body }: Pick<Tagged, 'method' | 'path' | 'body'>, tag: string) =>
  bench.api.call(method, path, { ...(body === undefined ? {} : { body }), headers: { 'if-match': tag } });

/** The template of a path, by its fixed parts. */
function templateOf({ method, path }: Tagged): string {
  const parts = path.split('/');
  const fits = routes.filter((route) => {
    const template = route.path.split('/');
    return (
      route.method === method &&
      template.length === parts.length &&
      template.every((part, at) => part.startsWith('{') || part === parts[at])
    );
  });
  return `${method} ${fits[0]?.path}`;
}

async function drive(given: Tagged | (() => Promise<Tagged>)): Promise<void> {
  const tagged = typeof given === 'function' ? await given() : given;
  const { read = tagged.path, touch } = tagged;
  const seen = async () => {
    const { status, headers, body } = await bench.api.call('GET', read);
    expect(status).toBe(200);
    return { tag: headers.etag!, body };
  };
  const old = (await seen()).tag;
  const [method, path, body] = touch;
  expect((await call({ method, path, body }, old)).status).toBe(200);
  const now = await seen();
  expect(now.tag).not.toBe(old);
  for (const stale of [old, '"r999999"', '"something else"', 'r1', `${old}, ${now.tag}`]) {
    const { status, body: problem } = await call(tagged, stale);
    expect([stale, status, problem.code]).toEqual([stale, 412, 'precondition-failed']);
    expect(await seen()).toEqual(now);
  }
  const twins = (await Promise.all([call(tagged, now.tag), call(tagged, now.tag)])).map(({ status }) => status).sort();
  expect(twins[0]).toBeLessThan(300);
  expect(tagged.method === 'DELETE' ? [404, 412] : [412]).toContain(twins[1]);
  driven.add(templateOf(tagged));
}

const made = async (path: string, body: object): Promise<string> => {
  const { status, headers } = await bench.api.call('POST', path, { body });
  expect(status).toBe(201);
  return headers.location!;
};

describe('settings', () => {
  beforeAll(
    start(async () => {
      await putWorker(bench, 'max', null);
    }),
  );
  afterAll(() => bench.stop());

  it('areas', () =>
    drive({
      method: 'PUT',
      path: '/v1/settings/approval',
      body: { area: 'approval', values: { maxDataAgeMinutes: 240 } },
      touch: ['PUT', '/v1/settings/approval', { area: 'approval', values: { maxDataAgeMinutes: 120 } }],
    }));

  const shares = { crewBp: 10_000, crewLeadBp: 0, managerBp: 0, otherBp: 0, companyBp: 0 };
  const rename = (name: string) => ({ name });
  const things: readonly (readonly [string, object, object, object])[] = [
    ['/v1/bonus-pools', { name: 'A', ...shares }, rename('B'), rename('C')],
    ['/v1/disqualifiers', { name: 'A?', category: 'Safety' }, rename('B?'), rename('C?')],
    ['/v1/penalties', { name: 'A', category: 'Quality', kind: 'fixed', amount: '1.00' }, rename('B'), rename('C')],
    [
      '/v1/exclusion-rules',
      { type: 'service_type', value: 'A' },
      { type: 'service_type', value: 'B' },
      { type: 'service_type', value: 'C' },
    ],
    ['/v1/pro-goal-templates', csatTemplate(), rename('B'), rename('C')],
  ];
  for (const [path, first, second, third] of things) {
    it(`${path} are changed`, () =>
      drive(async () => {
        const one = await made(path, first);
        return { method: 'PATCH', path: one, body: third, touch: ['PATCH', one, second] };
      }));
    it(`${path} are deleted`, () =>
      drive(async () => {
        const one = await made(path, { ...first, ...(path === '/v1/exclusion-rules' ? { value: 'D' } : { name: 'D' }) });
        const moved = path === '/v1/exclusion-rules' ? { type: 'service_type', value: 'E' } : rename('E');
        return { method: 'DELETE', path: one, touch: ['PATCH', one, moved] };
      }));
  }

  const connection = '/v1/connections/acme1.1';
  it('connections are changed', () =>
    drive({ method: 'PATCH', path: connection, body: rename('C'), touch: ['PATCH', connection, rename('B')] }));
  it('connections are disconnected', () =>
    drive({ method: 'DELETE', path: connection, touch: ['PATCH', connection, rename('D')] }));
});

describe('overrides', () => {
  const ann = `/v1/workers/${workerId('ann')}`;
  const bare = `/v1/jobs/${jobId('bare')}`;
  beforeAll(
    start(async () => {
      for (const name of ['ann', 'max', 'bob']) await putWorker(bench, name, null);
      await putJob(bench, 'bare');
    }),
  );
  afterAll(() => bench.stop());

  const fields: readonly (readonly [string, string, object, object])[] = [
    [ann, 'wage', { wage: '20', effectiveFrom: '2026-03-01' }, { wage: '21', effectiveFrom: '2026-03-01' }],
    [ann, 'role', { value: 'crew_lead' }, { value: 'manager' }],
    [ann, 'active', { value: 'deactivated' }, { value: 'archived' }],
    [bare, 'manager', { value: workerId('max') }, { value: workerId('bob') }],
    [bare, 'budget', { budgetSeconds: 3_600 }, { budgetSeconds: 7_200 }],
  ];
  for (const [record, field, first, second] of fields) {
    const [path, read] = [`${record}/overrides/${field}`, `${record}/overrides`];
    it(`of ${field} are set`, () => drive({ method: 'PUT', path, body: second, read, touch: ['PUT', path, first] }));
    it(`of ${field} are cleared`, () => drive({ method: 'DELETE', path, read, touch: ['PUT', path, first] }));
  }
});

describe('ProPays', () => {
  const path = `/v1/propays/${firstProPayId({ jobId: jobId('fence'), milestoneId: null })}`;
  let titles = 0;
  const touch = () => ['PATCH', path, { title: `Title ${++titles}` }] as const;
  beforeAll(start(() => seedFence(bench)));
  afterAll(() => bench.stop());

  it('are edited', () => drive({ method: 'PATCH', path, body: { leadPay: '10.00' }, touch: touch() }));
  it('have their questions answered', () =>
    drive({ method: 'PUT', path: `${path}/disqualifiers/d-safe`, body: { state: 'passed' }, read: path, touch: touch() }));
  it('incur penalties', () =>
    drive({ method: 'PUT', path: `${path}/penalties/p-late`, body: { count: 2 }, read: path, touch: touch() }));
  it('lose penalties again', () => drive({ method: 'DELETE', path: `${path}/penalties/p-late`, read: path, touch: touch() }));
  it('are deleted', () => drive({ method: 'DELETE', path, touch: touch() }));
});

describe('phases', () => {
  let titles = 0;
  const touch = () => ['PATCH', HOUSE_PATH, { title: `Title ${++titles}` }] as const;
  const read = `${HOUSE_PATH}/phases`;
  const phase = `${read}/${dig}`;
  beforeAll(
    start(async () => {
      await phasesOn(bench, 'independent');
      await seedHouse(bench);
    }),
  );
  afterAll(() => bench.stop());

  it('have their questions answered', () =>
    drive({ method: 'PUT', path: `${phase}/disqualifiers/d-safe`, body: { state: 'passed' }, read, touch: touch() }));
  it('incur penalties', () =>
    drive({ method: 'PUT', path: `${phase}/penalties/p-late`, body: { count: 2 }, read, touch: touch() }));
  it('lose penalties again', () => drive({ method: 'DELETE', path: `${phase}/penalties/p-late`, read, touch: touch() }));
});

describe('groups', () => {
  const path = `/v1/groups/${WEEK}`;
  let splits = 5_000;
  const touch = () => ['PATCH', path, { splitBp: ++splits }] as const;
  beforeAll(
    start(async () => {
      await startGroups(bench, ['north']);
      await putExample(bench, 'north');
    }),
  );
  afterAll(() => bench.stop());

  it('are edited', () => drive({ method: 'PATCH', path, body: { splitBp: 7_000 }, touch: touch() }));
  it('lose members', () => drive({ method: 'DELETE', path: `${path}/members/${proPayOf('over')}`, read: path, touch: touch() }));
  it('gain members', () => drive({ method: 'PUT', path: `${path}/members/${proPayOf('over')}`, read: path, touch: touch() }));
});

describe('Pro-Goals', () => {
  beforeAll(
    start(async () => {
      await putBranch(bench);
      for (const name of ['ann', 'max']) await putWorker(bench, name, null);
    }),
  );
  afterAll(() => bench.stop());

  it('have their results entered', () =>
    drive(async () => {
      const desk = goalDesk(bench);
      const path = `/v1/pro-goals/${await desk.start(await desk.live())}/results`;
      const of = (value: number) => ({ values: [{ workerId: workerId('ann'), value }] });
      return { method: 'PUT', path, body: of(9_200), touch: ['PUT', path, of(9_100)] };
    }));
});

describe('all of them', () => {
  it('were driven: no route that asks for a tag is left out', () => {
    // Users and webhooks are driven by their own suites.
    const tagged = routes
      .filter((route) => route.ifMatch && !/^\/v1\/(users|webhooks)\//.test(route.path))
      .map(({ method, path }) => `${method} ${path}`);
    expect([...driven].sort()).toEqual([...tagged].sort());
  });
});
