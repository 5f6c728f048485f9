import { stepped } from '#bonus/exports/transitions.ts';
import { putExportAction } from '#store/export-repository.ts';
import { reasonBody } from '../bonus/bodies.ts';
import { withRetries } from '../commit.ts';
import { defineRoute } from '../route.ts';
import { loadExport, MAKE_EXPORTS } from './load.ts';
import { exportSchema } from './shapes.ts';
import { exportView } from './views.ts';
import { releasedWeeks } from './weeks.ts';

/** Cancels an export that payroll has not confirmed (B-222): its statements and worker-weeks are free again. */
export const cancelExport = defineRoute({
  method: 'POST',
  path: '/v1/exports/{id}/cancel',
  group: 'exports',
  summary: 'Cancel a payroll export',
  access: MAKE_EXPORTS,
  body: reasonBody,
  bodyExample: { reason: 'a payroll id was wrong' },
  idempotency: 'required',
  answer: { status: 200, description: 'The canceled export', schema: exportSchema },
  handler: (request) =>
    withRetries(async () => {
      const { ports, scope, command, actor, params, body } = request;
      const { desk, one } = await loadExport(request, params.id);
      const next = stepped(one, { status: 'Canceled', at: ports.now(), by: actor.id, reason: body.reason });
      const done = await command.commit({
        actions: [putExportAction(scope, next)],
        staged: await releasedWeeks(request, [one]),
        audit: {
          action: 'export.canceled',
          entity: 'export',
          entityId: one.id,
          before: { status: one.status },
          after: { status: 'Canceled' },
          reason: body.reason,
        },
        answer: { body: exportView(next, desk.context.currency, []) },
      });
      return done.applied ? done.answer : null;
    }),
});
