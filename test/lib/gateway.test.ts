import { describe, expect, it } from 'vitest';
import { routes } from '#functions/api/routes.ts';
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
});

describe('gatewayPaths', () => {
  it('folds the methods of a path into one', () => {
    const route = { path: '/v1/groups', group: 'bonus' } as const;
    expect(
      gatewayPaths([
        { ...route, method: 'GET' },
        { ...route, method: 'POST' },
      ]),
    ).toEqual([{ ...route, public: false }]);
  });

  it('refuses a path whose methods go to different functions or differ in needing a token', () => {
    const get = { method: 'GET', path: '/v1/groups', group: 'bonus' } as const;
    expect(() => gatewayPaths([get, { ...get, method: 'POST', group: 'admin' }])).toThrow('/v1/groups');
    expect(() => gatewayPaths([get, { ...get, method: 'POST', public: true }])).toThrow('/v1/groups');
  });
});
