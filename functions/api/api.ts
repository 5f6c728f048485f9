import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { LogLine } from '#platform/log.ts';
import type { SystemPorts } from '#platform/ports.ts';
import type { Table } from '#store/table.ts';
import type { HttpEvent, HttpResponse } from './http.ts';
import { type Caller, NOBODY, readPerson, readPrincipal } from './principal.ts';
import { notFound, problemCode } from './problem.ts';
import { problemKind } from './problems.ts';
import { type Admission, rateLimiter } from './rate-limit.ts';
import { type RateLimits, rateClassOf } from './rates.ts';
import { renderAnswer, renderProblem } from './render.ts';
import { type ParsedRequest, parseRequest, pickRoute } from './request.ts';
import type { ApiAnswer, RouteDefinition } from './route.ts';
import { compileRouter, type Match } from './router.ts';
import { viewedAs } from './view-as.ts';

/** What the chain itself needs; a function whose routes are all public has no table. */
export type ChainPorts = SystemPorts & { readonly table?: Table; log(line: LogLine): void };

export interface ApiOptions<Ports extends ChainPorts> {
  readonly routes: readonly RouteDefinition<Ports>[];
  readonly ports: Ports;
  /** In tests: every answer is checked against its route's schema. */
  readonly checkAnswers?: boolean;
  /** What a tenant may ask in a minute; else as published. */
  readonly limits?: RateLimits;
}

export type ApiHandler = (event: HttpEvent, context: Context) => Promise<HttpResponse>;

/** Time kept back from the function's own limit, so that a late answer is still one of ours. */
const EARLY_MS = 400;

/** What the steps of one request hand on to each other. */
interface Running<Ports> {
  match: Match<Ports>;
  caller: Caller;
  admission?: Admission;
  route?: RouteDefinition<Ports>;
  parsed?: ParsedRequest<Ports>;
}

/** A request as middy hands it to the steps. */
interface Step {
  readonly event: HttpEvent;
  response: HttpResponse | ApiAnswer | null;
  readonly error: Error | null;
}

/**
 * The one place where the chain of an API function is composed: find the path, know the caller and the tenant's limit, pick the route,
 * parse, handle, render. Each step is a plain function of the request; whatever any of them throws is rendered from the table of problems.
 */
export function createApi<Ports extends ChainPorts>(options: ApiOptions<Ports>): ApiHandler {
  const { ports } = options;
  // Public routes ask for no tenant and count against nobody.
  const admit = ports.table === undefined ? null : rateLimiter({ table: ports.table, now: ports.now }, options.limits);
  const find = compileRouter(options.routes);
  // Keyed by the event, since the step that handles gets nothing else from middy; entries go with their events.
  const running = new WeakMap<HttpEvent, Running<Ports>>();
  const run = (event: HttpEvent): Running<Ports> => running.get(event)!;
  const check = (route: RouteDefinition<Ports>, answer: ApiAnswer): void => {
    if (options.checkAnswers) assertAnswer(route, answer);
  };

  const findPath = ({ event }: Step): void => {
    const match = find(event.requestContext.http.method, event.rawPath);
    if (match === null) throw notFound();
    running.set(event, { match, caller: NOBODY });
  };
  const knowCaller = async ({ event }: Step): Promise<void> => {
    const here = run(event);
    const { tenant } = here.match.any.access;
    if (tenant === 'person') here.caller = { ...NOBODY, person: readPerson(event, ports.now()) };
    if (tenant !== 'token') return;
    const table = tableOf(ports);
    const principal = await viewedAs({ ...ports, table }, event, await readPrincipal(table, event, ports.now()));
    here.caller = { ...NOBODY, principal };
    here.admission = await admit!(principal.scope, rateClassOf(event.requestContext.http.method, here.match.route));
  };
  const parse = async ({ event }: Step): Promise<void> => {
    const here = run(event);
    here.route = await pickRoute(here.match, here.caller.principal, event, ports);
    here.parsed = await parseRequest(here.route, here.match.params, here.caller, event, ports);
  };
  const handle = async (event: HttpEvent): Promise<ApiAnswer> => {
    const { parsed, route } = run(event);
    if (parsed!.opened?.replay) return parsed!.opened.replay;
    const { list } = route!;
    if (list === null) return handled(route!, parsed!);
    return list.answer(route!, parsed!.request, event.rawQueryString, (page) => check(route!, page));
  };
  const render = (step: Step): void => {
    const { route, admission } = run(step.event);
    const answer = step.response as ApiAnswer;
    // Tables and documents are text, made of what was checked.
    if (answer.mediaType === undefined || route!.answer.mediaType !== undefined) check(route!, answer);
    step.response = withLimit(renderAnswer(step.event, answer, route!.answer.status), admission);
  };
  const fail = async (step: Step): Promise<void> => {
    const here = running.get(step.event);
    logFailure(ports, step, here?.match.any.path ?? null);
    step.response = withLimit(renderProblem(step.event, step.error), here?.admission);
    // A key that cannot be given back is free by itself after its time; the answer does not depend on it.
    await here?.parsed?.opened?.release().catch((error: Error) => logFailure(ports, { ...step, error }, here.match.any.path));
  };

  return middy({ timeoutEarlyInMillis: EARLY_MS })
    .before(findPath as never)
    .before(knowCaller as never)
    .before(parse as never)
    .handler(handle as never)
    .after(render as never)
    .onError(fail as never) as unknown as ApiHandler;
}

/** The handler's answer. Where it refuses what a twin of the request has done meanwhile, the twin's answer is this one's as well. */
async function handled<Ports>(route: RouteDefinition<Ports>, { request, opened }: ParsedRequest<Ports>): Promise<ApiAnswer> {
  try {
    return await route.handler(request);
  } catch (error) {
    if (opened === null || problemKind(problemCode(error)).kind.category !== 'customer') throw error;
    const answer = await opened.answerOfTwin();
    if (answer === null) throw error;
    return answer;
  }
}

/** Tells how much of the tenant's limit is left. An answer without a body costs nothing of it. */
function withLimit(response: HttpResponse, admission: Admission | undefined): HttpResponse {
  if (admission === undefined) return response;
  if (response.statusCode === 304) admission.giveBack();
  return { ...response, headers: { ...response.headers, ...admission.headers() } };
}

function tableOf(ports: ChainPorts): Table {
  if (ports.table === undefined) throw new Error('a function without a table serves public routes only');
  return ports.table;
}

/** One line for each failure that is not the caller's: request id, route, code and stack; never payloads, headers or tokens. */
function logFailure(ports: ChainPorts, { event, error }: Step, route: string | null): void {
  const code = problemCode(error);
  if (problemKind(code).kind.category === 'customer') return;
  const { requestId, http } = event.requestContext;
  const cause = error?.cause instanceof Error ? `${error.cause.name}: ${error.cause.message}` : undefined;
  ports.log({ level: 'error', requestId, method: http.method, route, code, error: error?.stack, cause });
}

/** Tests only: an answer outside of its own schema, or with a field that its schema does not name, is a defect of the route. */
function assertAnswer<Ports>(route: RouteDefinition<Ports>, answer: ApiAnswer): void {
  const checked = route.answer.schema.safeParse(answer.body);
  const where = `${route.method} ${route.path}`;
  if (!checked.success) throw new Error(`${where} answers outside of its schema: ${JSON.stringify(checked.error.issues)}`);
  const unnamed = unnamedFields(JSON.parse(JSON.stringify(answer.body ?? null)), checked.data);
  if (unnamed.length > 0) throw new Error(`${where} answers with fields that its schema does not name: ${unnamed.join(', ')}`);
}

/** Paths of the fields that are in a value and not in what a schema kept of it. */
function unnamedFields(value: unknown, kept: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const name = Array.isArray(value) ? `${path}[]` : `${path}.${key}`;
    const other = (kept as Readonly<Record<string, unknown>>)[key];
    return other === undefined ? [name] : unnamedFields(one, other, name);
  });
}
