import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderExport, worksheetTemplate } from '#bonus/exports/render.ts';
import { hasPlaceFor, rowsOf } from '#bonus/exports/rows.ts';
import { exportStatement, type PaidHeader } from '#bonus/exports/statement-lines.ts';
import { latestTemplate } from '#bonus/exports/templates/index.ts';
import { statementTotals } from '#bonus/statement.ts';
import { csvLine } from '#kernel/csv.ts';
import { parseCents } from '#kernel/money.ts';
import type { LineItem, PremiumWorking } from '#model/pay.ts';
import type { ExportedStatement, ExportFileInput } from '#model/payroll-export.ts';
import { EXPORT_EARNINGS, EXPORT_MODES, EXPORT_TARGETS, type ExportMode } from '#model/settings.ts';
import '#test/kernel/fixed-seed.ts';
import { lineItem } from './line-item.ts';

const CALENDAR = { start: { weekday: 1, time: '00:00' }, zone: 'America/Denver' } as const;
const WEEKS = ['2026-02-16', '2026-02-23', '2026-03-02'];

/** A paid statement: totals over the very items, as a payment freezes them. */
function paid(items: readonly LineItem[], rolloverInCents = 0, worker = 'w'): PaidHeader {
  const counted = items.map(({ id, type, amountCents, includeDeductions }) => ({
    id,
    kind: type,
    cents: amountCents,
    includeDeductions,
  }));
  return {
    id: `${worker}.tenant.2026-03-09`,
    reference: `ST-${worker}`,
    workerId: worker,
    branchId: 'b1',
    period: { startDate: '2026-03-09', endDate: '2026-03-22' },
    totals: { ...statementTotals(counted, rolloverInCents), rolloverInCents },
  } as PaidHeader;
}

const premium = (
  amountCents: number,
  legalBasis: PremiumWorking['legalBasis'],
  weekStart = '2026-03-02',
  label: 'incomplete' | null = null,
) => lineItem({ type: 'premium', amountCents, premium: { legalBasis, weekStart, label } as PremiumWorking });
const weeks = (...seconds: number[]) => seconds.map((earnedSeconds, at) => ({ weekStart: WEEKS[at]!, earnedSeconds }));
const told = ({ lines }: ExportedStatement) =>
  lines.map(({ earning, cents, weekStart }) => [earning, cents, ...(weekStart === null ? [] : [weekStart])]);
const send = (items: readonly LineItem[], mode: ExportMode, rollover = 0) =>
  exportStatement(paid(items, rollover), items, mode, CALENDAR);

describe('what a statement sends (B-222, B-224)', () => {
  const items = [
    lineItem({ amountCents: 30_000, weeks: weeks(3_600, 7_200), premiumMethod: 'by_earned_hours' }),
    lineItem({ amountCents: 5_000, premiumMethod: 'embedded', embeddedPremiumCents: 400, weeks: weeks(0, 0, 3_600) }),
    lineItem({
      amountCents: 1_000,
      source: { kind: 'manual' },
      rateExclusion: { ground: 'reimbursement', legalBasis: 'x', reason: 'boots', by: 'o' },
    }),
    lineItem({ amountCents: -4_000 }),
    premium(700, 'flsa_207'),
    premium(300, 'state_only', '2026-02-16', 'incomplete'),
  ];

  it('is the net and our premium by legal basis, or everything in full where payroll computes it', () => {
    expect(told(send(items, 'bonus_plus_premium'))).toEqual([
      ['bonus', 26_000],
      ['bonus_total_earnings', 5_000],
      ['reimbursement', 1_000],
      ['premium_flsa_207', 700],
      ['premium_state_only', 300],
    ]);
    const inFull = [
      ['bonus_total_earnings', 5_000],
      ['reimbursement', 1_000],
      ['bonus_deduction', -4_000],
    ];
    expect(told(send(items, 'bonus_only'))).toEqual([['bonus', 30_000], ...inFull]);
    expect(told(send(items, 'bonus_by_workweek'))).toEqual([
      ['bonus', 10_000, '2026-02-16'],
      ['bonus', 20_000, '2026-02-23'],
      ...inFull,
    ]);
  });

  it('names the weeks in which premium is owed by somebody, and those whose hours may lack some', () => {
    expect(send(items, 'bonus_plus_premium')).toMatchObject({
      weeks: ['2026-02-16', '2026-02-23', '2026-03-02'],
      incompleteWeeks: ['2026-02-16'],
      premiumPaidCents: 1_000,
      premiumSentCents: 1_000,
    });
    // Premiums that stay here name nothing; shares of total earnings and excluded bonuses owe none.
    expect(send(items, 'bonus_only')).toMatchObject({
      weeks: ['2026-02-16', '2026-02-23'],
      incompleteWeeks: [],
      premiumSentCents: 0,
    });
  });

  it('lowers bonuses before what is no wage, at most to nothing; a rollover lowers like a deduction', () => {
    expect(told(send(items, 'bonus_plus_premium', -28_000)).slice(0, 2)).toEqual([
      ['bonus_total_earnings', 3_000],
      ['reimbursement', 1_000],
    ]);
    expect(told(send(items, 'bonus_plus_premium', -99_000))).toEqual([
      ['premium_flsa_207', 700],
      ['premium_state_only', 300],
    ]);
    expect(told(send(items, 'bonus_only', -99_000)).at(-1)).toEqual(['bonus_deduction', -36_000]);
  });

  it('counts no deduction that was ignored, and tells by the default where no premium was to be issued here', () => {
    const off = [
      lineItem({ amountCents: 300, premiumMethod: 'off', weeks: weeks(3_600, 7_200) }),
      lineItem({ amountCents: -100, includeDeductions: false }),
    ];
    expect(told(send(off, 'bonus_by_workweek'))).toEqual([
      ['bonus', 100, '2026-02-16'],
      ['bonus', 200, '2026-02-23'],
    ]);
  });
});

const cents = fc.oneof(fc.integer({ min: 1, max: 500_000 }), fc.integer({ min: 1, max: 3 }));
const itemArb = fc.oneof(
  fc
    .record({
      amountCents: cents,
      seconds: fc.array(fc.integer({ min: 0, max: 144_000 }), { minLength: 1, maxLength: 3 }),
      kind: fc.constantFrom('plain', 'plain', 'embedded', 'reimbursement'),
    })
    .map(({ amountCents, seconds, kind }) =>
      lineItem({
        amountCents,
        weeks: weeks(...seconds),
        premiumMethod: kind === 'embedded' ? 'embedded' : 'by_earned_hours',
        ...(kind === 'reimbursement'
          ? {
              source: { kind: 'manual' as const },
              rateExclusion: { ground: 'reimbursement', legalBasis: 'x', reason: 'y', by: 'z' } as const,
            }
          : {}),
      }),
    ),
  fc
    .record({ amountCents: cents, includeDeductions: fc.boolean() })
    .map(({ amountCents, includeDeductions }) => lineItem({ amountCents: -amountCents, includeDeductions })),
  fc
    .record({ amountCents: cents, basis: fc.constantFrom('flsa_207' as const, 'state_only' as const) })
    .map(({ amountCents, basis }) => premium(amountCents, basis)),
);
const statementArb = fc.record({ items: fc.array(itemArb, { maxLength: 8 }), rollover: fc.integer({ min: -100_000, max: 0 }) });

const inputOf = (statements: readonly ExportedStatement[], over: Partial<ExportFileInput>): ExportFileInput => ({
  reference: 'EX-7',
  target: 'generic',
  mode: 'bonus_plus_premium',
  templateVersion: 1,
  currency: 'USD',
  codes: {
    bonus: '1',
    bonus_total_earnings: '2',
    bonus_deduction: '3',
    premium_flsa_207: '4',
    premium_state_only: '5',
    reimbursement: '6',
  },
  template: { companyCode: 'ACM' },
  statements,
  people: Object.fromEntries(
    statements.map(({ workerId }) => [
      workerId,
      { displayName: `N ${workerId}`, firstName: 'N', lastName: workerId, payrollId: `9${workerId.slice(1)}`, division: null },
    ]),
  ),
  branches: { b1: 'North' },
  ...over,
});

describe('over any statements, in every mode and layout', () => {
  it('the lines add up to what was paid, and the weeks to the bonus', () => {
    fc.assert(
      fc.property(statementArb, fc.constantFrom(...EXPORT_MODES), ({ items, rollover }, mode) => {
        const header = paid(items, rollover);
        const sent = exportStatement(header, items, mode, CALENDAR);
        const sum = sent.lines.reduce((all, one) => all + one.cents, 0);
        const { payableCents, premiumCents } = header.totals;
        expect(sum).toBe(mode === 'bonus_plus_premium' ? payableCents : payableCents - premiumCents);
        for (const { earning, cents: amount } of sent.lines)
          expect([earning, amount > 0]).toEqual([earning, earning !== 'bonus_deduction']);
        const keys = sent.lines.map(({ earning, weekStart }) => `${earning} ${weekStart}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 500 },
    );
  });

  it('every line stands exactly once, in the file or on the worksheet, and no cell is zero', () => {
    fc.assert(
      fc.property(
        fc.array(statementArb, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(...EXPORT_MODES),
        fc.constantFrom(...EXPORT_TARGETS),
        (list, mode, target) => {
          const statements = list.map(({ items, rollover }, at) =>
            exportStatement(paid(items, rollover, `w${at % 3}`), items, mode, CALENDAR),
          );
          const input = inputOf(statements, { target, mode });
          const template = latestTemplate(target);
          const rows = rowsOf(input, template, worksheetTemplate());
          const placed = [...rows.file, ...rows.worksheet].flatMap(({ lines }) => lines);
          const all = statements.flatMap(({ lines }) => lines);
          expect(new Set(placed).size).toBe(placed.length);
          expect(new Set(placed)).toEqual(new Set(all));
          expect(rows.worksheet.some(({ lines }) => hasPlaceFor(template, lines[0]!))).toBe(false);
          const { file, worksheet } = renderExport(input);
          const total = all.reduce((sum, one) => sum + one.cents, 0);
          expect(file.totalCents + (worksheet?.totalCents ?? 0)).toBe(total);
          expect(renderExport(structuredClone(input)).file).toEqual(file);
          expect(`${file.content}${worksheet?.content}`).not.toMatch(/,-?0(\.00?)?(,|\r)/);
          if (worksheet !== null) expect(amountsOf(worksheet.content)).toBe(worksheet.totalCents);
          if (target === 'quickbooks') expect(amountsOf(file.content)).toBe(file.totalCents);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** The sum of a worksheet's amounts, read back from its text; these names hold no commas. */
function amountsOf(content: string): number {
  const rows = content.trim().split('\r\n').slice(1);
  return rows.reduce((sum, row) => sum + parseCents(row.split(',')[7]!)!, 0);
}

describe('a cell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+49 1', "'+49 1"],
    ['-x', "'-x"],
    ['\t=1', "'\t=1"],
    ['-12.50', '-12.50'],
    ['+3', '+3'],
    ['a"b', '"a""b"'],
    ['a,b', '"a,b"'],
    ['=a,"b"\r\n', `"'=a,""b""\r\n"`],
    ['Núñez', 'Núñez'],
    ['', ''],
  ])('%j is written as %j', (text, written) => {
    expect(csvLine([text])).toBe(written);
    expect(csvLine(['1', text, '2'])).toBe(`1,${written},2`);
  });
});

describe('layouts', () => {
  it('have a place or a worksheet for every earning, and codes that payroll knows', () => {
    for (const target of EXPORT_TARGETS) {
      const template = latestTemplate(target);
      expect(EXPORT_EARNINGS).toEqual(expect.arrayContaining([...template.earnings]));
      expect(template.modes.length).toBeGreaterThan(1);
    }
    const { isCode } = latestTemplate('adp');
    expect(['B1', '7', '40', '50', '60', '61', 'ABC', 'B ', ''].filter(isCode)).toEqual(['B1', '7']);
    const adp = latestTemplate('adp').fileName;
    expect(adp(inputOf([], { template: { companyCode: 'ACM' } }))).toBe('PRACMEPI.csv');
    expect(adp(inputOf([], { template: { companyCode: 'AC' } }))).toBe('PRAC_EPI.csv');
  });
});
