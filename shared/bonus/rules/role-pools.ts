import { allocateAmounts } from '#kernel/allocate.ts';
import { refuse } from '#kernel/errors.ts';
import { objectAt } from '../check.ts';
import type { Pool, PoolAmounts, Role } from '../shapes.ts';
import { defineRule } from './rule.ts';

/** B-54: five percentages that make up the whole. */
export const poolRule = defineRule('B-54', 1, 'Pool percentages');
/** B-57: the worker share by role. */
export const roleSplitRule = defineRule('B-57', 1, 'Role split');
/** B-58: what nobody can be paid stays with the company. */
export const emptyRoleRule = defineRule('B-58', 1, 'Empty role');

const PERCENTAGES = ['crewBp', 'crewLeadBp', 'managerBp', 'otherBp', 'companyBp'] as const;

/**
 * Checks the percentages a calculation splits by (B-54): `pool-not-100` unless each is 0 to 10000 and they total 10000. Whether
 * others are named is asked when a pool is saved (`assertPoolToSave`); a calculation leaves the part of nobody to the company (B-58).
 */
export function assertPool(value: unknown, field: string): asserts value is Pool {
  const { totalBp, inRange } = readPool(value, field);
  if (totalBp !== 10_000 || !inRange) refuse('pool-not-100', { field, detail: 'the five percentages must total 100%' });
}

/** Checks a pool as somebody saves it (B-54, B-56): also refuses `other-members-missing` when others get a part and nobody is named. */
export function assertPoolToSave(value: unknown, otherIds: readonly string[], field: string): asserts value is Pool {
  assertPool(value, field);
  if (value.otherBp > 0 && otherIds.length === 0) refuse('other-members-missing', { field: 'otherIds' });
}

/** The total of a pool and whether it could be saved (B-54). A percentage that is no integer is refused as `invalid-number`. */
export function checkPool(value: unknown, otherIds: readonly string[], field: string): { totalBp: number; valid: boolean } {
  const { totalBp, otherBp, inRange } = readPool(value, field);
  return { totalBp, valid: inRange && totalBp === 10_000 && (otherBp === 0 || otherIds.length > 0) };
}

function readPool(value: unknown, field: string): { totalBp: number; otherBp: number; inRange: boolean } {
  const pool = objectAt(value, field);
  let totalBp = 0;
  let inRange = true;
  let otherBp = 0;
  for (const name of PERCENTAGES) {
    const bp = pool[name];
    if (typeof bp !== 'number' || !Number.isInteger(bp))
      refuse('invalid-number', { field: `${field}.${name}`, detail: 'must be an integer' });
    if (bp < 0 || bp > 10_000) inRange = false;
    if (name === 'otherBp') otherBp = bp;
    totalBp += bp;
  }
  return { totalBp, otherBp, inRange };
}

/** The ids under which the roles enter the allocator: their code-point order is the fixed order of B-3. */
const POSITIONS = ['1', '2', '3', '4', '5'] as const;

/** Divides the distributable amount by the percentages (B-57); leftover cents go by remainder, ties in the fixed order of roles. */
export function splitByRole(distributableCents: number, pool: Pool): PoolAmounts {
  if (distributableCents === 0) return NO_POOLS;
  const [crewCents, crewLeadCents, managerCents, otherCents, companyCents] = allocateAmounts(
    distributableCents,
    roleWeights(pool),
  );
  return {
    crewCents: crewCents!,
    crewLeadCents: crewLeadCents!,
    managerCents: managerCents!,
    otherCents: otherCents!,
    companyCents: companyCents!,
  };
}

/** The percentages as weights of the allocator, in the fixed order. */
export function roleWeights(pool: Pool): { id: string; weight: number }[] {
  return PERCENTAGES.map((name, index) => ({ id: POSITIONS[index]!, weight: pool[name] }));
}

/** Nothing for anybody: the pools where nothing is distributed. */
export const NO_POOLS: PoolAmounts = { crewCents: 0, crewLeadCents: 0, managerCents: 0, otherCents: 0, companyCents: 0 };

/** The amount of a role's pool. */
export function poolOf(pools: PoolAmounts, role: Role): number {
  switch (role) {
    case 'crew':
      return pools.crewCents;
    case 'crew_lead':
      return pools.crewLeadCents;
    case 'manager':
      return pools.managerCents;
    case 'other':
      return pools.otherCents;
  }
}
