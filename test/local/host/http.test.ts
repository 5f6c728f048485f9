import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, lambda, permission, type Resources, stackOf, startBench } from './support.ts';

let bench: Bench;
// How far the host's clock is ahead.
let aheadMs = 0;

const API_REF = { ApiId: { Ref: 'Api' } };
const execute = (path: string) => ({ 'Fn::Sub': `arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/${path}` });
const uri = { 'Fn::Sub': `arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Authorizer.Arn}/invocations` };

function route(id: string, key: string, functionId: string, properties: object = {}): Resources {
  const Target = { 'Fn::Join': ['/', ['integrations', { Ref: `${id}Target` }]] };
  return {
    [`${id}Target`]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ...API_REF,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': [functionId, 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
    },
    [id]: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ...API_REF, RouteKey: key, Target, ...properties } },
  };
}

const GUARDED = { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Token' } };
const ECHO = 'export const handler = async (event) => event;';
const REPLY = `export const handler = async ({ body }) => { const asked = JSON.parse(body);
  if (asked.throws) throw new Error('no'); if (asked.sleepMs) await new Promise((done) => setTimeout(done, asked.sleepMs)); return asked.returns; };`;
const AUTHORIZE = `export const handler = async (event) => { note(JSON.stringify(event)); const token = event.identitySource[0];
  if (token === 'broken') return { principalId: 'me' }; if (token === 'throw') throw new Error('no');
  return { isAuthorized: token !== 'bad', context: { tenant: 't1', roles: ['a'] } }; };`;

const API: Resources = {
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'a', ProtocolType: 'HTTP' } },
  Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ...API_REF, StageName: '$default', AutoDeploy: true } },
  Token: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ...{
        ...API_REF,
        AuthorizerType: 'REQUEST',
        AuthorizerPayloadFormatVersion: '2.0',
        EnableSimpleResponses: true,
        AuthorizerUri: uri,
      },
      ...{ IdentitySource: ['$request.header.Authorization'], AuthorizerResultTtlInSeconds: 300 },
    },
  },
  ...route('Worker', 'ANY /v1/workers/{id}', 'Echo', GUARDED),
  ...route('Exact', 'GET /v1/workers/me', 'Reply'),
  ...route('Files', 'GET /files/{proxy+}', 'Echo'),
  ...route('Reply1', 'POST /reply', 'Reply'),
  ...route('Lonely', 'GET /forgotten', 'Forgotten'),
  EchoPermission: permission('Echo', 'apigateway.amazonaws.com', execute('*/*'))!,
  ReplyPermission: permission('Reply', 'apigateway.amazonaws.com', execute('*/POST/reply'))!,
  TokenPermission: permission('Authorizer', 'apigateway.amazonaws.com', {
    'Fn::Join': ['', [execute('authorizers/'), { Ref: 'Token' }]],
  })!,
};

beforeAll(async () => {
  const functions = [lambda('Echo', ECHO), lambda('Reply', REPLY), lambda('Forgotten', ECHO), lambda('Authorizer', AUTHORIZE)];
  bench = await startBench(stackOf({ resources: API }, ...functions), {
    gatewayLimitMs: 400,
    clock: { now: () => Date.now() + aheadMs },
  });
});
afterAll(() => bench.stop());

const get = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(bench.host.url + path, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as Record<string, unknown> };
};
const reply = (asked: object) =>
  get('/reply', { method: 'POST', body: JSON.stringify(asked), headers: { 'content-type': 'application/json' } });

/** A request as bytes want it: fetch would tidy headers and paths. */
function raw(
  path: string,
  options: { method?: string; headers?: Record<string, string | string[]>; body?: Buffer },
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(bench.host.url),
      { path, method: options.method ?? 'GET', headers: options.headers ?? {} },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}

describe('the event', () => {
  it('has the form of payload 2.0: joined repeats, lower-case headers, cookies apart', async () => {
    const headers = { 'X-Many': ['a', 'b'], Cookie: 'one=1; two=2', 'User-Agent': 'test' };
    const { text } = await raw('/files/a/b%20c?x=1&x=2&y=a%2Cb&flag', { headers });
    const event = JSON.parse(text) as Record<string, Record<string, unknown>>;
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /files/{proxy+}',
      rawPath: '/files/a/b c',
      rawQueryString: 'x=1&x=2&y=a%2Cb&flag',
      cookies: ['one=1', 'two=2'],
      queryStringParameters: { x: '1,2', y: 'a,b', flag: '' },
      pathParameters: { proxy: 'a/b c' },
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        stage: '$default',
        http: { method: 'GET', path: '/files/a/b c', protocol: 'HTTP/1.1', userAgent: 'test' },
      },
    });
    expect(event.headers).toMatchObject({ 'x-many': 'a,b', 'x-forwarded-proto': 'http' });
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event).not.toHaveProperty('body');
    expect(event.requestContext?.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  });

  it.each([
    ['application/json; charset=utf-8', '{"ü":1}', false],
    ['text/csv', 'a,ü', false],
    ['application/merge-patch+json', '{}', true],
    ['application/x-www-form-urlencoded', 'a=1', true],
    [undefined, 'x', true],
  ])('carries a body of type %s as text or in base64', async (type, body, isBase64Encoded) => {
    const headers: Record<string, string> = { authorization: 'good', ...(type === undefined ? {} : { 'content-type': type }) };
    const event = JSON.parse((await raw('/v1/workers/1', { method: 'PUT', headers, body: Buffer.from(body) })).text) as {
      body: string;
    };
    expect(event).toMatchObject({ isBase64Encoded });
    expect(Buffer.from(event.body, isBase64Encoded ? 'base64' : 'utf8').toString()).toBe(body);
  });
});

describe('routes', () => {
  it('decode the path first: an encoded slash divides, an encoded question mark cuts', async () => {
    expect((await get('/v1/workers/a%2Fb')).status).toBe(404);
    const event = (await get('/files/a%3Fb')).json();
    expect(event).toMatchObject({ rawPath: '/files/a' });
    expect((await raw('/files/%zz', {})).status).toBe(400);
  });

  it('prefer the exact path, and answer 404 to unknown paths and methods', async () => {
    // The exact route leads to a function that this API may not call: not to the route with the parameter.
    expect((await get('/v1/workers/me')).status).toBe(500);
    for (const path of ['/', '/v1/workers', '/v1/workers/', '/v1/workers/1/'])
      expect(await get(path)).toMatchObject({ status: 404, text: '{"message":"Not Found"}' });
    expect((await get('/reply')).status).toBe(404);
  });

  it('to a function without the permission to be invoked answer 500', async () => {
    expect(await get('/forgotten')).toMatchObject({ status: 500, text: '{"message":"Internal Server Error"}' });
  });
});

describe('the answer', () => {
  it('without a status code is the JSON body of a 200', async () => {
    const { status, headers, text } = await reply({ returns: { a: 1 } });
    expect([status, headers.get('content-type'), text]).toEqual([200, 'application/json', '{"a":1}']);
    expect((await reply({ returns: 'plain' })).text).toBe('plain');
  });

  it('with a status code carries headers, cookies and base64 bodies', async () => {
    const body = Buffer.from([0, 255, 1]).toString('base64');
    const returns = {
      statusCode: 201,
      headers: { Location: '/x', 'X-Number': 5 },
      cookies: ['a=1; Path=/', 'b=2'],
      body,
      isBase64Encoded: true,
    };
    const response = await fetch(`${bench.host.url}/reply`, {
      method: 'POST',
      body: JSON.stringify({ returns }),
      headers: { 'content-type': 'application/json' },
    });
    expect([response.status, response.headers.get('location'), response.headers.get('x-number')]).toEqual([201, '/x', '5']);
    expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(response.headers.get('apigw-requestid')).toBeTruthy();
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 1]);
  });

  it.each([
    ['that is not usable', { returns: { statusCode: 'two hundred' } }, 500, 'Internal Server Error'],
    ['that is an error', { throws: true }, 500, 'Internal Server Error'],
    ['that comes too late', { sleepMs: 1_500 }, 503, 'Service Unavailable'],
  ])('%s is replaced by the gateway', async (_, asked, status, message) => {
    expect(await reply(asked)).toMatchObject({ status, text: JSON.stringify({ message }) });
  });

  it('to requests above the limits is 413 and 431', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect(await get('/reply', { method: 'POST', headers, body: 'x'.repeat(10 * 1024 * 1024 + 1) })).toMatchObject({
      status: 413,
      text: '{"message":"Request Entity Too Large"}',
    });
    // Within the gateway's limit, above the one of a function's event.
    expect((await get('/reply', { method: 'POST', headers, body: 'x'.repeat(7 * 1024 * 1024) })).status).toBe(413);
    expect((await raw('/reply', { headers: { long: 'x'.repeat(11_000) } })).status).toBe(431);
  });
});

describe('the authorizer', () => {
  const as = (token: string, path = '/v1/workers/7') => get(path, { headers: { authorization: token } });

  it('gives its context to the function, and 401 or 403 to others', async () => {
    expect((await as('good')).json()).toMatchObject({
      pathParameters: { id: '7' },
      requestContext: { authorizer: { lambda: { tenant: 't1', roles: ['a'] } } },
    });
    expect(await as('bad')).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
    expect(await get('/v1/workers/7')).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
    for (const token of ['broken', 'throw'])
      expect(await as(token)).toMatchObject({ status: 500, text: '{"message":"Internal Server Error"}' });
  });

  it('sees the request in format 2.0 and is asked once per identity while its answer is cached', async () => {
    const before = bench.notes().length;
    await as('cached', '/v1/workers/8');
    await as('cached', '/v1/workers/9');
    expect(bench.notes()).toHaveLength(before + 1);
    expect(JSON.parse(bench.notes().at(-1)!)).toMatchObject({
      ...{
        version: '2.0',
        type: 'REQUEST',
        identitySource: ['cached'],
        routeKey: 'ANY /v1/workers/{id}',
        rawPath: '/v1/workers/8',
        pathParameters: { id: '8' },
      },
      routeArn: expect.stringMatching(/^arn:aws:execute-api:us-east-1:000000000000:\w+\/\$default\/GET\/v1\/workers\/\{id\}$/),
    });
    bench.host.forgetAuthorizations();
    await as('cached');
    expect(bench.notes()).toHaveLength(before + 2);
    aheadMs += 299_000;
    await as('cached');
    expect(bench.notes()).toHaveLength(before + 2);
    aheadMs += 2_000;
    await as('cached');
    expect(bench.notes()).toHaveLength(before + 3);
  });
});

describe('CORS', () => {
  it('is answered and set by the gateway alone', async () => {
    const Properties = {
      ...API.Api!.Properties,
      CorsConfiguration: {
        AllowOrigins: ['https://app.example'],
        AllowMethods: ['GET'],
        AllowHeaders: ['authorization'],
        MaxAge: 60,
      },
    };
    const own = await startBench(
      stackOf(
        { resources: { ...API, Api: { Type: API.Api!.Type, Properties } } },
        ...['Echo', 'Reply', 'Forgotten', 'Authorizer'].map((id) => lambda(id, ECHO)),
      ),
    );
    try {
      const origin = 'https://app.example';
      const preflight = await fetch(`${own.host.url}/files/x`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET' },
      });
      expect([preflight.status, Object.fromEntries(preflight.headers)]).toMatchObject([
        204,
        {
          'access-control-allow-origin': origin,
          'access-control-allow-methods': 'GET',
          'access-control-allow-headers': 'authorization',
          'access-control-max-age': '60',
        },
      ]);
      expect((await fetch(`${own.host.url}/files/x`, { headers: { origin } })).headers.get('access-control-allow-origin')).toBe(
        origin,
      );
      expect(
        (await fetch(`${own.host.url}/files/x`, { headers: { origin: 'https://evil.example' } })).headers.get(
          'access-control-allow-origin',
        ),
      ).toBeNull();
    } finally {
      await own.stop();
    }
  });
});
