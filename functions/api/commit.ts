import type { FailedAction } from '#store/table.ts';
import type { Command, Effect } from './command.ts';
import { ApiProblem, notFound, stalePrecondition } from './problem.ts';
import type { ApiAnswer } from './route.ts';

/** An effect decided on what was just read. */
export interface FreshEffect extends Effect {
  /** Told of the lost conditions; throws where losing them means refusing, returns where reading again may help. */
  readonly ifLost?: (failed: readonly FailedAction[]) => void;
}

const TRIES = 5;

/**
 * Reads, decides and commits; where somebody else wrote in between, all of it again. For commands whose own condition has not changed
 * but that touch what others write too: the compiled context, the sync state.
 */
export async function commitFresh(command: Command, decide: () => Promise<FreshEffect>): Promise<ApiAnswer> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const effect = await decide();
    const done = await command.commit(effect);
    if (done.applied) return done.answer;
    effect.ifLost?.(done.failed);
  }
  throw new ApiProblem('store-conflict', { detail: 'Others keep changing the same records. Try again.' });
}

/** True when the action at the index was among the lost ones. */
export function lost(failed: readonly FailedAction[], index: number): boolean {
  return failed.some((one) => one.index === index);
}

/** The record as its caller last read it: 404 where there is none, 412 where it has changed since. */
export function requireUnchanged<T extends { readonly revision: number }>(record: T | null, ifMatch: number): T {
  if (record === null) throw notFound();
  if (record.revision !== ifMatch) throw stalePrecondition(record.revision);
  return record;
}

/** For effects whose first action saves the record of the If-Match: 412 where that one was changed in between. */
export function refuseStale(failed: readonly FailedAction[]): void {
  if (lost(failed, 0)) throw stalePrecondition(null);
}

/** Does something that may lose its conditions to another writer: again from a fresh reading, a few times, then 503. */
export async function withRetries<T>(act: () => Promise<T | null>): Promise<T> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const done = await act();
    if (done !== null) return done;
  }
  throw new ApiProblem('store-conflict', { detail: 'Others keep changing the same records. Try again.' });
}
