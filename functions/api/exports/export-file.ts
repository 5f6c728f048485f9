import * as z from 'zod/mini';
import { type RenderedFile, renderExport } from '#bonus/exports/render.ts';
import { isOut } from '#bonus/exports/transitions.ts';
import { refuse } from '#kernel/errors.ts';
import type { ExportedFile, PayrollExport } from '#model/payroll-export.ts';
import { readExportInput } from '#store/export-repository.ts';
import { auditAction } from '#store/ledger.ts';
import { moneyOf } from '../edge.ts';
import { notFound } from '../problem.ts';
import { choiceParameter } from '../query.ts';
import { type ApiRequest, defineRoute } from '../route.ts';
import { loadExport, SEE_EXPORTS } from './load.ts';
import { FILE_PARTS } from './shapes.ts';

const CSV = 'text/csv; charset=utf-8';

/**
 * The file of an export, made again from what it was made of; bytes that do not fit the checksum are never given out. Each download is
 * an entry of the audit log (M-155).
 */
export const getExportFile = defineRoute({
  method: 'GET',
  path: '/v1/exports/{id}/file',
  group: 'exports',
  summary: 'The file of a payroll export, its worksheet or its manifest',
  access: SEE_EXPORTS,
  query: {
    part: {
      ...choiceParameter(FILE_PARTS, 'The file for payroll, the lines to be entered by hand, or what both of them are'),
      default: 'file',
    },
  },
  answer: { status: 200, description: 'The file as it was made', schema: z.string(), mediaType: 'text/csv' },
  handler: async (request) => {
    const { ports, scope, params, query } = request;
    const { one } = await loadExport(request, params.id);
    if (one.made === null || !isOut(one)) refuse('wrong-state', { data: { exportId: one.id, status: one.status } });
    const rendered = renderExport(await readExportInput(ports.table, scope, { id: one.id, made: one.made }));
    requireSame(rendered.file, one.made.file);
    if (query.part === 'manifest') return sent(request, one, `manifest-${one.reference}.json`, 'application/json', manifest(one));
    const made = query.part === 'file' ? one.made.file : one.made.worksheet;
    const file = query.part === 'file' ? rendered.file : rendered.worksheet;
    if (made === null || file === null) throw notFound();
    requireSame(file, made);
    return sent(request, one, file.name, CSV, file.content);
  },
});

function requireSame({ checksum }: RenderedFile, made: ExportedFile): void {
  if (checksum !== made.checksum) throw new Error('an export’s file does not fit its checksum any more');
}

async function sent(
  request: Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'requestId'>,
  one: PayrollExport,
  name: string,
  mediaType: string,
  body: string,
) {
  const { ports, scope, actor, requestId } = request;
  await ports.table.write(scope, [
    auditAction(scope, {
      id: ports.ulid(),
      at: ports.now(),
      actor: { kind: actor.kind, id: actor.id },
      action: 'export.downloaded',
      entity: 'export',
      entityId: one.id,
      before: null,
      after: { name, checksum: one.made!.file.checksum },
      reason: null,
      requestId,
      source: 'API',
    }),
  ]);
  return { body, mediaType, headers: { 'content-disposition': `attachment; filename="${name}"` } };
}

/** What the files are: batch, mode, layout, statements and sums (B-221, B-222). */
function manifest(one: PayrollExport): string {
  const { id, reference, target, mode, statementIds, lineCount, events } = one;
  const made = one.made!;
  const part = ({ name, checksum, lineCount: lines, totalCents }: ExportedFile) => ({
    ...{ name, checksum, lineCount: lines },
    total: moneyOf(totalCents)!,
  });
  const document = {
    ...{ id, reference, target, mode, templateVersion: made.templateVersion, statementIds, lineCount },
    total: moneyOf(one.totalCents)!,
    accepted: made.accepted,
    exportedAt: events.find(({ status }) => status === 'Exported')?.at ?? null,
    exportedBy: events.find(({ status }) => status === 'Exported')?.by ?? null,
    file: part(made.file),
    worksheet: made.worksheet === null ? null : part(made.worksheet),
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}
