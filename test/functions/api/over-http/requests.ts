import type { Method } from '#functions/api/route.ts';
import { type Route, routes } from '#functions/api/routes.ts';
import type { Role } from '#model/people.ts';
import type { TestApi } from '#test/support/api.ts';
import type { HttpDoor } from '#test/support/http-door.ts';
import { bodyExample } from '#tools/openapi.ts';

/** Routes that touch a tenant's data. */
export const tenantRoutes: readonly Route[] = routes.filter(({ access }) => access.tenant === 'token');
export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

export interface Caller {
  readonly tenant: string;
  readonly role: Role;
}
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}
export type Send = (caller: Caller, method: Method | 'HEAD', path: string, options?: Sent) => Promise<Reply>;
export interface Sent {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends requests through the door as whoever is named. */
export function senderOf(api: TestApi, door: HttpDoor): Send {
  return async ({ tenant, role }, method, path, { body, headers = {} } = {}) => {
    const token = `${tenant}.${api.tokenOf(role, tenant)}.${'s'.repeat(43)}`;
    const answer = await fetch(`${door.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
}

let keys = 0;
/** What a route asks for beside its path: its example as the body, a key of its own, a tag. */
export function exampleOf(route: Route, tag = '"r1"'): Sent {
  const body = bodyExample(route);
  return {
    body,
    headers: {
      ...(route.idempotency === null ? {} : { 'idempotency-key': `http-${++keys}` }),
      ...(route.ifMatch ? { 'if-match': tag } : {}),
    },
  };
}

/** Runs tasks a few at a time. */
export async function inTurns<T>(tasks: readonly T[], run: (task: T) => Promise<void>, width = 8): Promise<void> {
  const queue = tasks[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const task of queue) await run(task);
    }),
  );
}
