import {
  buildSchema,
  type ExecutionResult,
  execute,
  type GraphQLFieldResolver,
  GraphQLList,
  type GraphQLOutputType,
  GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type parse,
} from 'graphql';
import type { Row } from '../../../../shared/fake-source/dataset.ts';
import type { TenantData } from '../../../../shared/fake-source/tenant-data.ts';
import { jobStatusOn, visitStatusOn } from './calendar.ts';
import { LIST_OF_TYPE } from './entities.ts';
import { idIn, type ListArguments, selectRows } from './select.ts';

/** What a query is answered from. */
export type GraphWorld = {
  readonly data: TenantData;
  /** Local date, and the zone of the company, by which statuses move; null when they stay as recorded. */
  readonly today: { readonly date: string; readonly zone: string } | null;
  /** The page of the one list that is asked for, when the shell has bent it. */
  readonly page: { readonly list: string; readonly rows: readonly unknown[]; readonly next: string | null } | null;
  readonly cursors: Cursors;
};

/** Makes and reads the opaque places at which a list goes on; reading throws where the source would refuse. */
export type Cursors = { make(offset: number): string; read(cursor: string): number };

/** One page of a connection, as the fields of the schema name it. */
type Connection = {
  readonly nodes: readonly unknown[];
  readonly edges: readonly unknown[];
  readonly pageInfo: Row;
  readonly totalCount: number;
};

/**
 * The schema for answering: values go out as they are held, so that rows spoilt by a fault reach the reader, and a missing value spoils
 * its own field only. Queries are still validated against the types' own structure.
 */
export function looseSchema(text: string): GraphQLSchema {
  const schema = buildSchema(text, { assumeValid: true });
  const anything = new GraphQLScalarType({ name: 'Anything', serialize: (value) => value });
  const loosen = (type: GraphQLOutputType): GraphQLOutputType => {
    const nullable = isNonNullType(type) ? getNullableType(type) : type;
    if (isListType(nullable)) return new GraphQLList(loosen(nullable.ofType));
    return isLeafType(getNamedType(nullable)) ? anything : nullable;
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) field.type = loosen(field.type);
  }
  return schema;
}

/** Executes a valid query. */
export function answerQuery(
  schema: GraphQLSchema,
  document: ReturnType<typeof parse>,
  variableValues: Readonly<Record<string, unknown>>,
  world: GraphWorld,
): ExecutionResult {
  const result = execute({ schema, document, variableValues, contextValue: world, fieldResolver: resolve, typeResolver: typeOf });
  if (result instanceof Promise) throw new Error('the graph of the fake waits for nothing');
  return result;
}

const resolve: GraphQLFieldResolver<unknown, GraphWorld> = (source, args: ListArguments, world, info) => {
  const { fieldName, parentType } = info;
  const type = getNamedType(info.returnType).name;
  const isConnection = type.endsWith('Connection');
  if (parentType.name === 'Query') {
    // An account is there as long as its tokens hold, whatever was deleted in it.
    if (fieldName === 'account') return rowsOf(world, 'account')[0] ?? world.data.dataset.endpoints.account?.[0] ?? null;
    if (isConnection) return rootConnection(world, fieldName, args);
    return rowsOf(world, LIST_OF_TYPE[type] ?? '').find(({ id }) => id === args.id) ?? null;
  }
  const row = (typeof source === 'object' && source !== null ? source : {}) as Row;
  if (isConnection) return connection(world, childrenOf(world, parentType.name, row, fieldName), args, null);
  const value = Object.hasOwn(row, fieldName) ? row[fieldName] : null;
  return type in LIST_OF_TYPE ? referred(world, type, value) : value;
};

/** The kind of a custom field is told by which value it holds. */
function typeOf(value: unknown): string {
  const row = (value ?? {}) as Row;
  if ('valueNumeric' in row) return 'CustomFieldNumeric';
  if ('valueDropdown' in row) return 'CustomFieldDropdown';
  return 'valueTrueFalse' in row ? 'CustomFieldTrueFalse' : 'CustomFieldText';
}

/** An object that holds only an id is a reference to a row; one whose row is gone answers with the id alone. */
function referred(world: GraphWorld, type: string, value: unknown): unknown {
  const id = idIn(value);
  if (id === null || id === undefined) return value;
  const found = rowsOf(world, LIST_OF_TYPE[type]!).find((row) => row.id === id);
  return found ?? value;
}

function childrenOf(world: GraphWorld, parent: string, row: Row, field: string): readonly unknown[] {
  if (field === 'assignedUsers' || field === 'assignedTo') {
    const nodes = (row[field] as { nodes?: readonly unknown[] } | null | undefined)?.nodes;
    return Array.isArray(nodes) ? nodes.map((node) => referred(world, 'User', node)) : [];
  }
  const reference = parent.charAt(0).toLowerCase() + parent.slice(1);
  return rowsOf(world, field).filter((child) => idIn(child[reference]) === row.id);
}

/** Every row of a list as of today. */
export function rowsOf({ data, today }: Pick<GraphWorld, 'data' | 'today'>, list: string): Row[] {
  const spec = data.entityAt(list);
  const rows = spec === null ? [] : data.rows(spec);
  if (today === null) return rows;
  if (list === 'visits') return rows.map((row) => ({ ...row, visitStatus: visitStatusOn(row, today.date, today.zone) }));
  if (list !== 'jobs') return rows;
  const visits = data.rows(data.entityAt('visits')!);
  return rows.map((row) => {
    const own = visits.filter((visit) => idIn(visit.job) === row.id);
    return { ...row, jobStatus: jobStatusOn(row, own, today.date, today.zone) };
  });
}

function rootConnection(world: GraphWorld, list: string, args: ListArguments): Connection {
  if (world.page?.list === list) return connectionOf(world.page.rows, world.page.next, world.page.rows.length);
  return connection(world, rowsOf(world, list), args, list);
}

function connection(world: GraphWorld, rows: readonly unknown[], args: ListArguments, list: string | null): Connection {
  const selected = list === null ? rows : selectRows(rows as Row[], args);
  const { from, size } = sliceOf(args, world.cursors);
  const page = selected.slice(from, from + size);
  const next = from + page.length < selected.length ? world.cursors.make(from + page.length) : null;
  return connectionOf(page, next, selected.length);
}

/** The part of a list that is asked for: at most 100 rows, and 100 where nothing is said. */
export function sliceOf(args: ListArguments, cursors: Cursors): { readonly from: number; readonly size: number } {
  const size = Math.max(0, Math.min(100, typeof args.first === 'number' ? args.first : 100));
  return { from: typeof args.after === 'string' ? cursors.read(args.after) : 0, size };
}

function connectionOf(nodes: readonly unknown[], next: string | null, totalCount: number): Connection {
  const edges = nodes.map((node) => ({ cursor: '', node }));
  const pageInfo = { startCursor: null, endCursor: next, hasNextPage: next !== null, hasPreviousPage: false };
  return { nodes, edges, pageInfo, totalCount };
}
