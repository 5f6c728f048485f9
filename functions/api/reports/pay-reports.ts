import { workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import { payrollIdOf } from '#model/own-facts.ts';
import type { StatementHeader, StatementTotals } from '#model/pay.ts';
import { listStatementsBegunIn } from '#store/pay-repository.ts';
import { isInCharge, seesPay } from '../bonus/sight.ts';
import { moneyOf } from '../edge.ts';
import type { Report, ReportInputs } from './report.ts';

type PaidHeader = StatementHeader & { readonly totals: StatementTotals };

/** Paid statements of the pay periods that begin within the days asked for, as payroll wants to see them (B-178). */
export async function bonusesForPayroll({ request, desk, filter }: ReportInputs): Promise<Report> {
  const { ports, scope, reach } = request;
  const calendars = ['tenant', ...Object.keys(desk.context.branches)];
  const range = { from: filter.from, to: filter.to };
  const lists = await Promise.all(calendars.map((id) => listStatementsBegunIn(ports.table, scope, id, range)));
  const paid = lists
    .flat()
    .filter((header): header is PaidHeader => header.status === 'Paid' && header.totals !== null)
    .filter((header) => reach !== 'S' || (seesPay(request, desk, header) && isInCharge(request, header)));
  const ids = [...new Set(paid.map(({ workerId }) => workerId))];
  const items = await ports.table.batchGet(
    scope,
    ids.map((id) => workerKey(scope, id)),
    { consistent: false },
  );
  const workers = new Map(
    items.flatMap((item, at) => (item === null ? [] : [[ids[at]!, decodeMirrorRecord<'worker'>(item)] as const])),
  );
  const { branchId, divisionId, workerId } = filter;
  const rows = paid
    .map((header) => ({ header, worker: workers.get(header.workerId) ?? null }))
    .filter(
      ({ header, worker }) =>
        (branchId === null || header.branchId === branchId) &&
        (workerId === null || header.workerId === workerId) &&
        (divisionId === null || worker?.fields.divisionId === divisionId),
    )
    .sort((a, b) => (keyOf(a.header) < keyOf(b.header) ? -1 : 1));
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

const bonusOf = ({ netBalanceCents }: StatementTotals): number => Math.max(0, netBalanceCents);
const keyOf = ({ period, workerName, id }: StatementHeader): string => [period.startDate, workerName, id].join('\n');
