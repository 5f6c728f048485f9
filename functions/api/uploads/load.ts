import type { Connection, SyncState } from '#model/connection.ts';
import { presentUpload, type Upload } from '#model/upload.ts';
import { readUpload } from '#store/upload-repository.ts';
import { loadConnection } from '../admin/connections/load.ts';
import { manifestOf } from '../admin/connections/view.ts';
import { ApiProblem, notFound } from '../problem.ts';
import type { ApiRequest } from '../route.ts';
import type { UploadPorts } from './ports.ts';

type Loading = Pick<ApiRequest<string>, 'scope'> & { readonly ports: Pick<UploadPorts, 'table' | 'now'> };

/** A file source of the caller's tenant; 404 for any other id, 422 where the source is not one of files. */
export async function loadFileSource(
  request: Loading,
  id: string,
): Promise<{ readonly connection: Connection; readonly sync: SyncState }> {
  const loaded = await loadConnection(request, id);
  const { auth, name } = manifestOf(loaded.connection.provider);
  if (auth !== 'file')
    throw new ApiProblem('upload-not-supported', { detail: `${name} is asked for its data; it takes no files.` });
  return loaded;
}

/** An upload of a file source, as it stands now; 404 for any other id. */
export async function loadUpload(
  request: Loading,
  params: { readonly id: string; readonly uploadId: string },
): Promise<{ readonly connection: Connection; readonly sync: SyncState; readonly upload: Upload }> {
  const loaded = await loadFileSource(request, params.id);
  const upload = await readUpload(request.ports.table, request.scope, loaded.connection.n, params.uploadId);
  if (upload === null) throw notFound();
  return { ...loaded, upload: presentUpload(upload, request.ports.now()) };
}

/** Refuses what a disconnected source cannot take any more (M-112). */
export function requireConnected({ disconnectedAt }: Connection): void {
  if (disconnectedAt !== null)
    throw new ApiProblem('connection-not-runnable', {
      detail: 'The file source is disconnected. Reconnect it first.',
      data: { state: 'disconnected', cause: 'disconnected', fix: 'Reconnect it.' },
    });
}
