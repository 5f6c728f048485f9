import * as z from 'zod/mini';
import { fileEntityOf } from '#imports/columns.ts';
import { addSeconds } from '#kernel/instant.ts';
import type { Connection } from '#model/connection.ts';
import type { StreamManifest } from '#model/manifest.ts';
import { UPLOAD_MODES, UPLOAD_SECONDS, type Upload } from '#model/upload.ts';
import { MAX_FILE_BYTES } from '#platform/file-store.ts';
import { saveUploadAction } from '#store/upload-repository.ts';
import { MANAGE_CONNECTIONS } from '../access.ts';
import { manifestOf } from '../admin/connections/view.ts';
import { commitFresh } from '../commit.ts';
import { idText } from '../edge.ts';
import { invalidField } from '../problem.ts';
import { loadFileSource, requireConnected } from './load.ts';
import { defineUploadRoute } from './ports.ts';
import { profileOf } from './profiles.ts';
import { windowShape } from './shapes.ts';

/** A link is used at once; who needs longer asks for another upload. */
const LINK_SECONDS = 900;
const ASK_SECONDS = 15;

/** Begins an upload (M-70): answers a link under which the file is put, once. Nothing is read in before the preview is accepted. */
export const createUpload = defineUploadRoute({
  method: 'POST',
  path: '/v1/connections/{id}/uploads',
  group: 'uploads',
  summary: 'Begin the upload of a file',
  access: MANAGE_CONNECTIONS,
  idempotency: 'accepted',
  startsRun: true,
  body: z.strictObject({
    entity: z.string().check(z.maxLength(40)),
    mode: z.enum(UPLOAD_MODES),
    window: z.optional(windowShape),
    sizeBytes: z.optional(z.int().check(z.minimum(1), z.maximum(MAX_FILE_BYTES))),
  }),
  bodyExample: { entity: 'time_entry', mode: 'replace', window: { from: '2026-11-01', to: '2026-11-14' } },
  answer: {
    status: 201,
    description: 'Where the file is put, with these headers, within a quarter of an hour',
    schema: z.strictObject({
      id: idText,
      put: z.strictObject({ url: z.string(), headers: z.record(z.string(), z.string()) }),
    }),
    example: { id: '01KAT3Q0000000000000000000', put: { url: 'https://…', headers: { 'if-none-match': '*' } } },
  },
  handler: async (request) => {
    const { ports, scope, params, body, command, actor } = request;
    const { connection } = await loadFileSource(request, params.id);
    requireConnected(connection);
    const stream = streamOf(connection, body.entity);
    requireWindow(stream, body.mode, body.window);
    const profile = profileOf(connection, stream.stream);
    const earlier = await command.claim(ASK_SECONDS);
    if (earlier !== null) return earlier;
    const now = ports.now();
    const upload: Upload = {
      id: ports.ulid(),
      connectionId: connection.id,
      entity: stream.entity,
      stream: stream.stream,
      mode: body.mode,
      window: body.window ?? null,
      windowStated: body.window !== undefined,
      status: 'waiting',
      createdAt: now,
      createdBy: actor.id,
      expiresAt: addSeconds(now, UPLOAD_SECONDS),
      profile,
      file: null,
      preview: null,
      refusal: null,
      runId: null,
      revision: 1,
    };
    const put = await ports.files.link(connection.provider, {
      type: 'upload-link',
      connectionId: connection.id,
      uploadId: upload.id,
      sizeBytes: body.sizeBytes ?? null,
      seconds: LINK_SECONDS,
    });
    const { entity, mode, window } = upload;
    const location = { location: `/v1/connections/${connection.id}/uploads/${upload.id}` };
    return commitFresh(command, async () => ({
      actions: [saveUploadAction(scope, connection.n, upload, null)],
      audit: {
        action: 'upload.created',
        entity: 'upload',
        entityId: `${connection.id}.${upload.id}`,
        before: null,
        after: { entity, mode, window, profile: { name: profile.name, version: profile.version } },
      },
      answer: { body: { id: upload.id, put }, headers: location },
    }));
  },
});

function streamOf({ provider, settings }: Connection, named: string): StreamManifest {
  const manifest = manifestOf(provider);
  const file = fileEntityOf(named);
  const stream = manifest.streams.find((one) => one.stream === file);
  if (stream === undefined)
    throw invalidField('/entity', `must be one of ${manifest.streams.map(({ entity }) => entity).join(', ')}`, 'unknown');
  if (!settings.entities.includes(stream.entity))
    throw invalidField(
      '/entity',
      `this connection does not supply ${stream.entity}: another one does, or its settings leave it out`,
    );
  if (stream.entity === 'wage_record' && !settings.importWages)
    throw invalidField('/entity', 'wages are read only where the setting importWages is on');
  return stream;
}

function requireWindow(
  { deletes, entity }: StreamManifest,
  mode: Upload['mode'],
  window: { readonly from: string; readonly to: string } | undefined,
): void {
  const dated = deletes.kind === 'window_sweep';
  if (mode === 'replace' && !dated) throw invalidField('/mode', `${entity} has no days to replace: use upsert or full`);
  if (window === undefined) return;
  if (mode !== 'replace') throw invalidField('/window', 'belongs to the mode replace');
  if (window.to < window.from) throw invalidField('/window/to', 'lies before its beginning');
}
