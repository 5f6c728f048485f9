import type { LocalDate } from '#kernel/instant.ts';
import type { ShownBudget } from './bonus-block.ts';
import type { OwnDecision } from './own-facts.ts';

/** What a worker record can be; a login may be more (M-48, M-142). */
export const WORKER_ROLES = ['worker', 'crew_lead', 'manager'] as const;
export type WorkerRole = (typeof WORKER_ROLES)[number];

/** Whether a person is there: out of pick lists when deactivated, gone when archived (M-148). */
export const WORKER_STATES = ['active', 'deactivated', 'archived'] as const;
export type WorkerState = (typeof WORKER_STATES)[number];

/** The fields that people may override (E-1 to E-3, E-6, E-7). */
export type OverrideField = 'wage' | 'role' | 'active' | 'manager' | 'budget';

/** A local value in place of the source's (M-116), as it stands now; every act on it is a row of the history. */
export interface Override<V> extends OwnDecision {
  readonly value: V;
  /** What the source said when this was set, or when somebody last kept it. */
  readonly sourceValueWhenSet: V | null;
  /** Somebody has looked at what the source says and kept this (M-118). */
  readonly kept: boolean;
  /** The revision of the record's facts that set it: names its row of the history. */
  readonly setAt: number;
}

/** A dated wage, or with `wageE4` null a revert from its date on (E-1). Rates are ten-thousandths of a dollar per hour. */
export interface LocalWage extends OwnDecision {
  readonly effectiveFrom: LocalDate;
  readonly wageE4: number | null;
  readonly burdenBp: number | null;
  readonly sourceE4WhenSet: number | null;
  readonly setAt: number;
}

/** The budget fields that somebody gave because the source has none (E-7); what nobody gave is absent. */
export type LocalBudget = Partial<Omit<ShownBudget, 'basis'>>;

/** The names of the budget's fields, in the order in which they are shown. */
export const BUDGET_FIELDS = [
  'budgetSeconds',
  'laborAmountCents',
  'contractPriceCents',
  'laborShareBp',
  'rateE4',
  'quantityE4',
  'tasks',
] as const satisfies readonly (keyof LocalBudget)[];

/** The overrides of one record; the wages are those in force and to come, oldest first. */
export interface Overrides {
  readonly wages: readonly LocalWage[];
  readonly role: Override<WorkerRole> | null;
  readonly active: Override<WorkerState> | null;
  readonly manager: Override<string> | null;
  readonly budget: Override<LocalBudget> | null;
}

export const NO_OVERRIDES: Overrides = { wages: [], role: null, active: null, manager: null, budget: null };

/**
 * A worker's state (M-148): archived here, else deactivated or reactivated here, else what the source says.
 */
export function workerState(worker: {
  readonly own: { readonly overrides: Pick<Overrides, 'active'> };
  readonly fields: { readonly sourceActive: boolean };
}): WorkerState {
  return worker.own.overrides.active?.value ?? (worker.fields.sourceActive ? 'active' : 'deactivated');
}
