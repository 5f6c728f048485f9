import { expect } from 'vitest';
import type { CallOptions } from './api.ts';
import type { BonusBench } from './bonus-bench.ts';
import { workerId } from './bonus-world.ts';

export interface Item {
  readonly id: string;
  readonly workerId: string;
  readonly type: string;
  readonly amount: string;
  readonly status: string;
  readonly releaseOn: string;
  readonly statementId: string | null;
  readonly events: readonly { readonly type: string; readonly [field: string]: unknown }[];
  readonly replaces: string | null;
  readonly [field: string]: unknown;
}
export interface Statement {
  readonly id: string;
  readonly reference: string | null;
  readonly status: string;
  readonly items: readonly Item[];
  readonly upcomingItems: readonly Item[];
  readonly payable: string;
  readonly rolloverIn: string;
  readonly rolloverOut: string;
  readonly [field: string]: unknown;
}
/** An answer of a command: the thing, or the problem. */
export interface Body extends Statement {
  readonly code?: string;
  readonly lineItems: readonly Item[];
  readonly accepted: readonly string[];
  readonly refused: readonly { readonly id: string; readonly problem: { readonly code: string } }[];
}

export const DAY = 86_400;

/** How people handle pay over the API, each command under a key of its own unless one is given. */
export function payCalls(bench: BonusBench) {
  let keys = 0;
  const post = (path: string, body: object = {}, options: CallOptions & { key?: string } = {}) => {
    const { key = `call-${++keys}`, ...rest } = options;
    return bench.api.call<Body>('POST', path, { ...rest, body, headers: { 'idempotency-key': key } });
  };
  const get = (path: string, query: Record<string, string> = {}, options: CallOptions = {}) =>
    bench.api.call<Body>('GET', path, { ...options, query });
  return {
    post,
    get,
    /** Approves a ProPay as it stands and lets the stream follow. */
    approve: async (propayId: string, body: object = {}): Promise<readonly Item[]> => {
      const { inputsVersion } = (await get(`/v1/propays/${propayId}`)).body;
      const answer = await post(`/v1/propays/${propayId}/approve`, { inputsVersion, ...body });
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      await bench.settle();
      return answer.body.lineItems;
    },
    statement: async (id: string, options: CallOptions = {}) =>
      (await get(`/v1/statements/${id}`, {}, options)).body as Statement,
    item: async (id: string) => (await get(`/v1/line-items/${id}`)).body as unknown as Item,
    statusOf: async (propayId: string) => (await get(`/v1/propays/${propayId}`)).body.status,
  };
}

/** The id of a worker's statement of the tenant's calendar. */
export const statementOf = (worker: string, startDate = '2026-03-09'): string => `${workerId(worker)}.tenant.${startDate}`;
