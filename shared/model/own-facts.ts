import type { Instant } from '#kernel/instant.ts';
import { NO_OVERRIDES, type Overrides } from './overrides.ts';

/** Who decided something of a record, when and why. */
export interface OwnDecision {
  readonly by: string;
  readonly at: Instant;
  readonly reason: string | null;
  /** The record that it was decided of, where that one leads here by now; absent where it was decided of this one. */
  readonly from?: string;
}

/** How far along somebody said a milestone is (E-8), with the source's percentage of that moment: who said it last is told by both. */
export interface ProgressReport {
  readonly progressBp: number;
  readonly sourceBp: number | null;
  readonly by: string;
  readonly at: Instant;
}

/** How much of a material somebody said is installed (E-9). */
export interface InstalledReport {
  readonly quantityE4: number;
  readonly by: string;
  readonly at: Instant;
}

/** What an admin settled of a worker (E-4, E-5). */
export interface WorkerSettings {
  /** Hours cost, the share goes to the others (M-149), unless a ProPay takes the worker in (B-72). */
  readonly removeBonus: boolean;
  /** Hours count; no sign-in and no messages (M-149). */
  readonly restrictAccess: boolean;
  /** In place of the source's; null: the source's. */
  readonly payrollId: string | null;
  readonly by: string;
  readonly at: Instant;
  /** As of a decision. */
  readonly from?: string;
}

/**
 * What people said of a mirrored job, milestone or worker: kept beside what the source says, and touched by no sync (M-117). Of reports the
 * latest stands here; each one that was made stands in the audit trail.
 */
export interface OwnFacts {
  /** +1 with each write; 0 where nobody decided anything yet. Writers and moves put their condition on it. */
  readonly revision: number;
  /** Kept out of the program by hand (B-19, M-134). */
  readonly excluded: OwnDecision | null;
  /** Taken in although a rule excludes it (B-16, M-134). */
  readonly included: OwnDecision | null;
  /** Rework of an earlier job, named by hand (B-150). */
  readonly callbackOf: ({ readonly jobId: string } & OwnDecision) | null;
  /** Of a milestone. */
  readonly progress: ProgressReport | null;
  /** Of a milestone, by the item of the material. */
  readonly installed: Readonly<Record<string, InstalledReport>> | null;
  /** Of a worker. */
  readonly settings: WorkerSettings | null;
  /** Local values in place of the source's (M-115). */
  readonly overrides: Overrides;
}

export const NO_FACTS: OwnFacts = {
  revision: 0,
  excluded: null,
  included: null,
  callbackOf: null,
  progress: null,
  installed: null,
  settings: null,
  overrides: NO_OVERRIDES,
};

/** The stored attribute `o`; its revision stands beside it in `or`. */
export type StoredOwnFacts = Partial<Omit<OwnFacts, 'revision' | 'overrides'>> & { readonly overrides?: Partial<Overrides> };

/** What is stored of the facts: nothing for what nobody decided. */
export function encodeOwnFacts({ revision: _revision, overrides, ...facts }: OwnFacts): StoredOwnFacts {
  const { wages, ...others } = overrides;
  const set = { ...given(others), ...(wages.length > 0 ? { wages } : {}) };
  return { ...given(facts), ...(Object.keys(set).length > 0 ? { overrides: set } : {}) };
}

function given<T extends object>(facts: T): Partial<T> {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== null)) as Partial<T>;
}

/** Stored facts read back. */
export function decodeOwnFacts(stored: StoredOwnFacts | undefined, revision: number | undefined): OwnFacts {
  if (stored === undefined) return NO_FACTS;
  return { ...NO_FACTS, ...stored, overrides: { ...NO_OVERRIDES, ...stored.overrides }, revision: revision ?? 0 };
}

/** The id a worker has in payroll: the one settled here, else the source's (E-5). */
export function payrollIdOf(worker: {
  readonly own: Pick<OwnFacts, 'settings'>;
  readonly fields: { readonly payrollId: string | null };
}): string | null {
  return worker.own.settings?.payrollId ?? worker.fields.payrollId;
}
