import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROBLEMS } from '#functions/api/problems.ts';
import { RATE_LIMITS } from '#functions/api/rates.ts';
import { routes } from '#functions/api/routes.ts';
import { answerExample, bodyExample, describeApi, openApiFile, openApiText, problemsOf } from '#tools/openapi.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}
const paths = describeApi().paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>;

describe('the API description', () => {
  it('is the one that is committed; `npm run openapi` renews it', () => {
    expect(readFileSync(openApiFile, 'utf8')).toBe(openApiText());
  });

  it('has an operation for every route and no other, each under its own id', () => {
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method.toLowerCase()} ${path}`).sort());
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names every path variable, query parameter and required header', () => {
    for (const route of routes) {
      const operation = paths[route.path]![route.method.toLowerCase()]!;
      const names = (place: string) => operation.parameters.filter((one) => one.in === place).map(({ name }) => name);
      expect(names('path')).toEqual([...route.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name));
      expect(names('query')).toEqual(Object.keys(route.query));
      expect(names('header').includes('If-Match')).toBe(route.ifMatch);
      expect(operation.requestBody !== undefined).toBe(route.body !== null);
      expect(Object.keys(operation.responses)).toEqual([String(route.answer.status), 'default']);
    }
  });

  it('every operation has examples, and they fit the very schemas that requests are parsed with', () => {
    for (const route of routes) {
      const { answer, body, path, method } = route;
      const here = `${method} ${path}`;
      if (body !== null) expect([here, body.safeParse(bodyExample(route)).error?.issues]).toEqual([here, undefined]);
      if (answer.status === 204) continue;
      const example = answerExample(route);
      expect(example).toBeDefined();
      if (answer.mediaType === undefined)
        expect([here, answer.schema.safeParse(example).error?.issues]).toEqual([here, undefined]);
    }
  });

  it('every operation names its problems, each of which has a page', () => {
    for (const route of routes) {
      const named = problemsOf(route);
      expect(named.filter((code) => !PROBLEMS.has(code))).toEqual([]);
      expect(new Set(named).size).toBe(named.length);
    }
  });

  it('says what each operation counts as, and how much of it a tenant may ask', () => {
    const { info } = describeApi() as { info: { description: string } };
    for (const [name, quota] of Object.entries(RATE_LIMITS))
      expect(info.description).toContain(`${quota.toLocaleString('en-US')} of class ${name}`);
    const classOf = (method: string, path: string) => (paths[path]![method] as { 'x-rate-limit'?: string })['x-rate-limit'];
    expect(classOf('get', '/v1/jobs')).toBe('read');
    expect(classOf('post', '/v1/propays/{id}/approve')).toBe('write');
    expect(classOf('post', '/v1/connections/{id}/resyncs')).toBe('run');
    expect(classOf('get', '/healthz')).toBeUndefined();
  });
});
