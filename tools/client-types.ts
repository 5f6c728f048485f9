import { compile } from 'json-schema-to-typescript';
import { describeApi } from './openapi.ts';
import { inProject } from './project.ts';

type Json = Record<string, unknown>;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema: Json;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
type Content = Readonly<Record<string, { readonly schema: Json }>>;
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** Where the client's types are kept: committed, compared by a test. */
export const clientTypesFile = inProject('client', 'generated', 'api.ts');

/**
 * TypeScript types of the whole API, from its description: one for each component and each operation's query, body and answer, and
 * `paths`, which openapi-fetch types its calls by.
 */
export async function clientTypesText(): Promise<string> {
  const description = describeApi() as { paths: Paths; components: { schemas: Record<string, Json> } };
  const definitions: Record<string, Json> = { ...description.components.schemas };
  const paths = Object.entries(description.paths).map(
    ([path, methods]) => `  ${JSON.stringify(path)}: {\n${methodsText(methods, definitions)}  };\n`,
  );
  const types = await compile({ definitions: pointed(definitions), type: 'object', additionalProperties: false }, 'Unused', {
    bannerComment: '',
    additionalProperties: false,
    format: false,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: true,
  });
  return `${HEAD}\n${withoutNotes(types)}\nexport interface paths {\n${paths.join('')}}\n`;
}

/** The client gives every POST a key of its own; whoever repeats a request after a crash names the key. */
const FILLED_IN = 'Idempotency-Key';
const COMPONENTS = '#/components/schemas/';
const HEAD = '// Made from the description of the API; `npm run openapi` renews it.\n';

function methodsText(methods: Paths[string], definitions: Record<string, Json>): string {
  return Object.entries(methods)
    .map(
      ([method, operation]) =>
        `    /** ${operation.summary} */\n    ${method}: {\n${operationText(operation, definitions)}    };\n`,
    )
    .join('');
}

/** One operation as openapi-fetch reads it, its shapes kept under names of their own. */
function operationText(operation: Operation, definitions: Record<string, Json>): string {
  const { operationId, parameters, requestBody, responses } = operation;
  const name = operationId.charAt(0).toUpperCase() + operationId.slice(1);
  const keep = (suffix: string, schema: Json): string => {
    if (typeof schema.$ref === 'string') return schema.$ref.slice(COMPONENTS.length);
    if (definitions[`${name}${suffix}`] !== undefined) throw new Error(`two shapes are called ${name}${suffix}`);
    definitions[`${name}${suffix}`] = schema;
    return `${name}${suffix}`;
  };
  const place = (where: string): string => {
    const here = parameters.filter((one) => one.in === where);
    if (here.length === 0) return `${where}?: never`;
    const required = here.filter((one) => one.required && one.name !== FILLED_IN).map((one) => one.name);
    const properties = Object.fromEntries(here.map((one) => [one.name, one.schema]));
    const suffix = { path: 'Path', query: 'Query', header: 'Headers' }[where]!;
    const type = keep(suffix, { type: 'object', properties, required, additionalProperties: false });
    return `${where}${required.length === 0 ? '?' : ''}: ${type}`;
  };
  const body = requestBody?.content['application/json'];
  const answers = Object.entries(responses).map(([status, { content }]) => {
    const schema = content?.['application/json']?.schema;
    if (status === 'default') return `default: { content: { 'application/problem+json': Problem } }`;
    return `${status}: { content: ${schema === undefined ? '{}' : `{ 'application/json': ${keep('Answer', schema)} }`} }`;
  });
  return [
    `parameters: { ${['query', 'header', 'path'].map(place).join('; ')}; cookie?: never }`,
    body === undefined
      ? 'requestBody?: never'
      : `requestBody: { content: { 'application/json': ${keep('Request', body.schema)} } }`,
    `responses: { ${answers.join('; ')} }`,
  ]
    .map((line) => `      ${line};\n`)
    .join('');
}

/** The same schemas, naming each other as definitions of one document. */
function pointed(definitions: Record<string, Json>): Record<string, Json> {
  return JSON.parse(JSON.stringify(definitions).replaceAll(COMPONENTS, '#/definitions/'));
}

/** Drops the type of the document itself, and the notes on where a type was met. */
function withoutNotes(types: string): string {
  return types
    .replace(/export interface Unused \{\s*\}\n/, '')
    .replaceAll(/\/\*\*\n \* This interface was referenced by[\s\S]*?\*\/\n/g, '');
}
