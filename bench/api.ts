import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { Hono, type Context as HonoContext } from 'hono';
import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda';
import * as z from 'zod/mini';
import { allow } from '#functions/api/access.ts';
import { createApi } from '#functions/api/api.ts';
import type { AuthorizerContext, HttpEvent } from '#functions/api/http.ts';
import { countParameter, dateParameter } from '#functions/api/query.ts';
import { type ApiAnswer, defineRoute } from '#functions/api/route.ts';
import { tableRoutes } from '#functions/api/routes.ts';
import { AppError, refuse } from '#kernel/errors.ts';
import type { ApiToken } from '#model/people.ts';
import { scopeOf } from '#model/scope.ts';
import { systemPorts } from '#platform/ports.ts';
import { createApiTokenAction, readApiToken } from '#store/people-repository.ts';
import type { Item, Table } from '#store/table.ts';
import { httpEvent } from '#test/support/http-event.ts';
import { type BenchRow, besidePeers } from './measure.ts';

/** What a request may cost beside its work, and what it should cost. */
const MOST_US = 20;
const WANTED_US = 10;
const WANTED_SHARE = 0.4;

const HONO = 'Hono through its Lambda adapter';
const TENANT = 'bench1';
/** Of a window's requests: the limit is counted, and never met. */
const MANY = 1_000_000_000;
const PATH = '/v1/bench/{id}/parts';
const access = allow('A', 'A', 'S', '-', '-', '-');
const bodySchema = z.strictObject({
  title: z.string().check(z.minLength(1), z.maxLength(200)),
  amount: z.string().check(z.regex(/^-?\d{1,14}(\.\d{1,2})?$/)),
  shares: z.array(z.strictObject({ workerId: z.string(), shareBp: z.int().check(z.minimum(0)) })),
  note: z.optional(z.string()),
});
const VIEW = { id: 'p-1', title: 'Fence at the yard', status: 'Active', amount: '400.00', workerIds: ['w1', 'w2', 'w3'] };
const SENT = {
  title: 'Fence',
  amount: '400.00',
  shares: Array.from({ length: 8 }, (_, n) => ({ workerId: `w${n}`, shareBp: 1_250 })),
};
const QUERY = { count: countParameter('How many'), workedFrom: dateParameter('From when') };

const token: ApiToken = {
  id: 'k1',
  name: 'bench',
  secretHash: '',
  role: 'admin',
  workerId: null,
  userId: null,
  scope: { branchIds: [], divisionIds: [], routeIds: [] },
  createdAt: '2026-03-01T00:00:00.000Z',
  createdBy: 'bench',
  revokedAt: null,
  restricted: false,
  cursorKey: 'key',
};

/**
 * What a request costs beside its work, in process, beside bare middy and Hono: find one path of the whole table, know the caller, read
 * and check parameters and body, answer, or render a refusal. Ours makes the ETag as well, which the others leave out.
 */
export async function runApiBench(): Promise<BenchRow[]> {
  const api = ours();
  const hono = peer();
  const bare = middy({}).handler(async () => ({
    statusCode: 200,
    headers: {},
    body: JSON.stringify(VIEW),
  })) as unknown as Handler;
  const caller = { tenantId: TENANT, tokenId: token.id };
  const path = PATH.replace('{id}', 'p-1');
  const eventOf: typeof httpEvent = (...given) => ({ ...httpEvent(...given), ...({ cookies: [] } as object) });
  const requests: readonly (readonly [string, number, HttpEvent])[] = [
    ['a read with parameters', 200, eventOf('GET', path, { caller, query: { count: 50, workedFrom: '2026-03-01' } })],
    ['a command with a body', 200, eventOf('POST', path, { caller, body: SENT })],
    ['a refusal of the domain', 409, eventOf('DELETE', path, { caller })],
    ['a body at fault', 422, eventOf('POST', path, { caller, body: { ...SENT, amount: 'all' } })],
  ];
  for (const [name, status, event] of requests)
    for (const handler of [api, hono]) {
      const answer = await handler(event, CONTEXT);
      if (answer.statusCode !== status) throw new Error(`${name}: ${answer.statusCode} ${answer.body}`);
    }
  const events = requests.map(([, , event]) => event);
  const beside = (name: string, among: readonly HttpEvent[]) => {
    const turn = (handler: Handler) => (index: number) => handler(among[index % among.length]!, CONTEXT);
    return besidePeers(`api overhead: ${name}`, turn(api), { [HONO]: turn(hono), 'bare middy': turn(bare) });
  };
  const rows = [judged(await beside('these four in turn', events))];
  for (const [name, , event] of requests) rows.push(told(await beside(name, [event])));
  return rows;
}

type Handler = (event: HttpEvent, context: Context) => Promise<{ readonly statusCode: number; readonly body: string }>;
const CONTEXT = {} as Context;

const usOf = (row: BenchRow): number => 1_000_000 / row.perSecond!;
const shareOf = (row: BenchRow): number => 1 / row.peers!.find(({ name }) => name === HONO)!.ratio;
const told = (row: BenchRow): BenchRow => ({
  ...row,
  figure: `${usOf(row).toFixed(1)} µs, ${shareOf(row).toFixed(2)} of Hono's`,
});

function judged(row: BenchRow): BenchRow {
  const [us, share] = [usOf(row), shareOf(row)];
  const met = us <= MOST_US && share <= 1;
  const further = us <= WANTED_US && share <= WANTED_SHARE ? `, ${WANTED_US} µs too` : '';
  return { ...told(row), goal: { text: `≤ ${MOST_US} µs and under Hono's${further}`, met } };
}

/** A table that holds the token, and takes what is written. */
function tokenTable(): Pick<Table, 'get' | 'write'> {
  const action = createApiTokenAction(scopeOf(TENANT), token) as unknown as { readonly item: Item };
  return { get: async () => action.item, write: async () => ({ applied: true }) };
}

const decline = (): never => refuse('wrong-state', { field: 'status', detail: 'It is approved.' });

function ours(): Handler {
  const common = {
    path: PATH,
    group: 'bonus',
    summary: 'Measured',
    access,
    answer: { status: 200, description: 'It', schema: z.looseObject({}) },
  } as const;
  const routes = [
    defineRoute({
      ...common,
      method: 'GET',
      query: QUERY,
      handler: async ({ params }) => ({ body: { ...VIEW, id: params.id } }),
    }),
    defineRoute({
      ...common,
      method: 'POST',
      body: bodySchema,
      handler: async ({ body }) => ({ body: { ...VIEW, title: body.title } }),
    }),
    defineRoute({ ...common, method: 'DELETE', handler: async (): Promise<ApiAnswer> => decline() }),
  ];
  const ports = { ...systemPorts(), table: tokenTable() as Table, log: () => {} };
  return createApi({ routes: [...tableRoutes, ...routes], ports, limits: { read: MANY, write: MANY, run: MANY } });
}

type Env = { Bindings: { event: LambdaEvent; lambdaContext: LambdaContext }; Variables: { caller: ApiToken } };

/** The same with Hono: the same paths, token, schemas and problems. */
function peer(): Handler {
  const app = new Hono<Env>();
  const table = tokenTable() as Table;
  const honoPath = (path: string): string => path.replaceAll(/\{([^}]+)\}/g, ':$1');
  app.use('/v1/*', async (c, next) => {
    const { requestContext } = c.env.event as unknown as { requestContext: { authorizer: { lambda: AuthorizerContext } } };
    const { tenantId, tokenId } = requestContext.authorizer.lambda;
    const known = await readApiToken(table, scopeOf(tenantId!), tokenId!);
    if (known === null || access.matrix[known.role] === '-') return c.json({ code: 'forbidden' }, 403);
    c.set('caller', known);
    return next();
  });
  for (const route of tableRoutes) app.on(route.method, honoPath(route.path), (c) => c.json({}));
  const path = honoPath(PATH);
  app.get(path, (c) => {
    for (const [name, { schema, read }] of Object.entries(QUERY)) {
      if (!schema.safeParse(read(c.req.query(name)!)).success) return problem(c, 400, 'invalid-parameter');
    }
    return c.json({ ...VIEW, id: c.req.param('id') });
  });
  app.post(path, async (c) => {
    const parsed = bodySchema.safeParse(await c.req.json());
    return parsed.success ? c.json({ ...VIEW, title: parsed.data.title }) : problem(c, 422, 'invalid-body');
  });
  app.delete(path, () => decline());
  app.onError((error, c) =>
    problem(c, error instanceof AppError ? 409 : 500, error instanceof AppError ? error.code : 'internal-error'),
  );
  return handle(app) as unknown as Handler;
}

function problem(c: HonoContext<Env>, status: 400 | 409 | 422 | 500, code: string): Response {
  const document = { type: `/v1/problems/${code}`, title: code, status, code, instance: c.req.path, errors: [] };
  return c.json(document, status, { 'content-type': 'application/problem+json' });
}
