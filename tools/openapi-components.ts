type Json = Record<string, unknown>;

/** Shorter schemas are easier to read where they stand. */
const WORTH_NAMING = 400;

/**
 * Moves schemas that occur more than once into named components, the largest first, so that the document says each thing once. `nameOf`
 * gives a name from the place where a schema is met first.
 */
export function hoistSchemas(
  paths: Json,
  nameOf: (operationId: string, keys: readonly string[]) => string,
): { paths: Json; schemas: Json } {
  const seen = new Map<string, { count: number; name: string }>();
  const taken = new Set<string>();
  visitOperations(paths, (operationId, part) => {
    visit(part, [], (text, keys) => {
      const known = seen.get(text);
      if (known) known.count++;
      else seen.set(text, { count: 1, name: nameOf(operationId, keys) });
    });
  });
  const names = new Map<string, string>();
  for (const [text, { count, name }] of seen) {
    if (count < 2) continue;
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name}${n}`;
    taken.add(free);
    names.set(text, free);
  }
  const schemas: Json = {};
  const replaced = replace(paths, names, schemas) as Json;
  return { paths: replaced, schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function visitOperations(paths: Json, each: (operationId: string, part: unknown) => void): void {
  for (const methods of Object.values(paths))
    for (const operation of Object.values(methods as Json)) each(String((operation as Json).operationId), operation);
}

function isSchema(node: unknown): node is Json {
  return typeof node === 'object' && node !== null && (node as Json).type === 'object' && 'properties' in node;
}

function visit(node: unknown, keys: readonly string[], found: (text: string, keys: readonly string[]) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if (isSchema(node)) {
    const text = JSON.stringify(node);
    if (text.length >= WORTH_NAMING) found(text, keys);
  }
  for (const [key, value] of Object.entries(node)) visit(value, [...keys, key], found);
}

function replace(node: unknown, names: ReadonlyMap<string, string>, schemas: Json): unknown {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((one) => replace(one, names, schemas));
  const name = isSchema(node) ? names.get(JSON.stringify(node)) : undefined;
  const inner = () => Object.fromEntries(Object.entries(node).map(([key, value]) => [key, replace(value, names, schemas)]));
  if (name === undefined) return inner();
  if (!(name in schemas)) {
    schemas[name] = {};
    schemas[name] = inner();
  }
  return { $ref: `#/components/schemas/${name}` };
}
