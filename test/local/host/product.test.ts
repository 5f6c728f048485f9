import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '#lib/app.ts';
import { listFunctions } from '#lib/functions.ts';
import { type DynamoDb, startDynamoDb } from '#local/dynamodb/index.ts';
import { type Host, startHost } from '#local/host/host.ts';

// The product's own stacks, synthesized by the CDK, around stand-in bundles that note what they get.
const PROVIDERS = ['aspire', 'jobber'];
const FUNCTIONS = listFunctions(PROVIDERS).map(({ name }) => name);
const ROUTES = [
  { method: 'GET', path: '/v1/workers/{id}', group: 'mirror', public: false },
  { method: 'GET', path: '/healthz', group: 'docs', public: true },
] as const;

let folder: string;
let engine: DynamoDb;
let host: Host;

const notes = () => {
  const log = readFileSync(host.logFile, 'utf8').split('\n');
  return log
    .filter((line) => line.includes('GOT '))
    .map((line) => JSON.parse(line.slice(line.indexOf('GOT ') + 4)) as { name: string; event: Record<string, unknown> });
};
const heardBy = (name: string) =>
  notes()
    .filter((note) => note.name === name)
    .map(({ event }) => event);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'protiv-product-'));
  for (const name of FUNCTIONS) {
    mkdirSync(join(folder, 'bundles', name), { recursive: true });
    const answer = name === 'api-authorizer' ? '{ isAuthorized: true, context: { tenant: "t" } }' : `{ served: "${name}" }`;
    const source = `export const handler = async (event) => { console.log('GOT ' + JSON.stringify({ name: '${name}', event })); return ${answer}; };`;
    writeFileSync(join(folder, 'bundles', name, 'index.mjs'), source);
  }
  const assemblyDir = join(folder, 'cdk.out');
  const integrations = PROVIDERS.map((provider) => ({ provider, name: provider, auth: 'oauth' }));
  const context = { stage: 'dev', stages: { dev: {} } };
  buildApp({ integrations, routes: ROUTES, bundleFolder: join(folder, 'bundles'), outdir: assemblyDir, context }).synth();
  engine = await startDynamoDb({});
  host = await startHost({
    assemblyDir,
    dynamoEndpoint: engine.endpoint,
    port: 0,
    workDir: join(folder, 'work'),
    schedules: 'manual',
  });
}, 60_000);
afterAll(async () => {
  await host?.stop();
  await engine?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the stacks of the product on the local host', () => {
  it('serve public routes, guarded ones behind the authorizer, and everything unknown by the function for it', async () => {
    const get = async (path: string, headers: Record<string, string> = {}) => {
      const response = await fetch(host.url + path, { headers });
      return [response.status, await response.json()];
    };
    expect(await get('/healthz')).toEqual([200, { served: 'api-docs' }]);
    expect(await get('/v1/workers/1')).toEqual([401, { message: 'Unauthorized' }]);
    expect(await get('/v1/workers/1', { authorization: 'Bearer x' })).toEqual([200, { served: 'api-mirror' }]);
    expect(await get('/unknown')).toEqual([200, { served: 'api-docs' }]);
  });

  it('bring ticks, resync requests and queue messages to the function of their integration', async () => {
    host.tickSchedules(Date.UTC(2026, 0, 1, 5, 1));
    await host.idle();
    for (const provider of PROVIDERS) expect(heardBy(`sync-${provider}`)).toMatchObject([{ 'detail-type': 'Scheduled Event' }]);
    host.queue('AspireCycleQueue').send('{"hello":1}');
    await host.idle();
    expect(heardBy('sync-aspire').at(-1)).toMatchObject({ Records: [{ body: '{"hello":1}', eventSource: 'aws:sqs' }] });
    expect(heardBy('sync-jobber')).toHaveLength(1);
    host.tickSchedules(Date.UTC(2026, 0, 1, 6, 0));
    await host.idle();
    expect(heardBy('bonus-on-schedule')).toHaveLength(1);
  });

  it('bring changes of inputs and of results to the functions that follow them', async () => {
    const [TableName] = [...host.tables.values()];
    const put = (sk: string, et: string) =>
      engine.handle({
        target: 'DynamoDB_20120810.PutItem',
        body: { TableName, Item: { pk: { S: 'T#1' }, sk: { S: sk }, et: { S: et } } },
      });
    await put('job', 'jb');
    await put('result', 'pr');
    await put('neither', 'zz');
    await host.idle();
    const keys = (name: string) =>
      heardBy(name).flatMap(({ Records }) =>
        (Records as { dynamodb: { Keys: { sk: { S: string } } } }[]).map(({ dynamodb }) => dynamodb.Keys.sk.S),
      );
    expect([keys('bonus-on-inputs'), keys('bonus-on-results')]).toEqual([['job'], ['result']]);
  });

  it('find functions by the names of their bundles', async () => {
    for (const name of FUNCTIONS) expect((await host.invoke(name, {})).functionError).toBeNull();
    expect(host.counters.lost).toEqual([]);
  });
});
