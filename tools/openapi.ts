import { toJSONSchema, type ZodType } from 'zod';
import { PROBLEMS } from '#functions/api/problems.ts';
import type { AnySchema } from '#functions/api/route.ts';
import { type Route, routes } from '#functions/api/routes.ts';
import { hoistSchemas } from './openapi-components.ts';
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
      description:
        'A read-only mirror of a contractor’s field-service systems and a bonus layer over it. Money is a decimal string, percentages are basis points, times are UTC.',
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
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
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
    ...(answer.example === undefined ? {} : { example: answer.example }),
  });
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.group],
    ...(route.access.tenant === 'none' ? { security: [] } : {}),
    ...(route.access.tenant === 'token' ? { 'x-roles': route.access.matrix } : {}),
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

function bodyOf(route: Route): Json {
  return {
    required: true,
    content: {
      'application/json': {
        schema: schemaOf(route.body!, 'input'),
        ...(route.bodyExample === undefined ? {} : { example: route.bodyExample }),
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

function schemaOf(schema: AnySchema, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...json } = toJSONSchema(schema as unknown as ZodType, { io, target: 'draft-2020-12' }) as Json;
  return json;
}

function problemSchema(): Json {
  const text = { type: 'string' };
  return {
    type: 'object',
    required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId', 'errors'],
    properties: {
      type: { type: 'string', description: 'Ends in /problems/<code>; the page says what to do' },
      title: text,
      status: { type: 'integer' },
      detail: text,
      instance: text,
      code: { type: 'string', enum: [...PROBLEMS.keys()] },
      requestId: text,
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['code', 'detail'],
          properties: { pointer: text, parameter: text, code: text, detail: text },
        },
      },
      retryAfterSeconds: { type: 'integer' },
      nextAction: {},
    },
  };
}

/** The description as it is committed. */
export function openApiText(): string {
  return `${JSON.stringify(describeApi(), null, 1)}\n`;
}
