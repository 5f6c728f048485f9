import * as z from 'zod/mini';
import type { PreviewPorts } from '#mirror/file-preview.ts';
import { fileSteps } from '#mirror/file-run.ts';
import type { RunSteps } from '#mirror/leg.ts';
import { SourceError } from '#mirror/source-error.ts';
import { parseConnectionId } from '#model/ids.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import { fileKey, parseFileKey, type Upload, type UploadCall, type UploadLink, type UploadReport } from '#model/upload.ts';
import { type FileStore, MAX_FILE_BYTES } from '#platform/file-store.ts';
import { readConnection, readSyncState } from '#store/connection-repository.ts';
import { openRunStore } from '#store/mirror-run-store.ts';
import {
  dropQuarantinedRows,
  keepWaitingRow,
  readUpload,
  saveUploadAction,
  saveUploadReportAction,
} from '#store/upload-repository.ts';
import { createSyncHandler, type LambdaContext, type SyncFunctionOptions } from '#sync/handler.ts';
import { tenantOf } from '#sync/tenant-of.ts';
import { derivedBranch } from './derived-branch.ts';
import { previewUpload } from './preview.ts';
import { fileBatches, importRequest, opener } from './read-upload.ts';

/**
 * The handler of a file source's function: the doors that every integration has, and three more. A file that has arrived is put in line,
 * previewed from there, and the API asks for links.
 */
export function createFileHandler(options: Omit<SyncFunctionOptions, 'steps'>, files: FileStore) {
  const { table, connector, log, system, bulkQueue } = options;
  const runs = createSyncHandler({ ...options, steps: (scope, n) => stepsOf(scope, n) });

  return async function handler(event: unknown, context: LambdaContext): Promise<unknown> {
    const arrived = readArrival(event);
    if (arrived !== null) {
      await bulkQueue.send([{ body: JSON.stringify({ v: 1, kind: 'file', key: arrived.key }), group: arrived.tenantId }]);
      return { started: 1 };
    }
    const asked = callSchema.safeParse(event);
    if (asked.success) return answer(asked.data as UploadCall);
    const waiting = readPreviewMessage(event);
    if (waiting !== null) return previewFrom(waiting);
    return runs(event, context);
  };

  async function answer(call: UploadCall): Promise<UploadLink | Record<string, never>> {
    const place = parseConnectionId(call.connectionId);
    const key = place && fileKey(place.tenantId, place.n, call.uploadId);
    if (key === null || parseFileKey(key) === null) throw new Error('a call of the API that names no upload');
    if (call.type === 'upload-link') return files.linkForPut(key, { seconds: call.seconds, sizeBytes: call.sizeBytes });
    await files.remove(key);
    return {};
  }

  async function previewFrom({ messageId, key }: { readonly messageId: string; readonly key: string }) {
    try {
      await preview(key);
      return { batchItemFailures: [] };
    } catch (error) {
      log({ message: 'preview failed', error: String(error), stack: error instanceof Error ? error.stack : undefined });
      return { batchItemFailures: [{ itemIdentifier: messageId }] };
    }
  }

  /** A file that is looked at already, or belongs to nothing, is left alone: events come late and twice. */
  async function preview(key: string): Promise<void> {
    const place = parseFileKey(key);
    if (place === null) return;
    const scope = scopeOf(place.tenantId);
    const [upload, connection, state] = await Promise.all([
      readUpload(table, scope, place.n, place.uploadId),
      readConnection(table, scope, place.n),
      readSyncState(table, scope, place.n),
    ]);
    if (upload === null || upload.status !== 'waiting' || connection === null || state === null) return;
    const file = await files.open(key, null);
    if (file === null) return;
    const { sizeBytes, version } = file;
    file.close();
    const save = async (next: Upload, report: UploadReport | null) => {
      const actions = [
        saveUploadAction(scope, place.n, next, upload.revision),
        ...(report === null ? [] : [saveUploadReportAction(scope, place.n, next, report)]),
      ];
      const { applied } = await table.write(scope, actions);
      // What was refused or discarded meanwhile is of no further use.
      if (!applied || next.status === 'refused') await files.remove(key);
      log({ message: 'preview', connectionId: connection.id, uploadId: upload.id, status: applied ? next.status : 'overtaken' });
    };
    if (sizeBytes > MAX_FILE_BYTES) {
      const refusal = {
        code: 'TOO_LARGE',
        detail: `The file has ${sizeBytes} bytes; at most ${MAX_FILE_BYTES} are read.`,
        row: null,
      };
      return save({ ...upload, status: 'refused', refusal, revision: upload.revision + 1 }, null);
    }
    const store = openRunStore({ table, scope, n: place.n, decrypt: async () => ({}) });
    const tenant = await tenantOf(table, scope);
    const { derivedBranchId, under } = derivedBranch(connection, await store.readBranchZones());
    const ports: PreviewPorts = { store, connection, state, now: system.now() };
    const stream = connector.manifest.streams.find((one) => one.stream === upload.stream);
    if (stream === undefined) throw new Error(`the manifest has no stream ${upload.stream}`);
    const done = await previewUpload(ports, stream, upload, {
      file: { version, sizeBytes },
      open: opener(files, place.tenantId, place.n, place.uploadId, version),
      request: importRequest(upload, connection, { ...tenant, derivedBranchId }),
      under,
    });
    return save(done.upload, done.report);
  }

  function stepsOf(scope: TenantScope, n: number): RunSteps {
    return fileSteps({
      openRows: async function* ({ uploadId }) {
        const [upload, connection, tenant] = await Promise.all([
          readUpload(table, scope, n, uploadId),
          readConnection(table, scope, n),
          tenantOf(table, scope),
        ]);
        if (!upload?.file || connection === null)
          throw new SourceError('file_gone', 'The upload is there no more: upload the file again.');
        const store = openRunStore({ table, scope, n, decrypt: async () => ({}) });
        const { derivedBranchId, under } = derivedBranch(connection, await store.readBranchZones());
        const open = opener(files, scope.tenantId, n, uploadId, upload.file.version);
        yield* fileBatches(open, importRequest(upload, connection, { ...tenant, derivedBranchId }), under);
      },
      keepRow: (waiting) => keepWaitingRow(table, scope, n, waiting),
      dropQuarantinedRows: (space) => dropQuarantinedRows(table, scope, n, space),
    });
  }
}

const callSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('upload-link'),
    connectionId: z.string(),
    uploadId: z.string(),
    sizeBytes: z.nullable(z.int()),
    seconds: z.int(),
  }),
  z.strictObject({ type: z.literal('upload-drop'), connectionId: z.string(), uploadId: z.string() }),
]);

const arrivalSchema = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.literal('Object Created'),
  detail: z.object({ object: z.object({ key: z.string() }) }),
});

/** The key of a file that S3 tells of; null for every other event. */
function readArrival(event: unknown): { readonly tenantId: string; readonly key: string } | null {
  const parsed = arrivalSchema.safeParse(event);
  if (!parsed.success) return null;
  const { key } = parsed.data.detail.object;
  const place = parseFileKey(key);
  return place === null ? null : { tenantId: place.tenantId, key };
}

const messageSchema = z.object({
  Records: z.tuple([z.object({ messageId: z.string(), body: z.string(), eventSource: z.literal('aws:sqs') })]),
});
const previewSchema = z.strictObject({ v: z.literal(1), kind: z.literal('file'), key: z.string() });

/** A queue message that asks for a preview; null for every other event. */
function readPreviewMessage(event: unknown): { readonly messageId: string; readonly key: string } | null {
  const parsed = messageSchema.safeParse(event);
  if (!parsed.success) return null;
  const [{ messageId, body }] = parsed.data.Records;
  if (!body.includes('"kind":"file"')) return null;
  const message = previewSchema.safeParse(JSON.parse(body));
  return message.success ? { messageId, key: message.data.key } : null;
}
