import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  isUnionType,
  Kind,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';

/** Rows a connection is taken to hold when a query does not say how many it wants. */
const ASSUMED_ROWS = 100;

type Variables = Readonly<Record<string, unknown>>;
type Walk = {
  readonly schema: GraphQLSchema;
  readonly variables: Variables;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
};

/**
 * Points of a query by the published rules: every field costs 1; `nodes`, `edges` and `node` nothing; a connection multiplies what is
 * selected in it by `first`, or by 100. With `data`, the points it cost: the same, by the rows that were returned.
 */
export function costOf(schema: GraphQLSchema, document: DocumentNode, variables: Variables, data?: unknown): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  const query = schema.getQueryType();
  if (operation?.kind !== Kind.OPERATION_DEFINITION || !query) return 0;
  return selected({ schema, variables, fragments }, query, operation.selectionSet, data);
}

function selected(walk: Walk, type: GraphQLObjectType, { selections }: SelectionSetNode, data: unknown): number {
  let cost = 0;
  for (const one of selections) {
    if (one.kind === Kind.FIELD) cost += fieldCost(walk, type, one, data);
    else {
      const fragment = one.kind === Kind.INLINE_FRAGMENT ? one : walk.fragments.get(one.name.value);
      const named = fragment?.typeCondition?.name.value;
      const inner = named === undefined ? type : walk.schema.getType(named);
      if (fragment && isObjectType(inner)) cost += selected(walk, inner, fragment.selectionSet, data);
    }
  }
  return cost;
}

function fieldCost(walk: Walk, type: GraphQLObjectType, field: FieldNode, data: unknown): number {
  const name = field.name.value;
  const named = type.getFields()[name] ? getNamedType(type.getFields()[name]!.type) : null;
  const value = data === undefined ? undefined : valueIn(data, field.alias?.value ?? name);
  if (field.selectionSet === undefined || named === null) return 1;
  if (isUnionType(named))
    return 1 + named.getTypes().reduce((sum, one) => sum + selected(walk, one, field.selectionSet!, value), 0);
  if (!isObjectType(named)) return 1;
  if (!named.name.endsWith('Connection')) return value === null ? 1 : 1 + selected(walk, named, field.selectionSet, value);
  return connectionCost(walk, named, field, value);
}

function connectionCost(walk: Walk, type: GraphQLObjectType, field: FieldNode, value: unknown): number {
  const first = field.arguments?.find((one) => one.name.value === 'first');
  const asked = first === undefined ? null : valueFromASTUntyped(first.value, walk.variables);
  const rows = typeof asked === 'number' ? asked : ASSUMED_ROWS;
  let cost = 0;
  for (const one of field.selectionSet!.selections) {
    if (one.kind !== Kind.FIELD) continue;
    const inner = getNamedType(type.getFields()[one.name.value]?.type ?? type);
    if (one.name.value === 'pageInfo') cost += one.selectionSet?.selections.length ?? 0;
    else if (one.selectionSet === undefined || !isObjectType(inner)) cost += 1;
    else if (value === undefined) cost += rows * rowCost(walk, inner, one.selectionSet, undefined);
    else for (const row of listIn(value, one.name.value)) cost += rowCost(walk, inner, one.selectionSet, row);
  }
  return cost;
}

/** A row of `nodes`, or an edge, whose `node` is free. */
function rowCost(walk: Walk, type: GraphQLObjectType, set: SelectionSetNode, data: unknown): number {
  if (!type.name.endsWith('Edge')) return selected(walk, type, set, data);
  const node = set.selections.find((one): one is FieldNode => one.kind === Kind.FIELD && one.name.value === 'node');
  const inner = getNamedType(type.getFields().node?.type ?? type);
  const own = set.selections.length - (node === undefined ? 0 : 1);
  if (node?.selectionSet === undefined || !isObjectType(inner)) return own;
  return own + selected(walk, inner, node.selectionSet, data === undefined ? undefined : valueIn(data, 'node'));
}

function valueIn(data: unknown, name: string): unknown {
  return typeof data === 'object' && data !== null ? ((data as Record<string, unknown>)[name] ?? null) : null;
}

function listIn(data: unknown, name: string): readonly unknown[] {
  const list = valueIn(data, name);
  return Array.isArray(list) ? list : [];
}
