import * as z from 'zod/mini';
import { requireClean } from '#bonus/exports/clean.ts';
import { type RenderedFile, renderExport } from '#bonus/exports/render.ts';
import { stepped } from '#bonus/exports/transitions.ts';
import { premiumOwnerOf } from '#bonus/pay-law/export-mode.ts';
import type { ExportedFile } from '#model/payroll-export.ts';
import { putExportAction } from '#store/export-repository.ts';
import { writeSnapshot } from '#store/snapshot-store.ts';
import { acceptSchema } from '../bonus/bodies.ts';
import { withRetries } from '../commit.ts';
import { type ApiAnswer, type ApiRequest, defineRoute } from '../route.ts';
import { assess, findings, loadExport, MAKE_EXPORTS } from './load.ts';
import { exportSchema } from './shapes.ts';
import { exportView } from './views.ts';
import { claimedWeeks } from './weeks.ts';

const body = z.strictObject({ accept: z.optional(acceptSchema) });

/** Makes the file (B-222, B-223): once, from what preflight has found in order; it names who computes the premium of each week. */
export const makeExport = defineRoute({
  method: 'POST',
  path: '/v1/exports/{id}/export',
  group: 'exports',
  summary: 'Make the file of a payroll export',
  access: MAKE_EXPORTS,
  body,
  bodyExample: {},
  idempotency: 'required',
  startsRun: true,
  answer: { status: 200, description: 'The export with its file', schema: exportSchema },
  handler: (request) => withRetries(() => make(request, request.params.id, request.body)),
});

type CommandRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach' | 'command'>;

async function make(request: CommandRequest, id: string, { accept = [] }: z.infer<typeof body>): Promise<ApiAnswer | null> {
  const { ports, scope, command, actor } = request;
  const { desk, one, statements } = await loadExport(request, id);
  const event = { status: 'Exported', at: ports.now(), by: actor.id, reason: null } as const;
  const next = stepped(one, event);
  const { input, problems, ledgers } = await assess(request, desk, one, statements);
  const accepted = requireClean(problems, accept);
  const { file, worksheet } = renderExport(input);
  const made = {
    input: await writeSnapshot(ports.table, scope, id, input),
    templateVersion: input.templateVersion,
    file: withoutContent(file),
    worksheet: worksheet === null ? null : withoutContent(worksheet),
    accepted,
  };
  const exported = { ...next, made };
  const done = await command.commit({
    actions: [putExportAction(scope, exported)],
    staged: claimedWeeks(request, statements, ledgers, { owner: premiumOwnerOf(one.mode), exportId: id }),
    audit: {
      action: 'export.exported',
      entity: 'export',
      entityId: id,
      before: { status: one.status },
      after: {
        ...{ status: 'Exported', target: one.target, mode: one.mode, statementIds: one.statementIds },
        ...{ templateVersion: made.templateVersion, checksum: file.checksum, totalCents: one.totalCents, accepted },
      },
    },
    answer: { body: exportView(exported, desk.context.currency, await findings(request, desk, exported, statements)) },
  });
  return done.applied ? done.answer : null;
}

function withoutContent({ name, checksum, lineCount, totalCents }: RenderedFile): ExportedFile {
  return { name, checksum, lineCount, totalCents };
}
