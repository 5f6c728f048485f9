import * as z from 'zod/mini';
import { exportStatement } from '#bonus/exports/statement-lines.ts';
import { stepped } from '#bonus/exports/transitions.ts';
import { workCalendarOf } from '#bonus/pay-law/policies.ts';
import { refuse } from '#kernel/errors.ts';
import type { LineItem } from '#model/pay.ts';
import type { ExportedStatement, PayrollExport } from '#model/payroll-export.ts';
import { EXPORT_TARGETS } from '#model/settings.ts';
import { putExportAction } from '#store/export-repository.ts';
import { changedStatement, readLineItems } from '#store/pay-repository.ts';
import { takeNumbers } from '#store/propay-repository.ts';
import { writeSnapshot } from '#store/snapshot-store.ts';
import { type Desk, openDesk } from '../bonus/desk.ts';
import type { AuditDraft } from '../command.ts';
import { withRetries } from '../commit.ts';
import { dateText, idText } from '../edge.ts';
import { invalidField } from '../problem.ts';
import { type ApiAnswer, type ApiRequest, defineRoute } from '../route.ts';
import { type Choice, type Chosen, chooseStatements } from './choose-statements.ts';
import { assess, MAKE_EXPORTS, requireExporter } from './load.ts';
import { exportSchema } from './shapes.ts';
import { exportView } from './views.ts';
import { releasedWeeks } from './weeks.ts';

const MOST_NAMED = 2_000;

const body = z.strictObject({
  target: z.enum(EXPORT_TARGETS),
  statementIds: z.optional(z.array(idText).check(z.minLength(1), z.maxLength(MOST_NAMED))),
  period: z.optional(z.strictObject({ startDate: dateText, endDate: z.optional(dateText) })),
  /** Cancels the exports that hold any of the statements and are not confirmed. */
  replace: z.optional(z.boolean()),
  reason: z.optional(z.string().check(z.minLength(1), z.maxLength(500))),
});
type Body = z.infer<typeof body>;

/** Prepares an export (B-222): takes up paid statements, fixes their lines, and tells what preflight finds. */
export const prepareExport = defineRoute({
  method: 'POST',
  path: '/v1/exports',
  group: 'exports',
  summary: 'Prepare a payroll export of paid statements',
  access: MAKE_EXPORTS,
  body,
  bodyExample: { target: 'generic', period: { startDate: '2026-03-09' } },
  idempotency: 'required',
  startsRun: true,
  answer: { status: 201, description: 'The export, a Draft, with its preflight', schema: exportSchema },
  handler: async (request) => {
    const { statementIds, period } = request.body;
    if ((statementIds === undefined) === (period === undefined))
      throw invalidField('/statementIds', 'either statementIds or period');
    await requireExporter(request);
    return withRetries(() => prepare(request, request.body));
  },
});

type CommandRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach' | 'command'>;

async function prepare(request: CommandRequest, asked: Body): Promise<ApiAnswer | null> {
  const { ports, scope, command, actor } = request;
  const desk = await openDesk(request);
  const target = desk.context.exportTargets[asked.target];
  if (target === undefined) refuse('export-target-missing', { data: { target: asked.target } });
  const chosen = await chooseStatements(request, desk, asked satisfies Choice);
  const statements = await linesOf(request, desk, chosen, target.mode);
  const at = ports.now();
  const id = ports.ulid();
  const lines = statements.flatMap((one) => one.lines);
  const one: PayrollExport = {
    id,
    reference: `EX-${await takeNumbers(ports.table, scope, 'EX', 1)}`,
    target: asked.target,
    mode: target.mode,
    status: 'Draft',
    statementIds: statements.map(({ statementId }) => statementId),
    branchIds: [...new Set(statements.map(({ branchId }) => branchId))],
    lineCount: lines.length,
    totalCents: lines.reduce((sum, { cents }) => sum + cents, 0),
    unpaid: chosen.unpaid.map((header) => ({ statementId: header.id, workerId: header.workerId })),
    content: await writeSnapshot(ports.table, scope, id, statements),
    made: null,
    events: [{ status: 'Draft', at, by: actor.id, reason: asked.reason ?? null }],
    replaces: chosen.replaced.map((former) => former.id),
    replacedBy: null,
    revision: 1,
  };
  const reason = asked.reason ?? `replaced by ${one.reference}`;
  const replaced = chosen.replaced.map((former) => ({
    ...stepped(former, { status: 'Canceled', at, by: actor.id, reason }),
    replacedBy: id,
  }));
  const headers = chosen.headers.map((header) => ({ ...header, exportId: id, revision: header.revision + 1 }));
  const { problems } = await assess(request, desk, one, statements, headers);
  const done = await command.commit({
    actions: [putExportAction(scope, one), ...replaced.map((former) => putExportAction(scope, former))],
    staged: [
      ...headers.map((header) => changedStatement(scope, header, header.revision - 1)),
      ...(await releasedWeeks(request, chosen.replaced)),
    ],
    audit: [prepared(one, asked.reason ?? null), ...chosen.replaced.map((former) => canceled(former, reason, id))],
    answer: { body: exportView(one, desk.context.currency, problems), headers: { location: `/v1/exports/${id}` } },
  });
  return done.applied ? done.answer : null;
}

/** The lines of the chosen statements, from their frozen totals and items. */
async function linesOf(
  { ports, scope }: CommandRequest,
  { context }: Desk,
  { headers }: Chosen,
  mode: PayrollExport['mode'],
): Promise<readonly ExportedStatement[]> {
  const ids = headers.flatMap(({ itemIds }) => itemIds ?? []);
  const found = await readLineItems(ports.table, scope, ids);
  const items = new Map<string, LineItem>();
  for (const [index, id] of ids.entries()) {
    const item = found[index];
    if (!item) throw new Error('a paid statement names an item that is not there');
    items.set(id, item);
  }
  return headers.map((header) =>
    exportStatement(
      header,
      (header.itemIds ?? []).map((id) => items.get(id)!),
      mode,
      workCalendarOf(context, header.branchId),
    ),
  );
}

function prepared({ id, reference, target, mode, statementIds, totalCents }: PayrollExport, reason: string | null): AuditDraft {
  const after = { status: 'Draft', reference, target, mode, statementIds, totalCents };
  return { action: 'export.prepared', entity: 'export', entityId: id, before: null, after, reason };
}

function canceled({ id, status }: PayrollExport, reason: string, replacedBy: string): AuditDraft {
  const after = { status: 'Canceled', replacedBy };
  return { action: 'export.canceled', entity: 'export', entityId: id, before: { status }, after, reason };
}
