import { canonicalJson } from '#kernel/canonical.ts';
import type { LocalDate } from '#kernel/instant.ts';
import type { MirrorRecord, ShownBudget } from '#model/mirror-record.ts';
import {
  BUDGET_FIELDS,
  type LocalBudget,
  type LocalWage,
  type Override,
  type WorkerRole,
  type WorkerState,
} from '#model/overrides.ts';
import type { TenantContext } from '#model/settings.ts';
import { NO_BUDGET } from '#model/unknown-fields.ts';
import { defineRule } from '../rules/rule.ts';
import { type WageRow, wageInForce } from '../rules/wage-basis.ts';
import { type ManagedJob, managerAtSource, sourceRoleOf } from './people.ts';

/** M-118: when an override and its source disagree. */
export const conflictRule = defineRule('M-118', 1, 'Conflict of an override');

/** An override beside what the source says now. */
export interface ShownOverride<V> extends Omit<Override<V>, 'kept' | 'setAt'> {
  readonly sourceValue: V | null;
  readonly conflict: boolean;
}

/** A wage override is a dated row, with the burden that came along. */
export interface ShownWageOverride extends ShownOverride<number> {
  readonly effectiveFrom: LocalDate;
  readonly burdenBp: number | null;
}

/** The overrides of a worker beside the source's values of a day (M-117). */
export function overridesOfWorker(worker: MirrorRecord<'worker'>, context: Pick<TenantContext, 'connections'>, day: LocalDate) {
  const { role, active } = worker.own.overrides;
  return {
    wage: wageOverride(worker, day),
    role: role === null ? null : beside<WorkerRole>(role, sourceRoleOf(worker, context)),
    active: active === null ? null : stateOverride(active, worker.fields.sourceActive ? 'active' : 'deactivated'),
  };
}

/** The overrides of a job. */
export function overridesOfJob(job: ManagedJob & Pick<MirrorRecord<'job'>, 'bonus'>, context: Pick<TenantContext, 'managerMap'>) {
  const { manager, budget } = job.own.overrides;
  return {
    manager: manager === null ? null : beside(manager, managerAtSource(job, context)?.workerId ?? null),
    budget: budget === null ? null : budgetOverride(budget, sourceBudgetOf(job.bonus.budget, job.fields.contractPriceCents)),
  };
}

/** The overrides of a milestone. */
export function overridesOfMilestone({ own, bonus }: Pick<MirrorRecord<'milestone'>, 'own' | 'bonus'>) {
  const { budget } = own.overrides;
  return { budget: budget === null ? null : budgetOverride(budget, sourceBudgetOf(bonus.budget, null)) };
}

/** The source has moved away from what was overridden, and not to the override (M-118). Nothing is dropped by itself. */
function beside<V>({ kept: _kept, setAt: _setAt, ...override }: Override<V>, sourceValue: V | null): ShownOverride<V> {
  const conflict = !same(sourceValue, override.sourceValueWhenSet) && !same(sourceValue, override.value);
  return { ...override, sourceValue, conflict };
}

const same = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) === canonicalJson(b ?? null);

/**
 * Who is active here and not at the source gets no new data, and who is archived here and active there goes on getting some: both are
 * conflicts until somebody has looked at them (M-120, X-15). Whoever has left is not contradicted by a source that says inactive.
 */
function stateOverride(override: Override<WorkerState>, source: 'active' | 'deactivated'): ShownOverride<WorkerState> {
  const shown = beside(override, source as WorkerState);
  const contradicts = override.value === 'deactivated' ? false : (override.value === 'active') !== (source === 'active');
  const agrees = override.value === 'archived' && source === 'deactivated';
  return { ...shown, conflict: agrees ? false : shown.conflict || (contradicts && !override.kept) };
}

/** The rows of a worker's wages that its record shows: the source's, and those that people added. */
export function shownWageRows({ own, bonus }: Pick<MirrorRecord<'worker'>, 'own' | 'bonus'>): readonly WageRow[] {
  return [
    ...bonus.wages.map(({ effectiveFrom, rateE4 }) => ({ origin: 'source' as const, effectiveFrom, wageE4: rateE4 })),
    ...own.overrides.wages.map((row) => ({ origin: 'local' as const, ...row })),
  ];
}

/** The wage in force on a day, as the worker's record shows it; null where nobody gives any. */
export function shownWage(worker: Pick<MirrorRecord<'worker'>, 'own' | 'bonus'>, day: LocalDate): WageRow | null {
  return wageInForce(shownWageRows(worker), day);
}

/** The local wage that is in force, else the next one to come; beside the source's wage of its day. */
function wageOverride(worker: MirrorRecord<'worker'>, day: LocalDate): ShownWageOverride | null {
  const row = currentWage(worker.own.overrides.wages, day);
  if (row === null) return null;
  const { wageE4, sourceE4WhenSet, setAt: _setAt, effectiveFrom, burdenBp, ...made } = row;
  const sourceValue = sourceWageOn(shownWageRows(worker), laterOf(effectiveFrom, day));
  const conflict = sourceValue !== sourceE4WhenSet && sourceValue !== wageE4;
  return { ...made, value: wageE4, sourceValueWhenSet: sourceE4WhenSet, sourceValue, conflict, effectiveFrom, burdenBp };
}

/** The local row that counts as the override: in force on the day, else the first announced one; a revert is none. */
export function currentWage(rows: readonly LocalWage[], day: LocalDate): (LocalWage & { readonly wageE4: number }) | null {
  const inForce = rows.findLast(({ effectiveFrom }) => effectiveFrom <= day);
  const found = inForce !== undefined && isWage(inForce) ? inForce : rows.find((row) => row.effectiveFrom > day && isWage(row));
  return found !== undefined && isWage(found) ? found : null;
}

const isWage = (row: LocalWage): row is LocalWage & { readonly wageE4: number } => row.wageE4 !== null;
const laterOf = (a: LocalDate, b: LocalDate): LocalDate => (a > b ? a : b);

/** The source's own wage of a day. */
export function sourceWageOn(rows: readonly WageRow[], day: LocalDate): number | null {
  const source = rows.filter(({ origin }) => origin === 'source');
  return wageInForce(source, day)?.wageE4 ?? null;
}

/** A budget with the fields that the source lacks (E-7): the source's wins in each that it has. */
export function effectiveBudget(source: ShownBudget | null, override: Override<LocalBudget> | null): ShownBudget | null {
  if (override === null) return source;
  const known = sourceBudgetOf(source, null);
  return { ...NO_BUDGET, ...override.value, ...known, basis: source?.basis ?? 'override' };
}

/** What the source gives of a budget; a contract price may also stand on the job itself. */
export function sourceBudgetOf(budget: Omit<ShownBudget, 'basis'> | null, contractPriceCents: number | null): LocalBudget {
  const all = { ...NO_BUDGET, ...budget, contractPriceCents: budget?.contractPriceCents ?? contractPriceCents };
  return Object.fromEntries(BUDGET_FIELDS.flatMap((name) => (isGiven(all[name]) ? [[name, all[name]]] : [])));
}

const isGiven = (value: unknown): boolean => value !== null && (!Array.isArray(value) || value.length > 0);

/** Only the overridden fields are compared; where the source has none of them it says nothing. */
function budgetOverride(override: Override<LocalBudget>, source: LocalBudget): ShownOverride<LocalBudget> {
  const { kept: _kept, setAt: _setAt, ...shown } = override;
  const { value, sourceValueWhenSet: seen } = shown;
  const names = BUDGET_FIELDS.filter((name) => value[name] !== undefined && source[name] !== undefined);
  const conflict = names.some((name) => !same(source[name], seen?.[name]) && !same(source[name], value[name]));
  const sourceValue = names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, source[name]]));
  return { ...shown, sourceValue, conflict };
}
