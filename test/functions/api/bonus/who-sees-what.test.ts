import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableRoutes } from '#functions/api/routes.ts';
import { AREA_DEFAULTS } from '#model/tenant-context.ts';
import { type CallOptions, OTHER_TENANT } from '#test/support/api.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { workerId } from '#test/support/bonus-world.ts';
import { FENCE, READS, type SightWorld, seedSightWorld, sightCallers } from '#test/support/sight-world.ts';

type Callers = Awaited<ReturnType<typeof sightCallers>>;
type Caller = keyof Callers;

let bench: BonusBench;
let world: SightWorld;
let callers: Callers;
beforeAll(async () => {
  bench = await startBonusBench();
  world = await seedSightWorld(bench);
  callers = await sightCallers(bench);
}, 60_000);
afterAll(() => bench.stop());

/** Groups of routes that make up the bonus layer; what is said of goals' templates is no money of anybody. */
const BONUS_GROUPS = ['bonus', 'explanations', 'phases', 'changes', 'callbacks', 'groups', 'group-changes', 'pay', 'goals'];
const TEMPLATES = '/v1/pro-goal-templates';

/** What a caller may be told beside the own part. */
interface Allowed {
  readonly me: string | null;
  readonly money: boolean;
  readonly budgets: boolean;
  readonly wages: boolean;
}

const BUDGETS = [
  'budget',
  'budgetSeconds',
  'budgetAmount',
  'savedSeconds',
  'availableSeconds',
  'adjustment',
  'settingModification',
];
const WAGES = ['actualCost', 'blendedWage', 'reworkCost'];
const TOTALS = ['total', 'availableBonus', 'approvedBonus', 'delta', 'approvedSavings', 'recomputedSavings'];
/** What the worker's own statement says of a line it says by its own toggle (B-141, M-146). */
const ON_STATEMENTS = ['lines', 'wageFigures'];
const MONEY = /^-?\d+\.\d\d$/;

/** Everything in an answer that the caller may not be told, by where it stands. */
function leaksOf(told: unknown, allowed: Allowed, path = ''): string[] {
  if (Array.isArray(told)) return told.flatMap((one, at) => leaksOf(one, allowed, `${path}/${at}`));
  if (typeof told !== 'object' || told === null) return [];
  const { me, money, budgets, wages } = allowed;
  const someoneElse = 'workerId' in told && told.workerId !== null && told.workerId !== me;
  return Object.entries(told).flatMap(([name, value]) => {
    const here = `${path}/${name}`;
    if (value === null || ON_STATEMENTS.includes(name)) return [];
    if (!budgets && BUDGETS.includes(name)) return [here];
    if (!wages && WAGES.includes(name)) return [here];
    if (!money && TOTALS.includes(name) && path !== '/reserve') return [here];
    if (!money && name === 'nodes' && !path.includes('goal'))
      return ownNodesOnly(value as readonly { id: string }[], me) ? [] : [here];
    if (!money && name === 'lineItemIds')
      return (value as string[]).every((id) => me !== null && id.startsWith(`${me}.`)) ? [] : [here];
    if (!money && someoneElse && typeof value === 'string' && MONEY.test(value)) return [here];
    return leaksOf(value, allowed, here);
  });
}

/** Steps of a goal are each about one person; of everything else a limited caller is told none. */
const ownNodesOnly = (nodes: readonly { id: string }[], me: string | null) =>
  nodes.every(({ id }) => me !== null && id.endsWith(`:${me}`));

const ask = (path: string, options: CallOptions) => {
  const [address, query = ''] = path.split('?');
  return bench.api.call('GET', address!, { ...options, query: Object.fromEntries(new URLSearchParams(query)) as never });
};
const everyRead = () => Object.values(READS).flatMap((paths) => paths(world));

/** Asks everything as a caller: statuses by path, and what was told that should not have been. */
async function sweep(caller: Caller, allowed: Allowed) {
  const answers = await Promise.all(
    everyRead().map(async (path) => ({ path, ...(await ask(path, { tokenId: callers[caller] })) })),
  );
  const leaks = answers.flatMap(({ path, status, body }) =>
    status === 200 ? leaksOf(body, allowed).map((at) => `${path} ${at}`) : [],
  );
  const others = ['ann', 'bob', 'mo', 'lea', 'max'].filter((name) => name !== caller).map((name) => `Worker ${name}`);
  const names = answers.filter(({ response }) => others.some((name) => response.body?.includes(name))).map(({ path }) => path);
  const of = (wanted: number) => answers.filter(({ status }) => status === wanted).map(({ path }) => path);
  return { answers, leaks, names, seen: of(200), hidden: of(404), forbidden: of(403) };
}

const NOTHING = { money: false, budgets: false, wages: false };
const isOwn = (me: string) => (path: string) => !/line-items\/|statements\/|workers\//.test(path) || path.includes(me);

/** Sets toggles of roles for one test. */
async function withToggles(change: Partial<Record<string, object>>, test: () => Promise<void>): Promise<void> {
  const { visibility } = AREA_DEFAULTS.roles;
  const save = async (values: object) => {
    const { headers } = await bench.api.call('GET', '/v1/settings/roles');
    const body = { area: 'roles', values: { visibility: values } };
    const saved = await bench.api.call('PUT', '/v1/settings/roles', { body, headers: { 'if-match': headers.etag! } });
    expect(saved.status).toBe(200);
  };
  const roles = Object.keys(visibility) as (keyof typeof visibility)[];
  await save(Object.fromEntries(roles.map((role) => [role, { ...visibility[role], ...change[role] }])));
  try {
    await test();
  } finally {
    await save(visibility);
  }
}

describe('the reads of the bonus layer (M-143, M-145, M-146)', () => {
  it('are all in the table', () => {
    const routes = tableRoutes.filter(
      ({ method, group, path }) => method === 'GET' && BONUS_GROUPS.includes(group) && !path.startsWith(TEMPLATES),
    );
    expect(Object.keys(READS).sort()).toEqual([...new Set([...routes.map(({ path }) => path), '/v1/alerts'])].sort());
    for (const paths of Object.values(READS)) expect(paths(world).length).toBeGreaterThan(0);
  });

  it('tell an auditor everything, wages and everybody’s money among it', async () => {
    const { seen, answers } = await sweep('auditor', { me: null, money: true, budgets: true, wages: true });
    expect(seen).toEqual(everyRead());
    const limited = answers.map(({ path, body }) => [path, leaksOf(body, { me: null, ...NOTHING }).length > 0] as const);
    // What the sweep looks for is there to be found, wherever there is money.
    const empty = limited.filter(([, found]) => !found).map(([path]) => path);
    expect(empty).toEqual(expect.arrayContaining(['/v1/alerts']));
    expect(empty.filter((path) => !/alerts|pro-goals/.test(path))).toEqual([]);
  });

  it('tell a manager of the branch everything but wages', async () => {
    const { seen, leaks } = await sweep('manager', { me: null, money: true, budgets: true, wages: false });
    expect(leaks).toEqual([]);
    expect(seen).toEqual(everyRead());
  });

  it('tell the manager of another branch, who worked here once, the own part alone', async () => {
    const me = workerId('mo');
    const { seen, leaks, names, hidden, answers } = await sweep('mo', { me, ...NOTHING });
    expect([leaks, names]).toEqual([[], []]);
    expect(seen).toEqual(everyRead().filter(isOwn(me)));
    expect(hidden).toEqual(everyRead().filter((path) => !isOwn(me)(path)));
    const bodyOf = (wanted: string) => answers.find(({ path }) => path === wanted)!.body as Record<string, never>;
    const { result } = bodyOf(`/v1/propays/${FENCE}`) as unknown as { result: { payouts: readonly { workerId: string }[] } };
    expect(result.payouts.map((one) => one.workerId)).toEqual([me]);
    // Nothing there asks for somebody who has no say in it.
    expect(bodyOf('/v1/alerts')).toEqual({ items: [] });
    const body = { propayId: FENCE, overlay: { splitBp: 10_000 } };
    expect((await bench.api.call('POST', '/v1/propays/preview', { tokenId: callers.mo, body })).status).toBe(403);
  });

  it.each([
    ['ann', NOTHING],
    ['lea', { ...NOTHING, budgets: true }],
  ] as const)('tell %s of the crew the own part alone, and a lead the budgets', async (name, allowed) => {
    const me = workerId(name);
    const { seen, leaks, names } = await sweep(name, { me, ...allowed });
    expect([leaks, names]).toEqual([[], []]);
    const goals = /pro-goals\//;
    const mine = everyRead().filter(isOwn(me));
    // The lead takes no part in the goal.
    expect(seen).toEqual(name === 'lea' ? mine.filter((path) => !goals.test(path)) : mine);
    const body = { propayId: FENCE };
    expect((await bench.api.call('POST', '/v1/propays/preview', { tokenId: callers[name], body })).status).toBe(403);
  });

  it('tell the owner of another tenant nothing at all', async () => {
    for (const path of everyRead()) {
      const { status, body } = await ask(path, { tenant: OTHER_TENANT });
      if (status === 200) expect([path, body.items]).toEqual([path, []]);
      else expect([path, status]).toEqual([path, 404]);
    }
    const body = { propayId: FENCE };
    expect((await bench.api.call('POST', '/v1/propays/preview', { tenant: OTHER_TENANT, body })).status).toBe(404);
  });
});

describe('toggles of what a role sees (M-146)', () => {
  it('show a manager wages, and hide budgets, where the tenant says so', async () => {
    await withToggles({ manager: { wages: true, budgets: false } }, async () => {
      const { leaks, answers } = await sweep('manager', { me: null, money: true, budgets: false, wages: true });
      expect(leaks).toEqual([]);
      const { body } = answers.find(({ path }) => path === `/v1/propays/${FENCE}`)!;
      expect((body as { result: object }).result).toHaveProperty('actualCost');
    });
  });

  it('hide from a manager ProPays, groups, goals and rework without bonuses, and pay without statements', async () => {
    await withToggles({ manager: { bonuses: false } }, async () => {
      const { seen, answers } = await sweep('manager', { me: null, ...NOTHING });
      expect(seen.filter((path) => !/statements|line-items|alerts/.test(path) && path.split('/').length > 3)).toEqual([]);
      const lists = answers.filter(({ path }) => /^\/v1\/(propays|groups|callbacks|pro-goals)(\?|$)/.test(path));
      expect(lists.map(({ body }) => body.items)).toEqual(lists.map(() => []));
    });
    await withToggles({ manager: { statements: false } }, async () => {
      const { seen, answers } = await sweep('manager', { me: null, money: true, budgets: true, wages: false });
      expect(seen.filter((path) => /(statements|line-items)\//.test(path))).toEqual([]);
      const lists = answers.filter(({ path }) => /^\/v1\/(statements|line-items)(\?|$)/.test(path));
      expect(lists.map(({ body }) => body.items)).toEqual(lists.map(() => []));
    });
  });

  it('show budgets to workers, and hide them from leads, where the tenant says so', async () => {
    await withToggles({ worker: { budgets: true }, crew_lead: { budgets: false } }, async () => {
      const worker = await sweep('ann', { me: workerId('ann'), ...NOTHING, budgets: true });
      expect(worker.leaks).toEqual([]);
      expect(worker.answers.find(({ path }) => path === `/v1/propays/${FENCE}`)!.body).toHaveProperty('budget');
      expect((await sweep('lea', { me: workerId('lea'), ...NOTHING })).leaks).toEqual([]);
    });
  });
});
