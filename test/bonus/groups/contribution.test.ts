import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calculatePooled, calculateSeparate, type GroupMember, type GroupTerms } from '#bonus/group.ts';
import { addUpTime } from '#bonus/groups/contribution.ts';
import { memberOf } from '#bonus/groups/members.ts';
import { calculateGroup } from '#bonus/groups/work-out.ts';
import { modifyBudget } from '#bonus/rules/budget-modification.ts';
import type { Budget } from '#bonus/shapes.ts';
import { AppError } from '#kernel/errors.ts';
import { decodeContribution, encodeContribution } from '#model/group-item.ts';
import { scopeOf } from '#model/scope.ts';
import { SEED } from '../arbitraries.ts';
import { groupArb } from '../composite-arbitraries.ts';
import { contribution, GROUP } from './group-records.ts';

/** A result, or the code it was refused with: both are to be the same. */
function told<T>(act: () => T): T | string {
  try {
    return act();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

/** Budgets as ProPays have them: one that the source does not give is absent. */
function asSourced(budget: Budget | null): Budget | null {
  if (budget === null) return null;
  const modified = modifyBudget(budget, null, null);
  return !modified.known && modified.missing.includes('budget') ? null : budget;
}

function contributionsOf(terms: GroupTerms, members: readonly GroupMember[]) {
  return members.map((member) => {
    const { entries, disqualifiers, penalties, assignedCrew, leadPayCents } = {
      ...terms,
      disqualifiers: [],
      penalties: [],
      ...member,
    };
    const modified =
      member.budget === null
        ? null
        : modifyBudget(
            member.budget,
            member.settingModification ?? terms.settingModification,
            member.adjustment ?? terms.adjustment,
          );
    const time = addUpTime({ entries, excludedWorkerIds: [] });
    return contribution(member.id, {
      budgetKind: modified?.kind ?? 'money',
      budget: modified?.known ? modified.value : null,
      missing: modified === null ? ['budget'] : modified.known ? [] : modified.missing,
      time,
      assignedCrew: time.length > 0 ? [] : (assignedCrew ?? []),
      crewLeadIds: terms.crewLeadIds ?? [],
      managerIds: terms.managerIds ?? [],
      otherIds: terms.otherIds ?? [],
      leadPayCents: leadPayCents ?? 0,
      disqualifiers: disqualifiers ?? [],
      penalties: (penalties ?? []).map(({ id, amountCents, count }) => ({ id, amountCents, count: count ?? 1 })),
    });
  });
}

describe('a group from what its members leave', () => {
  test.each(['pooled', 'separate'] as const)('%s: every figure is that of the members’ own records', (netting) => {
    fc.assert(
      fc.property(groupArb, ({ terms: given, members: drawn }) => {
        const terms = { ...given, settingModification: given.settingModification ?? null };
        const members = drawn.map((member) => ({ ...member, budget: asSourced(member.budget), leadPayCents: 0 }));
        const condensed = contributionsOf(terms, members).map((one) => memberOf({ ...GROUP, netting }, one));
        const plain = { ...terms, settingModification: null, adjustment: null, leadPayCents: terms.leadPayCents ?? 0 };
        const full = told(() => (netting === 'pooled' ? calculatePooled(terms, members) : calculateSeparate(terms, members)));
        const short = told(() =>
          netting === 'pooled' ? calculatePooled(plain, condensed) : calculateSeparate(plain, condensed),
        );
        expect(short).toEqual(full);
        const shown = told(() => calculateGroup({ netting }, plain, condensed));
        if (typeof shown === 'string' || shown.outcome !== 'applies' || typeof full === 'string') return;
        if (full.outcome !== 'applies') throw new Error('one tells what the other cannot');
        expect(shown.result.payouts).toEqual(full.payouts);
        if ('bonusRateE4' in full) expect(shown.figures.bonusRateE4).toBe(full.bonusRateE4);
        const paid = shown.result.payouts.reduce((sum, one) => sum + one.cents, 0);
        expect(paid + shown.result.companyKeepsCents).toBe(shown.result.savingsCents);
      }),
      { numRuns: 500, seed: SEED },
    );
  });
});

test('a contribution of a usual crew is stored in a unit of 1 KB, and read back whole', () => {
  const ids = ['ann', 'bob', 'cat', 'dan', 'eve'].map((name) => name.padEnd(16, 'x'));
  const usual = {
    ...contribution(`${'j'.repeat(16)}.-.1`),
    groupId: 'g'.repeat(16),
    place: { branchId: 'b'.repeat(16), divisionId: 'd'.repeat(16), routeId: 'r'.repeat(16) },
    time: ids.map((workerId) => ({ workerId, seconds: 28_800, wageE4: 253_750 })),
    workerIds: ids,
  };
  const item = encodeContribution(scopeOf('acme1'), usual);
  expect(bytesOf(item)).toBeLessThan(1_024);
  expect(decodeContribution(item)).toEqual(usual);
  const unusual = { ...usual, confirmed: true, otherIds: ids, penalties: [{ id: 'p', amountCents: null, count: 2 }] };
  expect(decodeContribution(encodeContribution(scopeOf('acme1'), unusual))).toEqual(unusual);
});

/** The size that DynamoDB counts: names and values, a byte or three for what holds others. */
function bytesOf(value: unknown): number {
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return 1 + Math.ceil(String(value).replace(/0+$/, '').length / 2);
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + 1 + bytesOf(one), 3);
  return Object.entries(value as object).reduce((sum, [name, one]) => sum + 1 + name.length + bytesOf(one), 3);
}
