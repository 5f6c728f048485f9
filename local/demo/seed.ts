import { randomBytes } from 'node:crypto';
import type { Instant } from '#kernel/instant.ts';
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
import { DEMO_PEOPLE, type DemoPerson, type DemoTenant, dayBeforeFirstEntry, scopeOfPerson } from './tenants.ts';

/** The tokens of one demo tenant by what they are called in `.local/demo.json`. */
export type DemoTokens = Readonly<Record<DemoPerson['key'], string>>;

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
 * by mirror ids, which are computed, so the tokens hold before the first sync.
 */
export async function seedTenant(table: Table, tenant: DemoTenant, at: Instant): Promise<DemoTokens> {
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
  const propay = { ...AREA_DEFAULTS.propay, launchDate: dayBeforeFirstEntry(tenant.dataset) };
  await apply(table, scope, [
    ...saveAreaActions(scope, { area: 'propay', values: propay, revision: 1, changedAt: at, changedBy: by }, 0),
    savePoolAction(scope, POOL, 0),
    saveContextAction(scope, applyPools(applyArea(context, 'propay', propay, null), [POOL])),
  ]);
  return seedTokens(table, scope, tenant, at);
}

async function seedTokens(table: Table, scope: TenantScope, tenant: DemoTenant, at: Instant): Promise<DemoTokens> {
  const connection = connectionId(tenant.id, 1);
  const idOf = (space: 'branch' | 'route' | 'worker', id: number) => mirrorId(connection, space, String(id + tenant.idOffset));
  const cursorKey = randomBytes(32).toString('base64url');
  const tokens: Record<string, string> = {};
  for (const person of DEMO_PEOPLE) {
    const tokenId = `demo${person.key}`;
    const { token, secretHash } = makeToken(tenant.id, tokenId, randomBytes);
    const record: ApiToken = {
      id: tokenId,
      name: `Demo ${person.key}`,
      secretHash,
      role: person.role,
      workerId: person.contactId === null ? null : idOf('worker', person.contactId),
      userId: null,
      scope: scopeOfPerson(person, idOf),
      createdAt: at,
      createdBy: 'demo',
      revokedAt: null,
      restricted: false,
      cursorKey,
    };
    await apply(table, scope, [createApiTokenAction(scope, record)]);
    tokens[person.key] = token;
  }
  return tokens as DemoTokens;
}

async function apply(table: Table, scope: TenantScope, actions: Parameters<Table['write']>[1]): Promise<void> {
  const outcome = await table.write(scope, actions);
  if (!outcome.applied) throw new Error('the demo data are there already; start with --fresh to make them anew');
}
