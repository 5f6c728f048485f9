import { AppError } from '#kernel/errors.ts';
import { parseInstant, secondsBetween } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { Connector } from '#mirror/connector.ts';
import type { RunPorts, RunSteps } from '#mirror/leg.ts';
import { type LegResult, runLeg } from '#mirror/run.ts';
import type { RunMessage } from '#mirror/start.ts';
import { parseConnectionId } from '#model/ids.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import { createSourceHttp } from '#platform/http.ts';
import type { MessageQueue } from '#platform/message-queue.ts';
import type { SystemPorts } from '#platform/ports.ts';
import type { Vault } from '#platform/vault.ts';
import { readSyncState } from '#store/connection-repository.ts';
import { openRunStore } from '#store/mirror-run-store.ts';
import type { Slots } from '#store/slots.ts';
import type { Table } from '#store/table.ts';
import { createAnswers } from './answers.ts';
import { dispatchTick } from './dispatch.ts';
import type { createHooks } from './hooks.ts';
import { openLogins } from './logins.ts';
import { messageOfRequest, parseRunMessage, parseSyncCall } from './messages.ts';
import type { openOAuthDesk } from './oauth/desk.ts';
import type { OAuthClient } from './oauth/token-endpoint.ts';
import { tenantOf } from './tenant-of.ts';

/** What an integration's function is built from. Clients and ports come in, so that tests run the same function. */
export interface SyncFunctionOptions {
  readonly connector: Connector;
  readonly system: SystemPorts;
  readonly table: Table;
  readonly slots: Slots;
  readonly cycleQueue: MessageQueue;
  readonly bulkQueue: MessageQueue;
  /** Name of the bulk queue: tells its messages from the cycle queue's. */
  readonly bulkQueueName: string;
  readonly vault: Vault;
  readonly allowLoopback: boolean;
  /** What logs in by OAuth: `openOAuthDesk`, of an integration whose manifest says that its source does. */
  readonly openDesk?: typeof openOAuthDesk | undefined;
  /** The product's own client at a source of OAuth; null where none is configured. */
  readonly oauthClient?: (() => Promise<OAuthClient | null>) | undefined;
  /** Where the source runs on this machine, for connections that name no address themselves. */
  readonly localSource?: string | undefined;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
  /** What its runs do: ask the source, or read files. */
  readonly steps: (scope: TenantScope, n: number) => RunSteps;
  /** What takes the provider's events: `createHooks`, of an integration whose manifest says that its source sends them. */
  readonly openHooks?: typeof createHooks | undefined;
}

/** What Lambda tells of an invocation. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

/** Calls one leg may make: a hundred and fifty seconds at the fastest rate a source allows. */
const CALLS_PER_LEG = 3_000;
/** A leg takes no call with less than this left (M-80). */
const LEAVE_MS = 15_000;

/**
 * The handler of an integration's function. One function, four doors: the schedule's tick and a request on the bus only put messages on
 * its queues; the queues' messages are worked off; and the API may ask for a check, an approval or a probe, or bring a provider's event.
 */
export function createSyncHandler(options: SyncFunctionOptions) {
  const { connector, system, log, table, slots, cycleQueue, bulkQueue, bulkQueueName } = options;
  const { manifest } = connector;
  const logins = openLogins({ ...options, manifest, openHttp });
  if (manifest.hooks !== undefined && options.openHooks === undefined)
    throw new Error(`the function of ${manifest.provider} is made without what takes its events`);
  const takeHook = options.openHooks?.({ ...options, now: system.now, enqueue: enqueueEvent });
  const answer = createAnswers({ connector, table, logins, takeHook, now: system.now, openHttp });

  return async function handler(event: unknown, context: LambdaContext): Promise<unknown> {
    if (isQueueEvent(event)) return workOff(event, context);
    if (isScheduleEvent(event)) return tick(event.time);
    if (isRequestEvent(event)) return request(event.detail);
    const call = parseSyncCall(event);
    if (call) return answer(call, () => context.getRemainingTimeInMillis());
    log({ message: 'event refused', reason: 'malformed' });
    return { refused: 'malformed' };
  };

  async function tick(time: string): Promise<unknown> {
    const at = parseInstant(time);
    if (at === null) return { refused: 'malformed' };
    const started = await dispatchTick(slots, manifest, at, (messages) => sendAll(cycleQueue, messages));
    if (started > 0) log({ message: 'tick', provider: manifest.provider, started });
    return { started };
  }

  async function request(detail: unknown): Promise<unknown> {
    const message = messageOfRequest(detail);
    if (message === null) {
      log({ message: 'request refused', reason: 'malformed' });
      return { refused: 'malformed' };
    }
    await sendAll(cycleQueue, [message]);
    return { started: 1 };
  }

  async function workOff(
    event: QueueEvent,
    context: LambdaContext,
  ): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    for (const record of event.Records) {
      const message = parseRunMessage(record.body);
      if (message === null) {
        // Working it off again would not mend it; the line in the log is all that a forged or broken message gets.
        log({ message: 'message refused', reason: 'malformed', messageId: record.messageId });
        continue;
      }
      try {
        await work(message, record.eventSourceARN.endsWith(`:${bulkQueueName}`) ? 'bulk' : 'cycle', context);
      } catch (error) {
        // Our own store or vault failed: nothing is known to have been lost, so the message comes back after its visibility timeout.
        log({
          message: 'run failed',
          connectionId: message.connectionId,
          error: error instanceof AppError ? error.code : String(error),
          stack: error instanceof Error ? error.stack : undefined,
        });
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures };
  }

  async function work(message: RunMessage, lane: 'cycle' | 'bulk', context: LambdaContext): Promise<void> {
    const place = parseConnectionId(message.connectionId)!;
    const scope = scopeOf(place.tenantId);
    const opened: { close(): void }[] = [];
    const ports = await runPorts(scope, place.n, message.connectionId, lane, context, opened);
    try {
      const result = await runLeg(ports, message);
      log({ message: 'leg', connectionId: message.connectionId, ...summary(result) });
      await follow(result, message, scope, place.n);
    } finally {
      // Nothing of a leg outlives it: a connection left open would wake in the next tenant's invocation.
      for (const http of opened) http.close();
    }
  }

  async function follow(result: LegResult, message: RunMessage, scope: TenantScope, n: number): Promise<void> {
    const { tenantId, connectionId } = message;
    switch (result.kind) {
      case 'forward':
        return sendAll(bulkQueue, [message]);
      case 'continues': {
        const queue = result.mode === 'full' ? bulkQueue : cycleQueue;
        return sendAll(
          queue,
          [{ v: 1, tenantId, connectionId, kind: 'leg', runId: result.runId, leg: result.leg }],
          result.delaySeconds,
        );
      }
      case 'finished': {
        // What was asked for while this run was under way waits in the state; nobody else would start it before the next tick.
        const state = await readSyncState(table, scope, n);
        if (state?.pending || state?.files.length) await sendAll(cycleQueue, [{ v: 1, tenantId, connectionId, kind: 'manual' }]);
        else if (state?.hintDue)
          await enqueueEvent(tenantId, connectionId, Math.max(0, Math.ceil(secondsBetween(system.now(), state.hintDue))));
        return;
      }
      case 'refused':
        if (message.kind === 'tick' && (result.reason === 'unknown_connection' || result.reason === 'not_runnable'))
          await freeSlots(scope, n, result.reason);
        return;
      case 'superseded':
        return;
    }
  }

  function enqueueEvent(tenantId: string, connectionId: string, delaySeconds: number): Promise<void> {
    return sendAll(cycleQueue, [{ v: 1, tenantId, connectionId, kind: 'event' }], delaySeconds);
  }

  /** An event for a connection that is gone frees its slot, so that it comes once (fault 9); one that waits for a person keeps it. */
  async function freeSlots(scope: TenantScope, n: number, reason: string): Promise<void> {
    const state = reason === 'unknown_connection' ? null : await readSyncState(table, scope, n);
    if (state !== null && state.state !== 'disconnected') return;
    for (const cycle of manifest.cycles) await slots.free(manifest.provider, cycle, scope, n);
  }

  async function runPorts(
    scope: TenantScope,
    n: number,
    connectionId: string,
    lane: 'cycle' | 'bulk',
    context: LambdaContext,
    opened: { close(): void }[],
  ): Promise<RunPorts> {
    const tenant = await tenantOf(table, scope);
    const remainingMs = () => context.getRemainingTimeInMillis();
    const { handed, tokens } = logins({ scope, n, connectionId }, remainingMs);
    return {
      store: openRunStore({ table, scope, n, decrypt: handed }),
      connector,
      ...(tokens === null ? {} : { tokens }),
      openHttp: () => {
        const http = openHttp(CALLS_PER_LEG, () => remainingMs() - LEAVE_MS);
        opened.push(http);
        return http;
      },
      tenant,
      now: system.now,
      today: () => localDateOf(system.now(), tenant.zone),
      ulid: system.ulid,
      lane,
      remainingMs,
      steps: options.steps(scope, n),
      notice: (code, detail) => log({ message: 'source notice', provider: manifest.provider, connectionId, code, detail }),
      every: (ms, work) => {
        const timer = setInterval(work, ms);
        return () => clearInterval(timer);
      },
    };
  }

  function openHttp(maxCalls: number, deadline: () => number) {
    return createSourceHttp({
      allowedHosts: manifest.allowedHosts,
      allowLoopback: options.allowLoopback,
      requestsPerSecond: manifest.requestsPerSecond,
      ...(manifest.requestBurst === undefined ? {} : { requestBurst: manifest.requestBurst }),
      rateHeaders: manifest.rateHeaders,
      maxCalls,
      now: () => Date.parse(system.now()),
      sleep: system.sleep,
      random: system.random,
      deadline,
    });
  }

  function sendAll(queue: MessageQueue, messages: readonly RunMessage[], delaySeconds = 0): Promise<void> {
    return queue.send(
      messages.map((message) => ({ body: JSON.stringify(message), group: message.tenantId })),
      delaySeconds,
    );
  }
}

function summary(result: LegResult): Readonly<Record<string, unknown>> {
  if (result.kind !== 'finished') return result;
  const { run } = result;
  return {
    kind: 'finished',
    runId: run.id,
    mode: run.mode,
    trigger: run.trigger,
    outcome: run.outcome,
    exceptions: run.exceptionCount,
    ...(run.error ? { error: run.error } : {}),
  };
}

interface QueueEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string; readonly eventSourceARN: string }[];
}

function isQueueEvent(event: unknown): event is QueueEvent {
  const records = (event as { Records?: unknown } | null)?.Records;
  return Array.isArray(records) && records.every((record) => (record as { eventSource?: unknown }).eventSource === 'aws:sqs');
}

function isScheduleEvent(event: unknown): event is { time: string } {
  const { source, time } = (event ?? {}) as { source?: unknown; time?: unknown };
  return source === 'aws.events' && typeof time === 'string';
}

function isRequestEvent(event: unknown): event is { detail: unknown } {
  const { source } = (event ?? {}) as { source?: unknown };
  return source === 'protiv.api' && (event as { 'detail-type'?: unknown })['detail-type'] === 'Resync Requested';
}
