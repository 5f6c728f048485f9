import { type DocumentNode, type FieldNode, GraphQLError, Kind, parse, validate, valueFromASTUntyped } from 'graphql';
import { localDateOf } from '#kernel/zone.ts';
import type { Row } from '../../../../shared/fake-source/dataset.ts';
import type { FakeReply, FakeRequest, ListReply, Route } from '../../../../shared/fake-source/exchange.ts';
import { type FakeOAuth, TOKEN_DOOR } from '../../../../shared/fake-source/oauth.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';
import { costOf } from './cost.ts';
import { JOBBER_LISTS, readJobberSchema } from './entities.ts';
import { answerQuery, type Cursors, type GraphWorld, looseSchema, rowsOf, sliceOf } from './graph.ts';
import { Bucket, RequestWindow } from './limits.ts';
import { type ListArguments, selectRows } from './select.ts';
import { VERSIONS } from './switches.ts';

/** What Jobber says once an account has disconnected the app. */
export const DISCONNECTED = 'The account has disconnected this app.';
/** The question whose account it is, which no list answers. */
export const IDENTITY_DOOR = 'identity';

const THROTTLED = {
  message: 'Throttled',
  extensions: { code: 'THROTTLED', documentation: 'https://developer.getjobber.com/docs/using_jobbers_api/api_rate_limits' },
};

/** A query that has been read: its document, variables, and the one list it asks for a page of, if it does. */
type Asked = {
  readonly document: DocumentNode;
  readonly variables: ListArguments;
  readonly entity: string;
  readonly list: { readonly name: string; readonly args: ListArguments } | null;
};

/** What stands beside the data of an answer. */
type Extensions = { readonly versioning: Row; readonly cost: Row };

/** `POST /api/graphql`: version, token, limits and cost before the query is executed at all, as the real endpoint does. */
export class GraphDoor {
  readonly #oauth: FakeOAuth;
  readonly #schema = looseSchema(readJobberSchema());
  readonly #buckets = new Map<string, Bucket>();
  readonly #windows = new Map<string, RequestWindow>();

  constructor(oauth: FakeOAuth) {
    this.#oauth = oauth;
  }

  route(request: FakeRequest, shell: Shell): Route {
    const tenant = this.#oauth.tenantOf(request.headers.authorization, shell);
    if (tenant === null) {
      // A token of an account that has left us is refused in words of its own.
      const left = shell.tenants().some((id) => shell.switches(id).peek('revoked', TOKEN_DOOR) !== null);
      const message = left ? DISCONNECTED : 'Token not recognized';
      return { tenant: null, entity: null, list: true, respond: () => ({ status: 401, body: { message } }) };
    }
    const asked = this.#read(request.body);
    if ('errors' in asked) return { tenant, entity: null, list: true, respond: () => ({ status: 200, body: asked }) };
    return {
      tenant,
      entity: asked.entity,
      // Whose account it is stands for a login: only faults set for it by name hit it.
      list: asked.entity !== IDENTITY_DOOR,
      respond: () => this.#respond(request, asked, tenant, shell),
    };
  }

  #read(body: string): Asked | { readonly errors: readonly unknown[] } {
    const { query, variables } = JSON.parse(body) as { query: string; variables?: ListArguments };
    try {
      const document = parse(query);
      const errors = validate(this.#schema, document);
      if (errors.length > 0) return { errors: errors.map(({ message, locations }) => ({ message, locations })) };
      const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
      const roots = (operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections : []).filter(
        (one): one is FieldNode => one.kind === Kind.FIELD,
      );
      const listed = roots.filter((one) => JOBBER_LISTS.some(({ path }) => path === one.name.value && path !== 'account'));
      const [only] = listed;
      const entity = only?.name.value ?? entityOfSingle(roots);
      const list = listed.length === 1 && only ? { name: only.name.value, args: argumentsOf(only, variables ?? {}) } : null;
      return { document, variables: variables ?? {}, entity, list };
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [{ message: error.message }] };
      throw error;
    }
  }

  #respond(request: FakeRequest, asked: Asked, tenant: string, shell: Shell): FakeReply | ListReply {
    const board = shell.switches(tenant);
    const nowMs = shell.spec.now();
    const versioning = versionOf(request.headers['x-jobber-graphql-version'], board.peek('versions', null) as readonly string[]);
    if ('status' in versioning) return versioning;
    const window = this.#windows.get(tenant) ?? new RequestWindow();
    this.#windows.set(tenant, window);
    if (!window.allow(nowMs, Number(board.peek('requestLimit', null)))) return { status: 429, body: 'Too Many Requests' };
    if (board.take('unauthenticatedAt200', asked.entity) !== null)
      return {
        status: 200,
        body: { errors: [{ message: 'Unauthenticated', extensions: { code: 'UNAUTHENTICATED' } }], data: null },
      };
    const bucket = this.#buckets.get(tenant) ?? new Bucket();
    this.#buckets.set(tenant, bucket);
    const { maximum, rate } = board.peek('bucket', null) as { maximum: number; rate: number };
    const available = bucket.available(nowMs, maximum, rate);
    const requested = costOf(this.#schema, asked.document, asked.variables);
    const extensions = (actual: number): Extensions => ({
      cost: {
        requestedQueryCost: requested,
        actualQueryCost: actual,
        throttleStatus: { maximumAvailable: maximum, currentlyAvailable: available - actual, restoreRate: rate },
      },
      versioning: versioning.versioning,
    });
    if (requested > available) return { status: 200, body: { errors: [THROTTLED], extensions: extensions(0) } };
    const answer = (world: GraphWorld): FakeReply => {
      const { data, errors } = this.#execute(asked, world, tenant, shell);
      const actual = costOf(this.#schema, asked.document, asked.variables, data);
      bucket.take(actual);
      return { status: 200, body: { ...(errors.length > 0 ? { errors } : {}), data, extensions: extensions(actual) } };
    };
    return this.#page(asked, tenant, shell, answer);
  }

  /** The answer in parts where one list is asked for, so that the shell can bend its page. */
  #page(asked: Asked, tenant: string, shell: Shell, answer: (world: GraphWorld) => FakeReply): FakeReply | ListReply {
    const cursors = cursorsOf(shell, tenant);
    const today = todayOf(shell, tenant);
    const { list } = asked;
    if (list === null) return answer({ data: this.#dataOf(asked, tenant, shell), today, page: null, cursors });
    let from: number;
    try {
      from = sliceOf(list.args, cursors).from;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { status: 200, body: { errors: [{ message: error.message, path: [list.name] }], data: null } };
    }
    const { size } = sliceOf({ ...list.args, after: null }, cursors);
    let read = { data: shell.data(tenant), from, total: 0 };
    return {
      entity: list.name,
      key: ['id'],
      first: from === 0,
      page: (data, bend) => {
        const rows = selectRows(rowsOf({ data, today }, list.name), list.args);
        const all = bend.duplicate && rows.length > 0 ? [rows[0]!, ...rows] : rows;
        const start = bend.loop ? 0 : from;
        read = { data, from: start, total: bend.loop ? Number.POSITIVE_INFINITY : all.length };
        if (from === 0 && all.length > size && data === shell.data(tenant)) moveWhilePaging(data, list.name, rows, shell);
        return all.slice(start, start + size);
      },
      encode: (rows) => {
        const end = read.from + rows.length;
        const next = rows.length > 0 && end < read.total ? cursors.make(end) : null;
        return answer({ data: read.data, today, page: { list: list.name, rows, next }, cursors });
      },
    };
  }

  #execute(asked: Asked, world: GraphWorld, tenant: string, shell: Shell): { data: Row; errors: readonly unknown[] } {
    const result = answerQuery(this.#schema, asked.document, asked.variables, world);
    const data = structuredClone(result.data ?? {}) as Row;
    const errors: unknown[] = (result.errors ?? []).map(({ message, path }) => ({ message, path }));
    const board = shell.switches(tenant);
    if (asked.entity !== IDENTITY_DOOR && board.take('scopeMissing', asked.entity) !== null) {
      for (const root of Object.keys(data)) if (root !== 'account') data[root] = null;
      const message = 'This app does not have permission to read this: a required scope is missing.';
      errors.push({ message, path: [asked.list?.name ?? asked.entity] });
    }
    const nodes = asked.list === null ? null : ((data[asked.list.name] as { nodes?: unknown[] } | null)?.nodes ?? null);
    const partial = nodes && nodes.length > 0 ? board.take('partialErrors', asked.entity) : null;
    if (nodes && partial !== null) errors.push(spoil(nodes, asked.list!.name, partial));
    return { data, errors };
  }

  /** Another account's data where a login leads there: the account itself is only read like that when it is named. */
  #dataOf(asked: Asked, tenant: string, shell: Shell): TenantData {
    return shell.switches(tenant).peek('otherAccount', asked.entity) === null ? shell.data(tenant) : shell.otherAccount(tenant);
  }
}

/** One row, or one reference of it, that could not be read. */
function spoil(nodes: unknown[], list: string, how: unknown): unknown {
  const at = Math.floor(nodes.length / 2);
  const path: (string | number)[] = [list, 'nodes', at];
  const row = nodes[at] as Row | null;
  const reference =
    how === 'field' && row ? Object.keys(row).find((name) => typeof row[name] === 'object' && row[name]) : undefined;
  if (reference === undefined || row === null) nodes[at] = null;
  else {
    row[reference] = null;
    path.push(reference);
  }
  return { message: 'Something went wrong', path, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
}

function entityOfSingle(roots: readonly FieldNode[]): string {
  const single: Readonly<Record<string, string>> = {
    client: 'clients',
    property: 'properties',
    user: 'users',
    job: 'jobs',
    visit: 'visits',
    timeSheetEntry: 'timeSheetEntries',
  };
  const named = roots.map((one) => single[one.name.value]).find((name) => name !== undefined);
  return named ?? IDENTITY_DOOR;
}

function argumentsOf(field: FieldNode, variables: ListArguments): ListArguments {
  return Object.fromEntries(
    (field.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)]),
  );
}

/** The version a request is answered in, or the refusal of one that is missing or unknown. */
function versionOf(asked: string | undefined, supported: readonly string[]): { readonly versioning: Row } | FakeReply {
  if (asked === undefined || asked === '')
    return { status: 400, body: { message: 'The X-JOBBER-GRAPHQL-VERSION header is required' } };
  if (!VERSIONS.includes(asked)) return { status: 404, body: { message: `GraphQL API version '${asked}' does not exist` } };
  if (supported.includes(asked)) return { versioning: { version: asked } };
  const oldest = [...supported].sort()[0]!;
  const warning = `The requested version ${asked} is no longer supported; this answer is in version ${oldest}.`;
  return { versioning: { version: oldest, warning } };
}

/** Cursors are opaque; where the switch says so they bear the minute they were made and are refused when they are old. */
function cursorsOf(shell: Shell, tenant: string): Cursors {
  const minutes = shell.switches(tenant).peek('cursorMinutes', null);
  const nowMs = shell.spec.now();
  return {
    make: (offset) => Buffer.from(minutes === null ? String(offset) : `${offset}@${nowMs}`).toString('base64url'),
    read: (cursor) => {
      const [offset = '', madeMs] = Buffer.from(cursor, 'base64url').toString('utf8').split('@');
      const old = minutes !== null && madeMs !== undefined && nowMs - Number(madeMs) >= Number(minutes) * 60_000;
      if (!/^\d+$/.test(offset) || old) throw new RangeError(`"${cursor}" does not appear to be a valid cursor`);
      return Number(offset);
    },
  };
}

function todayOf(shell: Shell, tenant: string): GraphWorld['today'] {
  if (shell.switches(tenant).peek('driftStatusDaily', null) === null) return null;
  const zone = shell.data(tenant).dataset._about.timeZone;
  return { date: localDateOf(shell.instant(), zone), zone };
}

/** The last job of a list is edited after its first page was read, and so moves to the front of a list sorted by edits. */
function moveWhilePaging(data: TenantData, list: string, rows: readonly Row[], shell: Shell): void {
  const last = rows.at(-1);
  if (list !== 'jobs' || last === undefined || shell.switches(data.id).take('moveWhilePaging', list) === null) return;
  const { id, title } = last;
  shell.put(data, data.entityAt(list)!, { id, title: `${String(title)} (moved)` });
}
