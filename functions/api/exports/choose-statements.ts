import type { PaidHeader } from '#bonus/exports/statement-lines.ts';
import { isLive } from '#bonus/exports/transitions.ts';
import { refuse } from '#kernel/errors.ts';
import type { StatementHeader } from '#model/pay.ts';
import type { PayrollExport } from '#model/payroll-export.ts';
import { readExports } from '#store/export-repository.ts';
import { listStatementsOfPeriod, readStatementHeaders } from '#store/pay-repository.ts';
import type { Desk } from '../bonus/desk.ts';
import { isInCharge, requireCharge, seesPay } from '../bonus/sight.ts';
import { ApiProblem, notFound } from '../problem.ts';
import { type ExportRequest, seesExport } from './load.ts';

/** What an export is asked for: named statements, or all paid ones of a period. */
export interface Choice {
  readonly statementIds?: readonly string[] | undefined;
  readonly period?: { readonly startDate: string; readonly endDate?: string | undefined } | undefined;
  readonly replace?: boolean | undefined;
}

/** The statements that an export takes up. */
export interface Chosen {
  readonly headers: readonly PaidHeader[];
  /** Of the period, and not paid. */
  readonly unpaid: readonly StatementHeader[];
  /** Exports that have taken some of them up and are canceled for it. */
  readonly replaced: readonly PayrollExport[];
}

/** One export holds as many statements as one command can change together with their worker-weeks. */
const MOST_STATEMENTS = 500;

/** Finds the statements of an export, read strongly; refuses those that are not paid, and those that another export has (B-222). */
export async function chooseStatements(request: ExportRequest, desk: Desk, choice: Choice): Promise<Chosen> {
  const found =
    choice.statementIds === undefined ? await ofPeriod(request, desk, choice) : await named(request, desk, choice.statementIds);
  const paid = found.filter((header): header is PaidHeader => header.status === 'Paid' && header.totals !== null);
  const exports = await liveExports(request, paid);
  const taken = paid.filter(({ exportId }) => exports.some(({ id }) => id === exportId));
  const final = new Set(exports.flatMap(({ id, status }) => (status === 'Confirmed' || choice.replace !== true ? [id] : [])));
  const kept = taken.filter(({ exportId }) => final.has(exportId!));
  const headers = paid.filter((header) => !kept.includes(header));
  if (kept.length > 0 && (choice.statementIds !== undefined || headers.length === 0)) alreadyExported(kept);
  if (headers.length === 0) refuse('nothing-to-export', { data: { statementIds: found.map(({ id }) => id) } });
  if (headers.length > MOST_STATEMENTS) refuse('too-many-items', { data: { count: headers.length, most: MOST_STATEMENTS } });
  const replaced = exports.filter(({ id }) => !final.has(id) && taken.some(({ exportId }) => exportId === id));
  if (replaced.some((one) => !seesExport(request, desk, one)))
    throw new ApiProblem('forbidden', {
      detail: 'An export to be replaced holds statements outside of the branches you manage.',
    });
  return { headers, replaced, unpaid: found.filter(({ status }) => status === 'Open') };
}

async function named(request: ExportRequest, desk: Desk, ids: readonly string[]): Promise<readonly StatementHeader[]> {
  const { ports, scope } = request;
  const twice = ids.findIndex((id, at) => ids.indexOf(id) < at);
  if (twice >= 0) refuse('duplicate-id', { field: `statementIds[${twice}]` });
  const headers = (await readStatementHeaders(ports.table, scope, ids)).map((header) => {
    if (header === null || !seesPay(request, desk, header)) throw notFound();
    return header;
  });
  for (const header of headers) requireCharge(request, header);
  const unpaid = headers.filter(({ status }) => status !== 'Paid');
  if (unpaid.length > 0)
    refuse('wrong-state', { detail: 'Only paid statements are exported.', data: { statementIds: unpaid.map(({ id }) => id) } });
  return headers;
}

/** The statements of a period over all calendars, as far as the caller decides on them. */
async function ofPeriod(
  request: ExportRequest,
  { context, visibility }: Desk,
  { period }: Choice,
): Promise<readonly StatementHeader[]> {
  const { ports, scope } = request;
  const { startDate, endDate } = period!;
  const calendars = ['tenant', ...Object.keys(context.branches)];
  const lists = await Promise.all(calendars.map((id) => listStatementsOfPeriod(ports.table, scope, id, startDate)));
  return lists
    .flat()
    .filter((header) => endDate === undefined || header.period.endDate === endDate)
    .filter((header) => seesPay(request, { visibility }, header) && isInCharge(request, header));
}

async function liveExports(
  { ports, scope }: ExportRequest,
  headers: readonly StatementHeader[],
): Promise<readonly PayrollExport[]> {
  const ids = headers.flatMap(({ exportId }) => exportId ?? []);
  return (await readExports(ports.table, scope, ids)).filter(isLive);
}

function alreadyExported(headers: readonly StatementHeader[]): never {
  const exportIds = [...new Set(headers.map(({ exportId }) => exportId))];
  refuse('already-exported', { data: { statementIds: headers.map(({ id }) => id), exportIds } });
}
