import { describe, expect, it } from 'vitest';
import { routes } from '#functions/api/routes.ts';
import { corsOf } from '#lib/constructs/http-gateway.ts';
import { gatewayPaths } from '#lib/inputs.ts';
import { pascalCase } from '#lib/names.ts';
import { at, ofType, referenced } from './templates.ts';

describe('gateway', () => {
  const deployed = ofType('AWS::ApiGatewayV2::Route');

  it('has one route per path of the route table, for any method, and one for everything else', () => {
    const expected = [...gatewayPaths(routes).map(({ path }) => `ANY ${path}`), '$default'];
    expect(deployed.map(({ properties }) => properties.RouteKey).sort()).toEqual(expected.sort());
    expect(deployed.length).toBeLessThanOrEqual(300);
  });

  it('asks for a token on every path that the route table does not call public', () => {
    const open = new Set(
      gatewayPaths(routes)
        .filter((path) => path.public)
        .map(({ path }) => `ANY ${path}`),
    );
    for (const { properties } of deployed) {
      const isOpen = properties.RouteKey === '$default' || open.has(String(properties.RouteKey));
      expect(properties.AuthorizationType, String(properties.RouteKey)).toBe(isOpen ? 'NONE' : 'CUSTOM');
      if (!isOpen) expect(properties.AuthorizerId).toBeDefined();
    }
  });

  it('sends each path to the function of its group', () => {
    for (const { path, group } of gatewayPaths(routes)) {
      const route = deployed.find(({ properties }) => properties.RouteKey === `ANY ${path}`);
      expect(referenced(at(route?.properties.Target, 'Fn::Join', 1, 1)), path).toMatch(`Gateway${pascalCase(group)}Integration`);
    }
  });

  it('caches what the authorizer says for five minutes by the Authorization header', () => {
    expect(ofType('AWS::ApiGatewayV2::Authorizer').map(({ properties }) => properties)).toMatchObject([
      {
        AuthorizerType: 'REQUEST',
        AuthorizerPayloadFormatVersion: '2.0',
        EnableSimpleResponses: true,
        AuthorizerResultTtlInSeconds: 300,
        IdentitySource: ['$request.header.Authorization'],
      },
    ]);
  });

  it('logs every request as JSON, without headers, query or body', () => {
    const [stage] = ofType('AWS::ApiGatewayV2::Stage');
    const format = JSON.parse(String(at(stage?.properties, 'AccessLogSettings', 'Format')));
    expect(format).toMatchObject({ requestId: '$context.requestId', status: '$context.status' });
    expect(JSON.stringify(format)).not.toMatch(/header|query|body/i);
    expect(at(stage?.properties, 'DefaultRouteSettings', 'ThrottlingRateLimit')).toBeTypeOf('number');
  });

  it('lets less through where every request sets work in motion, and least where anybody may ask', () => {
    const [stage] = ofType('AWS::ApiGatewayV2::Stage');
    const rateOf = (place: string) => Number(at(stage?.properties, ...place.split('|'), 'ThrottlingRateLimit'));
    const settings = Object.keys(at(stage?.properties, 'RouteSettings') as object);
    const narrow = gatewayPaths(routes).filter(({ group, startsRun }) => startsRun || group === 'hooks');
    expect(settings.sort()).toEqual(narrow.map(({ path }) => `ANY ${path}`).sort());
    expect(narrow.some(({ path }) => path.endsWith('/resyncs'))).toBe(true);
    for (const { path, group } of narrow) {
      const most = group === 'hooks' ? 50 : 200;
      expect([path, rateOf(`RouteSettings|ANY ${path}`)]).toEqual([path, most]);
      expect(rateOf('DefaultRouteSettings')).toBeGreaterThan(most);
    }
  });

  it('lets no browser call it unless origins are named, and those read every header that clients need', () => {
    expect(ofType('AWS::ApiGatewayV2::Api').map(({ properties }) => properties.CorsConfiguration)).toEqual([undefined]);
    const cors = corsOf(['https://app.example.com']);
    expect(cors).toMatchObject({ allowOrigins: ['https://app.example.com'] });
    expect(cors.allowCredentials).toBeUndefined();
    expect(cors.allowHeaders).toEqual(expect.arrayContaining(['authorization', 'idempotency-key', 'if-match']));
    expect(cors.exposeHeaders).toEqual(expect.arrayContaining(['etag', 'retry-after', 'ratelimit', 'x-request-id']));
  });
});

describe('gatewayPaths', () => {
  it('folds the methods of a path into one', () => {
    const route = { path: '/v1/groups', group: 'bonus' } as const;
    expect(
      gatewayPaths([
        { ...route, method: 'GET' },
        { ...route, method: 'POST' },
      ]),
    ).toEqual([{ ...route, public: false, startsRun: false }]);
  });

  it('minds a path where one of its methods starts a run, whichever comes first', () => {
    const route = { path: '/v1/exports', group: 'exports' } as const;
    const [get, post] = [
      { ...route, method: 'GET' },
      { ...route, method: 'POST', startsRun: true },
    ] as const;
    for (const both of [
      [get, post],
      [post, get],
    ])
      expect(gatewayPaths(both)[0]?.startsRun).toBe(true);
  });

  it('refuses a path whose methods go to different functions or differ in needing a token', () => {
    const get = { method: 'GET', path: '/v1/groups', group: 'bonus' } as const;
    expect(() => gatewayPaths([get, { ...get, method: 'POST', group: 'admin' }])).toThrow('/v1/groups');
    expect(() => gatewayPaths([get, { ...get, method: 'POST', public: true }])).toThrow('/v1/groups');
  });
});
