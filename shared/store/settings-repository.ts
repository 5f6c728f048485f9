import type { Instant } from '#kernel/instant.ts';
import {
  contextKey,
  definitionKey,
  type Key,
  poolKey,
  referenceKey,
  settingsKey,
  settingsPartition,
  settingsVersionKey,
  tenantHeaderKey,
} from '#model/keys.ts';
import { encodeLocalDivision, type LocalDivision } from '#model/local-division.ts';
import type { TenantScope } from '#model/scope.ts';
import type {
  BonusPool,
  DisqualifierDefinition,
  ExclusionRule,
  PenaltyDefinition,
  SettingsArea,
  TenantContext,
} from '#model/settings.ts';
import { CONTEXT_DEFAULTS, type NewTenant, newTenantContext, tenantArea } from '#model/tenant-context.ts';
import type { Condition, Item, Table, WriteAction } from './table.ts';

const SETTINGS_VERSION = 1;
const FRESH: Condition = { expression: 'attribute_not_exists(pk)' };

/** The compiled context, strongly unless said otherwise; null where the tenant has none. */
export async function readContext(
  table: Table,
  scope: TenantScope,
  options: { consistent?: boolean } = {},
): Promise<TenantContext | null> {
  const item = await table.get(scope, contextKey(scope), options);
  return item === null ? null : decodeContext(item);
}

/** What a run needs of the context and no more, so that it does not carry its defaults; null where the tenant has none. */
export async function readTenantOfRuns(
  table: Table,
  scope: TenantScope,
): Promise<Pick<TenantContext, 'zone' | 'currency' | 'epoch'> | null> {
  const item = await table.get(scope, contextKey(scope));
  if (item === null) return null;
  const { zone, currency, epoch } = item.cx as TenantContext;
  return { zone, currency, epoch };
}

/** Reads the compiled context out of its item; what an older one lacks is as if nobody had set it. */
export function decodeContext(item: Item): TenantContext {
  const stored = item.cx as TenantContext;
  return { ...CONTEXT_DEFAULTS, ...stored, payLaw: { ...CONTEXT_DEFAULTS.payLaw, ...stored.payLaw } };
}

/**
 * Replaces the context in the transaction of whatever changes it. `next` comes from the context that was read; somebody else's change
 * in between refuses it. The revision is raised here and nowhere else.
 */
export function saveContextAction(scope: TenantScope, next: TenantContext): WriteAction {
  return {
    kind: 'put',
    item: contextItem(scope, { ...next, revision: next.revision + 1 }),
    condition: revisionIs(next.revision),
  };
}

/** A new tenant: its header, its first settings and its context. Refused where the id is taken. */
export function createTenantActions(scope: TenantScope, tenant: NewTenant, at: Instant, by: string): readonly WriteAction[] {
  const area: SettingsArea = { area: 'tenant', values: { ...tenantArea(tenant) }, revision: 1, changedAt: at, changedBy: by };
  return [
    {
      kind: 'put',
      item: {
        ...tenantHeaderKey(scope),
        et: 'tn',
        v: SETTINGS_VERSION,
        tenantId: tenant.tenantId,
        name: tenant.name,
        createdAt: at,
      },
      condition: FRESH,
    },
    { kind: 'put', item: contextItem(scope, newTenantContext(tenant)), condition: FRESH },
    ...saveAreaActions(scope, area, 0),
  ];
}

/** An area as it was last saved; null where nobody has, so that its defaults apply. */
export async function readArea(table: Table, scope: TenantScope, area: string): Promise<SettingsArea | null> {
  const item = await table.get(scope, settingsKey(scope, area));
  return item === null ? null : decodeArea(item);
}

/** Several areas at once, in the order of their names; null where one was never saved. */
export async function readAreas(
  table: Table,
  scope: TenantScope,
  areas: readonly string[],
): Promise<readonly (SettingsArea | null)[]> {
  const items = await table.batchGet(
    scope,
    areas.map((area) => settingsKey(scope, area)),
  );
  return items.map((item) => (item === null ? null : decodeArea(item)));
}

/** Saves an area that still has the revision the caller saw (0: never saved), and keeps this version for good. */
export function saveAreaActions(scope: TenantScope, area: SettingsArea, readRevision: number): readonly WriteAction[] {
  const item = { et: 'se', v: SETTINGS_VERSION, ...area };
  return [
    {
      kind: 'put',
      item: { ...settingsKey(scope, area.area), ...item },
      condition: readRevision === 0 ? FRESH : revisionIs(readRevision),
    },
    { kind: 'put', item: { ...settingsVersionKey(scope, area.area, area.revision), ...item }, condition: FRESH },
  ];
}

export async function readPool(table: Table, scope: TenantScope, poolId: string): Promise<BonusPool | null> {
  const item = await table.get(scope, poolKey(scope, poolId));
  return item === null ? null : (item.pool as BonusPool);
}

/** Saves a pool that still has the revision the caller saw; 0 for a new one. */
export function savePoolAction(scope: TenantScope, pool: BonusPool, readRevision: number): WriteAction {
  return {
    kind: 'put',
    item: { ...poolKey(scope, pool.id), et: 'po', v: SETTINGS_VERSION, revision: pool.revision, pool },
    condition: readRevision === 0 ? FRESH : revisionIs(readRevision),
  };
}

/** Deletes a pool that still has the revision the caller saw; ProPays keep their own copy (B-55). */
export function deletePoolAction(scope: TenantScope, poolId: string, readRevision: number): WriteAction {
  return { kind: 'delete', key: poolKey(scope, poolId), condition: revisionIs(readRevision) };
}

const ruleKey = (scope: TenantScope, ruleId: string): Key => ({ pk: settingsPartition(scope), sk: `rule#${ruleId}` });

export async function readRule(table: Table, scope: TenantScope, ruleId: string): Promise<ExclusionRule | null> {
  const item = await table.get(scope, ruleKey(scope, ruleId));
  return item === null ? null : (item.rule as ExclusionRule);
}

/** Saves an exclusion rule that still has the revision the caller saw; 0 for a new one. */
export function saveRuleAction(scope: TenantScope, rule: ExclusionRule, readRevision: number): WriteAction {
  return {
    kind: 'put',
    item: { ...ruleKey(scope, rule.id), et: 'ru', v: SETTINGS_VERSION, revision: rule.revision, rule },
    condition: readRevision === 0 ? FRESH : revisionIs(readRevision),
  };
}

/** Deletes an exclusion rule that still has the revision the caller saw. */
export function deleteRuleAction(scope: TenantScope, ruleId: string, readRevision: number): WriteAction {
  return { kind: 'delete', key: ruleKey(scope, ruleId), condition: revisionIs(readRevision) };
}

/** Saves a local division that still has the revision the caller saw; 0 for a new one. */
export function saveDivisionAction(scope: TenantScope, division: LocalDivision, readRevision: number, at: Instant): WriteAction {
  const condition = readRevision === 0 ? FRESH : localIs(readRevision);
  return { kind: 'put', item: encodeLocalDivision(scope, division, at) as unknown as Item, condition };
}

/** Deletes a local division that still has the revision the caller saw. */
export function deleteDivisionAction(scope: TenantScope, id: string, readRevision: number): WriteAction {
  return { kind: 'delete', key: referenceKey(scope, 'division', id), condition: localIs(readRevision) };
}

/** Records of the mirror count their revision in `sr`; those made here are of connection 0. */
const localIs = (revision: number): Condition => ({
  expression: 'sr = :sr AND c = :none',
  values: { ':sr': revision, ':none': 0 },
});

/** The kinds of definitions (B-75) with what each of them holds. */
export interface DefinitionKinds {
  readonly disqualifier: DisqualifierDefinition;
  readonly penalty: PenaltyDefinition;
}

export async function readDefinition<K extends keyof DefinitionKinds>(
  table: Table,
  scope: TenantScope,
  kind: K,
  id: string,
): Promise<DefinitionKinds[K] | null> {
  const item = await table.get(scope, definitionKey(scope, kind, id));
  return item === null ? null : (item.definition as DefinitionKinds[K]);
}

/** Saves a definition that still has the revision the caller saw; 0 for a new one. */
export function saveDefinitionAction<K extends keyof DefinitionKinds>(
  scope: TenantScope,
  kind: K,
  definition: DefinitionKinds[K],
  readRevision: number,
): WriteAction {
  const { id, revision } = definition;
  return {
    kind: 'put',
    item: { ...definitionKey(scope, kind, id), et: 'de', v: SETTINGS_VERSION, revision, definition },
    condition: readRevision === 0 ? FRESH : revisionIs(readRevision),
  };
}

/** Deletes a definition that still has the revision the caller saw; ProPays keep their copies until a sync (B-81). */
export function deleteDefinitionAction(
  scope: TenantScope,
  kind: keyof DefinitionKinds,
  id: string,
  readRevision: number,
): WriteAction {
  return { kind: 'delete', key: definitionKey(scope, kind, id), condition: revisionIs(readRevision) };
}

function contextItem(scope: TenantScope, context: TenantContext): Item {
  return { ...contextKey(scope), et: 'cx', v: SETTINGS_VERSION, revision: context.revision, cx: context };
}

function decodeArea(item: Item): SettingsArea {
  const { area, values, revision, changedAt, changedBy } = item as unknown as SettingsArea;
  return { area, values, revision, changedAt, changedBy };
}

function revisionIs(revision: number): Condition {
  return { expression: '#revision = :revision', names: { '#revision': 'revision' }, values: { ':revision': revision } };
}
