import { exportStatement, type PaidHeader } from '#bonus/exports/statement-lines.ts';
import { workCalendarOf } from '#bonus/pay-law/policies.ts';
import { workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import { payrollIdOf } from '#model/own-facts.ts';
import type { StatementHeader, StatementTotals } from '#model/pay.ts';
import { listStatementsBegunIn, readLineItems } from '#store/pay-repository.ts';
import { isInCharge, seesPay } from '../bonus/sight.ts';
import { moneyOf } from '../edge.ts';
import { PERIOD } from './parameters.ts';
import type { Report, ReportDefinition, ReportInputs } from './report.ts';

/** Paid statements of the pay periods that begin within the days asked for, as payroll wants to see them (B-178). */
export const bonusesForPayroll: ReportDefinition = {
  filters: [...PERIOD, 'branchId', 'divisionId', 'workerId'],
  columns: [
    ...['workerName', 'workerId', 'payrollId', 'periodStart', 'periodEnd', 'bonus', 'premium', 'total'],
    ...['payDate', 'statement', 'statementId', 'branch', 'division'],
  ],
  read: paidStatements,
};

async function paidStatements(inputs: ReportInputs): Promise<Report> {
  const { desk, filter } = inputs;
  const { paid, workers } = await readPaid(inputs);
  const { divisionId } = filter;
  const rows = paid
    .map((header) => ({ header, worker: workers.get(header.workerId) ?? null }))
    .filter(({ worker }) => divisionId === null || worker?.fields.divisionId === divisionId);
  const total = (of: (totals: StatementTotals) => number) =>
    moneyOf(rows.reduce((sum, { header }) => sum + of(header.totals), 0));
  return {
    figures: {
      statements: rows.length,
      bonus: total(bonusOf),
      premium: total((totals) => totals.premiumCents),
      total: total((totals) => totals.payableCents),
    },
    items: rows.map(({ header, worker }) => ({
      workerName: worker?.fields.displayName ?? header.workerName,
      workerId: header.workerId,
      payrollId: worker === null ? null : payrollIdOf(worker),
      periodStart: header.period.startDate,
      periodEnd: header.period.endDate,
      bonus: moneyOf(bonusOf(header.totals)),
      premium: moneyOf(header.totals.premiumCents),
      total: moneyOf(header.totals.payableCents),
      payDate: header.payDate,
      statement: header.reference,
      statementId: header.id,
      branch: desk.context.branches[header.branchId ?? '']?.name ?? null,
      division: desk.context.divisions[worker?.fields.divisionId ?? '']?.name ?? null,
    })),
    ids: rows.map(({ header }) => header.id),
  };
}

/** The paid statements of the pay periods that begin within the days, as far as the caller is in charge of them, and their people. */
async function readPaid({ request, desk, filter }: ReportInputs) {
  const { ports, scope, reach } = request;
  const calendars = ['tenant', ...Object.keys(desk.context.branches)];
  const range = { from: filter.from, to: filter.to };
  const lists = await Promise.all(calendars.map((id) => listStatementsBegunIn(ports.table, scope, id, range)));
  const paid = lists
    .flat()
    .filter((header): header is PaidHeader => header.status === 'Paid' && header.totals !== null)
    .filter((header) => reach !== 'S' || (seesPay(request, desk, header) && isInCharge(request, header)))
    .filter((header) => filter.branchId === null || header.branchId === filter.branchId)
    .filter((header) => filter.workerId === null || header.workerId === filter.workerId)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const ids = [...new Set(paid.map(({ workerId }) => workerId))];
  const items = await ports.table.batchGet(
    scope,
    ids.map((id) => workerKey(scope, id)),
    { consistent: false },
  );
  const workers = new Map(
    items.flatMap((item, at) => (item === null ? [] : [[ids[at]!, decodeMirrorRecord<'worker'>(item)] as const])),
  );
  return { paid, workers };
}

const bonusOf = ({ netBalanceCents }: StatementTotals): number => Math.max(0, netBalanceCents);
const keyOf = ({ period, workerName, id }: StatementHeader): string => [period.startDate, workerName, id].join('\n');

/** What Paycom is to get of the statements paid in a period, an earning a row (B-231); only where a tenant exports to it. */
export const paycomBonuses: ReportDefinition = {
  filters: [...PERIOD, 'branchId', 'workerId'],
  columns: ['employeeId', 'workerName', 'workerId', 'date', 'earning', 'earningCode', 'dollars', 'statement', 'statementId'],
  offered: ({ context }) => context.exportTargets.paycom !== undefined,
  read: async (inputs) => {
    const { request, desk } = inputs;
    const target = desk.context.exportTargets.paycom!;
    const { paid, workers } = await readPaid(inputs);
    const found = await readLineItems(
      request.ports.table,
      request.scope,
      paid.flatMap(({ itemIds }) => itemIds ?? []),
    );
    const items = new Map(found.flatMap((item) => (item === null ? [] : [[item.id, item] as const])));
    const rows = paid.flatMap((header) => {
      const own = (header.itemIds ?? []).flatMap((id) => items.get(id) ?? []);
      const worker = workers.get(header.workerId) ?? null;
      return exportStatement(header, own, target.mode, workCalendarOf(desk.context, header.branchId)).lines.map((line) => ({
        employeeId: worker === null ? null : payrollIdOf(worker),
        ...{ workerName: worker?.fields.displayName ?? header.workerName, workerId: header.workerId },
        ...{ date: line.weekStart ?? header.period.endDate, earning: line.earning },
        ...{ earningCode: target.codes?.[line.earning] ?? null, dollars: moneyOf(line.cents) },
        ...{ statement: header.reference, statementId: header.id },
      }));
    });
    return { figures: { statements: paid.length }, items: rows, ids: paid.map(({ id }) => id) };
  },
};
