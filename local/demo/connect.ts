import { randomUUID } from 'node:crypto';
import { manifests } from '#functions/sync/manifests.ts';
import type { RunningSource } from './sources.ts';
import type { DemoLink } from './tenants.ts';

/** How the demo speaks for an admin of one of its tenants. */
export interface DemoDesk {
  readonly baseUrl: string;
  readonly token: string;
  readonly tenantId: string;
}

/** Connects a demo tenant to its account at a fake through the API, as an admin would, with the recorded company's own conventions. */
export async function connectSource(desk: DemoDesk, source: RunningSource, { provider, entities }: DemoLink): Promise<string> {
  const account = source.account(desk.tenantId);
  const name = manifests.find((manifest) => manifest.provider === provider)?.name ?? provider;
  const settings = { ...account.settings, ...(entities === undefined ? {} : { entities }) };
  const answer = await post(desk, '/v1/connections', { provider, name, credentials: account.credentials(source.url), settings });
  const body = (await answer.json()) as { id?: string; detail?: string; authorizeUrl?: string };
  if (answer.status !== 201 || body.id === undefined)
    throw new Error(`connecting ${desk.tenantId} to ${name} was answered ${answer.status}: ${body.detail ?? ''}`);
  await approve(desk, body.authorizeUrl);
  return body.id;
}

/** Gives a stored connection the address of its source again, after a start on which that had to move. */
export async function reconnectSource(desk: DemoDesk, source: RunningSource, connectionId: string): Promise<void> {
  const credentials = source.account(desk.tenantId).credentials(source.url);
  const answer = await post(desk, `/v1/connections/${connectionId}/reconnect`, { credentials });
  if (!answer.ok) throw new Error(`reconnecting ${desk.tenantId} was answered ${answer.status}`);
  await approve(desk, ((await answer.json()) as { authorizeUrl?: string }).authorizeUrl);
}

/** Signs in at the fake's authorize page as the tenant's own account and approves, as a person would; the fake sends on to the callback. */
async function approve({ tenantId }: DemoDesk, authorizeUrl: string | undefined): Promise<void> {
  if (authorizeUrl === undefined) return;
  const answer = await fetch(`${authorizeUrl}&account=${encodeURIComponent(tenantId)}`);
  if (!answer.ok) throw new Error(`approving ${tenantId} ended in ${answer.status}: ${await answer.text()}`);
}

/** Asks the API as that admin; throws where it refuses. */
export async function ask(
  desk: DemoDesk,
  method: 'GET' | 'POST',
  path: string,
  body: unknown,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await send(desk, method, path, body, { signal, 'idempotency-key': randomUUID() });
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Readonly<Record<string, unknown>>;
}

function post(desk: DemoDesk, path: string, body: unknown): Promise<Response> {
  return send(desk, 'POST', path, body, {});
}

function send(
  { baseUrl, token }: DemoDesk,
  method: string,
  path: string,
  body: unknown,
  { signal, ...headers }: { readonly signal?: AbortSignal; readonly 'idempotency-key'?: string },
): Promise<Response> {
  return fetch(`${baseUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
}
