import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '#model/people.ts';
import { VISIBILITY_PRESETS } from '#model/visibility.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf } from '#test/support/bonus-world.ts';
import { type PermissionWorld, type Side, seedPermissionWorld } from '#test/support/permission-world.ts';
import { saveArea } from '#test/support/propay-desk.ts';

/** A cell of M-145: A, S, C, O or R, or `-`; with a setting behind it, `on` or `off` by default. */
type Cell = 'A' | 'S' | 'C' | 'O' | 'R' | '-' | 'S on' | 'S off' | 'C on' | 'O on' | 'O off';

/** One request of a row; it changes nothing, even where it is allowed. */
interface Probe {
  readonly method?: string;
  path(world: PermissionWorld, role: Role, side: Side): string;
  readonly body?: object | ((world: PermissionWorld, role: Role, side: Side) => object);
  readonly headers?: (world: PermissionWorld) => Readonly<Record<string, string>>;
  /** Of what may be seen, the property that the row is about; absent: the whole answer is. */
  readonly property?: string;
  /** The same whatever is asked for: there is no other side of it. */
  readonly whole?: true;
}

interface Row {
  readonly action: string;
  /** Owner, admin, manager, crew lead, worker, auditor. */
  readonly cells: readonly [Cell, Cell, Cell, Cell, Cell, Cell];
  readonly probes: readonly Probe[];
  /** Turns the cells' settings round. */
  readonly setting?: Setting;
}
type Setting = (on: boolean) => Promise<unknown>;

let bench: BonusBench;
let world: PermissionWorld;
beforeAll(async () => {
  bench = await startBonusBench();
  world = await seedPermissionWorld(bench);
}, 90_000);
afterAll(() => bench.stop());

const get = (path: Probe['path'], more: Partial<Probe> = {}): Probe => ({ path, ...more });
const whole = (path: string, more: Partial<Probe> = {}): Probe => ({ path: () => path, whole: true, ...more });
/** With a tag that nothing has: whoever may do it is told so (412), and nothing changes. */
const stale = (method: string, path: Probe['path'], body?: Probe['body']): Probe => ({
  method,
  path,
  ...(body === undefined ? {} : { body }),
  headers: () => ({ 'if-match': '"r9999"' }),
});
const post = (path: Probe['path'], body: Probe['body'] = {}): Probe => ({ method: 'POST', path, body });
/** Refused for its body once the role has been let through; only for rights that no record decides on. */
const invalid = (method: string, path: string): Probe => ({
  ...whole(path),
  method,
  body: { nonsense: true },
  headers: () => ({ 'if-match': '"r9999"' }),
});

const toggles =
  (role: 'manager' | 'crew_lead' | 'worker', toggle: string): Setting =>
  (on) => {
    const { standard } = VISIBILITY_PRESETS;
    return saveArea(bench, 'roles', { visibility: { ...standard, [role]: { ...standard[role], [toggle]: on } } });
  };
const managersMay =
  (key: string): Setting =>
  (on) =>
    saveArea(bench, 'people', { [key]: on });

const connection = 'acme1.1';
const NOBODY = '01JNOBODY00000000000000000';
const ROWS: readonly Row[] = [
  {
    action: 'See connection state, sync timestamp, cycle',
    cells: ['A', 'A', 'R', 'R', 'R', 'R'],
    probes: [
      whole('/v1/connections'),
      whole(`/v1/connections/${connection}`),
      whole(`/v1/connections/${connection}/sync-status`),
    ],
  },
  {
    action: 'See run history, exceptions, quarantine, holds',
    cells: ['A', 'A', 'S', '-', '-', 'R'],
    probes: ['runs', 'quarantine', 'parked', 'held-deletes'].map((list) => whole(`/v1/connections/${connection}/${list}`)),
  },
  {
    action: 'Connect, disconnect, reconnect, credentials; maps and lists',
    cells: ['A', 'A', '-', '-', '-', '-'],
    probes: [
      invalid('POST', '/v1/connections'),
      invalid('PATCH', `/v1/connections/${connection}`),
      invalid('POST', `/v1/connections/${connection}/reconnect`),
      { ...whole(`/v1/connections/${connection}`), method: 'DELETE', headers: () => ({ 'if-match': '"r9999"' }) },
    ],
  },
  {
    action: 'Manual resync; file upload; confirm or discard a hold; confirm links and aliases',
    cells: ['A', 'A', '-', '-', '-', '-'],
    probes: [
      invalid('POST', `/v1/connections/${connection}/resyncs`),
      invalid('POST', `/v1/connections/${connection}/uploads`),
      invalid('POST', `/v1/connections/${connection}/held-deletes/${NOBODY}/confirm`),
      invalid('POST', '/v1/links'),
    ],
  },
  {
    action: 'See jobs, milestones, people’s name, role and state',
    cells: ['A', 'A', 'S', 'C', 'O', 'R'],
    probes: [
      get(({ job }, _role, side) => `/v1/jobs/${job[side]}`),
      get(({ visit }, _role, side) => `/v1/milestones/${visit[side]}`),
    ],
  },
  {
    action: 'See people’s e-mail and phone',
    cells: ['A', 'A', 'S', '-', 'O', '-'],
    probes: [get(({ worker }, _role, side) => `/v1/workers/${worker[side]}`, { property: 'email' })],
  },
  ...(
    [
      ['manager', ['A', 'A', 'S on', '-', '-', 'R']],
      ['crew_lead', ['A', 'A', 'S', 'C on', '-', 'R']],
      ['worker', ['A', 'A', 'S', 'C', 'O off', 'R']],
    ] as const
  ).map(
    ([role, cells]): Row => ({
      action: `See budgets (${role})`,
      // The other settings are as they are from the start.
      cells: cells.map((cell, at) => (at === 3 && cell === '-' ? 'C' : cell)) as unknown as Row['cells'],
      probes: [get(({ job }, _role, side) => `/v1/jobs/${job[side]}`, { property: 'budget' })],
      setting: toggles(role, 'budgets'),
    }),
  ),
  {
    action: 'See wages',
    cells: ['A', 'A', 'S off', '-', 'O', 'R'],
    probes: [get(({ worker }, _role, side) => `/v1/workers/${worker[side]}`, { property: 'wage' })],
    setting: toggles('manager', 'wages'),
  },
  {
    action: 'See ProPays and bonuses (manager)',
    cells: ['A', 'A', 'S on', 'C', 'O', 'R'],
    probes: [
      get(({ proPay }, _role, side) => `/v1/propays/${proPay[side]}`),
      get(({ proPay }, _role, side) => `/v1/propays/${proPay[side]}/explain`),
    ],
    setting: toggles('manager', 'bonuses'),
  },
  {
    action: 'See statements',
    cells: ['A', 'A', 'S on', 'O', 'O', 'R'],
    probes: [
      get((at, role, side) => `/v1/statements/${at.statement(role, side)}`),
      get((at, role, side) => `/v1/line-items/${at.lineItem(role, side)}`),
    ],
    setting: toggles('manager', 'statements'),
  },
  ...(['crew_lead', 'worker'] as const).map(
    (role): Row => ({
      action: `See excluded jobs with reason (${role})`,
      cells: ['A', 'A', 'S', role === 'crew_lead' ? 'C on' : 'C', role === 'worker' ? 'O on' : 'O', 'R'],
      probes: [get(({ excludedJob }, _role, side) => `/v1/jobs/${excludedJob[side]}`, { property: 'excludedBy' })],
      setting: toggles(role, 'excluded'),
    }),
  ),
  { action: 'See exclusion rules', cells: ['A', 'A', 'R', '-', '-', 'R'], probes: [whole('/v1/exclusion-rules')] },
  {
    action: 'Edit wages',
    cells: ['A', 'A', 'S off', '-', '-', '-'],
    probes: [
      stale('PUT', ({ worker }, _role, side) => `/v1/workers/${worker[side]}/overrides/wage`, {
        wage: '26.00',
        effectiveFrom: '2026-03-01',
      }),
      // Keep or clear an override: as for setting it.
      stale('DELETE', ({ worker }, _role, side) => `/v1/workers/${worker[side]}/overrides/wage`),
    ],
    setting: managersMay('managersEditWages'),
  },
  {
    action: 'Mark statements paid',
    cells: ['A', 'A', 'S off', '-', '-', '-'],
    // Its period is still open, which asks to be accepted.
    probes: [post((at, role, side) => `/v1/statements/${at.statement(role, side)}/pay`, { payDate: '2026-03-10' })],
    setting: managersMay('managersPayStatements'),
  },
  {
    action: 'Create payroll export batches',
    cells: ['A', 'A', 'S off', '-', '-', '-'],
    probes: [
      post(
        () => '/v1/exports',
        (at, role, side) => ({ target: 'generic', statementIds: [at.statement(role, side)] }),
      ),
    ],
    setting: managersMay('managersExportPayroll'),
  },
  {
    action: 'Change roles',
    cells: ['A', 'A', 'S', '-', '-', '-'],
    probes: [
      stale('PUT', ({ worker }, _role, side) => `/v1/workers/${worker[side]}/overrides/role`, { value: 'crew_lead' }),
      stale('PATCH', ({ user }, _role, side) => `/v1/users/${user[side]}`, { role: 'crew_lead' }),
    ],
  },
  {
    action: 'Invite, resend, cancel an invitation',
    cells: ['A', 'A', 'S', '-', '-', '-'],
    probes: [
      // The e-mail of the owner: who may invite is told that they are a user.
      post(
        () => '/v1/users',
        (_at, _role, side) => ({
          ...{ email: 'owner@acme.example', name: 'Twice', role: 'worker', workerId: null },
          scope: { branchIds: [idOf('branch', side === 'in' ? 'b1' : 'b2')] },
        }),
      ),
      // They have accepted: there is nothing to resend.
      post(({ user }, _role, side) => `/v1/users/${user[side]}/resend`),
    ],
  },
  {
    action: 'Deactivate, archive, reactivate; remove-bonus, restrict-access, payroll id; end sessions, remove a login',
    cells: ['A', 'A', '-', '-', '-', '-'],
    probes: [
      stale('PUT', ({ worker }, _role, side) => `/v1/workers/${worker[side]}/overrides/active`, { value: 'archived' }),
      { ...stale('PUT', ({ worker }, _role, side) => `/v1/workers/${worker[side]}/settings`), body: { removeBonus: 'no' } },
      post(() => `/v1/users/invited/end-sessions`, { nonsense: true }),
    ],
  },
  {
    action: 'Assign job manager; add missing budget; exclude or include one job by hand',
    cells: ['A', 'A', 'S', '-', '-', '-'],
    probes: [
      // Excluded it is already.
      {
        method: 'PUT',
        path: ({ excludedJob }, _role, side) => `/v1/jobs/${excludedJob[side]}/exclusion`,
        body: { reason: 'our own yard' },
      },
      stale('DELETE', ({ job }, _role, side) => `/v1/jobs/${job[side]}/overrides/manager`),
      stale('DELETE', ({ job }, _role, side) => `/v1/jobs/${job[side]}/overrides/budget`),
    ],
  },
  {
    action: 'Create, edit, approve, cancel a ProPay; manual bonus or deduction; hold',
    cells: ['A', 'A', 'S', '-', '-', '-'],
    probes: [
      stale('PATCH', ({ proPay }, _role, side) => `/v1/propays/${proPay[side]}`, { title: 'x' }),
      post(({ proPay }, _role, side) => `/v1/propays/${proPay[side]}/approve`, { inputsVersion: 'other' }),
      post(
        () => '/v1/propays',
        ({ job }, _role, side) => ({ jobId: job[side] }),
      ),
      post((at, role, side) => `/v1/line-items/${at.lineItem(role, side)}/extend`, { releaseOn: '2020-01-01' }),
    ],
  },
  {
    action: 'Delete a ProPay',
    cells: ['A', 'A', '-', '-', '-', '-'],
    probes: [stale('DELETE', ({ proPay }, _role, side) => `/v1/propays/${proPay[side]}`)],
  },
  {
    action: 'Update progress',
    cells: ['A', 'A', 'S', 'C', 'O', '-'],
    probes: [
      { method: 'PUT', path: ({ visit }, _role, side) => `/v1/milestones/${visit[side]}/progress`, body: { progressBp: 4_000 } },
    ],
  },
  {
    action: 'Local divisions and assignment rules; exclusion rules; launch date; program scopes; pools, definitions, templates',
    cells: ['A', 'A', '-', '-', '-', '-'],
    probes: [
      ...['divisions', 'exclusion-rules', 'bonus-pools', 'disqualifiers', 'penalties', 'pro-goal-templates'].map((list) =>
        invalid('POST', `/v1/${list}`),
      ),
      invalid('PUT', '/v1/settings/propay'),
    ],
  },
  {
    action: 'Reports',
    cells: ['A', 'A', 'S', '-', '-', 'R'],
    probes: [whole('/v1/reports/efficiency'), whole('/v1/reports/people')],
  },
  {
    action: 'See settings; those about security',
    cells: ['A', 'A', 'R', '-', '-', 'R'],
    probes: [whole('/v1/settings'), whole('/v1/settings/bonus'), whole('/v1/bonus-pools')],
  },
  { action: 'See settings about security', cells: ['A', 'A', '-', '-', '-', 'R'], probes: [whole('/v1/settings/roles')] },
  {
    action: 'Change settings, role visibility, webhooks, API tokens; view as user',
    cells: ['A', 'A', '-', '-', '-', '-'],
    probes: [
      invalid('PUT', '/v1/settings/bonus'),
      invalid('PUT', '/v1/settings/roles'),
      invalid('POST', '/v1/webhooks'),
      invalid('POST', '/v1/api-tokens'),
      whole('/v1/me', { headers: ({ user }) => ({ 'view-as': user.in }) }),
    ],
  },
  { action: 'See and export the audit log', cells: ['A', 'A', '-', '-', '-', 'R'], probes: [whole('/v1/audit')] },
  {
    action: 'Transfer ownership',
    cells: ['A', '-', '-', '-', '-', '-'],
    // Nobody but an admin can be offered it.
    probes: [post(({ user }, _role, side) => `/v1/users/${user[side]}/transfer-ownership`)],
  },
  { action: 'Own profile', cells: ['O', 'O', 'O', 'O', 'O', 'O'], probes: [whole('/v1/me')] },
];

let count = 0;
/** What comes of a probe: let through, told that it is forbidden, or told that nothing is there. */
async function asked(probe: Probe, role: Role, side: Side): Promise<'allowed' | 403 | 404 | 'hidden'> {
  const { method = 'GET', body, headers, property } = probe;
  const path = probe.path(world, role, side);
  const answer = await bench.api.call(method, path, {
    ...world.callers[role],
    ...(body === undefined ? {} : { body: typeof body === 'function' ? body(world, role, side) : body }),
    headers: { ...(method === 'POST' ? { 'idempotency-key': `matrix-${++count}` } : {}), ...headers?.(world) },
  });
  const { status } = answer;
  if (status === 403 || status === 404) return status;
  expect([path, status < 500 && status !== 401 && status !== 405]).toEqual([path, true]);
  if (property === undefined) return 'allowed';
  const told = (answer.body as Readonly<Record<string, unknown>>)[property];
  return told === undefined || told === null ? 'hidden' : 'allowed';
}

const REFUSED = [403, 404, 'hidden'];

/** What a cell says of one side, with its setting as it stands. */
function expected(cell: Cell, side: Side, on: boolean): 'allowed' | 'refused' {
  const [reach = '-', setting] = cell.split(' ');
  if (reach === '-' || (setting !== undefined && !on)) return 'refused';
  return reach === 'A' || reach === 'R' || side === 'in' ? 'allowed' : 'refused';
}

async function walk({ action, cells, probes }: Row, on: boolean | null): Promise<void> {
  for (const [at, role] of ROLES.entries())
    for (const [n, probe] of probes.entries())
      for (const side of probe.whole ? (['in'] as const) : (['in', 'out'] as const)) {
        const cell = cells[at]!;
        const wanted = expected(cell, side, on ?? cell.endsWith('on'));
        const came = await asked(probe, role, side);
        const told = REFUSED.includes(came) ? 'refused' : came;
        expect([action, n, role, side, on, told, came]).toEqual([action, n, role, side, on, wanted, came]);
      }
}

describe('the permission matrix (M-145), cell by cell', () => {
  it.each(ROWS.map((row) => [row.action, row] as const))(
    '%s',
    async (_action, row) => {
      await walk(row, null);
      if (row.setting === undefined) return;
      const standsOn = row.cells.some((cell) => cell.endsWith('on'));
      await row.setting(!standsOn);
      await walk(row, !standsOn);
      await row.setting(standsOn);
      await walk(row, standsOn);
    },
    60_000,
  );

  it('Acknowledge or dispute own statement', async () => {
    const acknowledge = post((at, role, side) => `/v1/statements/${at.statement(role, side)}/acknowledge`);
    for (const role of ROLES) {
      const isOwn = role === 'worker' || role === 'crew_lead';
      const came = [await asked(acknowledge, role, 'in'), await asked(acknowledge, role, 'out')];
      expect([role, came.map((one) => one === 'allowed')]).toEqual([role, [isOwn, false]]);
    }
  });

  it('an auditor changes nothing anywhere: every probe that writes is refused', async () => {
    for (const { probes } of ROWS)
      for (const probe of probes.filter(({ method }) => method !== undefined && method !== 'GET'))
        expect([probe.path(world, 'auditor', 'in'), await asked(probe, 'auditor', 'in')]).toEqual([
          probe.path(world, 'auditor', 'in'),
          403,
        ]);
  }, 60_000);

  it('what a role cannot see answers 404, what it may not do with what it sees 403', async () => {
    const { job, proPay, worker } = world;
    const as = async (role: Role, method: string, path: string, body?: object) =>
      (
        await bench.api.call(method, path, {
          ...world.callers[role],
          ...(body === undefined ? {} : { body }),
          headers: { 'if-match': '"r9999"' },
        })
      ).status;
    for (const role of ['manager', 'crew_lead', 'worker'] as const)
      for (const path of [`/v1/jobs/${job.out}`, `/v1/propays/${proPay.out}`, `/v1/workers/${worker.out}`])
        expect([role, path, await as(role, 'GET', path)]).toEqual([role, path, 404]);
    expect(await as('manager', 'PATCH', `/v1/propays/${proPay.out}`, { title: 'x' })).toBe(404);
    expect(await as('manager', 'DELETE', `/v1/propays/${proPay.in}`)).toBe(403);
    expect(await as('worker', 'PATCH', `/v1/propays/${proPay.in}`, { title: 'x' })).toBe(403);
    for (const role of ROLES) expect([role, await as(role, 'PATCH', `/v1/jobs/${job.in}`, {})]).toEqual([role, 405]);
  });
});
