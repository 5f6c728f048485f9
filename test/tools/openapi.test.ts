import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { routes } from '#functions/api/routes.ts';
import { describeApi, openApiFile, openApiText } from '#tools/openapi.ts';

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

  it('its examples fit their schemas', () => {
    for (const { answer, body, bodyExample, path } of routes) {
      if (answer.example !== undefined) expect([path, answer.schema.safeParse(answer.example).success]).toEqual([path, true]);
      if (bodyExample !== undefined) expect([path, body?.safeParse(bodyExample).success]).toEqual([path, true]);
    }
  });
});
