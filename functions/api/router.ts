import type { Method, RouteDefinition } from './route.ts';

interface Node<Ports> {
  readonly fixed: Map<string, Node<Ports>>;
  variable: Node<Ports> | null;
  readonly methods: Map<string, Matched<Ports>>;
}

export interface Matched<Ports> {
  readonly definition: RouteDefinition<Ports>;
  readonly names: readonly string[];
}

/** A path that is known, with what it offers. `route` is null where the method is not among it. */
export interface Match<Ports> {
  readonly route: RouteDefinition<Ports> | null;
  /** Any route of the path: tells whether it is public, and what answers other methods. */
  readonly any: RouteDefinition<Ports>;
  readonly params: Readonly<Record<string, string>>;
  readonly allow: readonly string[];
}

/** Finds a route by method and path. HEAD is served by GET. Fixed segments win over variables. */
export type Router<Ports> = (method: string, path: string) => Match<Ports> | null;

/** Characters of the longest id, with room to spare: anything longer names nothing, and fits no key of the table. */
const LONGEST_ID = 256;

const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Compiles a route table into a tree of path segments, once per function start. Throws where two routes are the same. */
export function compileRouter<Ports>(routes: readonly RouteDefinition<Ports>[]): Router<Ports> {
  const root = newNode<Ports>();
  for (const definition of routes) insert(root, definition);
  return (method, path) => {
    const values: string[] = [];
    const node = walk(root, path.split('/'), 1, values);
    if (node === null) return null;
    const wanted = node.methods.get(method === 'HEAD' ? 'GET' : method);
    const any = wanted ?? node.methods.values().next().value!;
    const params: Record<string, string> = {};
    for (let at = 0; at < any.names.length; at++) params[any.names[at]!] = values[at]!;
    return { route: wanted?.definition ?? null, any: any.definition, params, allow: wanted ? [] : allowed(node) };
  };
}

function newNode<Ports>(): Node<Ports> {
  return { fixed: new Map(), variable: null, methods: new Map() };
}

function insert<Ports>(root: Node<Ports>, definition: RouteDefinition<Ports>): void {
  const names: string[] = [];
  let node = root;
  for (const segment of definition.path.split('/').slice(1)) {
    if (segment.startsWith('{')) {
      names.push(segment.slice(1, -1));
      node.variable ??= newNode<Ports>();
      node = node.variable;
    } else {
      const next: Node<Ports> = node.fixed.get(segment) ?? newNode<Ports>();
      node.fixed.set(segment, next);
      node = next;
    }
  }
  if (node.methods.has(definition.method)) throw new Error(`Two routes for ${definition.method} ${definition.path}.`);
  node.methods.set(definition.method, { definition, names });
}

function walk<Ports>(node: Node<Ports>, segments: readonly string[], at: number, values: string[]): Node<Ports> | null {
  if (at === segments.length) return node.methods.size > 0 ? node : null;
  const segment = segments[at]!;
  const fixed = node.fixed.get(segment);
  if (fixed) {
    const found = walk(fixed, segments, at + 1, values);
    if (found) return found;
  }
  if (node.variable === null || segment === '' || segment.length > LONGEST_ID) return null;
  values.push(segment);
  const found = walk(node.variable, segments, at + 1, values);
  if (found === null) values.pop();
  return found;
}

function allowed<Ports>(node: Node<Ports>): string[] {
  return METHODS.filter((method) => node.methods.has(method)).flatMap((method) =>
    method === 'GET' ? ['GET', 'HEAD'] : [method],
  );
}
