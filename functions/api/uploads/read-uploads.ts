import * as z from 'zod/mini';
import { csvLine } from '#kernel/csv.ts';
import { connectionPartition } from '#model/keys.ts';
import { presentUpload, type Upload, type UploadIssue } from '#model/upload.ts';
import { readUploadReport } from '#store/upload-repository.ts';
import { SEE_RUNS } from '../access.ts';
import { listOf } from '../edge.ts';
import { readPage } from '../pages.ts';
import { PAGING } from '../query.ts';
import { loadFileSource, loadUpload } from './load.ts';
import { defineUploadRoute } from './ports.ts';
import { uploadShape, uploadSummaryShape } from './shapes.ts';
import { uploadSummary, uploadView } from './view.ts';

export const listUploads = defineUploadRoute({
  method: 'GET',
  path: '/v1/connections/{id}/uploads',
  group: 'uploads',
  summary: 'Uploads of a file source, newest first',
  access: SEE_RUNS,
  query: PAGING,
  answer: { status: 200, description: 'A page of uploads', schema: listOf(uploadSummaryShape) },
  handler: async (request) => {
    const { connection } = await loadFileSource(request, request.params.id);
    const partition = connectionPartition(request.scope, connection.n);
    const page = await readPage(request, [{ partition, prefix: 'UP#', descending: true }]);
    const now = request.ports.now();
    const items = page.items.map((item) => uploadSummary(presentUpload(item.upload as Upload, now)));
    return { body: { items, nextCursor: page.nextCursor } };
  },
});

export const getUpload = defineUploadRoute({
  method: 'GET',
  path: '/v1/connections/{id}/uploads/{uploadId}',
  group: 'uploads',
  summary: 'An upload with the preview of its file',
  access: SEE_RUNS,
  answer: { status: 200, description: 'The upload; up to 1,000 rows of each kind, with their full counts', schema: uploadShape },
  handler: async (request) => {
    const { connection, upload } = await loadUpload(request, request.params);
    const report = await readUploadReport(request.ports.table, request.scope, connection.n, upload.id);
    return { body: uploadView(upload, report), revision: upload.revision };
  },
});

export const getUploadReport = defineUploadRoute({
  method: 'GET',
  path: '/v1/connections/{id}/uploads/{uploadId}/report',
  group: 'uploads',
  summary: 'What is wrong with the rows of a file, as CSV',
  access: SEE_RUNS,
  answer: { status: 200, description: 'One line a row, its line number first', schema: z.string(), mediaType: 'text/csv' },
  handler: async (request) => {
    const { connection, upload } = await loadUpload(request, request.params);
    const report = await readUploadReport(request.ports.table, request.scope, connection.n, upload.id);
    const lines = [
      HEADER,
      ...report.rejected.map((issue) => lineOf('error', issue)),
      ...report.warnings.map((issue) => lineOf('warning', issue)),
    ];
    const headers = { 'content-disposition': `attachment; filename="upload-${upload.id}.csv"` };
    return { body: `${lines.join('\r\n')}\r\n`, mediaType: 'text/csv', headers };
  },
});

const HEADER = csvLine(['row', 'kind', 'reason', 'field', 'detail', 'value']);

function lineOf(kind: string, { row, reason, field, detail, value }: UploadIssue): string {
  return csvLine([String(row), kind, reason, guarded(field), guarded(detail), guarded(value)]);
}

/** Nothing out of a file begins a cell as a formula would, numbers included (file import, section 4). */
function guarded(text: string | null): string {
  return text !== null && /^[=+\-@]/.test(text) ? `'${text}` : (text ?? '');
}
