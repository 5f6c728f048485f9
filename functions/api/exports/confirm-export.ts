import { stepped } from '#bonus/exports/transitions.ts';
import { putExportAction } from '#store/export-repository.ts';
import { withRetries } from '../commit.ts';
import { defineRoute } from '../route.ts';
import { findings, loadExport, MAKE_EXPORTS } from './load.ts';
import { exportSchema } from './shapes.ts';
import { exportView } from './views.ts';

/** Payroll has confirmed the import (B-222): the export is final. */
export const confirmExport = defineRoute({
  method: 'POST',
  path: '/v1/exports/{id}/confirm',
  group: 'exports',
  summary: 'Confirm that payroll has imported the file',
  access: MAKE_EXPORTS,
  idempotency: 'required',
  answer: { status: 200, description: 'The confirmed export', schema: exportSchema },
  handler: (request) =>
    withRetries(async () => {
      const { ports, scope, command, actor, params } = request;
      const { desk, one, statements } = await loadExport(request, params.id);
      const next = stepped(one, { status: 'Confirmed', at: ports.now(), by: actor.id, reason: null });
      const done = await command.commit({
        actions: [putExportAction(scope, next)],
        audit: {
          action: 'export.confirmed',
          entity: 'export',
          entityId: one.id,
          before: { status: one.status },
          after: { status: 'Confirmed', checksum: one.made?.file.checksum ?? null },
        },
        answer: { body: exportView(next, desk.context.currency, await findings(request, desk, next, statements)) },
      });
      return done.applied ? done.answer : null;
    }),
});
