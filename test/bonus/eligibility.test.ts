import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkEligibility, type EligibilityInput, verdictOf } from '#bonus/eligibility.ts';
import { evaluate } from '#bonus/evaluate.ts';
import {
  assertExclusionRule,
  assertNewRule,
  type ExclusionRule,
  matchesPattern,
  matchingRules,
} from '#bonus/rules/exclusion-rules.ts';
import { passesLaunch, workDateOf } from '#bonus/rules/launch.ts';
import { SEED } from './arbitraries.ts';

function input(job: Partial<EligibilityInput['job']> = {}, rest: Partial<EligibilityInput> = {}): EligibilityInput {
  return {
    job: {
      canceled: false,
      recurring: false,
      overhead: false,
      callbackOf: null,
      workDate: '2026-04-10',
      completedDate: null,
      serviceType: 'Mowing',
      invoiceType: 'Contract',
      name: 'Oak Street 4',
      propertyId: '777',
      propertyNumber: null,
      customFields: {},
      excludedManually: false,
      inProgram: true,
      ...job,
    },
    launch: { mode: 'date', date: '2026-04-01' },
    rules: [],
    hasProPay: false,
    budget: { type: 'labor_budget', budgetCents: 100_000 },
    ...rest,
  };
}

const MOWING: ExclusionRule = { id: 'R1', type: 'service_type', value: ' MOWING ' };

describe('gates (B-12)', () => {
  test('stop at the first hit, in their order', () => {
    const everything = {
      canceled: true,
      recurring: null,
      overhead: true,
      callbackOf: 'J',
      workDate: '2026-01-01',
      excludedManually: true,
      inProgram: false,
    };
    const rest: Partial<EligibilityInput> = { hasProPay: true, rules: [MOWING], budget: null, launch: { mode: 'not_set' } };
    const answers: unknown[] = [];
    const lift = (job: Partial<EligibilityInput['job']>, others: Partial<EligibilityInput>): void => {
      Object.assign(everything, job);
      Object.assign(rest, others);
      const answer = checkEligibility(input(everything, rest));
      answers.push(answer.outcome === 'does-not-apply' ? answer.reason : answer);
    };
    lift({}, {});
    lift({ canceled: false }, {});
    lift({}, { hasProPay: false });
    lift({ recurring: true }, {});
    lift({ overhead: false }, {});
    lift({ callbackOf: null }, {});
    lift({}, { rules: [] });
    lift({ excludedManually: false }, {});
    lift({}, { launch: { mode: 'date', date: '2026-02-01' } });
    lift({ workDate: '2026-02-01' }, {});
    lift({ inProgram: true }, {});
    lift({}, { budget: { type: 'hours_budget', budgetSeconds: 0 } });
    lift({}, { budget: { type: 'hours_budget', budgetSeconds: 1 } });
    expect(answers).toEqual([
      'job_canceled',
      'already_has_propay',
      { outcome: 'cannot-tell', missing: ['recurrence'] },
      'overhead',
      'callback',
      'excluded_by_rule',
      'excluded_manually',
      'launch_not_set',
      'before_launch_date',
      'not_incentivised',
      { outcome: 'cannot-tell', missing: ['budget'] },
      'no_budget',
      { outcome: 'applies' },
    ]);
  });

  test('every reason has its row of the diagnosis', () => {
    expect(verdictOf.excluded_by_rule).toBe('V-24');
    expect(verdictOf.no_budget).toBe('V-27');
  });

  test('measure the budget after its modifications', () => {
    const cent = { type: 'labor_budget', budgetCents: 1 } as const;
    const shrunk = input({}, { budget: cent, adjustment: { type: 'percentage_decrease', valueBp: 6000 } });
    expect(checkEligibility(shrunk)).toEqual({ outcome: 'does-not-apply', reason: 'no_budget' });
  });

  test('name each task without a budget', () => {
    const budget = {
      type: 'task_hours',
      tasks: [
        { id: 'b', budgetSeconds: null },
        { id: 'a', budgetSeconds: null },
      ],
    } as const;
    expect(checkEligibility(input({}, { budget }))).toEqual({
      outcome: 'cannot-tell',
      missing: ['task-budget:a', 'task-budget:b'],
    });
  });

  test('let an administrator override exclusion, and a creation by hand skip the program scope (B-16)', () => {
    expect(checkEligibility(input({ includedManually: true, excludedManually: true }, { rules: [MOWING] }))).toEqual({
      outcome: 'applies',
    });
    expect(checkEligibility(input({ inProgram: false }), { skipProgramScope: true })).toEqual({ outcome: 'applies' });
  });
});

describe('launch date (B-13)', () => {
  const launch = { mode: 'date', date: '2026-04-01' } as const;

  test.each([
    ['2026-04-01', null, true],
    ['2026-03-31', null, false],
    [null, null, true],
  ])('work from %s passes: %s', (workDate, completed, passes) => {
    expect(passesLaunch(launch, workDate, completed)).toBe(passes);
  });

  test.each([
    [null, true],
    ['2026-04-01', true],
    ['2026-03-31', false],
  ])('a job under way, completed %s, passes where such jobs are taken in: %s', (completed, passes) => {
    expect(passesLaunch({ ...launch, includeInProgressAtLaunch: true }, '2026-03-01', completed)).toBe(passes);
  });

  test('the first entry decides, then the schedule, then the start', () => {
    expect(workDateOf('a', 'b', 'c')).toBe('a');
    expect(workDateOf(null, 'b', 'c')).toBe('b');
    expect(workDateOf(null, null, null)).toBeNull();
  });
});

describe('exclusion rules (B-17)', () => {
  test('look at the milestone first, then at the job', () => {
    const { job } = input({ milestone: { serviceType: 'Warranty', invoiceType: null } });
    expect(matchingRules(job, [MOWING, { id: 'R2', type: 'service_type', value: 'warranty' }])).toEqual(['R2']);
    expect(matchingRules(job, [{ id: 'R3', type: 'invoice_type', value: 'contract' }])).toEqual(['R3']);
  });

  test('match any of several values of a custom field, by name without case', () => {
    const { job } = input({ customFields: { ' Crew ': ['A', 7, null] } });
    expect(matchingRules(job, [{ id: 'R', type: 'custom_field', field: 'crew', values: ['7'] }])).toEqual(['R']);
    expect(matchingRules(job, [{ id: 'R', type: 'custom_field', field: 'toString', values: ['x'] }])).toEqual([]);
  });

  test('a pattern covers the whole name, code point by code point', () => {
    expect(matchesPattern('a\u{1F600}c', 'a?c')).toBe(true);
    expect(matchesPattern('abc', 'a*b')).toBe(false);
    expect(matchesPattern('a.c', 'a.c')).toBe(true);
    expect(matchesPattern('abc', 'a.c')).toBe(false);
    expect(matchesPattern('', '*')).toBe(true);
  });

  test('a pattern agrees with the same pattern as a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 6 });
    fc.assert(
      fc.property(text, pattern, (given, wanted) => {
        const source = [...wanted]
          .map((symbol) => (symbol === '*' ? '.*' : symbol === '?' ? '.' : symbol === '.' ? '\\.' : symbol))
          .join('');
        expect(matchesPattern(given, wanted)).toBe(new RegExp(`^${source}$`, 's').test(given));
      }),
      { numRuns: 2000, seed: SEED },
    );
  });

  test('a hostile pattern stays cheap', () => {
    expect(matchesPattern('a'.repeat(5000), `${'*a'.repeat(200)}b`)).toBe(false);
  });

  test.each([
    { id: 'R', type: 'service_type', value: '  ' },
    { id: 'R', type: 'name_pattern', value: '*?*' },
    { id: 'R', type: 'name_pattern', value: ' * ' },
    { id: 'R', type: 'custom_field', field: 'f', values: [] },
    { id: 'R', type: 'colour', value: 'x' },
  ])('refuses the rule %o', (rule) => {
    expect(() => assertExclusionRule(rule, 'rule')).toThrow('invalid-rule');
    expect(evaluate('B-17', { job: input().job, rules: [rule] })).toMatchObject({ outcome: 'refused', error: 'invalid-rule' });
  });

  test('refuses a rule that exists already, whatever its spelling', () => {
    expect(() => assertNewRule({ ...MOWING, id: 'R9', value: 'mowing' }, [MOWING])).toThrow('duplicate-rule');
    expect(() => assertNewRule(MOWING, [MOWING])).not.toThrow();
    const set: ExclusionRule = { id: 'S', type: 'custom_field', field: 'f', values: ['b', 'A'] };
    expect(() => assertNewRule({ ...set, id: 'S2', values: ['a', 'B', 'b '] }, [set])).toThrow('duplicate-rule');
  });
});
