import type { Role } from '#model/people.ts';
import { firstProPayId } from '#model/propay-item.ts';
import { NO_SCOPE } from './api.ts';
import { BLANK_WORKER } from './blank-records.ts';
import type { BonusBench } from './bonus-bench.ts';
import { idOf, jobId, putBranch, putBudget, putJob, putTime, putVisit, putWorker, visitId, workerId } from './bonus-world.ts';
import { GENERIC } from './export-world.ts';
import { putRoute } from './group-world.ts';
import { openPeopleDesk, type PeopleDesk } from './people-desk.ts';
import { saveArea } from './propay-desk.ts';

/** Inside of what the caller may reach, or outside of it. */
export type Side = 'in' | 'out';

/** Two branches with the same in each: what lies in b1 is in scope of the manager, of lead Lea and of worker Ann; what lies in b2 is in nobody's. */
export interface PermissionWorld {
  readonly desk: PeopleDesk;
  readonly callers: Readonly<Record<Role, { readonly tokenId: string }>>;
  readonly job: Ids;
  /** With a ProPay that is Active, and no statement. */
  readonly proPay: Ids;
  readonly visit: Ids;
  readonly excludedJob: Ids;
  /** Of whom the caller sees wage and statement: Ann, who is not the lead's. */
  readonly worker: Ids;
  /** Somebody's statement: of the caller where they have one of their own. */
  statement(role: Role, side: Side): string;
  /** A line item that is the caller's own, or somebody else's. */
  lineItem(role: Role, side: Side): string;
  readonly user: Ids;
}
export type Ids = Readonly<Record<Side, string>>;

const DONE = { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' } as const;
let keys = 0;

/** Makes the world, with a token for each role. */
export async function seedPermissionWorld(bench: BonusBench): Promise<PermissionWorld> {
  const { grant, call } = bench.api;
  const desk = await openPeopleDesk(bench.api);
  await saveArea(bench, 'exports', { targets: GENERIC });
  for (const branch of ['b1', 'b2']) await putBranch(bench, branch);
  await putRoute(bench, 'north', { crewLeadId: workerId('lea'), memberIds: [workerId('ann'), workerId('lea')] });
  const people = { ann: 'b1', lea: 'b1', max: 'b1', dan: 'b2', lou: 'b2', moe: 'b2' };
  for (const [name, branch] of Object.entries(people)) {
    await putWorker(bench, name, 250_000);
    const contact = { email: `${name}@contact.example`, phone: null };
    await bench.put('worker', name, {
      ...BLANK_WORKER,
      displayName: `Worker ${name}`,
      branchId: idOf('branch', branch),
      ...contact,
    });
  }
  for (const [side, branch, crew, lead, boss] of [
    ['in', 'b1', 'ann', 'lea', 'max'],
    ['out', 'b2', 'dan', 'lou', 'moe'],
  ] as const) {
    const place = {
      branchId: idOf('branch', branch),
      routeId: side === 'in' ? idOf('route', 'north') : null,
      crewLeadId: workerId(lead),
      managerId: workerId(boss),
    };
    for (const job of ['open', 'paid']) {
      await putJob(bench, `${job}-${side}`, { ...place, ...DONE });
      await putBudget(bench, `${job}-${side}`, null, 90);
      await putTime(bench, { id: `${job}-${side}`, worker: crew, job: `${job}-${side}`, hours: 8 });
    }
    await putJob(bench, `yard-${side}`, place);
    await putJob(bench, `lawn-${side}`, { ...place, recurring: true });
    await putVisit(bench, `lawn-${side}`, `visit-${side}`, {
      routeId: place.routeId,
      crewLeadId: workerId(lead),
      status: 'in_progress',
    });
    await putBudget(bench, `lawn-${side}`, `visit-${side}`, 9);
    for (const id of ['lawn', 'yard'])
      await putTime(bench, {
        id: `${id}-${side}`,
        worker: crew,
        job: `${id}-${side}`,
        visit: id === 'lawn' ? `visit-${side}` : null,
        hours: 3,
      });
  }
  await bench.settle();
  const act = async (method: string, path: string, body: object) => {
    const { status, body: answer } = await call<{ inputsVersion: string }>(method, path, {
      body,
      headers: { 'idempotency-key': `permission-${++keys}` },
    });
    if (status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  };
  for (const side of ['in', 'out'] as const) {
    const path = `/v1/propays/${proPayOf(`paid-${side}`)}`;
    const { inputsVersion } = (await call<{ inputsVersion: string }>('GET', path)).body;
    await act('POST', `${path}/approve`, { inputsVersion });
    await act('PUT', `/v1/jobs/${jobId(`yard-${side}`)}/exclusion`, { reason: 'our own yard' });
  }
  await bench.settle();
  const itemsOf = async (path: string) =>
    (await call<{ items: readonly { readonly id: string; readonly workerId: string }[] }>('GET', path)).body.items;
  const [statements, items] = [await itemsOf('/v1/statements'), await itemsOf('/v1/line-items')];
  const ownOf: Readonly<Partial<Record<Role, string>>> = { worker: 'ann', crew_lead: 'lea' };
  const payOf = (rows: typeof statements) => (role: Role, side: Side) => {
    const wanted = side === 'out' ? 'dan' : (ownOf[role] ?? 'ann');
    const found = rows.find((row) => row.workerId === workerId(wanted));
    if (found === undefined) throw new Error(`${wanted} has no pay`);
    return found.id;
  };
  const of = (id: (side: Side) => string): Ids => ({ in: id('in'), out: id('out') });
  const b1 = { ...NO_SCOPE, branchIds: [idOf('branch', 'b1')] };
  const as = async (role: Role, options = {}) => ({ tokenId: await grant(role, options) });
  return {
    desk,
    callers: {
      owner: await as('owner'),
      admin: await as('admin'),
      manager: await as('manager', { scope: b1 }),
      crew_lead: await as('crew_lead', { workerId: workerId('lea') }),
      worker: await as('worker', { workerId: workerId('ann') }),
      auditor: await as('auditor'),
    },
    job: of((side) => jobId(`open-${side}`)),
    proPay: of((side) => proPayOf(`open-${side}`)),
    visit: of((side) => visitId(`visit-${side}`)),
    excludedJob: of((side) => jobId(`yard-${side}`)),
    worker: of((side) => workerId(side === 'in' ? 'ann' : 'dan')),
    statement: payOf(statements),
    lineItem: payOf(items),
    user: {
      in: await desk.join({ role: 'worker', scope: { branchIds: b1.branchIds } }),
      out: await desk.join({ role: 'worker', scope: { branchIds: [idOf('branch', 'b2')] } }),
    },
  };
}

const proPayOf = (job: string): string => firstProPayId({ jobId: jobId(job), milestoneId: null });
