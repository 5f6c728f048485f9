import { EMPTY_REPORT } from '#model/upload.ts';
import { saveUploadAction } from '#store/upload-repository.ts';
import { MANAGE_CONNECTIONS } from '../access.ts';
import { commitFresh } from '../commit.ts';
import { ApiProblem } from '../problem.ts';
import { loadUpload } from './load.ts';
import { defineUploadRoute } from './ports.ts';
import { uploadShape } from './shapes.ts';
import { uploadView } from './view.ts';

/** Discards an upload that was not accepted: its file goes, the mirror never hears of it. Discarding twice is discarding once. */
export const discardUpload = defineUploadRoute({
  method: 'DELETE',
  path: '/v1/connections/{id}/uploads/{uploadId}',
  group: 'uploads',
  summary: 'Discard an upload that was not accepted',
  access: MANAGE_CONNECTIONS,
  answer: { status: 200, description: 'The upload as it stays', schema: uploadShape },
  handler: async (request) => {
    const { ports, scope, params, command } = request;
    const answer = await commitFresh(command, async () => {
      const { connection, upload } = await loadUpload(request, params);
      if (upload.status === 'accepted')
        throw new ApiProblem('wrong-state', { detail: 'The file was accepted. Upload a corrected one instead.' });
      const next = { ...upload, status: 'discarded' as const, revision: upload.revision + 1 };
      return {
        actions: [saveUploadAction(scope, connection.n, next, upload.revision)],
        audit: {
          action: 'upload.discarded',
          entity: 'upload',
          entityId: `${connection.id}.${upload.id}`,
          before: { status: upload.status },
          after: { status: next.status },
        },
        answer: { body: uploadView(next, EMPTY_REPORT) },
      };
    });
    const { connection, upload } = await loadUpload(request, params);
    await ports.files.drop(connection.provider, { type: 'upload-drop', connectionId: connection.id, uploadId: upload.id });
    return answer;
  },
});
