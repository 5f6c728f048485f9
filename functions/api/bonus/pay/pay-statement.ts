import * as z from 'zod/mini';
import type { Blocker } from '#bonus/commands/accept.ts';
import { decidePayment } from '#bonus/commands/pay.ts';
import { disputeBlockers } from '#bonus/commands/statement-talk.ts';
import { branchOf } from '#bonus/pay/statement-header.ts';
import { informationalPremiums } from '#bonus/pay-law/informational.ts';
import { incompletePremiums } from '#bonus/pay-law/premium-owner.ts';
import type { LineItem } from '#model/pay.ts';
import type { WeekLedger } from '#model/week-ledger.ts';
import { issuePremiums } from '#pay/issue-premiums.ts';
import { changedLineItem } from '#store/pay-repository.ts';
import { allow } from '../../access.ts';
import { dateText } from '../../edge.ts';
import { ApiProblem } from '../../problem.ts';
import { type ApiAnswer, type ApiRequest, defineRoute } from '../../route.ts';
import { acceptSchema } from '../bodies.ts';
import { todayIn } from '../desk.ts';
import { withRetries } from '../propays/load.ts';
import { requireCharge } from '../sight.ts';
import { figuresFor, headerOf, type LoadedStatement, loadStatement, type PayRequest } from './load-statement.ts';
import { saveHead, saveHeader } from './save-statement.ts';
import { statementSchema } from './shapes.ts';
import { statementView } from './views.ts';

/** Mark statements paid (M-145): managers only where the tenant says so. */
export const PAY_STATEMENTS = allow('A', 'A', 'S', '-', '-', '-');

/** What whoever pays a statement sends. */
export const payBody = { payDate: dateText, accept: z.optional(acceptSchema) };

export interface PayBody {
  readonly payDate: string;
  readonly accept?: readonly { readonly code: string; readonly reason: string }[] | undefined;
}

/** Marks a statement paid: its items are Paid and its totals frozen (B-138). Payroll moves the money. */
export const payStatement = defineRoute({
  method: 'POST',
  path: '/v1/statements/{id}/pay',
  group: 'pay',
  summary: 'Mark a statement paid',
  access: PAY_STATEMENTS,
  body: z.strictObject(payBody),
  bodyExample: { payDate: '2026-03-27' },
  idempotency: 'required',
  answer: { status: 200, description: 'The paid statement', schema: statementSchema },
  handler: (request) => pay(request, request.params.id, request.body),
});

type CommandRequest = PayRequest & Pick<ApiRequest, 'command' | 'requestId'>;

/** Pays one statement, or refuses with what stands in the way. */
export function pay(request: CommandRequest, id: string, body: PayBody): Promise<ApiAnswer> {
  return withRetries(async () => {
    const { ports, scope, actor, command } = request;
    const found = await loadStatement(request, id);
    requirePayer(request, found);
    const loaded = await withPremiums(request, found);
    const { desk, view, views, head, partition } = loaded;
    const branchId = branchOf(view);
    const at = ports.now();
    const isInformational = informationalPremiums(desk.context, partition.ledgers);
    const decision = decidePayment(views, view, head, {
      payDate: body.payDate,
      accept: body.accept ?? [],
      by: actor.id,
      at,
      todayDate: todayIn(desk, branchId),
      todayOf: (itemBranchId) => todayIn(desk, itemBranchId),
      blockers: [
        ...premiumBlockers(
          view.items.filter((item) => !isInformational(item)),
          partition.ledgers,
        ),
        ...disputeBlockers(view.header, desk.context.disputeBlocksPayment),
      ],
    });
    const figures = await figuresFor(request, loaded);
    const { action, header } = saveHeader(scope, loaded, {
      ...(await headerOf(request, view)),
      ...decision.frozen,
      ...figures,
    });
    const paid = { ...view, status: 'Paid' as const, items: decision.items.map(({ after }) => after), header };
    const done = await command.commit({
      actions: [action, saveHead(scope, loaded, decision.head)],
      staged: decision.items.map(({ before, after }) => changedLineItem(scope, after, after.assignOn, before.revision)),
      audit: {
        action: 'statement.paid',
        entity: 'statement',
        entityId: id,
        before: { status: view.status },
        after: {
          status: 'Paid',
          payDate: body.payDate,
          payableCents: view.totals.payableCents,
          accepted: decision.accepted,
        },
      },
      answer: { body: statementView(paid, desk, decision.head, figures), revision: header.revision },
    });
    return done.applied ? done.answer : null;
  });
}

function requirePayer(request: PayRequest, { desk, view }: LoadedStatement): void {
  if (request.reach === 'S' && !desk.context.managersPayStatements)
    throw new ApiProblem('forbidden', { detail: 'Statements are marked paid by an admin of your organisation.' });
  requireCharge(request, { branchId: branchOf(view) });
}

/**
 * The statement with the premiums that are still due (B-206): the hours of its weeks are read once more before money is settled, in case
 * a change of them has not arrived yet.
 */
async function withPremiums(request: CommandRequest, found: LoadedStatement): Promise<LoadedStatement> {
  const { view, desk } = found;
  const { ports, scope, requestId } = request;
  if (view.status !== 'Open') return found;
  const weeks = view.items.flatMap((item) => item.premium?.weekStart ?? item.weeks.map((week) => week.weekStart));
  const { workerId } = view;
  const written = await issuePremiums({ ...ports, requestId }, scope, desk.context, { workerId, weeks, also: [] });
  return written === 0 ? found : loadStatement(request, view.id);
}

/** Premiums whose hours may be missing some put themselves in the way of a payment, until it is accepted (B-205). */
function premiumBlockers(items: readonly LineItem[], ledgers: readonly WeekLedger[]): readonly Blocker[] {
  const ids = incompletePremiums(items, ledgers).map((item) => item.id);
  return ids.length === 0 ? [] : [{ code: 'premium-incomplete', acceptable: true, ids }];
}
