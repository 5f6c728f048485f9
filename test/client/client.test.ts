import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { allItems, bodyOf, protivClient } from '#client/client.ts';
import { ProtivError } from '#client/protiv-error.ts';

interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

let server: Server | null = null;
afterEach(() => void server?.close());

/** A client of a server that gives these replies one after the other, the last one again and again. */
async function clientOf(...replies: readonly Reply[]) {
  const seen: Seen[] = [];
  const waits: number[] = [];
  server = createServer((request, response) => {
    const { status, body, headers = {} } = replies[Math.min(seen.length, replies.length - 1)]!;
    seen.push({ method: request.method!, url: request.url!, headers: request.headers });
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = protivClient({ baseUrl, token: 'secret', sleep: async (ms) => void waits.push(ms) });
  return { api, seen, waits };
}

async function refusal(answer: Promise<unknown>): Promise<ProtivError> {
  const error: unknown = await answer.catch((reason: unknown) => reason);
  if (!(error instanceof ProtivError)) throw new Error(`no refusal: ${String(error)}`);
  return error;
}

describe('the typed client', () => {
  it('sends who asks, and with every POST a key, so that a repeated one has one effect', async () => {
    const { api, seen } = await clientOf({ status: 503, headers: { 'retry-after': '1' } }, { status: 201, body: {} });
    await api.POST('/v1/divisions', { body: { name: 'Snow', branchId: 'b' } });
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer secret', 'Bearer secret']);
    expect(seen[0]!.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(seen[1]!.headers['idempotency-key']).toBe(seen[0]!.headers['idempotency-key']);
  });

  it('keeps the key that it is given', async () => {
    const { api, seen } = await clientOf({ status: 201, body: {} });
    const header = { 'Idempotency-Key': 'mine' };
    await api.POST('/v1/divisions', { params: { header }, body: { name: 'Snow', branchId: 'b' } });
    expect(seen[0]!.headers['idempotency-key']).toBe('mine');
  });

  it('waits as it is told, four times at most', async () => {
    const told = await clientOf({ status: 429, body: { code: 'rate-limited' }, headers: { 'retry-after': '7' } });
    expect((await refusal(told.api.GET('/v1/me'))).code).toBe('rate-limited');
    expect(told.waits).toEqual([7_000, 7_000, 7_000]);
  });

  it('does not wait for longer than half a minute', async () => {
    const { api, waits } = await clientOf({
      status: 429,
      body: { code: 'resync-quota-exceeded' },
      headers: { 'retry-after': '3000' },
    });
    expect((await refusal(api.GET('/v1/me'))).code).toBe('resync-quota-exceeded');
    expect(waits).toEqual([]);
  });

  it.each([
    [
      'a problem of the API',
      { status: 409, body: { code: 'inputs-changed', detail: 'They moved.', requestId: 'r1' } },
      { code: 'inputs-changed', detail: 'They moved.', requestId: 'r1', status: 409 },
    ],
    [
      'a body of the gateway',
      { status: 403, body: { message: 'Forbidden' } },
      { code: 'http-403', detail: 'Forbidden', status: 403 },
    ],
    ['no body', { status: 500 }, { code: 'http-500', detail: 'The API answered 500.', status: 500 }],
    ['a page of something in between', { status: 502, body: '<html>' }, { code: 'http-502', status: 502 }],
  ])('throws the same error for %s', async (_, reply, expected) => {
    const { api } = await clientOf(reply);
    expect((await refusal(api.GET('/v1/me'))).refusal).toMatchObject(expected);
  });

  it('tells an API that is not there from one that refuses', async () => {
    const api = protivClient({ baseUrl: 'http://127.0.0.1:9', token: 'secret' });
    expect(await refusal(api.GET('/v1/me'))).toMatchObject({ status: 0, code: 'unreachable' });
  });

  it('reads a list to its end, an empty page on the way included', async () => {
    const { api, seen } = await clientOf(
      { status: 200, body: { items: [{ id: 'a' }], nextCursor: 'c1' } },
      { status: 200, body: { items: [], nextCursor: 'c2' } },
      { status: 200, body: { items: [{ id: 'b' }], nextCursor: null } },
    );
    const jobs = await allItems((cursor) => api.GET('/v1/jobs', { params: { query: cursor === undefined ? {} : { cursor } } }));
    expect(jobs.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(seen.map(({ url }) => url)).toEqual(['/v1/jobs', '/v1/jobs?cursor=c1', '/v1/jobs?cursor=c2']);
  });

  it('gives nothing for an answer without a body', async () => {
    const { api } = await clientOf({ status: 204 });
    const params = { path: { id: 'd' } };
    expect(await bodyOf(api.DELETE('/v1/divisions/{id}', { params }))).toBeUndefined();
  });
});
