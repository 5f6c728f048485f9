import * as z from 'zod/mini';
import { assertHoldback } from '#bonus/line-items.ts';
import { assertDistribution } from '#bonus/rules/distribution.ts';
import { assertPoolToSave } from '#bonus/rules/role-pools.ts';
import type { BonusPool, PoolRole } from '#model/settings.ts';
import { POOL_DEFAULTS } from '#model/tenant-context.ts';
import { idText } from '../edge.ts';

const ROLES: readonly PoolRole[] = ['crew', 'crew_lead', 'manager', 'other'];
const NO_HOLDBACK = { retentionBp: 0, retentionDays: 0 };

const holdback = z.strictObject({ retentionBp: z.int(), retentionDays: z.int() });
const fields = {
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  crewBp: z.int(),
  crewLeadBp: z.int(),
  managerBp: z.int(),
  otherBp: z.int(),
  companyBp: z.int(),
  default: z.boolean(),
  otherIds: z.array(idText).check(z.maxLength(50)),
  splitEnabled: z.boolean(),
  splitBp: z.int().check(z.minimum(0), z.maximum(10_000)),
  distribution: z.strictObject({
    formula: z.string(),
    leadWeightBp: z.optional(z.int()),
    ignoreHours: z.optional(z.boolean()),
  }),
  waitingDays: z.int(),
  retention: z.strictObject({
    crew: z.optional(holdback),
    crew_lead: z.optional(holdback),
    manager: z.optional(holdback),
    other: z.optional(holdback),
  }),
  warrantyBp: z.int(),
  warrantyDays: z.int(),
  rollOverNegative: z.boolean(),
  includeDeductions: z.boolean(),
  statementAssignment: z.enum(['current', 'previous']),
  leadInCrewPool: z.boolean(),
  managerInCrewPool: z.boolean(),
};

/** A pool as the API serves it. */
export const poolShape = z.strictObject({ id: idText, ...fields });
export const newPoolBody = z.strictObject({
  ...z.partial(z.strictObject(fields)).shape,
  name: fields.name,
  crewBp: fields.crewBp,
  crewLeadBp: fields.crewLeadBp,
  managerBp: fields.managerBp,
  otherBp: fields.otherBp,
  companyBp: fields.companyBp,
});
export const poolChangeBody = z.partial(z.strictObject(fields));

/** A new pool, checked. */
export function newPool(id: string, body: z.infer<typeof newPoolBody>): BonusPool {
  return checked({ ...POOL_DEFAULTS, ...given(body), id } as unknown as BonusPool);
}

/** A pool with a change applied, checked; its revision is one higher. */
export function changedPool(pool: BonusPool, change: z.infer<typeof poolChangeBody>): BonusPool {
  return checked({ ...pool, ...given(change), revision: pool.revision + 1 } as BonusPool);
}

/** The view of a pool: everything but its revision, which stands in the tag. */
export function poolView(pool: BonusPool): Record<string, unknown> {
  const { revision: _revision, ...view } = pool;
  return view;
}

function given(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** B-54, B-69, B-74 and B-121 on a pool as it would be saved: what a calculation refuses would keep every new ProPay from coming to be. */
function checked(pool: BonusPool): BonusPool {
  assertPoolToSave(pool, pool.otherIds, 'crewBp');
  assertDistribution(pool.distribution, 'distribution');
  const { waitingDays, warrantyBp, warrantyDays } = pool;
  for (const role of ROLES)
    assertHoldback({ waitingDays, warrantyBp, warrantyDays, ...(pool.retention[role] ?? NO_HOLDBACK) }, `retention.${role}`);
  return pool;
}
