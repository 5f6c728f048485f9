import type { Route } from '#functions/api/routes.ts';
import { ROLES, type Role } from '#model/people.ts';
import { TENANTS, type TenantName } from '#test/support/three-tenants.ts';
import { absentLike, filled, type IdBook, isWord, listOfField, variablesOf } from './ids.ts';
import { type Caller, exampleOf, inTurns, nameOf, type Reply, type Send, type Sent, tenantRoutes } from './requests.ts';

/** One request with another tenant's id in one place, and the same with an id that nobody has. */
export interface Probe {
  readonly route: Route;
  readonly caller: Caller;
  readonly place: string;
  readonly foreign: string;
  readonly path: (id: string) => string;
  readonly sent: (id: string) => Sent;
}

type Books = Readonly<Record<TenantName, IdBook>>;
const othersOf = (tenant: TenantName): readonly TenantName[] => TENANTS.filter((one) => one !== tenant);

/** Every route × role × tenant, with ids of both other tenants in turn at each place of the path that holds an id. */
export async function pathProbes(books: Books): Promise<Probe[]> {
  const probes: Probe[] = [];
  let turn = 0;
  for (const route of tenantRoutes) {
    const variables = variablesOf(route);
    for (const tenant of TENANTS) {
      const own = await books[tenant].idsOf(route.path);
      // The tag of the record that the path begins with, so that nothing but the id is at fault.
      const tag = own === null || !route.ifMatch ? undefined : await books[tenant].tagOf(filled(route.path, own));
      for (const role of ROLES) {
        const other = othersOf(tenant)[turn++ % 2]!;
        // Who is shut out is shut out before any id is looked at: in one of the tenants, in turn.
        if (isShut(route, role) && TENANTS[turn % 3] !== tenant) continue;
        const theirs = await books[other].idsOf(route.path);
        if (own === null || theirs === null) continue;
        for (const [at, variable] of variables.entries()) {
          if (isWord(variable)) continue;
          // What stands under another tenant's record is that tenant's as well; a place further down is tried under one's own.
          const path = (id: string) => filled(route.path, [...own.slice(0, at), id, ...theirs.slice(at + 1)]);
          probes.push({
            route,
            caller: { tenant, role },
            place: variable,
            foreign: theirs[at]!,
            path,
            sent: () => exampleOf(route, tag),
          });
        }
      }
    }
  }
  return probes;
}

const isShut = ({ access }: Route, role: Role): boolean => access.tenant === 'token' && access.matrix[role] === '-';

/** Every parameter of a query that takes an id, for every tenant's admin. */
export async function queryProbes(books: Books): Promise<Probe[]> {
  const probes: Probe[] = [];
  for (const route of tenantRoutes) {
    for (const name of Object.keys(route.query)) {
      const list = listOfField(name);
      if (list === null) continue;
      for (const tenant of TENANTS) {
        for (const other of othersOf(tenant)) {
          const own = await books[tenant].idsOf(route.path);
          const [foreign] = await books[other].list(list);
          if (own === null || foreign === undefined) continue;
          const path = (id: string) => `${filled(route.path, own)}?${new URLSearchParams({ [name]: id })}`;
          probes.push({
            route,
            caller: { tenant, role: 'admin' },
            place: `?${name}`,
            foreign,
            path,
            sent: () => exampleOf(route),
          });
        }
      }
    }
  }
  return probes;
}

/** Every field of an example body that holds an id, batch elements among them, under the caller's own path. */
export async function bodyProbes(books: Books): Promise<Probe[]> {
  const probes: Probe[] = [];
  for (const route of tenantRoutes) {
    if (route.body === null) continue;
    for (const place of idPlaces(exampleOf(route).body, `/${route.path.split('/')[2]}`)) {
      for (const tenant of TENANTS) {
        const [other] = othersOf(tenant);
        const own = await books[tenant].idsOf(route.path);
        const [foreign] = await books[other!].list(place.list);
        if (own === null || foreign === undefined) continue;
        const sent = (id: string): Sent => {
          const example = exampleOf(route);
          return { ...example, body: withValue(example.body, place.keys, id) };
        };
        probes.push({
          route,
          caller: { tenant, role: 'owner' },
          place: place.keys.join('/'),
          foreign,
          path: () => filled(route.path, own),
          sent,
        });
      }
    }
  }
  return probes;
}

interface Place {
  readonly keys: readonly string[];
  readonly list: string;
}

function idPlaces(value: unknown, collection: string, keys: readonly string[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const name = Array.isArray(value) ? keys.at(-1)! : key;
    const list = name === 'id' ? `/v1${collection}` : listOfField(name);
    const here = [...keys, key];
    if (key === 'credentials') return [];
    return typeof inner === 'string' && list !== null ? [{ keys: here, list }] : idPlaces(inner, collection, here);
  });
}

function withValue(value: unknown, [key, ...rest]: readonly string[], id: string): unknown {
  if (key === undefined) return id;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...(value as object) };
  (copy as Record<string, unknown>)[key] = withValue((value as Record<string, unknown>)[key], rest, id);
  return copy;
}

export interface Outcome {
  readonly probe: Probe;
  readonly status: number;
  /** What differs from the answer for an id that nobody has, but for the request's own id. */
  readonly differs: string | null;
  readonly leaks: readonly string[];
}

/**
 * Sends every probe, and the same with an id that nobody has, once for all roles that reach as far; looks through each answer for what is
 * another tenant's.
 */
export async function tried(probes: readonly Probe[], send: Send, marks: Marks): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const nowhere = new Map<string, Promise<string>>();
  await inTurns(probes, async (probe) => {
    const { caller, route, place, foreign } = probe;
    const ask = (id: string) => send(caller, route.method, probe.path(id), probe.sent(id));
    const reach = route.access.tenant === 'token' ? route.access.matrix[caller.role] : '-';
    const kind = [nameOf(route), place, caller.tenant, reach].join(' ');
    if (!nowhere.has(kind)) {
      const absent = absentLike(foreign);
      nowhere.set(
        kind,
        ask(absent).then((reply) => told(reply, absent, probe)),
      );
    }
    const [there, expected] = [await ask(foreign), await nowhere.get(kind)!];
    const actual = told(there, foreign, probe);
    outcomes.push({
      probe,
      status: there.status,
      differs: actual === expected ? null : `${actual}\n${expected}`,
      leaks: marks.leaksIn(there, caller.tenant as TenantName, [foreign, probe.path(foreign)]),
    });
  });
  return outcomes;
}

/** An answer without what tells requests apart. */
function told({ status, headers, text }: Reply, id: string, probe: Probe): string {
  const names = [...headers.keys()].filter((name) => !['date', 'content-length', 'transfer-encoding'].includes(name)).sort();
  const plain = text
    .replaceAll(/"requestId":"[^"]*"|The role [a-z_]+/g, '')
    .replaceAll(probe.path(id), 'PATH')
    .replaceAll(id, 'ID');
  return `${status} ${names.join(' ')} ${plain}`;
}

/** What belongs to one tenant alone: its id, the names of its records, and every id that stands in its keys. */
export class Marks {
  readonly #owners = new Map<string, TenantName>();

  constructor(items: readonly Readonly<Record<string, unknown>>[]) {
    const shared = new Set<string>();
    for (const item of items) {
      const tenant = TENANTS.find((one) => String(item.pk).startsWith(`T#${one}`));
      if (tenant === undefined) continue;
      for (const id of idsIn(`${item.pk} ${item.sk} ${item.id ?? ''}`)) {
        if ((this.#owners.get(id) ?? tenant) !== tenant) shared.add(id);
        this.#owners.set(id, tenant);
      }
    }
    for (const id of shared) this.#owners.delete(id);
  }

  get size(): number {
    return this.#owners.size;
  }

  /** What is in an answer and belongs to somebody else; what the caller sent is no news. */
  leaksIn({ text, headers }: Reply, tenant: TenantName, sent: readonly string[]): string[] {
    const own = new Set(sent.flatMap(idsIn));
    const whole = `${text} ${[...headers].map(([name, value]) => (name === 'etag' ? '' : value)).join(' ')}`;
    const foreign = idsIn(whole).filter((id) => !own.has(id) && (this.#owners.get(id) ?? tenant) !== tenant);
    const named = TENANTS.filter((one) => one !== tenant && new RegExp(`(of|\\b) ?${one}\\b`).test(removed(whole, sent)));
    return [...foreign, ...named];
  }
}

const removed = (text: string, parts: readonly string[]): string => parts.reduce((left, part) => left.replaceAll(part, ''), text);
const idsIn = (text: string): readonly string[] => text.match(/[A-Za-z0-9_-]{16,26}/g) ?? [];

/** One line for an outcome that is not as it should be. */
export const lineOf = ({ probe, status, differs, leaks }: Outcome): string =>
  `${nameOf(probe.route)} ${probe.place} as ${probe.caller.role} of ${probe.caller.tenant}: ${status} ${differs ?? ''} ${leaks.join(' ')}`;
