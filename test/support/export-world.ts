import { expect } from 'vitest';
import type { PayrollExport } from '#model/payroll-export.ts';
import { firstProPayId } from '#model/propay-item.ts';
import type { Answer, CallOptions } from './api.ts';
import { BLANK_WORKER } from './blank-records.ts';
import type { BonusBench } from './bonus-bench.ts';
import { idOf, jobId, putBranch, putTime, putWorker, seedFence, workerId } from './bonus-world.ts';
import { DAY, payCalls, statementOf } from './pay-calls.ts';
import { saveArea } from './propay-desk.ts';

export interface Problem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly who: string;
  readonly statementId: string | null;
  readonly workerId: string | null;
  readonly subject: string | null;
}
/** A payroll export as the API shows it, or the problem of a refusal. */
export interface ExportView {
  readonly id: string;
  readonly reference: string;
  readonly target: string;
  readonly mode: string;
  readonly status: string;
  readonly statementIds: readonly string[];
  readonly lineCount: number;
  readonly total: string;
  readonly checksum: string | null;
  readonly files: readonly { readonly part: string; readonly name: string; readonly total: string; readonly checksum: string }[];
  readonly preflight: readonly Problem[];
  readonly replaces: readonly string[];
  readonly replacedBy: string | null;
  readonly events: readonly { readonly status: string; readonly reason: string | null }[];
  readonly accepted: readonly { readonly code: string }[];
  readonly code?: string;
  readonly exportIds?: readonly string[];
}

export const PERIOD = { startDate: '2026-03-09' };

/** Codes as payrolls have them, where they have to be said. */
export const CODES = {
  bonus: 'B1',
  bonus_deduction: 'D1',
  premium_flsa_207: 'P1',
  premium_state_only: 'P2',
  reimbursement: 'R1',
} as const;
export const target = (mode: string, more: object = {}) => ({ mode, bonusOutsideOvertime: false, codes: CODES, ...more });
export const GENERIC = { generic: target('bonus_plus_premium', { codes: {} }) };

/** What people do with payroll exports over the API, each command under a key of its own unless one is given. */
export function exportDesk(bench: BonusBench) {
  let keys = 0;
  const post = (path: string, body: object = {}, { key = `export-${++keys}`, ...options }: CallOptions & { key?: string } = {}) =>
    bench.api.call<ExportView>('POST', path, { ...options, body, headers: { 'idempotency-key': key } });
  const act = (action: string) => (id: string, body?: object, options?: CallOptions & { key?: string }) =>
    post(`/v1/exports/${id}/${action}`, body, options);
  return {
    targets: (list: object) => saveArea(bench, 'exports', { targets: list }),
    prepare: (body: object = {}, options?: CallOptions & { key?: string }): Promise<Answer<ExportView>> =>
      post('/v1/exports', { target: 'generic', period: PERIOD, ...body }, options),
    make: act('export'),
    confirm: act('confirm'),
    cancel: (id: string, options?: CallOptions & { key?: string }) => act('cancel')(id, { reason: 'a test' }, options),
    get: async (id: string, options: CallOptions = {}) =>
      (await bench.api.call<ExportView>('GET', `/v1/exports/${id}`, options)).body,
    list: async (query: Record<string, string> = {}, options: CallOptions = {}) =>
      (
        await bench.api.call<{ items: readonly ExportView[]; nextCursor: string | null }>('GET', '/v1/exports', {
          ...options,
          query,
        })
      ).body,
    file: (id: string, part = 'file', options: CallOptions = {}) =>
      bench.api.call<string>('GET', `/v1/exports/${id}/file`, { ...options, query: { part } }),
  };
}

/** Names a person has in payroll. */
export const nameWorker = (bench: BonusBench, name: string, fields: Partial<typeof BLANK_WORKER>) =>
  bench.put('worker', name, { ...BLANK_WORKER, displayName: `Worker ${name}`, branchId: idOf('branch', 'b1'), ...fields });

export const PEOPLE = {
  ann: { displayName: "Ann O'Neil", firstName: 'Ann', lastName: "O'Neil", payrollId: '000101' },
  bob: { displayName: 'Bob Núñez, Jr.', firstName: 'Bob', lastName: 'Núñez, Jr.', payrollId: '102' },
  lea: { displayName: 'Lea "Lee" Roy', firstName: 'Lea', lastName: 'Roy', payrollId: '103' },
  max: { displayName: '=Max', firstName: '=Max', lastName: '@Power', payrollId: '104' },
  cal: { displayName: 'Cal Fornia', firstName: 'Cal', lastName: 'Fornia', payrollId: '105', branchId: idOf('branch', 'b2') },
} as const;
export const STATEMENTS = Object.fromEntries(Object.keys(PEOPLE).map((name) => [name, statementOf(name)]));

/**
 * A tenant as the demo has them, its period of 9 March paid: Ann with a bonus and 50 hours in its week, Bob with a deduction, Lea whose
 * deduction takes all, Max with a reimbursement, and Cal with state overtime in a branch of California.
 */
export async function seedPaidPeriod(bench: BonusBench, targets: object = GENERIC): Promise<void> {
  const calls = payCalls(bench);
  await seedFence(bench);
  await putBranch(bench, 'b2');
  await bench.settle();
  const california = {
    premiumPolicy: null,
    workweekStart: null,
    stateRule: 'california',
    deductionPolicy: null,
    minimumWages: [],
  };
  await saveArea(bench, 'pay-law', { hoursSource: 'all', branches: { [idOf('branch', 'b2')]: california } });
  await saveArea(bench, 'exports', { targets });
  await putWorker(bench, 'cal', 200_000);
  for (const [name, fields] of Object.entries(PEOPLE)) await nameWorker(bench, name, fields);
  await putTime(bench, { id: 'shop1', worker: 'ann', job: null, hours: 10, date: '2026-03-05' });
  await putTime(bench, { id: 'shop2', worker: 'ann', job: null, hours: 10, date: '2026-03-06' });
  for (const day of [2, 3, 4, 5])
    await putTime(bench, { id: `cal${day}`, worker: 'cal', job: null, hours: 11, date: `2026-03-0${day}` });
  await bench.settle();
  await calls.approve(firstProPayId({ jobId: jobId('fence'), milestoneId: null }));
  const week = { weeks: ['2026-03-02'] };
  const items: readonly [string, object][] = [
    ['bob', { type: 'deduction', purpose: 'correction', amount: '20.00' }],
    ['lea', { type: 'deduction', purpose: 'correction', amount: '50.00' }],
    ['cal', { type: 'bonus', purpose: 'safety', amount: '90.00', ...week }],
    [
      'max',
      { type: 'bonus', purpose: 'other', amount: '12.34', ...week, rateExclusion: { ground: 'reimbursement', reason: 'boots' } },
    ],
  ];
  for (const [name, body] of items) {
    const made = await calls.post('/v1/line-items', { workerId: workerId(name), ...body });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
  }
  await bench.settle();
  bench.api.pass(20 * DAY);
  // California judges a flat sum by the hours of its pay period.
  for (const day of [16, 17, 18, 19])
    await putTime(bench, { id: `cal${day}`, worker: 'cal', job: null, hours: 11, date: `2026-03-${day}` });
  await bench.settle();
  const paid = await calls.post('/v1/statements/bulk-pay', {
    items: Object.values(STATEMENTS).map((id) => ({ id, payDate: '2026-03-30' })),
  });
  expect(paid.body.refused).toEqual([]);
  await bench.settle();
}

/** An export as it is stored, of no statement, where only the list matters. */
export const exportRecord = (id: string, n: number): PayrollExport => ({
  id,
  reference: `EX-${n}`,
  target: 'generic',
  mode: 'bonus_only',
  status: 'Draft',
  statementIds: [],
  branchIds: [],
  lineCount: 0,
  totalCents: 0,
  unpaid: [],
  content: { digest: 'd', chunks: 1 },
  made: null,
  events: [],
  replaces: [],
  replacedBy: null,
  revision: 1,
});
