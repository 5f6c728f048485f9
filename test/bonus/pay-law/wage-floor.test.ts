import { describe, expect, test } from 'vitest';
import { floorOfDays } from '#bonus/pay-law/wage-floor.ts';
import { weekFloors } from '#bonus/pay-law/week-floors.ts';
import type { WageRow } from '#bonus/rules/wage-basis.ts';
import { addDays } from '#kernel/instant.ts';
import type { BranchPayLaw, TenantContext } from '#model/settings.ts';
import { CONTEXT_DEFAULTS } from '#model/tenant-context.ts';

const H = 3_600;
const day = (hours: number, wageE4: number | null, minimumE4 = 72_500) => ({ seconds: hours * H, wageE4, minimumE4 });

describe('the minimum wage of a workweek (B-216)', () => {
  test('the published case: 44 hours for 286.00 are 33.00 short', () => {
    expect(floorOfDays([day(44, 65_000)], 0, false)).toEqual({ payCents: 28_600, minimumPayCents: 31_900, shortCents: 3_300 });
  });

  test('averages over the week where every hour does not count by itself: better days and bonuses make up', () => {
    const days = [day(20, 60_000), day(20, 90_000)];
    expect(floorOfDays(days, 0, false)!.shortCents).toBe(0);
    expect(floorOfDays([day(40, 70_000)], 999, false)!.shortCents).toBe(1);
    expect(floorOfDays([day(40, 70_000)], 1_000, false)!.shortCents).toBe(0);
    // 20 h at 1.25 below, whatever the other hours and the bonus are.
    expect(floorOfDays(days, 100_000, true)).toEqual({ payCents: 30_000, minimumPayCents: 29_000, shortCents: 2_500 });
  });

  test('takes the minimum of each day, and rounds once', () => {
    expect(floorOfDays([day(8, 165_000, 165_000), day(8, 165_000, 169_000)], 0, true)!.shortCents).toBe(320);
    expect(floorOfDays([{ seconds: 1, wageE4: 1, minimumE4: 72_500 }], 0, false)!.shortCents).toBe(0);
    expect(floorOfDays([{ seconds: 3, wageE4: 1, minimumE4: 72_500 }], 0, false)!.shortCents).toBe(1);
  });

  test('cannot be told without a wage for worked time, and needs none for a day off', () => {
    expect(floorOfDays([day(8, 100_000), day(1, null)], 0, false)).toBeNull();
    expect(floorOfDays([day(8, 100_000), day(0, null)], 0, false)!.shortCents).toBe(0);
  });
});

describe('the workweeks of a pay period', () => {
  const SILENT: BranchPayLaw = {
    ...{ premiumPolicy: null, workweekStart: null, stateRule: null, deductionPolicy: null, minimumWages: [] },
  };
  const contextOf = (own: Partial<BranchPayLaw>, change: Partial<TenantContext> = {}): TenantContext => ({
    ...CONTEXT_DEFAULTS,
    ...{ tenantId: 't', name: 'Acme', currency: 'USD', zone: 'America/Denver' },
    branches: { west: { name: 'West', zone: null, active: true, payCalendar: null } },
    payLaw: { ...CONTEXT_DEFAULTS.payLaw, branches: { west: { ...SILENT, ...own } } },
    ...change,
  });
  const wage = (effectiveFrom: string, wageE4: number): WageRow => ({ origin: 'source', effectiveFrom, wageE4 });
  const time = (workDate: string, hours: number) => ({
    ...{ kind: 'work' as const, start: null, end: null, workDate, durationSeconds: hours * H },
  });
  const PERIOD = { startDate: '2026-03-01', endDate: '2026-03-15' };
  const floors = (own: Partial<BranchPayLaw>, wages: readonly WageRow[], change: Partial<TenantContext> = {}) =>
    weekFloors(
      {
        ...{ workerId: 'ann', branchId: 'west', wages, bonusIn: () => 0 },
        times: [0, 7, 14].map((days) => time(addDays('2026-02-23', days), 40)),
      },
      PERIOD,
      contextOf(own, change),
    );

  test('belong to the period they end in', () => {
    // 23 February to 1 March ends in the period; 9 to 15 March as well.
    expect(floors({}, [wage('2026-01-01', 70_000)]).map(({ weekStart, shortCents }) => [weekStart, shortCents])).toEqual([
      ['2026-02-23', 1_000],
      ['2026-03-02', 1_000],
      ['2026-03-09', 1_000],
    ]);
  });

  test('are held against the wage of the state where it is higher, from its day on', () => {
    const minimumWages = [{ effectiveFrom: '2026-03-09', wageE4: 150_000 }];
    expect(floors({ minimumWages }, [wage('2026-01-01', 149_900)]).map(({ weekStart }) => weekStart)).toEqual(['2026-03-09']);
    expect(floors({}, [wage('2026-01-01', 72_500)])).toEqual([]);
  });

  test('name the wage that is missing instead of guessing it', () => {
    expect(floors({}, [wage('2026-03-02', 200_000)])).toEqual([
      {
        ...{ weekStart: '2026-02-23', totalSeconds: 40 * H, missing: ['wage:ann'] },
        ...{ payCents: null, minimumPayCents: null, shortCents: null },
      },
    ]);
  });

  test('know no federal floor outside of the United States', () => {
    expect(floors({}, [wage('2026-01-01', 10_000)], { country: 'CA' })).toEqual([]);
  });
});
