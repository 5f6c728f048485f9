import { describe, expect, test } from 'vitest';
import { earnedWeeks } from '#bonus/pay-law/earned-weeks.ts';
import {
  deductionsAllowed,
  isExempt,
  minimumWageE4,
  type PolicyContext,
  premiumPolicyOf,
  stateRuleOf,
  workCalendarOf,
} from '#bonus/pay-law/policies.ts';
import type { BranchPayLaw } from '#model/settings.ts';
import { CONTEXT_DEFAULTS } from '#model/tenant-context.ts';

const SILENT: BranchPayLaw = {
  premiumPolicy: null,
  workweekStart: null,
  stateRule: null,
  deductionPolicy: null,
  minimumWages: [],
};

function contextOf(own: Partial<BranchPayLaw>, tenant: Partial<PolicyContext> = {}): PolicyContext {
  const { payLaw } = CONTEXT_DEFAULTS;
  const branch = { name: 'West', zone: 'America/Los_Angeles', active: true, payCalendar: null };
  return {
    ...CONTEXT_DEFAULTS,
    zone: 'America/Denver',
    branches: { west: branch as PolicyContext['branches'][string] },
    payLaw: { ...payLaw, branches: { west: { ...SILENT, ...own } }, exemptions: { max: { ground: 'manager', by: 'ada' } } },
    ...tenant,
  };
}

describe('policies of pay law (B-232)', () => {
  test('begin with the defaults of the rule', () => {
    const context = contextOf({});
    expect(premiumPolicyOf(context, 'west')).toBe('by_earned_hours');
    expect(workCalendarOf(context, null)).toEqual({ start: { weekday: 1, time: '00:00' }, zone: 'America/Denver' });
    expect(stateRuleOf(context, 'west')).toBe('federal');
    expect(deductionsAllowed(context, 'west')).toBe(true);
  });

  test('are the branch’s own where it has some', () => {
    const context = contextOf({ premiumPolicy: 'off', workweekStart: { weekday: 7, time: '06:00' }, stateRule: 'california' });
    expect(premiumPolicyOf(context, 'west')).toBe('off');
    expect(workCalendarOf(context, 'west')).toEqual({ start: { weekday: 7, time: '06:00' }, zone: 'America/Los_Angeles' });
    expect([deductionsAllowed(context, 'west'), deductionsAllowed(context, null)]).toEqual([false, true]);
    expect(deductionsAllowed(contextOf({ stateRule: 'california', deductionPolicy: 'allowed' }), 'west')).toBe(true);
    expect(deductionsAllowed(contextOf({ deductionPolicy: 'blocked' }), 'west')).toBe(false);
  });

  test.each([['CA'], [' california ']])('follow California in a tenant of %s', (state) => {
    expect(stateRuleOf(contextOf({}, { state }), 'west')).toBe('california');
    expect(stateRuleOf(contextOf({}, { state, country: 'CO' }), 'west')).toBe('federal');
    expect(stateRuleOf(contextOf({ stateRule: 'federal' }, { state }), 'west')).toBe('federal');
  });

  test('exempt only whom somebody named (B-211)', () => {
    expect([isExempt(contextOf({}), 'max'), isExempt(contextOf({}), 'ann')]).toEqual([true, false]);
  });

  test('never let a floor fall below the federal one (B-216)', () => {
    const context = contextOf({
      minimumWages: [
        { effectiveFrom: '2026-07-01', wageE4: 172_000 },
        { effectiveFrom: '2025-01-01', wageE4: 169_000 },
        { effectiveFrom: '2020-01-01', wageE4: 70_000 },
      ],
    });
    expect(['2020-06-01', '2026-06-30', '2026-07-01'].map((day) => minimumWageE4(context, 'west', day))).toEqual([
      72_500, 169_000, 172_000,
    ]);
  });
});

describe('workweeks of a share (B-204)', () => {
  const calendar = workCalendarOf(contextOf({}), null);
  const entry = (workerId: string, workDate: string, seconds: number) => ({
    workerId,
    workDate,
    seconds,
    start: null,
    end: null,
  });
  const entries = [
    entry('ann', '2026-03-19', 100),
    entry('ann', '2026-03-02', 40),
    entry('ann', '2026-03-08', 60),
    entry('bob', '2026-03-24', 10),
  ];

  test('run from the first to the last with own time, idle ones included', () => {
    expect(earnedWeeks(entries, 'ann', calendar)).toEqual([
      { weekStart: '2026-03-02', earnedSeconds: 100 },
      { weekStart: '2026-03-09', earnedSeconds: 0 },
      { weekStart: '2026-03-16', earnedSeconds: 100 },
    ]);
  });

  test('of somebody without own time are all weeks of the work', () => {
    expect(earnedWeeks(entries, 'max', calendar).map((week) => [week.weekStart, week.earnedSeconds])).toEqual([
      ['2026-03-02', 0],
      ['2026-03-09', 0],
      ['2026-03-16', 0],
      ['2026-03-23', 0],
    ]);
    expect(earnedWeeks([], 'max', calendar)).toEqual([]);
  });

  test('cut an entry over midnight of Sunday in the zone of the workweek', () => {
    const night = { workerId: 'ann', workDate: '2026-03-08', seconds: 28_800 };
    const cut = { ...night, start: '2026-03-09T04:00:00.000Z', end: '2026-03-09T12:00:00.000Z' };
    expect(earnedWeeks([cut], 'ann', calendar)).toEqual([
      { weekStart: '2026-03-02', earnedSeconds: 7200 },
      { weekStart: '2026-03-09', earnedSeconds: 21_600 },
    ]);
  });
});
