import type { SettingModification } from '#model/propay.ts';
import type { ProPayRecords, ProPayTarget } from '#model/propay-state.ts';
import type { BonusPool, BudgetType, Incentive, TenantContext } from '#model/settings.ts';
import { defineRule } from '../rules/rule.ts';
import type { RecordRef } from '../shapes.ts';
import { routeOf } from './people.ts';

/** B-21: of several settings the one of the most specific place wins, field by field. */
export const settingOrderRule = defineRule('B-21', 1, 'Which setting wins');

/** Where work belongs: what settings of places are looked up by. */
export interface Place {
  readonly branchId: string | null;
  readonly divisionId: string | null;
  readonly routeId: string | null;
}

/** Where the work of a target belongs now; the route of a visit comes before the job's (M-57). */
export function placeOf(records: ProPayRecords, target: ProPayTarget): Place {
  const fields = records.job?.fields;
  return {
    branchId: fields?.branchId ?? null,
    divisionId: fields?.divisionId ?? null,
    routeId: routeOf(records, target),
  };
}

/** What the settings say of the budget of work in a place (B-21, B-28, B-33). */
export interface IncentiveInForce {
  readonly budgetType: BudgetType;
  readonly modification: SettingModification | null;
  /** The share of labour in a contract price, where the source gives none, with the setting that says so. */
  readonly laborShare: { readonly bp: number; readonly ref: RecordRef } | null;
}

/** The parts of the tenant's context that incentives are read from. */
export type IncentiveContext = Pick<TenantContext, 'budgetType' | 'incentives' | 'areaRevisions'>;

/**
 * The incentive settings in force in a place: of the route, else the division, else the branch, else the tenant, each field by itself. A
 * division that is under several branches may have settings of its own in one of them (M-29, M-50): the pair comes before the division.
 */
export function incentiveOf({ incentives, budgetType, areaRevisions }: IncentiveContext, place: Place): IncentiveInForce {
  const scopes: readonly Scoped[] = [
    ...scopeOf('route', place.routeId, incentives.routes),
    ...scopeOf('division', pairOf(place), incentives.divisions),
    ...scopeOf('division', place.divisionId, incentives.divisions),
    ...scopeOf('branch', place.branchId, incentives.branches),
    { scope: 'tenant', scopeId: null, own: incentives },
  ];
  const revision = areaRevisions.incentives ?? 0;
  const typed = scopes.find(({ own }) => own.budgetType);
  const modified = scopes.find(({ own }) => own.modification);
  const shared = scopes.find(({ own }) => own.laborBp);
  return {
    budgetType: typed?.own.budgetType ?? budgetType,
    modification: modified?.own.modification
      ? { ...modified.own.modification, scope: modified.scope, scopeId: modified.scopeId, revision }
      : null,
    laborShare: shared?.own.laborBp ? { bp: shared.own.laborBp, ref: incentiveRef(shared, revision) } : null,
  };
}

/** What one place says; fields that it leaves to a wider one are null, or absent in what was stored before they existed. */
interface Scoped {
  readonly scope: SettingModification['scope'];
  readonly scopeId: string | null;
  readonly own: Partial<Incentive>;
}

/** The key of a division within one branch, as the manager map has it too. */
function pairOf({ branchId, divisionId }: Place): string | null {
  return branchId === null || divisionId === null ? null : `${branchId}|${divisionId}`;
}

function scopeOf(
  scope: Scoped['scope'],
  scopeId: string | null,
  settings: Readonly<Record<string, Incentive>>,
): readonly Scoped[] {
  const own = scopeId === null ? undefined : settings[scopeId];
  return own === undefined ? [] : [{ scope, scopeId, own }];
}

/** The setting of a place as an input of a calculation: the saved version of the area holds it for good. */
export function incentiveRef({ scope, scopeId }: Pick<SettingModification, 'scope' | 'scopeId'>, revision: number): RecordRef {
  return { entity: 'setting', id: scopeId === null ? `incentives.${scope}` : `incentives.${scope}.${scopeId}`, revision };
}

/** The pool that new ProPays in a place copy (B-55): the division's, else the branch's, else the default; null while there is none. */
export function poolFor(
  { pools, poolAssignments }: Pick<TenantContext, 'pools' | 'poolAssignments'>,
  { divisionId, branchId }: Pick<Place, 'divisionId' | 'branchId'>,
): BonusPool | null {
  const assigned =
    poolAssignments.find((one) => one.divisionId !== null && one.divisionId === divisionId) ??
    poolAssignments.find((one) => one.branchId !== null && one.branchId === branchId);
  return pools.find((pool) => pool.id === assigned?.poolId) ?? pools.find((pool) => pool.default) ?? null;
}

/** Whether work in a place takes part in the program (B-14): its route, division or branch does. */
export function isInProgram({ programScopes }: Pick<TenantContext, 'programScopes'>, place: Place): boolean {
  if (programScopes === 'all') return true;
  const { branchIds, divisionIds, routeIds } = programScopes;
  return includes(routeIds, place.routeId) || includes(divisionIds, place.divisionId) || includes(branchIds, place.branchId);
}

function includes(ids: readonly string[], id: string | null): boolean {
  return id !== null && ids.includes(id);
}
