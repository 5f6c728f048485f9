import * as z from 'zod/mini';
import { addDays, type Instant } from '#kernel/instant.ts';
import { startOfDay } from '#kernel/zone.ts';
import type { Connection } from '#model/connection.ts';
import { type AcceptedFile, type Upload, windowsMeet } from '#model/upload.ts';
import { filesAre, updateSyncStateAction } from '#store/connection-repository.ts';
import { listUploads, saveUploadAction } from '#store/upload-repository.ts';
import { MANAGE_CONNECTIONS } from '../access.ts';
import { commitFresh } from '../commit.ts';
import { requireContext } from '../context.ts';
import { ApiProblem } from '../problem.ts';
import { loadUpload, requireConnected } from './load.ts';
import { defineUploadRoute } from './ports.ts';

/** Files that wait to be read in; whoever accepts faster than they are read is told to wait. */
const MOST_WAITING = 20;

/**
 * Accepts a file (M-71, M-102 d): from then on it is one run, after the files that were accepted before it. Whoever accepts it again gets
 * the same run.
 */
export const acceptUpload = defineUploadRoute({
  method: 'POST',
  path: '/v1/connections/{id}/uploads/{uploadId}/accept',
  group: 'uploads',
  summary: 'Read a previewed file into the mirror',
  access: MANAGE_CONNECTIONS,
  idempotency: 'required',
  startsRun: true,
  body: z.strictObject({}),
  bodyExample: {},
  answer: {
    status: 202,
    description: 'The run that reads the file in',
    schema: z.strictObject({ runId: z.string() }),
    example: { runId: '01KAT3Q0000000000000000000' },
  },
  handler: async (request) => {
    const { ports, scope, params, command, actor } = request;
    const runId = ports.ulid();
    let nudge: Connection | null = null;
    const answer = await commitFresh(command, async () => {
      const { connection, sync, upload } = await loadUpload(request, params);
      const { n } = connection;
      const location = (id: string) => ({ location: `/v1/connections/${connection.id}/runs/${id}` });
      const audit = { action: 'upload.accepted', entity: 'upload', entityId: `${connection.id}.${upload.id}` };
      nudge = connection;
      if (upload.status === 'accepted' && upload.runId !== null) {
        const after = { runId: upload.runId };
        return {
          actions: [],
          audit: { ...audit, before: after, after },
          answer: { body: after, headers: location(upload.runId) },
        };
      }
      requireConnected(connection);
      requireAcceptable(upload);
      requireLatest(upload, await listUploads(ports.table, scope, n));
      if (sync.files.length >= MOST_WAITING)
        throw new ApiProblem('upload-in-line', {
          detail: `${sync.files.length} files wait to be read in. Accept this one later.`,
        });
      const { zone } = await requireContext(request);
      const file = acceptedFile(upload, { runId, actorId: actor.id, now: ports.now(), zone });
      const next = { ...upload, status: 'accepted' as const, runId, revision: upload.revision + 1 };
      return {
        actions: [
          saveUploadAction(scope, n, next, upload.revision),
          updateSyncStateAction(scope, n, { files: [...sync.files, file] }, sync.fence, filesAre(sync.files)),
        ],
        audit: { ...audit, before: { status: upload.status }, after: { status: next.status, runId, window: upload.window } },
        answer: { body: { runId }, headers: location(runId) },
      };
    });
    const source = nudge as Connection | null;
    if (source !== null && answer.headers?.['idempotency-replayed'] === undefined) {
      const { tenantId } = scope;
      // A lost event is no lost file: the next slot finds it in line.
      await ports.bus.publish('Resync Requested', {
        tenantId,
        connectionId: source.id,
        provider: source.provider,
        kind: 'manual',
      });
    }
    return answer;
  },
});

function requireAcceptable({ status, refusal }: Upload): void {
  if (status === 'preview') return;
  const detail =
    status === 'refused'
      ? `The file cannot be read in: ${refusal?.detail ?? 'see its preview'} Upload a corrected one.`
      : status === 'waiting'
        ? 'There is no preview yet: put the file, then wait for it.'
        : 'The upload was discarded, or nobody accepted it in time. Upload the file again.';
  throw new ApiProblem('wrong-state', { detail });
}

/** Of two files for the same days the later upload wins (file import, section 5), whichever is accepted first. */
function requireLatest(upload: Upload, all: readonly Upload[]): void {
  const later = all.find(
    (one) =>
      one.id > upload.id && one.status === 'accepted' && one.stream === upload.stream && windowsMeet(one.window, upload.window),
  );
  if (later !== undefined)
    throw new ApiProblem('upload-superseded', {
      detail: 'A later upload for the same days was accepted already. Upload this file again if it is the newer one.',
      data: { uploadId: later.id },
    });
}

function acceptedFile(
  { id, entity, stream, mode, window, preview }: Upload,
  by: { readonly runId: string; readonly actorId: string; readonly now: Instant; readonly zone: string },
): AcceptedFile {
  const latest = preview?.latestDate ?? null;
  return {
    uploadId: id,
    runId: by.runId,
    entity,
    stream,
    mode,
    window,
    dataAsOf: latest === null ? by.now : endOf(latest, by.zone, by.now),
    requestedBy: by.actorId,
    requestedAt: by.now,
  };
}

/** The end of the latest day that the file declares (M-74), as far as it has passed. */
function endOf(date: string, zone: string, now: Instant): Instant {
  const end = startOfDay(addDays(date, 1), zone);
  return end > now ? now : end;
}
