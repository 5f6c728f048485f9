import type { Key } from '#model/keys.ts';

/** An item as the document client gives it. Repositories turn it into records; nothing else looks inside. */
export type Item = Readonly<Record<string, unknown>> & Key;

export type Condition = {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
};

export type WriteAction =
  | { readonly kind: 'put'; readonly item: Item; readonly condition?: Condition }
  | { readonly kind: 'update'; readonly key: Key; readonly update: Condition; readonly condition?: Condition }
  | { readonly kind: 'delete'; readonly key: Key; readonly condition?: Condition }
  | { readonly kind: 'check'; readonly key: Key; readonly condition: Condition };

/** The counters that conditional writers of a record compare: results count apart from people's changes. */
export type RevisionCounter = 'revision' | 'calcRev';

/**
 * A record that a command creates, or replaces if it still is the one that was read, beside the header of what it does. Any number of them
 * can be written as one (decision 009). Stored form, with index keys.
 */
export type StagedWrite =
  | { readonly kind: 'create'; readonly item: Item }
  | { readonly kind: 'replace'; readonly item: Item; readonly counter: RevisionCounter; readonly seen: number };

/** The outcome of a write under a condition: a lost condition is a value, every other failure an error. */
export type WriteOutcome = { readonly applied: true } | { readonly applied: false; readonly failed: readonly FailedAction[] };
export interface FailedAction {
  readonly index: number;
  readonly reason: 'condition' | 'conflict' | 'throttled';
  /** The item as it stood, where the action asked for a condition and something was there. */
  readonly current: Item | null;
}
