import type { Condition, RevisionCounter, StagedWrite, WriteAction } from './write-action.ts';

/** Nothing is there yet. */
export const IF_ABSENT: Condition = { expression: 'attribute_not_exists(pk)' };

/**
 * The record still is the one that was read, and no batch holds it. The condition of everybody who writes a record that may be part of a
 * batch; whoever writes without it would write over the batch's hold.
 */
export function ifUnchanged(counter: RevisionCounter, seen: number): Condition {
  return {
    expression: '#counter = :seen AND attribute_not_exists(pend)',
    names: { '#counter': counter },
    values: { ':seen': seen },
  };
}

/** A staged write as an action of a transaction that holds all of them. */
export function actionOf(staged: StagedWrite): WriteAction {
  const condition = staged.kind === 'create' ? IF_ABSENT : ifUnchanged(staged.counter, staged.seen);
  return { kind: 'put', item: staged.item, condition };
}
