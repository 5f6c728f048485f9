import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORTS } from '#functions/api/reports/registry.ts';
import { routes } from '#functions/api/routes.ts';
import { VISIBILITY_PRESETS, type Visibility } from '#model/visibility.ts';
import { NO_SCOPE } from '#test/support/api.ts';
import { BLANK_WORKER } from '#test/support/blank-records.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putJob, visitId, workerId } from '#test/support/bonus-world.ts';
import { saveArea } from '#test/support/propay-desk.ts';
import { READS, type SightWorld, seedSightWorld } from '#test/support/sight-world.ts';

/** Everything that can be read, with ids for the paths that have some; routes without an entry are read as they stand. */
const EVERYBODY = ['ann', 'bob', 'lea'];
const perWorker = (rest = '') => EVERYBODY.map((name) => `/v1/workers/${workerId(name)}${rest}`);
const JOBS = ['fence', 'house', 'depot'];
const perJob = (rest = '') => JOBS.map((name) => `/v1/jobs/${jobId(name)}${rest}`);
const VISITS = ['dig'];
const found: Record<string, readonly string[]> = {};
const PATHS: Readonly<Record<string, () => readonly string[]>> = {
  '/v1/workers/{id}': () => perWorker(),
  '/v1/workers/{id}/settings': () => perWorker('/settings'),
  '/v1/workers/{id}/overrides': () => perWorker('/overrides'),
  '/v1/workers/{id}/overrides/{field}': () => [],
  '/v1/jobs/{id}': () => perJob(),
  '/v1/jobs/{id}/milestones': () => perJob('/milestones'),
  '/v1/jobs/{id}/overrides': () => perJob('/overrides'),
  '/v1/milestones/{id}': () => VISITS.map((name) => `/v1/milestones/${visitId(name)}`),
  '/v1/budgets': () => JOBS.map((name) => `/v1/budgets?jobId=${jobId(name)}`),
  '/v1/wage-records': () => EVERYBODY.map((name) => `/v1/wage-records?workerId=${workerId(name)}`),
  '/v1/materials': () => [`/v1/materials?jobId=${jobId('fence')}`],
  '/v1/milestones': () => ['/v1/milestones', `/v1/milestones?jobId=${jobId('house')}`],
  '/v1/time-entries': () => [
    `/v1/time-entries?jobId=${jobId('fence')}`,
    ...EVERYBODY.map((name) => `/v1/time-entries?workerId=${workerId(name)}&workedFrom=2026-03-01&workedTo=2026-03-30`),
  ],
  '/v1/drive-times': () => [`/v1/drive-times?jobId=${jobId('fence')}`],
  '/v1/diagnose': () => [`/v1/diagnose?kind=job&id=${jobId('fence')}`, `/v1/diagnose?kind=worker&id=${workerId('ann')}`],
  '/v1/settings/{area}': () => ['people', 'roles', 'bonus', 'exports'].map((area) => `/v1/settings/${area}`),
  '/v1/reports/{name}': () => Object.keys(REPORTS).map((name) => `/v1/reports/${name}`),
  '/v1/budgets/{id}': () => found.budgets!.map((id) => `/v1/budgets/${id}`),
  '/v1/wage-records/{id}': () => found.wages!.map((id) => `/v1/wage-records/${id}`),
};

let bench: BonusBench;
let world: SightWorld;
let callers: Readonly<Record<Role, string>>;
type Role = keyof Visibility | 'auditor' | 'admin';

beforeAll(async () => {
  bench = await startBonusBench();
  world = await seedSightWorld(bench);
  for (const name of EVERYBODY)
    await bench.put('worker', name, {
      ...BLANK_WORKER,
      displayName: `Worker ${name}`,
      branchId: idOf('branch', 'b1'),
      email: `${name}@contact.example`,
      phone: `+1 303 555 77${name.length}${name.charCodeAt(0) % 10}`,
    });
  await putJob(bench, 'depot', { serviceType: 'Depot', managerId: workerId('max'), crewLeadId: workerId('lea') });
  await bench.settle();
  const save = (method: string, path: string, body: object, headers = {}) => bench.api.call(method, path, { body, headers });
  const at = `/v1/workers/${workerId('ann')}/overrides`;
  const { headers } = await bench.api.call('GET', at);
  const wage = { wage: '31.47', effectiveFrom: '2026-03-09', reason: 'raise' };
  expect((await save('PUT', `${at}/wage`, wage, { 'if-match': headers.etag! })).status).toBe(200);
  expect((await save('PUT', `/v1/jobs/${jobId('depot')}/exclusion`, { reason: 'our own yard' })).status).toBeLessThan(300);
  await bench.settle();
  const idsOf = async (path: string) =>
    ((await ask(path, 'admin')).body as { items: { id: string }[] }).items.map(({ id }) => id);
  const { grant } = bench.api;
  callers = {
    manager: await grant('manager', { scope: { ...NO_SCOPE, branchIds: [idOf('branch', 'b1')] } }),
    crew_lead: await grant('crew_lead', { workerId: workerId('lea') }),
    worker: await grant('worker', { workerId: workerId('ann') }),
    auditor: await grant('auditor'),
    admin: await grant('admin'),
  };
  found.budgets = await idsOf(`/v1/budgets?jobId=${jobId('fence')}`);
  found.wages = (await Promise.all(EVERYBODY.map((name) => idsOf(`/v1/wage-records?workerId=${workerId(name)}`)))).flat();
}, 90_000);
afterAll(() => bench.stop());

const ask = (path: string, role: Role) => {
  const [address = '', rawQuery = ''] = path.split('?');
  return bench.api.call('GET', address, { rawQuery, tokenId: callers[role] });
};

/** Every address that can be read, from the table of routes; whatever needs ids has some here or in the bonus layer's own list. */
function addresses(): readonly string[] {
  return routes
    .filter(({ method, access }) => method === 'GET' && access.tenant === 'token')
    .flatMap(({ path, query }) => {
      const own = PATHS[path]?.() ?? READS[path]?.(world) ?? (path.includes('{') ? [] : [path]);
      const [first] = own;
      // As a table it is made of the same rows; a statement tells wages by a toggle of its own.
      if (!('format' in query) || first === undefined || path.startsWith('/v1/statements')) return own;
      return [...own, `${first}${first.includes('?') ? '&' : '?'}format=csv`];
    });
}

/** What gives a property away: its names in an answer, and the values that the world above has nowhere else. */
interface Tell {
  readonly names: readonly string[];
  readonly values: readonly string[];
}
const WAGES: Tell = {
  names: ['wage', 'actualCost', 'blendedWage', 'reworkCost', 'rateE4', 'wageEffectiveFrom', 'burdenBp'],
  values: ['27.31', '28.42', '29.53', '31.47', '273100', '284200', '295300', '314700'],
};
const BUDGETS: Tell = {
  names: ['budget', 'budgetSeconds', 'budgetAmount', 'savedSeconds', 'availableSeconds', 'adjustment', 'settingModification'],
  values: ['349200', '219600', '298800'],
};
const CONTACT: Tell = { names: [], values: ['@contact.example', '303 555 77'] };
const EXCLUDED: Tell = { names: ['excludedBy'], values: ['our own yard'] };

const BONUSES: Tell = {
  names: ['savings', 'workerShare', 'payouts', 'pools', 'companyKeeps', 'availableBonus', 'approvedBonus', 'averageBonus'],
  values: [],
};
const STATEMENTS: Tell = { names: ['payable', 'netBalance', 'deductions', 'rolloverIn', 'rolloverOut', 'releaseOn'], values: [] };

/** On statements wages have a toggle of their own (M-146), and a worker's own line says how it came about (B-141). */
const ON_STATEMENTS = new Set(['lines', 'wageFigures']);
/** Names by which settings and switches speak of the properties, not of anybody's. */
const SPEAKS_OF = /^\/v1\/(settings|me|openapi|disqualifiers|penalties|bonus-pools)/;

/** Where an answer holds what gives the property away, outside of what is the caller's own. */
function tells(told: unknown, tell: Tell, own: string | null, path = ''): readonly string[] {
  if (typeof told === 'string' || typeof told === 'number')
    return tell.values.some((value) => String(told).includes(value)) ? [`${path} = ${told}`] : [];
  if (Array.isArray(told)) return told.flatMap((one, at) => tells(one, tell, own, `${path}/${at}`));
  if (typeof told !== 'object' || told === null) return [];
  if (own !== null && 'id' in told && told.id === own) return [];
  if (own !== null && 'workerId' in told && told.workerId === own) return [];
  return Object.entries(told).flatMap(([name, value]) => {
    // A report that counted nothing says so with zeros.
    if (value === null || value === '0.00' || ON_STATEMENTS.has(name)) return [];
    if (tell.names.includes(name)) return [`${path}/${name}`];
    return tells(value, tell, own, `${path}/${name}`);
  });
}

interface Told {
  readonly path: string;
  readonly body: unknown;
}

/** Everything that a role is answered. */
async function everythingTold(role: Role): Promise<readonly Told[]> {
  const answers = await Promise.all(addresses().map(async (path) => ({ path, ...(await ask(path, role)) })));
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  return answers.filter(({ path, status }) => status === 200 && !SPEAKS_OF.test(path));
}

/** Where it gives a property away, outside of what is the caller's own. */
function leaksOf(told: readonly Told[], tell: Tell, own: string | null): readonly string[] {
  return told.flatMap(({ path, body }) => {
    // A worker's own path is the caller's own.
    if (own !== null && path.includes(own)) return [];
    const cells = typeof body === 'string' ? rowsOf(body, own) : body;
    return tells(cells, tell, own).map((where) => `${path} ${where}`);
  });
}

/** The rows of a table, under the names of their columns. */
function rowsOf(text: string, own: string | null): readonly unknown[] {
  const [head = '', ...rows] = String(text)
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'));
  const names = head.split(',');
  return rows
    .filter((row) => own === null || !row.includes(own))
    .map((row) => Object.fromEntries(row.split(',').map((cell, at) => [names[at] ?? String(at), cell === '' ? null : cell])));
}

const { standard } = VISIBILITY_PRESETS;
const OWN: Readonly<Partial<Record<Role, string>>> = { crew_lead: workerId('lea'), worker: workerId('ann') };

/** Role, toggle, what it hides. */
const TOGGLED = [
  ['manager', 'wages', WAGES],
  ['manager', 'budgets', BUDGETS],
  ['manager', 'bonuses', BONUSES],
  ['manager', 'statements', STATEMENTS],
  ['crew_lead', 'budgets', BUDGETS],
  ['crew_lead', 'excluded', EXCLUDED],
  ['worker', 'budgets', BUDGETS],
  ['worker', 'excluded', EXCLUDED],
] as const satisfies readonly (readonly [keyof Visibility, string, Tell])[];

/** What a role is told with one toggle of it set. */
async function withToggle(role: keyof Visibility, toggle: string, on: boolean): Promise<readonly Told[]> {
  const visibility = { ...standard, [role]: { ...standard[role], [toggle]: on } };
  expect((await saveArea(bench, 'roles', { visibility })).status).toBe(200);
  const told = await everythingTold(role);
  await saveArea(bench, 'roles', { visibility: standard });
  return told;
}

describe('what a role may not see is left out of every answer (M-145, M-146)', () => {
  it.each(TOGGLED)(
    '%s without %s',
    async (role, toggle, tell) => {
      expect(leaksOf(await withToggle(role, toggle, false), tell, OWN[role] ?? null)).toEqual([]);
    },
    60_000,
  );

  it.each([
    ['manager', 'wages', WAGES],
    ['worker', 'budgets', BUDGETS],
  ] as const)(
    '%s with %s is told them',
    async (role, toggle, tell) => {
      expect(leaksOf(await withToggle(role, toggle, true), tell, OWN[role] ?? null).length).toBeGreaterThan(0);
    },
    60_000,
  );

  it('the fixed cells hold whatever the toggles', async () => {
    await saveArea(bench, 'roles', { preset: 'open' });
    for (const [role, fixed] of [
      ['crew_lead', [WAGES, CONTACT]],
      ['worker', [WAGES, CONTACT]],
      ['auditor', [CONTACT]],
    ] as const) {
      const told = await everythingTold(role);
      for (const tell of fixed) expect([role, leaksOf(told, tell, OWN[role] ?? null)]).toEqual([role, []]);
    }
    await saveArea(bench, 'roles', { visibility: standard });
  }, 60_000);

  it('an admin is told all of it: what is looked for is there to be found', async () => {
    const told = await everythingTold('admin');
    for (const tell of [WAGES, BUDGETS, BONUSES, STATEMENTS, CONTACT, EXCLUDED])
      expect(leaksOf(told, tell, null).length).toBeGreaterThan(2);
  }, 60_000);
});
