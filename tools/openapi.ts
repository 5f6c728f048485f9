import { toJSONSchema, type ZodType } from 'zod';
import { problemShape } from '#functions/api/problem-shape.ts';
import { PROBLEMS } from '#functions/api/problems.ts';
import { RATE_LIMITS, RATE_WINDOW_SECONDS, rateClassOf } from '#functions/api/rates.ts';
import type { AnySchema } from '#functions/api/route.ts';
import { type Route, routes } from '#functions/api/routes.ts';
import { hoistSchemas } from './openapi-components.ts';
import { sampleOf } from './openapi-example.ts';
import { inProject } from './project.ts';

type Json = Record<string, unknown>;

/** Where the description is kept: committed, served by the API, compared by a test. */
export const openApiFile = inProject('docs', 'generated', 'openapi.json');

/** The OpenAPI 3.1 description of the whole API, made from the route table and the very schemas that requests are parsed with. */
export function describeApi(): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  const { paths: described, schemas } = hoistSchemas(paths, componentName);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Protiv',
      version: '1',
      description: `A read-only mirror of a contractor’s field-service systems and a bonus layer over it. Money is a decimal string, percentages are basis points, times are UTC. ${limitsText()}`,
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths: Object.fromEntries(Object.entries(described).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: '<tenant>.<token>.<secret>' } },
      schemas: { ...schemas, Problem: problemSchema() },
      responses: {
        Problem: {
          description: 'What went wrong, and what to do about it',
          content: { 'application/problem+json': { schema: PROBLEM } },
        },
      },
    },
  };
}

/** The published limits. */
function limitsText(): string {
  const each = Object.entries(RATE_LIMITS).map(([name, quota]) => `${quota.toLocaleString('en-US')} of class ${name}`);
  return `A tenant may make these requests in ${RATE_WINDOW_SECONDS} seconds: ${each.join(', ')} (x-rate-limit names the class). Answers tell what is left in RateLimit-Policy and RateLimit; above it 429 with Retry-After. A 304 costs nothing.`;
}

/** Keys on the way to a schema that say nothing of what it is. */
const PLAIN = new Set([
  'responses',
  'content',
  'application/json',
  'text/csv',
  'schema',
  'properties',
  'items',
  'anyOf',
  'oneOf',
  'requestBody',
]);

/** A component is called after the operation and the property where it is met first: `GetWorkersItem`. */
function componentName(operationId: string, keys: readonly string[]): string {
  const property = keys.filter((key) => !PLAIN.has(key) && !/^\d+$/.test(key));
  const inList = keys.includes('items') ? 'Item' : '';
  const body = keys.includes('requestBody') ? 'Body' : '';
  const words = [operationId, ...property].map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}${inList}${body}`.replaceAll(/[^A-Za-z0-9]/g, '');
}

function operation(route: Route): Json {
  const { answer } = route;
  const content = () => ({
    schema: schemaOf(answer.schema, 'output'),
    example: answerExample(route),
  });
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.group],
    ...(route.access.tenant === 'none' ? { security: [] } : {}),
    ...(route.access.tenant === 'token'
      ? { 'x-roles': route.access.matrix, 'x-rate-limit': rateClassOf(route.method, route) }
      : {}),
    'x-problems': problemsOf(route),
    parameters: parametersOf(route),
    ...(route.body === null ? {} : { requestBody: bodyOf(route) }),
    responses: {
      [answer.status]: {
        description: answer.description,
        ...(answer.status === 204
          ? {}
          : {
              content: {
                [answer.mediaType ?? 'application/json']: content(),
                ...Object.fromEntries((answer.textTypes ?? []).map((mediaType) => [mediaType, { schema: { type: 'string' } }])),
              },
            }),
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** The example of what a route answers: its own, else one of its schema. */
export function answerExample({ answer }: Pick<Route, 'answer'>): unknown {
  return (
    answer.example ?? (answer.mediaType === undefined ? sampleOf(bareSchema(answer.schema, 'output')) : 'id,name\r\n1,Fence')
  );
}

/** The example of a body: the route's own, else one of its schema. */
export function bodyExample(route: Pick<Route, 'body' | 'bodyExample'>): unknown {
  return route.bodyExample ?? (route.body === null ? undefined : sampleOf(bareSchema(route.body, 'input')));
}

/** The problems that come of the request itself; those of what it asks for are told by its pages and in `Problem`. */
export function problemsOf(route: Route): readonly string[] {
  const { access, path, query, body, idempotency, ifMatch } = route;
  return [
    ...(access.tenant === 'none' ? [] : ['unauthenticated', 'forbidden']),
    ...(access.tenant === 'token' ? ['rate-limited'] : []),
    ...(Object.keys(query).length > 0 ? ['invalid-parameter'] : []),
    ...('cursor' in query ? ['invalid-cursor'] : []),
    ...(path.includes('{') ? ['not-found'] : []),
    ...(body === null ? [] : ['invalid-json', 'invalid-body', 'body-too-large', 'unsupported-media-type']),
    ...(idempotency === null ? [] : ['idempotency-key-reused', 'idempotency-in-flight']),
    ...(idempotency === 'required' ? ['idempotency-key-required'] : []),
    ...(ifMatch ? ['precondition-required', 'precondition-failed'] : []),
    ...['store-throttled', 'store-unavailable', 'deadline-passed', 'internal-error'],
  ];
}

function bodyOf(route: Route): Json {
  return {
    required: true,
    content: {
      'application/json': {
        schema: schemaOf(route.body!, 'input'),
        example: bodyExample(route),
      },
    },
  };
}

function parametersOf(route: Route): readonly Json[] {
  const path = [...route.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const query = Object.entries(route.query).map(([name, parameter]) => ({
    name,
    in: 'query',
    description: parameter.description,
    schema: {
      ...schemaOf(parameter.schema, 'input'),
      ...(parameter.default === undefined ? {} : { default: parameter.default }),
    },
  }));
  const header = (name: string, required: boolean, description: string) => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string', maxLength: 255 },
  });
  return [
    ...path,
    ...query,
    ...(route.idempotency === null
      ? []
      : [header('Idempotency-Key', route.idempotency === 'required', 'The same key again gives the same answer, once')]),
    ...(route.ifMatch ? [header('If-Match', true, 'ETag of the resource as it was read')] : []),
  ];
}

/** `GET /v1/jobs/{id}/milestones` → `getJobsByIdMilestones`. */
function operationId({ method, path }: Route): string {
  const words = path
    .split('/')
    .filter((part) => part !== '' && part !== 'v1')
    .map((part) => (part.startsWith('{') ? `by-${part.slice(1, -1)}` : part))
    .join('-')
    .split(/[-.]/);
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/** Problems inside of answers are those of errors. */
function schemaOf(schema: AnySchema, io: 'input' | 'output'): Json {
  return JSON.parse(JSON.stringify(bareSchema(schema, io)).replaceAll(PROBLEM_TEXT, JSON.stringify(PROBLEM)));
}

function bareSchema(schema: AnySchema, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...json } = toJSONSchema(schema as unknown as ZodType, { io, target: 'draft-2020-12' }) as Json;
  return json;
}

const PROBLEM = { $ref: '#/components/schemas/Problem' };
const PROBLEM_TEXT = JSON.stringify(bareSchema(problemShape, 'output'));

/** The one shape of every error, with the codes that there are. */
function problemSchema(): Json {
  const { properties, additionalProperties: _open, ...shape } = bareSchema(problemShape, 'output') as Record<string, Json>;
  const type = { type: 'string', description: 'Ends in /problems/<code>; the page says what to do' };
  return { ...shape, properties: { ...properties, type, code: { type: 'string', enum: [...PROBLEMS.keys()] } } };
}

/** The description as it is committed. */
export function openApiText(): string {
  return `${JSON.stringify(describeApi(), null, 1)}\n`;
}
