import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { controlAnswer } from './control-door.ts';
import type { SourceDataset } from './dataset.ts';
import { bodyOf, type FakeReply, type FakeRequest, isListReply, type ListReply, type Route } from './exchange.ts';
import { poisonPage, shortenPage, statusValue } from './faults.ts';
import { Shell, type SourceSpec } from './source.ts';

/** A running fake: where it listens, and how to end it. */
export type RunningFake = { readonly url: string; readonly port: number; stop(): Promise<void> };

/** A fake source, started or not. */
export type FakeSource = {
  /** Listens on loopback, on the given port or a free one. */
  start(port?: number): Promise<RunningFake>;
  /** The state behind it, for tests and hosts in the same process. */
  readonly shell: Shell;
  /** One round of the demo's own changes, as the timer makes it. */
  tick(): void;
};

/** How the demo's own changes are timed; leave out to have none by themselves. */
export type LiveTimer = {
  readonly everyMs: number;
  /** Calls back every so often until the function it returns is called; default a plain interval. */
  readonly every?: (run: () => void, ms: number) => () => void;
};

/** What the fake of every source system is made from; `Account` is what it knows of a tenant. */
export type FakeOptions<Account> = {
  /** Data of the accounts that bring none of their own. */
  readonly dataset: SourceDataset;
  readonly tenants: readonly Account[];
  /** Clock in milliseconds since 1970. */
  readonly now: () => number;
  readonly seed: string | number;
  /** Gives the demo its own changes while the fake is started; without it only `tick()` makes them. */
  readonly live?: LiveTimer;
  /** Folder that keeps the tenants' data over restarts; see SourceSpec. */
  readonly statePath?: string;
};

/** An account that an API client opens with a secret, and its data when they differ from the common ones. */
export type ClientAccount = {
  readonly id: string;
  readonly clientId: string;
  readonly secret: string;
  readonly dataset?: SourceDataset;
};

/** Bodies beyond this are refused: the control door puts rows, nothing larger. */
const MAX_BODY = 20_000_000;

/** Makes a fake source of a system's own part; `live` runs its own changes while it is started. */
export function createFakeSource(spec: SourceSpec, live?: LiveTimer): FakeSource {
  const shell = new Shell(spec);
  return { shell, tick: () => shell.tick(), start: (port = 0) => start(shell, port, live) };
}

async function start(shell: Shell, port: number, live: LiveTimer | undefined): Promise<RunningFake> {
  const stopDrips = new Set<() => void>();
  const server = createServer((request, response) => {
    serve(shell, request, response, stopDrips).catch((error: unknown) => {
      // A mistake of the fake itself must not pass for a fault of the source: it says what it is.
      shell.log.add({
        ...logged(shell, request.method ?? '', request.url ?? ''),
        status: 500,
        faults: [`broken: ${String(error)}`],
      });
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: `The fake itself is broken: ${String(error)}` });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const stopLive = live === undefined ? null : (live.every ?? interval)(() => shell.tick(), live.everyMs);
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    stop: () => {
      stopLive?.();
      for (const end of stopDrips) end();
      return close(server);
    },
  };
}

function interval(run: () => void, ms: number): () => void {
  const timer = setInterval(run, ms);
  timer.unref();
  return () => clearInterval(timer);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

async function readRequest(request: IncomingMessage): Promise<FakeRequest> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += (part as Buffer).length;
    if (size > MAX_BODY) throw new Error('request body too large');
    parts.push(part as Buffer);
  }
  const [path = '', ...query] = (request.url ?? '').split('?');
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  return { method: request.method ?? 'GET', path, query: query.join('?'), headers, body: Buffer.concat(parts).toString('utf8') };
}

function logged(
  shell: Shell,
  method: string,
  url: string,
): { at: string; tenant: null; method: string; path: string; query: string; entity: null; rows: null } {
  const [path = '', ...query] = url.split('?');
  return { at: shell.instant(), tenant: null, method, path, query: query.join('?'), entity: null, rows: null };
}

async function serve(shell: Shell, incoming: IncomingMessage, response: ServerResponse, drips: Set<() => void>): Promise<void> {
  const request = await readRequest(incoming);
  // The Date header is the source's own clock; readers bound their watermark by it.
  response.sendDate = false;
  response.setHeader('Date', new Date(shell.spec.now()).toUTCString());
  if (request.path === '/__control' || request.path.startsWith('/__control/')) {
    send(response, controlAnswer(shell, request));
    return;
  }
  const route = shell.spec.route(request, shell);
  const base = {
    ...logged(shell, request.method, incoming.url ?? ''),
    tenant: route?.tenant ?? null,
    entity: route?.entity ?? null,
  };
  if (route === null) {
    shell.log.add({ ...base, status: 404, faults: [] });
    send(response, { status: 404, body: 'Not Found' });
    return;
  }
  const taken = takeTransport(shell, route);
  if (taken?.name === 'timeout') {
    shell.log.add({ ...base, status: 0, faults: ['timeout'] });
    return;
  }
  const replaced = taken === null ? null : replacement(taken);
  const { reply, rows, faults } = replaced === null ? answer(shell, route) : { reply: replaced, rows: null, faults: [] };
  shell.log.add({ ...base, status: reply.status, rows, faults: taken === null ? faults : [...faults, taken.name] });
  if (reply.lost) response.destroy();
  else if (taken?.name === 'truncated') sendTruncated(response, reply, taken.value);
  else if (taken?.name === 'slowDrip') drip(response, reply, Number(taken.value), drips);
  else send(response, reply);
}

type Taken = { readonly name: string; readonly value: unknown };

/** The transport fault that takes this request, if any. Doors that are no lists take only faults set for them by name. */
function takeTransport(shell: Shell, route: Route): Taken | null {
  if (route.tenant === null) return null;
  const board = shell.switches(route.tenant);
  for (const name of ['timeout', 'status', 'html', 'truncated', 'slowDrip']) {
    const value = route.list || named(shell, route, name) ? board.take(name, route.entity) : null;
    if (value !== null) return { name, value };
  }
  return null;
}

function named(shell: Shell, route: Route, fault: string): boolean {
  if (route.tenant === null || route.entity === null) return false;
  const entity = route.entity.toLowerCase();
  return shell
    .switches(route.tenant)
    .list(fault)
    .some((armed) => armed.entity === entity);
}

function replacement(taken: Taken): FakeReply | null {
  if (taken.name === 'html') {
    const body = '<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>Please sign in</form></body></html>';
    return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
  }
  const status = taken.name === 'status' ? statusValue(taken.value) : null;
  if (status === null) return null;
  const headers: Record<string, string> = status.retryAfter === undefined ? {} : { 'Retry-After': status.retryAfter };
  return { status: status.code, headers, body: status.body ?? `Error ${status.code}` };
}

function answer(shell: Shell, route: Route): { reply: FakeReply; rows: number | null; faults: string[] } {
  const reply = route.respond();
  if (!isListReply(reply) || route.tenant === null) {
    return { reply: isListReply(reply) ? { status: 500, body: 'list without tenant' } : reply, rows: null, faults: [] };
  }
  return bendList(shell, route.tenant, reply);
}

/** Applies the row faults that are on to one page of a list. */
function bendList(shell: Shell, tenant: string, list: ListReply): { reply: FakeReply; rows: number | null; faults: string[] } {
  const board = shell.switches(tenant);
  const faults: string[] = [];
  const take = (name: string): unknown => {
    const value = board.take(name, list.entity);
    if (value !== null) faults.push(name);
    return value;
  };
  const listing = `${tenant} ${list.entity}`;
  if (list.first) {
    if (take('duplicateRow') === null) shell.duplicating.delete(listing);
    else shell.duplicating.add(listing);
  }
  const data = take('otherAccount') === null ? shell.data(tenant) : shell.otherAccount(tenant);
  const loop = take('loopPage') !== null;
  let rows: unknown[] = list.page(data, { loop, duplicate: shell.duplicating.has(listing) });
  if (take('emptyList') !== null) rows = [];
  const whole = rows.length;
  if (whole > 1) {
    const short = take('shortPage');
    if (short !== null) rows = shortenPage(rows, short);
  }
  if (rows.length > 0) {
    const poison = take('poisonRow');
    if (poison !== null) rows = poisonPage(rows as Record<string, unknown>[], list.key, poison);
  }
  return { reply: list.encode(rows, rows.length < whole), rows: rows.length, faults };
}

function send(response: ServerResponse, reply: FakeReply): void {
  const { type, bytes } = bodyOf(reply);
  response.writeHead(reply.status, { 'Content-Type': type, 'Content-Length': bytes.length, ...reply.headers });
  response.end(bytes);
}

function sendTruncated(response: ServerResponse, reply: FakeReply, how: unknown): void {
  const { type, bytes } = bodyOf(reply);
  const part = how === 'empty' ? Buffer.alloc(0) : bytes.subarray(0, Math.max(1, Math.floor(bytes.length / 2)));
  const length = how === 'abort' ? bytes.length : part.length;
  response.writeHead(reply.status, { 'Content-Type': type, 'Content-Length': length, ...reply.headers });
  if (how !== 'abort') response.end(part);
  else response.write(part, () => response.destroy());
}

function drip(response: ServerResponse, reply: FakeReply, everyMs: number, drips: Set<() => void>): void {
  const { type, bytes } = bodyOf(reply);
  response.writeHead(reply.status, { 'Content-Type': type, 'Content-Length': bytes.length, ...reply.headers });
  let sent = 0;
  const timer = setInterval(() => {
    if (sent < bytes.length) response.write(bytes.subarray(sent, ++sent));
    else response.end();
  }, everyMs);
  const end = (): void => {
    clearInterval(timer);
    drips.delete(end);
  };
  drips.add(end);
  response.once('close', end);
}
