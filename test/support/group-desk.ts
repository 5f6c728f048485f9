import { routeGroupId } from '#model/ids.ts';
import type { Answer, CallOptions } from './api.ts';
import type { BonusBench } from './bonus-bench.ts';
import { idOf } from './bonus-world.ts';
import { ANN, BOB, proPayOf } from './group-world.ts';

/** The parts of a group's answer that tests look at. */
export interface GroupView {
  readonly id: string;
  readonly reference: string;
  readonly status: string;
  readonly propayIds: string[];
  readonly inputsVersion: string;
  readonly ready: boolean;
  readonly blockers: { code: string; acceptable: boolean; ids: string[]; propayIds: string[] }[];
  readonly conflicts: { propayId: string; fields: string[] }[];
  readonly result: { savings: string; workerShare: string; penalty: string; payouts: { workerId: string; amount: string }[] };
  readonly members: { propayId: string; savings: string; payouts: { workerId: string; amount: string }[] }[];
  readonly lineItems: {
    id: string;
    workerId: string;
    role: string;
    amount: string;
    category: string;
    status: string;
    source: object;
  }[];
  readonly approval: { readonly total: string } | null;
  readonly sourceChange: { state: string; deltaSeconds: number; delta: string } | null;
}
/** What the sources of a group say now, and the items that a decision made. */
export interface GroupChanges {
  readonly groupId: string;
  readonly state: string | null;
  readonly inputsVersion: string;
  readonly deltaSeconds: number | null;
  readonly delta: string | null;
  readonly byWorker: { workerId: string; role: string; difference: string }[];
  readonly records: { entity: string; sourceId: string | null }[];
  readonly causes: string[];
  readonly lineItems: GroupView['lineItems'];
  readonly code: string;
}
type Told = GroupView & { readonly code: string };

/** Group of route `north` in the week of Monday 2026-03-02, and in the next. */
export const WEEK = routeGroupId(idOf('route', 'north'), 'week', '2026-03-02');
export const NEXT = routeGroupId(idOf('route', 'north'), 'week', '2026-03-09');

/** What people do with groups, over the API. */
export function groupDesk(bench: () => BonusBench) {
  let keys = 0;
  const key = () => ({ 'idempotency-key': `k${++keys}` });
  const call = <T = Told>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> =>
    bench().api.call<T>(method, path, options);
  const get = (id = WEEK, options: CallOptions = {}) => call('GET', `/v1/groups/${id}`, options);
  const tag = async (id = WEEK) => ({ 'if-match': (await get(id)).headers.etag! });
  return {
    key,
    call,
    get,
    tag,
    approve: async (body: object = {}, options: CallOptions = {}, id = WEEK) =>
      call('POST', `/v1/groups/${id}/approve`, {
        body: { inputsVersion: (await get(id)).body.inputsVersion, ...body },
        headers: key(),
        ...options,
      }),
    unapprove: (id = WEEK) =>
      call('POST', `/v1/groups/${id}/unapprove`, { body: { reason: 'hours are corrected' }, headers: key() }),
    patch: async (body: object, id = WEEK) => call('PATCH', `/v1/groups/${id}`, { body, headers: await tag(id) }),
    changes: async (options: CallOptions = {}) =>
      (await call<GroupChanges>('GET', `/v1/groups/${WEEK}/source-changes`, options)).body,
    decide: (verdict: 'accept' | 'dismiss', body: object, options: CallOptions = {}) =>
      call<GroupChanges>('POST', `/v1/groups/${WEEK}/source-changes/${verdict}`, {
        body: { reason: 'as measured', ...body },
        headers: key(),
        ...options,
      }),
    member: async (method: 'PUT' | 'DELETE', job: string, id = WEEK) =>
      call(method, `/v1/groups/${id}/members/${proPayOf(job)}`, { headers: await tag(id) }),
    proPay: async (job: string) =>
      (
        await call<{
          status: string;
          groupId: string | null;
          blockers: { code: string }[];
          inputsVersion: string;
          result: { savings: string };
          approval: { total: string } | null;
        }>('GET', `/v1/propays/${proPayOf(job)}`)
      ).body,
  };
}

/** Amounts by the name of the person. */
export function paid({ payouts }: { readonly payouts: readonly { readonly workerId: string; readonly amount: string }[] }) {
  const name = (workerId: string) => (workerId === ANN ? 'ann' : workerId === BOB ? 'bob' : workerId);
  return Object.fromEntries(payouts.map(({ workerId, amount }) => [name(workerId), amount]));
}
