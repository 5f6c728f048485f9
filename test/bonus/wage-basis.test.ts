import { describe, expect, test } from 'vitest';
import { chooseWages, type WageRow, wageAtStart, wageInForce } from '#bonus/rules/wage-basis.ts';

const source = (effectiveFrom: string, wageE4: number | null): WageRow => ({ origin: 'source', effectiveFrom, wageE4 });
const local = (effectiveFrom: string, wageE4: number | null): WageRow => ({ origin: 'local', effectiveFrom, wageE4 });

describe('wage in force on a day (E-1)', () => {
  const rows = [
    source('2026-01-01', 200_000),
    source('2026-03-01', 220_000),
    local('2026-02-01', 250_000),
    local('2026-04-01', null),
  ];

  test.each([
    ['2025-12-31', null],
    ['2026-01-31', 200_000],
    ['2026-02-01', 250_000],
    ['2026-03-15', 250_000],
    ['2026-04-01', 220_000],
  ])('on %s: %s', (day, wageE4) => {
    expect(wageInForce(rows, day)?.wageE4 ?? null).toBe(wageE4);
  });

  test('a correction of the same day stands in a later row', () => {
    expect(wageInForce([local('2026-01-01', 1), local('2026-01-01', 2)], '2026-01-01')?.wageE4).toBe(2);
  });

  test('a source row without a wage is a missing wage', () => {
    expect(wageInForce([source('2026-01-01', 1), source('2026-02-01', null)], '2026-02-02')).toBeNull();
  });
});

describe('wage basis (B-41)', () => {
  const rows = new Map([
    ['A', [source('2026-01-01', 200_000), source('2026-03-03', 300_000)]],
    ['B', [source('2026-03-04', 260_000)]],
  ]);
  const entries = [
    { workerId: 'B', seconds: 0, workDate: '2026-02-01' },
    { workerId: 'A', seconds: 3600, workDate: '2026-03-05' },
    { workerId: 'A', seconds: 3600, workDate: '2026-03-02' },
    { workerId: 'B', seconds: 3600, workDate: '2026-03-02' },
    { workerId: 'C', seconds: 3600, workDate: '2026-03-02' },
  ];
  const wages = (basis: 'at_start' | 'by_entry_date') => chooseWages(basis, entries, rows).map((row) => row?.wageE4 ?? null);

  test('at the start: one wage for all time, else the first one after', () => {
    expect(wages('at_start')).toEqual([260_000, 200_000, 200_000, 260_000, null]);
  });

  test('by entry date: the wage of each day, never a later one', () => {
    expect(wages('by_entry_date')).toEqual([null, 300_000, 200_000, null, null]);
  });

  test('the first wage after the start skips days on which none is in force', () => {
    expect(wageAtStart([local('2026-03-05', null), source('2026-03-07', 5)], '2026-03-01')?.wageE4).toBe(5);
    expect(wageAtStart([], '2026-03-01')).toBeNull();
  });
});
