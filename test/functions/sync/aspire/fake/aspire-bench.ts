import { readAspireDataset } from '#functions/sync/aspire/fake/entities.ts';
import { createAspireFake } from '#functions/sync/aspire/fake/fake.ts';
import { secondTenantDataset } from '#functions/sync/aspire/fake/second-tenant.ts';
import type { SourceDataset } from '../../../../../shared/fake-source/dataset.ts';
import type { FakeSource } from '../../../../../shared/fake-source/serve.ts';

export type Wire = Record<string, unknown>;
export type Answer = { status: number; headers: Headers; text: string; json: unknown; rows: Wire[] };

/** A started fake with two tenants, a clock to turn, and short ways to ask it. */
export type Bench = {
  fake: FakeSource;
  url: string;
  clock: { ms: number };
  login(tenant?: 1 | 2): Promise<string>;
  post(path: string, body: unknown): Promise<Answer>;
  /** Asks a list with the first tenant's token unless another is given. */
  get(path: string, token?: string | null, headers?: Record<string, string>): Promise<Answer>;
  arm(fault: string, more?: Record<string, unknown>): Promise<Answer>;
  control(body: unknown): Promise<Answer>;
  /** Reads a list to its end by the rules for readers: skip by rows received, stop on an empty page. */
  readAll(list: string, top?: number): Promise<Wire[]>;
  stop(): Promise<void>;
};

export const SNAPSHOT = Date.parse('2026-03-20T20:00:00Z');
export const DATASET: SourceDataset = readAspireDataset();
export const SECOND: SourceDataset = secondTenantDataset(DATASET);

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const json: unknown = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, text, json, rows: Array.isArray(json) ? (json as Wire[]) : [] };
}

export async function startBench(dataset = DATASET, startMs = SNAPSHOT): Promise<Bench> {
  const clock = { ms: startMs };
  const fake = createAspireFake({
    dataset,
    tenants: [
      { id: 'one', clientId: 'client-1', secret: 'secret-1' },
      { id: 'two', clientId: 'client-2', secret: 'secret-2', dataset: secondTenantDataset(dataset) },
    ],
    now: () => clock.ms,
    seed: 'bench',
  });
  const run = await fake.start();
  const post = async (path: string, body: unknown): Promise<Answer> =>
    answerOf(
      await fetch(run.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
  const login = async (tenant: 1 | 2 = 1): Promise<string> =>
    ((await post('/Authorization', { ClientId: `client-${tenant}`, Secret: `secret-${tenant}` })).json as { Token: string })
      .Token;
  const own = await login();
  const get = async (path: string, token: string | null = own, headers: Record<string, string> = {}): Promise<Answer> =>
    answerOf(
      await fetch(run.url + path, { headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers } }),
    );
  const readAll = async (list: string, top = 500): Promise<Wire[]> => {
    const key = Object.keys(DATASET.endpoints[`/${list}`]?.[0] ?? {})[0];
    const read: Wire[] = [];
    for (;;) {
      const { rows } = await get(`/${list}?$orderby=${key}&$top=${top}&$skip=${read.length}`);
      if (rows.length === 0) return read;
      read.push(...rows);
    }
  };
  return {
    fake,
    url: run.url,
    clock,
    login,
    post,
    get,
    control: (body) => post('/__control', body),
    arm: (fault, more = {}) => post('/__control', { fault, on: true, ...more }),
    readAll,
    stop: () => run.stop(),
  };
}
