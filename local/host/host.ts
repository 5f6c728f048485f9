import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createDynamoGate } from './aws/dynamodb.ts';
import { createEndpoint } from './aws/endpoint.ts';
import { connectEngine } from './aws/engine.ts';
import { createEventsApi } from './aws/events.ts';
import { createUserPoolApi } from './aws/identity.ts';
import { createKms } from './aws/kms.ts';
import { createLambdaApi } from './aws/lambda.ts';
import { createS3 } from './aws/s3.ts';
import { createSesApi } from './aws/ses.ts';
import { createSqsApi } from './aws/sqs.ts';
import { type Clock, wallClock } from './clock.ts';
import { countOne, countRun, createCounters, type HostCounters, noteLost } from './counters.ts';
import { startEventSources } from './event-sources.ts';
import { createEventBridge } from './events/eventbridge.ts';
import { readQueues } from './events/queue-definition.ts';
import { openQueues, type Queue } from './events/sqs.ts';
import type { Checkpoint } from './events/stream-shard.ts';
import { startTicking } from './events/ticking.ts';
import { createFaultBoard, type HostFaults } from './faults.ts';
import { findByName } from './find.ts';
import { createGateway } from './http/gateway.ts';
import { createIam } from './iam/iam.ts';
import { openUserPool, type UserPool } from './identity/user-pool.ts';
import { untilIdle } from './idle.ts';
import { openJournal } from './journal.ts';
import { ASYNC_RETRY_MS, createAsyncInvoker } from './lambda/async-invoke.ts';
import { callerOfFunction, createCredentials, lambdaVariables, type SdkEnvironment } from './lambda/credentials.ts';
import { readFunctions } from './lambda/functions.ts';
import { openLog } from './lambda/log.ts';
import { createPool, type InvokeResult, type Pool } from './lambda/pool.ts';
import { listen } from './servers.ts';
import { ensureTables, readTables } from './tables.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION, type Locality } from './template/locality.ts';
import { loadTemplate } from './template/template.ts';

/** What the local AWS is made of and where it keeps its state. */
export type HostOptions = {
  /** The synthesized cloud assembly (`cdk.out`). */
  readonly assemblyDir: string;
  /** Where the DynamoDB engine answers. */
  readonly dynamoEndpoint: string;
  /** Port of the HTTP API on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Queues, deliveries, stream positions, key material and the function log; made if absent. */
  readonly workDir: string;
  /** Variables that every function gets on top of the template's. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Time of queues, rules and caches; the computer's clock unless a test gives its own. Functions always see the computer's. */
  readonly clock?: Clock;
  /** `clock` fires schedules every minute of the clock; `manual` leaves them to `tickSchedules`. */
  readonly schedules?: 'clock' | 'manual';
  /** Events of queues, streams and rules that one function handles at once. */
  readonly concurrency?: number;
  /** How long an environment stays without an event. */
  readonly idleMs?: number;
  /** Waits before the retries of asynchronous events; Lambda's own unless told. */
  readonly asyncRetryMs?: readonly number[];
  /** First wait before a failed stream batch is tried again. */
  readonly streamRetryMs?: number;
  /** Shortens the time limits of the HTTP API. */
  readonly gatewayLimitMs?: number;
};

/** The running local AWS. */
export type Host = {
  /** The HTTP API. */
  readonly url: string;
  /** The AWS endpoint, and the environment of an operator who may do everything on it. */
  readonly awsEndpoint: string;
  readonly operator: SdkEnvironment;
  /** Invokes a function by logical id, physical name or a name such as `sync-aspire`; the payload is a JSON value. */
  invoke(functionName: string, payload: unknown): Promise<InvokeResult>;
  /** Fires every schedule that is due in the minute of `now`. Answers how many did. */
  tickSchedules(now: Date | number): number;
  /** Resolves when queues, streams and events are worked off; what waits for a retry or a visibility timeout does not count. */
  idle(options?: { timeoutMs?: number }): Promise<void>;
  /** A queue by name, or by the end of its name: counts, messages, and sending to it. */
  queue(name: string): Queue;
  /** Forgets what the authorizer said, as if its cache time were over. */
  forgetAuthorizations(): void;
  /** Who can sign in; null where the templates have no user pool. */
  readonly userPool: UserPool | null;
  /** Names of the event buses beside the default one. */
  readonly eventBuses: readonly string[];
  /** Physical names of tables by logical id. */
  readonly tables: ReadonlyMap<string, string>;
  readonly counters: HostCounters;
  readonly faults: HostFaults;
  readonly logFile: string;
  /** Where mails lie that were sent. */
  readonly mailFolder: string;
  /** Execution environments that are up. */
  readonly environments: number;
  stop(): Promise<void>;
};

/** Starts everything that the templates describe. Throws, with nothing left running, on wiring that AWS would refuse or that the host does not run. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { workDir, clock = wallClock, concurrency = 6, idleMs = 10_000 } = options;
  const closing: (() => unknown)[] = [];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    return await start();
  } catch (error) {
    await stop();
    throw error;
  }

  async function start(): Promise<Host> {
    mkdirSync(workDir, { recursive: true });
    const inWorkDir = (name: string) => join(workDir, name);
    const opened = <T extends { close(): unknown }>(one: T): T => {
      closing.push(() => one.close());
      return one;
    };
    const aws = opened(await listen(0));
    const engine = opened(connectEngine(options.dynamoEndpoint));
    const log = opened(openLog(workDir));
    const web = opened(await listen(options.port));
    const people = opened(await listen(0));
    const locality: Locality = {
      ...{ accountId: LOCAL_ACCOUNT, region: LOCAL_REGION },
      ...{ awsEndpoint: aws.url, apiEndpoint: web.url, issuerEndpoint: people.url },
    };
    const template = loadTemplate(options.assemblyDir, locality);
    const counters = createCounters();
    const faults = createFaultBoard();
    const writeHostLog = log.writer('host');
    const onLost = (what: string) => {
      noteLost(counters, what);
      writeHostLog(`${new Date().toISOString()} ${what}`);
    };

    const iam = createIam(template);
    const credentials = createCredentials(locality);
    const tables = readTables(template);
    const streams = await ensureTables(tables, engine);
    const queues = opened(openQueues(readQueues(template), inWorkDir('queues'), clock, faults.repeats));
    const kms = opened(createKms(template, iam, inWorkDir('keys.jsonl')));

    const pools = new Map<string, Pool>();
    for (const definition of readFunctions(template)) {
      const sdk = credentials.issue(callerOfFunction(definition, locality));
      const variables = { ...lambdaVariables(definition), ...sdk, ...definition.variables, ...options.environment };
      const onEnd = (failed: boolean, durationMs: number) => countRun(counters, definition.name, failed, durationMs);
      const fault = () => faults.ofInvocation(definition.name);
      const write = log.writer(definition.name);
      pools.set(definition.arn, createPool({ definition, variables, concurrency, idleMs, log: write, fault, onEnd }));
    }
    closing.push(() => Promise.all([...pools.values()].map((pool) => pool.stop())));
    const callerOf = (functionArn: string) => callerOfFunction(pools.get(functionArn)!.definition, locality);

    const later = createAsyncInvoker({
      ...{ template, pools, queues, iam, callerOf, clock, onLost },
      path: inWorkDir('async-events.jsonl'),
      retryMs: options.asyncRetryMs ?? ASYNC_RETRY_MS,
    });
    closing.push(() => later.stop());
    const events = createEventBridge({
      ...{ template, queues, iam, clock, onLost },
      path: inWorkDir('deliveries.jsonl'),
      invokeLater: later.enqueue,
      fails: faults.failsDelivery,
    });
    closing.push(() => events.stop());

    const userPool = await openUserPool({
      ...{ template, iam, pools, clock },
      path: inWorkDir('people.jsonl'),
      mailbox: inWorkDir('pool-mail'),
    });
    if (userPool !== null) people.serve(opened(userPool).handle);
    const s3 = opened(createS3({ template, iam, events, clock, folder: inWorkDir('files') }));
    aws.serve(
      createEndpoint({
        callerOf: credentials.callerOf,
        keysOf: credentials.keysOf,
        now: () => clock.now(),
        around: async (call, run) => {
          countOne(counters.calls, `${call.service}.${call.operation}`);
          try {
            return await faults.around(call, run);
          } catch (error) {
            if (error instanceof Error && error.name === 'AccessDeniedException') counters.denied += 1;
            throw error;
          }
        },
        services: {
          dynamodb: createDynamoGate(tables, engine, iam, locality),
          sqs: createSqsApi(queues, iam),
          events: createEventsApi(events, iam, locality, clock),
          kms: kms.handle,
          ses: createSesApi(inWorkDir('mail'), iam, locality, clock),
          identity: createUserPoolApi(userPool?.api ?? null, iam),
          s3,
          lambda: createLambdaApi(pools, later, iam),
        },
      }),
    );

    const checkpoints = opened(openJournal<Checkpoint>(inWorkDir('stream-positions.jsonl')));
    const sources = await startEventSources({
      ...{ template, pools, callerOf, iam, queues, tables, streams, engine, checkpoints, clock, faults, onLost },
      streamRetryMs: options.streamRetryMs ?? 200,
    });
    closing.push(() => sources.stop());

    const gateway = createGateway({
      ...{ template, pools, iam, clock },
      limitMs: options.gatewayLimitMs,
      onAnswer: (status) => countOne(counters.answers, String(status)),
    });
    if (gateway !== null) web.serve(gateway.handle);

    const reaper = setInterval(() => {
      for (const pool of pools.values()) pool.reap();
    }, 1_000);
    closing.push(() => clearInterval(reaper));
    if (options.schedules !== 'manual') closing.push(startTicking(clock, (nowMs) => events.tick(nowMs)));

    closing.push(() => {
      for (const server of [web, people, aws]) server.pause();
    });

    const all = [...pools.values()];
    const findFunction = (name: string) =>
      findByName(all, ({ definition }) => [definition.name, definition.logicalId, definition.arn], name, 'function');
    const busy = (): string[] => [
      ...all.filter(({ running }) => running > 0).map(({ definition }) => `function ${definition.name}`),
      ...(later.busy ? ['asynchronous events'] : []),
      ...(events.busy ? ['deliveries of rules'] : []),
      ...(sources.queues.some((mapping) => mapping.busy) ? ['queues'] : []),
      ...(sources.streams.some((mapping) => mapping.busy) ? ['streams'] : []),
    ];

    return {
      url: web.url,
      awsEndpoint: aws.url,
      operator: credentials.issue({ kind: 'operator' }),
      eventBuses: template.of('AWS::Events::EventBus').map((bus) => bus.attribute('Name')),
      tables: new Map(tables.map(({ name, resource }) => [resource.id, name])),
      counters,
      faults,
      logFile: log.path,
      mailFolder: inWorkDir('mail'),
      get environments() {
        return all.reduce((sum, pool) => sum + pool.environments, 0);
      },
      invoke: async (functionName, payload) => findFunction(functionName).invoke(JSON.stringify(payload) ?? '{}', 'sync'),
      tickSchedules: (now) => events.tick(Number(now)),
      queue: (name) =>
        findByName(queues.all, ({ definition }) => [definition.name, definition.url, definition.arn], name, 'queue'),
      userPool,
      forgetAuthorizations: () => gateway?.forgetAuthorizations(),
      idle: ({ timeoutMs = 60_000 } = {}) =>
        untilIdle(busy, () => Promise.all(sources.streams.map((mapping) => mapping.poll())), timeoutMs),
      stop,
    };
  }
}
