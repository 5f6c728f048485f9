import type { AuditEntry } from '#model/people.ts';
import type { FailedAction, StagedWrite, WriteAction } from '#store/table.ts';
import type { ApiAnswer } from './route.ts';

/** What an audit entry says of a change; who, when and by which request is filled in. */
export interface AuditDraft {
  readonly action: string;
  readonly entity: string;
  readonly entityId: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason?: string | null;
  readonly selfApproved?: true;
  /** The entry's id, where the caller needs to know it; else a new one. */
  readonly id?: AuditEntry['id'];
}

export interface Effect {
  readonly actions: readonly WriteAction[];
  /**
   * Records that are made or changed with it, up to 2,000: with the actions in one transaction where they fit, else as a batch, which is
   * seen whole or not at all as well (decision 009).
   */
  readonly staged?: readonly StagedWrite[];
  readonly audit: AuditDraft | readonly AuditDraft[];
  readonly answer: ApiAnswer;
  /** What a repetition is answered instead, where the answer holds a secret that must not be stored. */
  readonly replay?: ApiAnswer;
}

/**
 * Applied: the answer to give, which is the first one where a twin of this request was quicker. Not applied: the lost conditions, with
 * indexes into `actions`, then `staged`; none where an older batch came first.
 */
export type Committed =
  | { readonly applied: true; readonly answer: ApiAnswer }
  | { readonly applied: false; readonly failed: readonly FailedAction[] };

/** The one way in which a request changes anything. */
export interface Command {
  /** Effect, audit entries and idempotency record in one transaction, or nothing of it. */
  commit(effect: Effect): Promise<Committed>;
  /**
   * Takes the request's Idempotency-Key before acting outside of the store, so that a concurrent twin is told to wait (409) instead of
   * acting as well. Null when the key has been answered meanwhile: then that answer stands. Without a key it does nothing.
   */
  claim(holdSeconds: number): Promise<ApiAnswer | null>;
}
