import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopeOf } from '#model/scope.ts';
import { answeredAction, idempotencyHash } from '#store/ledger.ts';
import { readAllItems } from '#test/support/dynamodb.ts';
import { type HttpDoor, openHttpDoor } from '#test/support/http-door.ts';
import { startThreeTenants, TENANTS, type TenantName, type ThreeTenants } from '#test/support/three-tenants.ts';
import { filled, IdBook } from './ids.ts';
import { bodyProbes, lineOf, Marks, type Outcome, pathProbes, queryProbes, tried } from './matrix.ts';
import { exampleOf, inTurns, nameOf, type Send, senderOf, tenantRoutes } from './requests.ts';

let world: ThreeTenants;
let door: HttpDoor;
let send: Send;
let books: Readonly<Record<TenantName, IdBook>>;
let marks: Marks;
beforeAll(async () => {
  world = await startThreeTenants();
  door = await openHttpDoor(world.bench.api);
  send = senderOf(world.bench.api, door);
  books = Object.fromEntries(TENANTS.map((tenant) => [tenant, new IdBook(send, tenant)])) as typeof books;
  marks = new Marks(await readAllItems(world.bench.api.db));
}, 120_000);
afterAll(async () => {
  await door?.close();
  await world?.stop();
});

const wrong = (outcomes: readonly Outcome[]) =>
  outcomes.filter(({ differs, leaks }) => differs !== null || leaks.length > 0).map(lineOf);

describe('another tenant’s id', () => {
  it('there are records of every kind in each tenant to be asked for', async () => {
    const missing: string[] = [];
    for (const route of tenantRoutes)
      for (const tenant of TENANTS)
        if ((await books[tenant].idsOf(route.path)) === null) missing.push(`${tenant} ${nameOf(route)}`);
    expect(missing).toEqual([]);
    expect(marks.size).toBeGreaterThan(500);
  });

  it('in the path: 404 as for one that nobody has, for every route, role and tenant', async () => {
    const outcomes = await tried(await pathProbes(books), send, marks);
    expect(wrong(outcomes)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(1_500);
    // Nobody finds it: 404, unless the caller's role, the mirror as a whole or the state of the own record in front of it says no first.
    const found = outcomes.filter(({ status }) => ![403, 404, 405, 409].includes(status));
    expect([...new Set(found.map(({ probe, status }) => `${nameOf(probe.route)} ${probe.place} ${status}`))]).toEqual([]);
  }, 120_000);

  it('in a query: as one that nobody has', async () => {
    const outcomes = await tried(await queryProbes(books), send, marks);
    expect(wrong(outcomes)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(200);
  }, 60_000);

  it('in a body, batch elements among them: as one that nobody has', async () => {
    const outcomes = await tried(await bodyProbes(books), send, marks);
    expect(wrong(outcomes)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(40);
  });

  it('in a cursor: refused as any cursor that is none', async () => {
    const paged = tenantRoutes.filter((route) => route.method === 'GET' && 'cursor' in route.query);
    let tried = 0;
    for (const route of paged) {
      const [own, theirs] = [await books.acme1.idsOf(route.path), await books.rival1.idsOf(route.path)];
      const first = await send({ tenant: 'rival1', role: 'owner' }, 'GET', `${filled(route.path, theirs!)}?limit=1`);
      const { nextCursor } = JSON.parse(first.text) as { nextCursor: string | null };
      if (nextCursor === null) continue;
      const at = (cursor: string) =>
        send({ tenant: 'acme1', role: 'owner' }, 'GET', `${filled(route.path, own!)}?cursor=${cursor}`);
      const [foreign, none] = [await at(nextCursor), await at('1AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')];
      const told = ({ status, text }: typeof none) => [status, text.replace(/"requestId":"[^"]*"/, '')];
      expect(told(foreign)).toEqual(told(none));
      expect([nameOf(route), foreign.status]).toEqual([nameOf(route), 400]);
      tried++;
    }
    expect(tried).toBeGreaterThan(10);
  });

  it('as an Idempotency-Key that it has used: it is anybody’s own key here', async () => {
    const answer = { status: 200, body: '{"secret":"of rival1"}', headers: {} };
    const keyed = tenantRoutes.filter(({ idempotency }) => idempotency !== null);
    await inTurns(keyed, async (route) => {
      const { body, headers = {} } = exampleOf(route);
      const key = headers['idempotency-key']!;
      const { bench } = world;
      const record = answeredAction(
        scopeOf('rival1'),
        idempotencyHash(nameOf(route), key),
        { requestHash: 'theirs', answer, holder: 'them' },
        bench.api.now(),
      );
      await bench.table.write(scopeOf('rival1'), [record]);
      const path = route.path.replaceAll(/\{[^}]+\}/g, 'none');
      const reply = await send({ tenant: 'acme1', role: 'owner' }, route.method, path, { body, headers });
      expect([nameOf(route), reply.headers.get('idempotency-replayed')]).toEqual([nameOf(route), null]);
      expect(reply.text).not.toContain('idempotency-key-reused');
      expect(marks.leaksIn(reply, 'acme1', [])).toEqual([]);
    });
  });
});

describe('every answer that is read', () => {
  // Two say where else to look, and one asks the source itself.
  const ELSEWHERE = /\/overrides\/\{field\}$|\/source-values$/;
  const reads = tenantRoutes.filter(({ method, path }) => method === 'GET' && !ELSEWHERE.test(path));
  const owner = { tenant: 'acme1', role: 'owner' } as const;
  const pathOf = async (path: string) => filled(path, (await books.acme1.idsOf(path))!);
  /** Parameters that a route cannot do without. */
  const NEEDED: Readonly<Record<string, string>> = {
    '/v1/diagnose': '?kind=job&name=fence',
    '/v1/connections/{id}/source-values': '?setting=statusMap',
  };

  it('has a strong tag, is not sent twice, and comes packed, as HEAD, and to its own tenant alone', async () => {
    const odd: string[] = [];
    await inTurns(reads, async (route) => {
      const path = `${await pathOf(route.path)}${NEEDED[route.path] ?? ''}`;
      const plain = await send(owner, 'GET', path, { headers: { 'accept-encoding': 'identity' } });
      const note = (what: string) => void odd.push(`${nameOf(route)}: ${what}`);
      if (plain.status !== 200) return note(`${plain.status} ${plain.text.slice(0, 200)}`);
      const tag = plain.headers.get('etag') ?? '';
      if (!/^"[^"]+"$/.test(tag)) note(`tag ${tag}`);
      if (!/private/.test(plain.headers.get('cache-control') ?? '')) note('cache-control');
      for (const name of [
        'x-content-type-options',
        'strict-transport-security',
        'content-security-policy',
        'ratelimit',
        'x-request-id',
      ])
        if (plain.headers.get(name) === null) note(`without ${name}`);
      if (!/accept-encoding/i.test(plain.headers.get('vary') ?? '')) note('without vary');
      if (marks.leaksIn(plain, 'acme1', []).length > 0) note('tells of another tenant');
      const packed = await send(owner, 'GET', path, { headers: { 'accept-encoding': 'gzip' } });
      if (packed.text !== plain.text) note('another text when packed');
      const isPacked = packed.headers.get('content-encoding') === 'gzip';
      if (isPacked !== plain.text.length > 1_024) note(`packed ${isPacked} at ${plain.text.length} characters`);
      if (isPacked === (packed.headers.get('etag') === tag)) note('one tag for two representations');
      for (const known of [tag, packed.headers.get('etag')!, `"other", W/${tag}`, '*']) {
        const same = await send(owner, 'GET', path, { headers: { 'if-none-match': known } });
        if (same.status !== 304 || same.text !== '' || same.headers.get('etag') === null) note(`${known} gives ${same.status}`);
      }
      const head = await send(owner, 'HEAD', path, { headers: { 'accept-encoding': 'identity' } });
      if (head.status !== 200 || head.text !== '' || head.headers.get('etag') !== tag) note('HEAD');
      const admin = await send({ ...owner, role: 'admin' }, 'GET', path, { headers: { 'accept-encoding': 'identity' } });
      if (admin.text === plain.text && admin.headers.get('etag') !== tag) note('the tag depends on the token');
    });
    expect(odd.sort()).toEqual([]);
  }, 60_000);
});
