import { preflight } from '#bonus/exports/preflight.ts';
import { layoutProblems } from '#bonus/exports/preflight-layout.ts';
import { peopleProblems } from '#bonus/exports/preflight-people.ts';
import type { PreflightProblem } from '#bonus/exports/problem.ts';
import { latestTemplate } from '#bonus/exports/templates/index.ts';
import { isOut } from '#bonus/exports/transitions.ts';
import { workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import { payrollIdOf } from '#model/own-facts.ts';
import type { StatementHeader } from '#model/pay.ts';
import type { ExportedPerson, ExportedStatement, ExportFileInput, PayrollExport } from '#model/payroll-export.ts';
import type { WeekLedger } from '#model/week-ledger.ts';
import { readExport, readExportInput, readExportLines } from '#store/export-repository.ts';
import { readStatementHeaders } from '#store/pay-repository.ts';
import { readArea } from '#store/settings-repository.ts';
import { readWeekLedgers } from '#store/week-ledger-repository.ts';
import { allow } from '../access.ts';
import { type Desk, openDesk } from '../bonus/desk.ts';
import { ApiProblem, notFound } from '../problem.ts';
import type { ApiRequest } from '../route.ts';

/** Create payroll export batches (M-145): managers only where the tenant says so, in the own branches. */
export const MAKE_EXPORTS = allow('A', 'A', 'S', '-', '-', '-');
/** See payroll export batches (M-145). */
export const SEE_EXPORTS = allow('A', 'A', 'S', '-', '-', 'R');

export type ExportRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

/** Whether the caller has to do with payroll exports: managers only where the tenant says so (M-150). */
export async function mayExport({ ports, scope, reach }: ExportRequest): Promise<boolean> {
  if (reach !== 'S') return true;
  const people = (await readArea(ports.table, scope, 'people'))?.values as
    | { readonly managersExportPayroll?: boolean }
    | undefined;
  return people?.managersExportPayroll === true;
}

/** Refuses to make an export where the tenant keeps that to its admins. */
export async function requireExporter(request: ExportRequest): Promise<void> {
  if (!(await mayExport(request)))
    throw new ApiProblem('forbidden', { detail: 'Payroll exports are made by an admin of your organisation.' });
}

/** Whether an export is the caller's to see: a manager's where all of its statements lie in the own branches. */
export function seesExport(
  { reach, actor }: ExportRequest,
  { visibility }: Pick<Desk, 'visibility'>,
  one: PayrollExport,
): boolean {
  if (reach === 'A' || reach === 'R') return true;
  const own = one.branchIds.every((branchId) => branchId !== null && actor.scope.branchIds.includes(branchId));
  return reach === 'S' && visibility.manager.statements && own;
}

/** An export that the caller may see, with its lines, read strongly; else 404. */
export async function loadExport(
  request: ExportRequest,
  id: string,
): Promise<{ readonly desk: Desk; readonly one: PayrollExport; readonly statements: readonly ExportedStatement[] }> {
  const { ports, scope } = request;
  const [desk, one, may] = await Promise.all([openDesk(request), readExport(ports.table, scope, id), mayExport(request)]);
  if (one === null || !may || !seesExport(request, desk, one)) throw notFound();
  return { desk, one, statements: await readExportLines(ports.table, scope, one) };
}

/** What the file of an export would be made of now, what stands in its way, and the worker-weeks that it would claim. */
export interface Assessment {
  readonly input: ExportFileInput;
  readonly problems: readonly PreflightProblem[];
  readonly ledgers: readonly WeekLedger[];
}

/** Looks at a Draft as things stand now (B-223). `headers` where they are known already. */
export async function assess(
  request: ExportRequest,
  { context }: Pick<Desk, 'context'>,
  one: Omit<PayrollExport, 'content'>,
  statements: readonly ExportedStatement[],
  headers?: readonly StatementHeader[],
): Promise<Assessment> {
  const { ports, scope } = request;
  const target = context.exportTargets[one.target];
  const weeks = statements.flatMap(({ workerId, weeks: own }) => own.map((weekStart) => ({ workerId, weekStart })));
  const [people, ledgers, read] = await Promise.all([
    peopleOf(request, context, statements),
    readWeekLedgers(ports.table, scope, uniqueWeeks(weeks)),
    headers ?? readStatementHeaders(ports.table, scope, one.statementIds),
  ]);
  const branchIds = one.branchIds.flatMap((id) => id ?? []);
  const input: ExportFileInput = {
    reference: one.reference,
    target: one.target,
    mode: one.mode,
    templateVersion: latestTemplate(one.target).version,
    currency: context.currency,
    codes: target?.codes ?? {},
    template: target?.template ?? {},
    statements,
    people,
    branches: Object.fromEntries(branchIds.map((id) => [id, context.branches[id]?.name ?? id])),
  };
  const known = new Map(read.flatMap((header) => (header === null ? [] : [[header.id, header] as const])));
  return { input, ledgers, problems: preflight({ export: one, input, target, headers: known, ledgers }) };
}

/** What preflight says of an export: of a Draft as things stand now, of one that was made what remains to be done by hand. */
export async function findings(
  request: ExportRequest,
  desk: Desk,
  one: PayrollExport,
  statements: readonly ExportedStatement[],
): Promise<readonly PreflightProblem[]> {
  if (one.status === 'Draft') return (await assess(request, desk, one, statements)).problems;
  if (!isOut(one) || one.made === null) return [];
  const input = await readExportInput(request.ports.table, request.scope, { id: one.id, made: one.made });
  return [...layoutProblems(input), ...peopleProblems(input)].filter(({ severity }) => severity === 'warning');
}

/** Each worker-week once. */
export function uniqueWeeks<T extends Pick<WeekLedger, 'workerId' | 'weekStart'>>(weeks: readonly T[]): readonly T[] {
  return [...new Map(weeks.map((week) => [`${week.workerId} ${week.weekStart}`, week])).values()];
}

/** The people of some statements, as payroll knows them. */
async function peopleOf(
  { ports, scope }: ExportRequest,
  { divisions }: Desk['context'],
  statements: readonly ExportedStatement[],
): Promise<Readonly<Record<string, ExportedPerson>>> {
  const ids = [...new Set(statements.map(({ workerId }) => workerId))];
  const items = await ports.table.batchGet(
    scope,
    ids.map((id) => workerKey(scope, id)),
  );
  return Object.fromEntries(
    ids.map((id, at) => {
      const stored = items[at];
      const worker = stored ? decodeMirrorRecord<'worker'>(stored) : null;
      const { displayName = id, firstName = null, lastName = null, divisionId = null } = worker?.fields ?? {};
      const division = divisionId === null ? null : (divisions[divisionId]?.name ?? null);
      return [id, { displayName, firstName, lastName, payrollId: worker === null ? null : payrollIdOf(worker), division }];
    }),
  );
}
