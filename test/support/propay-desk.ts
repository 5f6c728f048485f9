import { firstProPayId } from '#model/propay-item.ts';
import type { Answer, CallOptions } from './api.ts';
import type { BonusBench } from './bonus-bench.ts';
import { jobId } from './bonus-world.ts';

/** A ProPay as the API shows it, as far as tests look at it. */
export interface ProPayView {
  readonly id: string;
  readonly status: string;
  readonly inputsVersion: string;
  readonly ready: boolean;
  readonly blockers: readonly { readonly code: string; readonly ids: readonly string[] }[];
  readonly warnings: readonly string[];
  readonly result: Record<string, unknown> & {
    readonly payouts?: readonly { readonly workerId: string; readonly role: string; readonly amount: string }[];
  };
  readonly lineItems: readonly {
    readonly id: string;
    readonly workerId: string;
    readonly amount: string;
    readonly role: string;
    readonly [field: string]: unknown;
  }[];
  readonly [field: string]: unknown;
}

let keys = 0;
const key = () => ({ 'idempotency-key': `desk-${++keys}` });

/** What people do with one ProPay over the API. */
export function proPayDesk(bench: BonusBench, id: string) {
  const path = `/v1/propays/${id}`;
  const get = async (options: CallOptions = {}): Promise<ProPayView> =>
    (await bench.api.call<ProPayView>('GET', path, options)).body;
  return {
    id,
    get,
    patch: async (body: object, options: CallOptions = {}): Promise<Answer<ProPayView>> => {
      const { headers } = await bench.api.call('GET', path);
      return bench.api.call('PATCH', path, { body, headers: { 'if-match': headers.etag! }, ...options });
    },
    post: (action: string, body: object = {}): Promise<Answer<ProPayView>> =>
      bench.api.call('POST', `${path}/${action}`, { body, headers: key() }),
    approve: async (body: object = {}): Promise<Answer<ProPayView>> =>
      bench.api.call('POST', `${path}/approve`, {
        body: { inputsVersion: (await get()).inputsVersion, ...body },
        headers: key(),
      }),
    explain: async (query: Record<string, string> = {}) =>
      (
        await bench.api.call<{
          nodes: { id: string; rule: string; value: unknown; outcome: string; inputs: Record<string, unknown>[] }[];
          workers: { workerId: string; role: string; amount: string; leaves: { id: string; entity: string; amount: string }[] }[];
        }>('GET', `${path}/explain`, { query })
      ).body,
  };
}

export type ProPayDesk = ReturnType<typeof proPayDesk>;

/** The desk of the first ProPay of a non-recurring job. */
export const deskOfJob = (bench: BonusBench, job: string): ProPayDesk =>
  proPayDesk(bench, firstProPayId({ jobId: jobId(job), milestoneId: null }));

/** Saves a settings area over the API, whatever its revision. */
export async function saveArea(bench: BonusBench, area: string, values: object): Promise<Answer> {
  const { headers } = await bench.api.call('GET', `/v1/settings/${area}`);
  return bench.api.call('PUT', `/v1/settings/${area}`, { body: { area, values }, headers: { 'if-match': headers.etag! } });
}
