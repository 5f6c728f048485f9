import type { AwsCall, EndpointOptions } from './aws/endpoint.ts';
import { AwsError } from './aws/error.ts';
import type { InvocationFault } from './lambda/pool.ts';

/**
 * A fault of SDK calls, `times` times (once unless told): refused before anything happened, answered with the error
 * although it was done (`after`), or done and the connection cut (`disconnect`). Faults inside DynamoDB (conflicts,
 * partial batches, late indexes) are the engine's own.
 */
export type CallFault = {
  /** `dynamodb`, `sqs`, `events`, `kms` or `lambda`. */
  readonly service: string;
  readonly operation?: string;
  readonly times?: number;
  readonly when?: 'before' | 'after' | 'disconnect';
  /** Code and status of the error; a 500 that the SDK retries unless told. */
  readonly code?: string;
  readonly status?: number;
};

/** The switchboard for what production does and a quiet machine does not. */
export type HostFaults = {
  failCalls(fault: CallFault): void;
  /** Meets the next invocations of a function (physical name): refused as throttled, the worker killed, or run with its answer lost. */
  failInvocations(functionName: string, kind: InvocationFault, times?: number): void;
  /** Makes the next deliveries of rules fail in a way that EventBridge retries. */
  failDeliveries(times: number): void;
  /** Share of finished stream batches that are delivered again, 0 to 1. */
  redeliverStreams: number;
  /** Delivers the waiting records of a stream in a random order that keeps each item's own. */
  shuffleStreams: boolean;
  /** Share of deleted queue messages that come once more, 0 to 1. */
  repeatMessages: number;
  /** Starts the random choices of the shares anew, so that a run can be repeated. */
  seed(value: number): void;
  /** Takes everything back. */
  clear(): void;
};

export type FaultBoard = HostFaults & {
  readonly around: EndpointOptions['around'];
  readonly ofInvocation: (functionName: string) => InvocationFault | undefined;
  readonly failsDelivery: () => boolean;
  readonly redelivers: () => boolean;
  readonly shuffles: () => boolean;
  readonly repeats: () => boolean;
  readonly random: () => number;
};

/** Starts without any fault. */
export function createFaultBoard(): FaultBoard {
  let calls: { fault: CallFault; left: number }[] = [];
  let invocations: { name: string; kind: InvocationFault; left: number }[] = [];
  let deliveries = 0;
  let random = generator(1);

  const take = <T extends { left: number }>(list: T[], test: (one: T) => boolean): T | undefined => {
    const found = list.find((one) => one.left > 0 && test(one));
    if (found !== undefined) found.left -= 1;
    return found;
  };
  const chance = (share: number) => share > 0 && random() < share;

  const board: FaultBoard = {
    redeliverStreams: 0,
    shuffleStreams: false,
    repeatMessages: 0,
    failCalls: (fault) => void calls.push({ fault, left: fault.times ?? 1 }),
    failInvocations: (name, kind, times = 1) => void invocations.push({ name, kind, left: times }),
    failDeliveries: (times) => {
      deliveries = times;
    },
    seed: (value) => {
      random = generator(value);
    },
    clear: () => {
      calls = [];
      invocations = [];
      deliveries = 0;
      Object.assign(board, { redeliverStreams: 0, shuffleStreams: false, repeatMessages: 0 });
    },
    around: async (call, run) => {
      const fault = take(calls, ({ fault: { service, operation } }) => meets(call, service, operation))?.fault;
      if (fault === undefined) return run();
      const error = new AwsError(fault.code ?? 'InternalServerError', 'Injected by the local host', {
        status: fault.status ?? 500,
      });
      if ((fault.when ?? 'before') === 'before') throw error;
      await run();
      if (fault.when === 'disconnect') return null;
      throw error;
    },
    ofInvocation: (functionName) => take(invocations, ({ name }) => name === functionName)?.kind,
    failsDelivery: () => {
      if (deliveries === 0) return false;
      deliveries -= 1;
      return true;
    },
    redelivers: () => chance(board.redeliverStreams),
    shuffles: () => board.shuffleStreams,
    repeats: () => chance(board.repeatMessages),
    random: () => random(),
  };
  return board;
}

function meets(call: AwsCall, service: string, operation: string | undefined): boolean {
  return call.service === service && (operation === undefined || call.operation === operation);
}

// Mulberry32: small, seeded, and good enough to choose faults.
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
