import type { Instant } from '#kernel/instant.ts';

/** Who decided something of a record, when and why. */
export interface OwnDecision {
  readonly by: string;
  readonly at: Instant;
  readonly reason: string | null;
}

/** What people decided of a mirrored job: kept beside what the source says, and touched by no sync (M-117). */
export interface OwnFacts {
  /** +1 with each write; 0 where nobody decided anything yet. Writers and moves put their condition on it. */
  readonly revision: number;
  /** Kept out of the program by hand (B-19, M-134). */
  readonly excluded: OwnDecision | null;
  /** Taken in although a rule excludes it (B-16, M-134). */
  readonly included: OwnDecision | null;
  /** Rework of an earlier job, named by hand (B-150). */
  readonly callbackOf: ({ readonly jobId: string } & OwnDecision) | null;
}

export const NO_FACTS: OwnFacts = { revision: 0, excluded: null, included: null, callbackOf: null };

/** The stored attribute `o`; its revision stands beside it in `or`. */
export type StoredOwnFacts = Partial<Omit<OwnFacts, 'revision'>>;

/** What is stored of the facts: nothing for what nobody decided. */
export function encodeOwnFacts({ revision: _revision, ...facts }: OwnFacts): StoredOwnFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== null));
}

/** Stored facts read back. */
export function decodeOwnFacts(stored: StoredOwnFacts | undefined, revision: number | undefined): OwnFacts {
  return stored === undefined ? NO_FACTS : { ...NO_FACTS, ...stored, revision: revision ?? 0 };
}
