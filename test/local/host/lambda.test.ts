import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allow, type Bench, lambda, stackOf, startBench } from './support.ts';

let bench: Bench;
const invoke = async (name: string, payload: unknown) => {
  const { payload: text, functionError } = await bench.host.invoke(name, payload);
  return { value: JSON.parse(text) as Record<string, unknown>, functionError };
};

beforeAll(async () => {
  bench = await startBench(
    stackOf(
      lambda(
        'Echo',
        `export const handler = async (event, context) => ({ event, remaining: context.getRemainingTimeInMillis(), name: context.functionName,
          arn: context.invokedFunctionArn, memory: context.memoryLimitInMB, request: context.awsRequestId, env: { ...process.env } });`,
        { properties: { FunctionName: 'echo', Environment: { Variables: { COLOUR: 'green' } } } },
      ),
      lambda(
        'Thrower',
        `export const handler = async () => { console.log('about to fail'); throw new TypeError('no such thing', { cause: new Error('deep') }); };`,
      ),
      lambda('Sleeper', `export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));`, {
        properties: { Timeout: 1 },
      }),
      lambda('Spinner', 'export const handler = () => { for (;;); };', { properties: { Timeout: 1 } }),
      lambda('Quitter', 'export const handler = async () => { process.exit(3); };'),
      lambda('Broken', `throw new SyntaxError('bad bundle');`),
      lambda('Greedy', 'export const handler = async () => { const held = []; for (;;) held.push(new Array(1e6).fill(1.5)); };', {
        properties: { MemorySize: 64 },
      }),
      lambda(
        'Freezer',
        `let ticks = 0; export const handler = async () => { const before = ticks; setInterval(() => { ticks += 1; }, 5); return { before }; };`,
      ),
      lambda('Slow', 'export const handler = async () => { await new Promise((done) => setTimeout(done, 150)); return 1; };', {
        properties: { ReservedConcurrentExecutions: 2 },
      }),
      lambda('Large', `export const handler = async ({ bytes }) => 'x'.repeat(bytes);`),
      lambda(
        'Caller',
        `export const handler = async (body) => { const { path, type, payload } = body;
          const response = await fetch(process.env.AWS_ENDPOINT_URL + path, { method: 'POST', body: JSON.stringify(payload), headers: { 'x-amz-invocation-type': type,
            authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/lambda/aws4_request, x' } });
          return { status: response.status, error: response.headers.get('x-amz-function-error'), body: await response.text() }; };`,
        {
          statements: [allow('lambda:InvokeFunction', 'Echo'), allow('lambda:InvokeFunction', 'Thrower')],
        },
      ),
    ),
    { idleMs: 200 },
  );
});
afterAll(() => bench.stop());

describe('a function', () => {
  it('gets its event, context and environment, and no variable of the host', async () => {
    const { value } = await invoke('Echo', { a: [1, 'ü'] });
    expect(value).toMatchObject({
      event: { a: [1, 'ü'] },
      name: 'echo',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
      memory: '128',
    });
    expect(value.remaining).toBeGreaterThan(4_000);
    expect(value.remaining).toBeLessThanOrEqual(5_000);
    expect(value.env).toMatchObject({
      COLOUR: 'green',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'echo',
      AWS_ENDPOINT_URL: bench.host.awsEndpoint,
    });
    expect(value.env).not.toHaveProperty('HOME');
  });

  it('is found by the short form of its name, and by no ambiguous one', async () => {
    expect((await invoke('ec-ho', {})).functionError).toBeNull();
    await expect(bench.host.invoke('er', {})).rejects.toThrow('More than one function');
  });

  it('reports a thrown error as Lambda does and logs the stack under its name', async () => {
    const { value, functionError } = await invoke('Thrower', {});
    expect(functionError).toBe('Unhandled');
    expect(value).toMatchObject({ errorType: 'TypeError', errorMessage: 'no such thing' });
    expect((value.trace as string[]).join()).toContain('index.mjs');
    const log = readFileSync(bench.host.logFile, 'utf8');
    expect(log).toMatch(/Thrower \S+\t\S+\tINFO\tabout to fail/);
    expect(log).toMatch(/Thrower \S+\t\S+\tERROR\tInvoke Error\t\{"errorType":"TypeError"/);
  });

  it.each(['Sleeper', 'Spinner'])('is ended at its time-out (%s) and works with a new environment afterwards', async (name) => {
    const startedAt = performance.now();
    const { value } = await invoke(name, {});
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    expect(value).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Task timed out after 1.00 seconds'),
    });
  });

  it('that ends its process, does not load or takes too much memory gives an error of the runtime', async () => {
    expect((await invoke('Quitter', {})).value.errorType).toBe('Runtime.ExitError');
    expect((await invoke('Broken', {})).value).toMatchObject({ errorType: 'SyntaxError', errorMessage: 'bad bundle' });
    expect((await invoke('Greedy', {})).value.errorType).toBe('Runtime.OutOfMemory');
  });

  it('stands still between two events: its timers do not run', async () => {
    expect((await invoke('Freezer', {})).value.before).toBe(0);
    await sleep(150);
    // At most the timers that were due while frozen fire once, on thawing.
    expect((await invoke('Freezer', {})).value.before).toBeLessThanOrEqual(1);
  });

  it('runs one event per environment at a time and is throttled above its reserved concurrency', async () => {
    const results = await Promise.allSettled([1, 2, 3].map(() => bench.host.invoke('Slow', {})));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(results[2]).toMatchObject({ reason: { code: 'TooManyRequestsException', status: 429 } });
  });

  it('may answer six megabytes and no more', async () => {
    expect((await invoke('Large', { bytes: 6_000_000 })).functionError).toBeNull();
    expect((await invoke('Large', { bytes: 6_300_000 })).value.errorType).toBe('Function.ResponseSizeTooLarge');
  });

  it('loses its environments when they are idle', async () => {
    await invoke('Echo', {});
    expect(bench.host.environments).toBeGreaterThan(0);
    await expect.poll(() => bench.host.environments, { timeout: 8_000 }).toBe(0);
  });
});

describe('the Invoke API', () => {
  const call = async (functionName: string, type = 'RequestResponse', payload: unknown = { n: 1 }) =>
    (await invoke('Caller', { path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`, type, payload }))
      .value;

  it('answers payloads, marks function errors, and takes names and ARNs', async () => {
    const answer = await call('arn:aws:lambda:us-east-1:000000000000:function:echo');
    expect(answer).toMatchObject({ status: 200, error: null });
    expect(JSON.parse(String(answer.body))).toMatchObject({ event: { n: 1 } });
    expect(await call('Local-Thrower')).toMatchObject({ status: 200, error: 'Unhandled' });
  });

  it('takes events without waiting and refuses what is unknown or not granted', async () => {
    expect(await call('echo', 'Event')).toMatchObject({ status: 202, body: '' });
    expect(await call('echo', 'DryRun')).toMatchObject({ status: 204 });
    expect(await call('nobody')).toMatchObject({ status: 404 });
    const denied = await call('Local-Slow');
    expect(denied.status).toBe(403);
    expect(String(denied.body)).toContain('is not authorized to perform: lambda:InvokeFunction on resource');
    await bench.host.idle();
    expect(bench.host.counters.denied).toBe(1);
  });
});
