import { randomBytes } from 'node:crypto';
import { addDays, type Instant } from '#kernel/instant.ts';
import { makeToken } from '#model/api-token.ts';
import { connectionId, mirrorId } from '#model/ids.ts';
import type { ApiToken } from '#model/people.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import type { BonusPool } from '#model/settings.ts';
import { AREA_DEFAULTS, applyArea, applyPools, POOL_DEFAULTS } from '#model/tenant-context.ts';
import { createApiTokenAction } from '#store/people-repository.ts';
import {
  createTenantActions,
  readContext,
  saveAreaActions,
  saveContextAction,
  savePoolAction,
} from '#store/settings-repository.ts';
import type { Table } from '#store/table.ts';
import type { DemoAccount, DemoPersonKey } from '../../shared/fake-source/demo.ts';
import { DEMO_ROLES, type DemoTenant } from './tenants.ts';

/** The tokens of one demo tenant by what they are called in `.local/demo.json`. */
export type DemoTokens = Readonly<Record<DemoPersonKey, string>>;

/** A tenant whose data people upload has no first day yet. */
const DAYS_WITHOUT_SOURCE = 365;

/** The pool of the demo: half of what is saved goes to people, most of it to the crew. */
const POOL: BonusPool = {
  ...POOL_DEFAULTS,
  id: 'standard',
  name: 'Standard',
  default: true,
  crewBp: 7_000,
  crewLeadBp: 2_000,
  managerBp: 1_000,
  otherBp: 0,
  companyBp: 0,
};

/**
 * Makes a demo tenant as an operator would: the tenant with its settings and pool, and a token for each demo person. People are named
 * by mirror ids, which are computed, so the tokens hold before the first sync. `accounts`: one for each connection that it will make.
 */
export async function seedTenant(
  table: Table,
  tenant: DemoTenant,
  accounts: readonly DemoAccount[],
  at: Instant,
): Promise<DemoTokens> {
  const scope = scopeOf(tenant.id);
  const by = 'demo';
  await apply(
    table,
    scope,
    createTenantActions(
      scope,
      { tenantId: tenant.id, name: tenant.name, country: 'US', state: 'NY', zone: tenant.zone, currency: 'USD' },
      at,
      by,
    ),
  );
  const context = await readContext(table, scope);
  if (context === null) throw new Error(`tenant ${tenant.id} has no context`);
  const [firstDay = addDays(at.slice(0, 10), -DAYS_WITHOUT_SOURCE)] = accounts.map((account) => account.firstDay).sort();
  const propay = { ...AREA_DEFAULTS.propay, launchDate: firstDay };
  const laborBp = accounts.find((account) => account.laborBp !== undefined)?.laborBp;
  const incentives = {
    ...AREA_DEFAULTS.incentives,
    ...(laborBp === undefined ? {} : ({ budgetType: 'contract_price', laborBp } as const)),
  };
  const withAreas = applyArea(applyArea(context, 'propay', propay, null), 'incentives', incentives, null);
  await apply(table, scope, [
    ...saveAreaActions(scope, { area: 'propay', values: propay, revision: 1, changedAt: at, changedBy: by }, 0),
    ...(laborBp === undefined
      ? []
      : saveAreaActions(scope, { area: 'incentives', values: incentives, revision: 1, changedAt: at, changedBy: by }, 0)),
    savePoolAction(scope, POOL, 0),
    saveContextAction(scope, applyPools(withAreas, [POOL])),
  ]);
  return seedTokens(table, scope, accounts, at);
}

/** What the token of a demo person is called. */
export function demoTokenId(key: DemoPersonKey): string {
  return `demo${key}`;
}

async function seedTokens(table: Table, scope: TenantScope, accounts: readonly DemoAccount[], at: Instant): Promise<DemoTokens> {
  const cursorKey = randomBytes(32).toString('base64url');
  const tokens: Record<string, string> = {};
  for (const { key, role } of DEMO_ROLES) {
    const tokenId = demoTokenId(key);
    const { token, secretHash } = makeToken(scope.tenantId, tokenId, randomBytes);
    const record: ApiToken = {
      id: tokenId,
      name: `Demo ${key}`,
      secretHash,
      role,
      ...placeOf(scope, accounts, key),
      userId: null,
      createdAt: at,
      createdBy: 'demo',
      revokedAt: null,
      restricted: false,
      cursorKey,
    };
    await apply(table, scope, [createApiTokenAction(scope, record)]);
    tokens[key] = token;
  }
  return tokens as DemoTokens;
}

/** Who a token is and what is theirs, as the first source that knows them tells it; a token may as well stand for nobody. */
function placeOf(
  { tenantId }: TenantScope,
  accounts: readonly DemoAccount[],
  key: DemoPersonKey,
): Pick<ApiToken, 'workerId' | 'scope'> {
  const at = accounts.findIndex(({ people }) => people[key] !== undefined);
  const place = accounts[at]?.people[key] ?? { worker: null, branches: [], routes: [] };
  const idOf = (space: 'branch' | 'route' | 'worker', id: string) => mirrorId(connectionId(tenantId, at + 1), space, id);
  return {
    workerId: place.worker === null ? null : idOf('worker', place.worker),
    scope: {
      branchIds: place.branches.map((id) => idOf('branch', id)),
      divisionIds: [],
      routeIds: place.routes.map((id) => idOf('route', id)),
    },
  };
}

async function apply(table: Table, scope: TenantScope, actions: Parameters<Table['write']>[1]): Promise<void> {
  const outcome = await table.write(scope, actions);
  if (!outcome.applied) throw new Error('the demo data are there already; start with --fresh to make them anew');
}
