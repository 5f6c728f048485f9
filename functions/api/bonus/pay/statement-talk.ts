import * as z from 'zod/mini';
import { acknowledge, answerDisputes, dispute, type Speaker } from '#bonus/commands/statement-talk.ts';
import type { StatementHeader } from '#model/pay.ts';
import { allow } from '../../access.ts';
import type { AuditDraft } from '../../command.ts';
import { idText } from '../../edge.ts';
import { ApiProblem } from '../../problem.ts';
import { type ApiAnswer, type ApiRequest, defineRoute } from '../../route.ts';
import { withRetries } from '../propays/load.ts';
import { requireCharge } from '../sight.ts';
import { figuresFor, headerOf, type LoadedStatement, loadStatement, type PayRequest } from './load-statement.ts';
import { saveHeader } from './save-statement.ts';
import { statementSchema } from './shapes.ts';
import { SEE_STATEMENTS } from './statements.ts';
import { statementView } from './views.ts';

/** Acknowledge or dispute the own statement (M-145). */
const OWN_STATEMENT = allow('O', 'O', 'O', 'O', 'O', '-');
const ANSWER = allow('A', 'A', 'S', '-', '-', '-');

const noteText = z.string().check(z.minLength(1), z.maxLength(1_000));
const common = { method: 'POST', group: 'pay', idempotency: 'accepted' } as const;
const answer = { status: 200, description: 'The statement', schema: statementSchema };

/** The worker agrees to the own statement, or to one of its lines (B-142). */
export const acknowledgeStatement = defineRoute({
  ...common,
  path: '/v1/statements/{id}/acknowledge',
  summary: 'Acknowledge the own statement',
  bodyExample: {},
  access: OWN_STATEMENT,
  body: z.strictObject({ lineItemId: z.optional(idText) }),
  answer,
  handler: (request) =>
    say(request, request.params.id, 'statement.acknowledged', loadOwn, ({ header, view, speaker }) =>
      acknowledge(header, view, request.body.lineItemId ?? null, speaker),
    ),
});

/** The worker objects to the own statement, or to one of its lines (B-142). */
export const disputeStatement = defineRoute({
  ...common,
  path: '/v1/statements/{id}/dispute',
  summary: 'Dispute the own statement',
  access: OWN_STATEMENT,
  body: z.strictObject({ note: noteText, lineItemId: z.optional(idText) }),
  bodyExample: { note: 'Monday is missing' },
  answer,
  handler: (request) =>
    say(request, request.params.id, 'statement.disputed', loadOwn, ({ header, view, speaker }) => {
      const { note, lineItemId = null } = request.body;
      return dispute(header, view, { id: request.ports.ulid(), lineItemId, note, ...speaker });
    }),
});

/** A manager answers what a worker has objected to (B-142). */
export const answerStatement = defineRoute({
  ...common,
  path: '/v1/statements/{id}/answer',
  summary: 'Answer the disputes of a statement',
  access: ANSWER,
  body: z.strictObject({ note: noteText, disputeId: z.optional(idText) }),
  bodyExample: { note: 'Monday was added' },
  answer,
  handler: (request) =>
    say(request, request.params.id, 'statement.answered', loadInCharge, ({ header, speaker }) =>
      answerDisputes(header, request.body.disputeId ?? null, { note: request.body.note, ...speaker }),
    ),
});

type TalkRequest = PayRequest & Pick<ApiRequest, 'command'>;

/** What is said, and to what. */
interface Said extends Pick<LoadedStatement, 'view'> {
  readonly header: StatementHeader;
  readonly speaker: Speaker;
}

function say(
  request: TalkRequest,
  id: string,
  action: AuditDraft['action'],
  load: (request: TalkRequest, id: string) => Promise<LoadedStatement>,
  change: (said: Said) => StatementHeader,
): Promise<ApiAnswer> {
  return withRetries(async () => {
    const { ports, scope, actor, command } = request;
    const loaded = await load(request, id);
    const { desk, view, head } = loaded;
    const before = await headerOf(request, view);
    const said = change({ header: before, view, speaker: { by: actor.id, at: ports.now() } });
    const saved = saveHeader(scope, loaded, said);
    const after = { ...view, header: saved.header };
    const done = await command.commit({
      actions: [saved.action],
      audit: { action, entity: 'statement', entityId: id, before: wordsOf(before), after: wordsOf(said) },
      answer: {
        body: statementView(after, desk, head, await figuresFor(request, { ...loaded, view: after })),
        revision: saved.header.revision,
      },
    });
    return done.applied ? done.answer : null;
  });
}

const wordsOf = ({ acknowledgements, disputes }: StatementHeader) => ({ acknowledgements, disputes });

/** The caller's own statement. One of somebody else is absent where the caller may not see it, and forbidden where it is seen. */
async function loadOwn(request: TalkRequest, id: string): Promise<LoadedStatement> {
  const reach = SEE_STATEMENTS.matrix[request.actor.role];
  if (reach === '-') throw new ApiProblem('forbidden');
  const loaded = await loadStatement({ ...request, reach }, id);
  if (loaded.view.workerId !== request.actor.workerId)
    throw new ApiProblem('forbidden', { detail: 'Only the worker whose statement it is can say this.' });
  return loaded;
}

async function loadInCharge(request: TalkRequest, id: string): Promise<LoadedStatement> {
  const loaded = await loadStatement(request, id);
  requireCharge(request, { branchId: loaded.view.header?.branchId ?? loaded.view.items[0]?.branchId ?? null });
  return loaded;
}
