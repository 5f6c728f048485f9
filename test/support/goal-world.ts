import type { Answer, CallOptions } from './api.ts';
import type { BonusBench } from './bonus-bench.ts';
import { idOf, workerId } from './bonus-world.ts';

/** A goal as the API answers it, as far as tests look at it. */
export interface GoalBody {
  readonly id: string;
  readonly status: string;
  readonly templateVersion: number;
  readonly period: { readonly startDate: string; readonly endDate: string };
  readonly inputsVersion: string | null;
  readonly ready: boolean;
  readonly blockers: readonly { readonly code: string; readonly acceptable: boolean; readonly ids: readonly string[] }[];
  readonly result: {
    readonly outcome: string;
    readonly missing: readonly string[];
    readonly participants: number;
    readonly total?: string;
  } | null;
  readonly lineItemIds: readonly string[];
  readonly lineItems?: readonly GoalItem[];
  readonly [member: string]: unknown;
}

export interface GoalItem {
  readonly id: string;
  readonly workerId: string;
  readonly amount: string;
  readonly status: string;
  readonly part: string;
  readonly releaseOn: string;
  readonly [member: string]: unknown;
}

export interface GoalValue {
  readonly workerId: string;
  readonly value: number | null;
  readonly tierIndex: number | null;
  readonly reward?: string;
  readonly [member: string]: unknown;
}

export interface ResultsBody {
  readonly values: readonly GoalValue[];
  readonly missing: readonly string[];
  readonly outcome: string | null;
  readonly otherWorkerIds: readonly string[];
  readonly [member: string]: unknown;
}

/** 92% pays 100.00, 95% and more 200.00: the published example of B-165. */
export const CSAT_TIERS = [
  { index: 0, type: 'between', min: 9_000, max: 9_499, reward: '100.00' },
  { index: 1, type: 'gte', min: 9_500, reward: '200.00' },
];

/** A template that lacks nothing: satisfaction, month by month, for everybody of the tenant; max looks after it. */
export const csatTemplate = (): Record<string, unknown> => ({
  name: 'Customer satisfaction',
  cadence: 'monthly',
  participants: { type: 'all' },
  metric: { source: 'manual', name: 'CSAT', unit: 'bp' },
  tiers: CSAT_TIERS,
  managerId: workerId('max'),
});

let keys = 0;
type Options = Pick<CallOptions, 'as' | 'tokenId' | 'tenant'> & { readonly key?: string };

/** Pro-Goals over the API: what every test of them asks for. */
export function goalDesk(bench: BonusBench) {
  const { api } = bench;
  const post = <T = Record<string, unknown>>(
    path: string,
    body: object = {},
    { key, ...options }: Options = {},
  ): Promise<Answer<T>> =>
    api.call<T>('POST', path, { body, headers: { 'idempotency-key': key ?? `goal-${++keys}` }, ...options });
  const get = <T = GoalBody>(path: string, options: Options = {}): Promise<Answer<T>> => api.call<T>('GET', path, options);
  const goal = async (id: string, options: Options = {}): Promise<GoalBody> => (await get(`/v1/pro-goals/${id}`, options)).body;
  const results = async (id: string, options: Options = {}): Promise<ResultsBody> =>
    (await get<ResultsBody>(`/v1/pro-goals/${id}/results`, options)).body;
  return {
    post,
    get,
    goal,
    results,
    /** Drafts a template and takes it live; gives its id. */
    live: async (template: object = csatTemplate()): Promise<string> => {
      const draft = await post<{ id: string }>('/v1/pro-goal-templates', template);
      const done = await post(`/v1/pro-goal-templates/${draft.body.id}/approve`);
      if (done.status !== 200) throw new Error(`the template stays a draft: ${JSON.stringify(done.body)}`);
      return draft.body.id;
    },
    /** Starts the goal of a period; gives its id. */
    start: async (templateId: string, periodStart = '2026-03-01', options: Options = {}): Promise<string> =>
      (await post<GoalBody>('/v1/pro-goals', { templateId, periodStart }, options)).body.id,
    /** Enters results over those that are there. */
    enter: async (id: string, body: object, options: Options = {}): Promise<Answer<ResultsBody>> => {
      const { headers } = await get(`/v1/pro-goals/${id}/results`, options);
      return api.call<ResultsBody>('PUT', `/v1/pro-goals/${id}/results`, {
        body,
        headers: { 'if-match': headers.etag! },
        ...options,
      });
    },
    /** Approves the goal as it stands. */
    approve: async (id: string, body: object = {}, options: Options = {}): Promise<Answer<GoalBody>> => {
      const { inputsVersion } = await goal(id);
      return post<GoalBody>(`/v1/pro-goals/${id}/approve`, { inputsVersion, ...body }, options);
    },
  };
}

export const BRANCH = idOf('branch', 'b1');
