import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { InvokeResult } from '../lambda/pool.ts';
import { reportedFailures } from './batch-response.ts';
import type { StreamEntry } from './stream-record.ts';
import type { StreamSettings } from './stream-settings.ts';

/** Why records are given up, in the words of the failure message. */
export type GiveUpReason = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export type BatchOptions = {
  readonly settings: StreamSettings;
  readonly clock: Clock;
  /** Wait before the first retry; it doubles with each further one, up to a minute. */
  readonly retryMs: number;
  /** Calls the function. Throws where it could not be called (throttled). */
  readonly invoke: (entries: readonly StreamEntry[]) => Promise<InvokeResult>;
  readonly giveUp: (
    entries: readonly StreamEntry[],
    reason: GiveUpReason,
    result: InvokeResult | null,
    invocations: number,
  ) => void;
  /** Whether a batch that succeeded is delivered once more (injected). */
  readonly repeats: () => boolean;
  /** Aborted when the host stops: what is not done by then comes again at the next start. */
  readonly signal: AbortSignal;
};

const LONGEST_WAIT_MS = 60_000;

/**
 * Delivers a batch until every record is done or given up, in order:
 * - a partial failure finishes what lies before the lowest failed record, and the rest begins anew;
 * - without progress the batch is cut in halves (where the mapping bisects), which does not count as a retry;
 * - what cannot be cut is retried as often and as long as the mapping allows, then given up.
 */
export async function deliverBatch(batch: readonly StreamEntry[], options: BatchOptions): Promise<void> {
  const { settings, clock, signal } = options;
  let rest = batch;
  let retries = 0;
  let invocations = 0;
  let last: InvokeResult | null = null;

  while (rest.length > 0 && !signal.aborted) {
    const aged = rest.filter((entry) => settings.maximumAgeMs !== -1 && clock.now() - entry.createdMs > settings.maximumAgeMs);
    if (aged.length > 0) {
      finish(aged);
      options.giveUp(aged, 'RecordAgeExceeded', last, invocations);
      rest = rest.filter((entry) => !entry.done);
      continue;
    }
    const result = await attempt(rest, options);
    if (signal.aborted) return;
    if (result !== null) {
      last = result;
      invocations += 1;
      const done = finishedCount(rest, result, settings);
      finish(rest.slice(0, done));
      rest = rest.slice(done);
      if (rest.length === 0) return;
      if (done > 0) {
        retries = 0;
        continue;
      }
      if (settings.bisects && rest.length > 1) {
        const middle = Math.ceil(rest.length / 2);
        await deliverBatch(rest.slice(0, middle), options);
        await deliverBatch(rest.slice(middle), options);
        return;
      }
      if (settings.retries !== -1 && retries >= settings.retries) {
        finish(rest);
        options.giveUp(rest, 'RetryAttemptsExhausted', last, invocations);
        return;
      }
      retries += 1;
    }
    await pause(Math.min(options.retryMs * 2 ** Math.max(0, retries - 1), LONGEST_WAIT_MS), signal);
  }
}

// Ends early, without an error, when the host stops.
async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(waitMs, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

// Null: the function was not called (throttled), which counts as no attempt.
async function attempt(entries: readonly StreamEntry[], { invoke, repeats }: BatchOptions): Promise<InvokeResult | null> {
  try {
    const result = await invoke(entries);
    return result.functionError === null && repeats() ? await invoke(entries) : result;
  } catch (error) {
    if (error instanceof Error && error.name === 'TooManyRequestsException') return null;
    throw error;
  }
}

/** How many records from the front are done after an answer. */
function finishedCount(entries: readonly StreamEntry[], result: InvokeResult, settings: StreamSettings): number {
  if (result.functionError !== null) return 0;
  if (!settings.reportsFailures) return entries.length;
  const failed = reportedFailures(
    result.payload,
    entries.map(({ sequenceNumber }) => sequenceNumber),
  );
  if (failed === null) return 0;
  const first = entries.findIndex(({ sequenceNumber }) => failed.has(sequenceNumber));
  return first === -1 ? entries.length : first;
}

function finish(entries: readonly StreamEntry[]): void {
  for (const entry of entries) entry.done = true;
}
