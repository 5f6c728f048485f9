import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { msOf } from '#kernel/instant.ts';
import type { QuarantineEntry } from '#model/connection.ts';
import { connectionPartition, uploadKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { Waiting } from '#model/sync-items.ts';
import { EMPTY_REPORT, type Upload, type UploadReport } from '#model/upload.ts';
import { waitingKey } from './mirror-run-store.ts';
import type { Item, Table, WriteAction } from './table.ts';

/** As long as the details of runs (M-108). */
const KEPT_SECONDS = 90 * 86_400;

export async function readUpload(table: Table, scope: TenantScope, n: number, uploadId: string): Promise<Upload | null> {
  const item = await table.get(scope, uploadKey(scope, n, uploadId, 'UP'));
  return item === null ? null : decodeUpload(item);
}

/** Every upload of a connection, oldest first: a few a week, each forgotten after ninety days. */
export async function listUploads(table: Table, scope: TenantScope, n: number): Promise<readonly Upload[]> {
  return (await table.queryAll(scope, { partition: connectionPartition(scope, n), prefix: 'UP#' })).map(decodeUpload);
}

/** Stores an upload that is new, or still is what was read. */
export function saveUploadAction(scope: TenantScope, n: number, upload: Upload, readRevision: number | null): WriteAction {
  return {
    kind: 'put',
    item: { ...uploadKey(scope, n, upload.id, 'UP'), et: 'up', v: 1, upload, expiresAt: forgottenAt(upload) },
    condition:
      readRevision === null
        ? { expression: 'attribute_not_exists(pk)' }
        : { expression: 'upload.revision = :read', values: { ':read': readRevision } },
  };
}

/** The rows behind a preview; none where there is none. */
export async function readUploadReport(table: Table, scope: TenantScope, n: number, uploadId: string): Promise<UploadReport> {
  const item = await table.get(scope, uploadKey(scope, n, uploadId, 'UPR'));
  if (item === null) return EMPTY_REPORT;
  return JSON.parse(inflateRawSync(item.report as Uint8Array).toString('utf8')) as UploadReport;
}

/** Keeps the rows behind a preview, compressed: what a spreadsheet has many of is much alike. */
export function saveUploadReportAction(scope: TenantScope, n: number, upload: Upload, report: UploadReport): WriteAction {
  const packed = new Uint8Array(deflateRawSync(JSON.stringify(report)));
  const key = uploadKey(scope, n, upload.id, 'UPR');
  return { kind: 'put', item: { ...key, et: 'ur', v: 1, report: packed, expiresAt: forgottenAt(upload) } };
}

/** Keeps a row of a file with what it waits for. */
export async function keepWaitingRow(table: Table, scope: TenantScope, n: number, waiting: Waiting): Promise<void> {
  await table.write(scope, [{ kind: 'put', item: { ...waitingKey(scope, n, waiting), et: 'pk', v: 1, waiting } }]);
}

/** Takes the rows of earlier files that could not be read out of the quarantine. */
export async function dropQuarantinedRows(table: Table, scope: TenantScope, n: number, space: string): Promise<void> {
  const prefix = `QUAR#${space}#`;
  const items = await table.queryAll(scope, { partition: connectionPartition(scope, n), prefix });
  for (const { pk, sk, entry } of items) {
    if ((entry as QuarantineEntry).row !== undefined) await table.write(scope, [{ kind: 'delete', key: { pk, sk } }]);
  }
}

function decodeUpload(item: Item): Upload {
  return item.upload as Upload;
}

function forgottenAt({ createdAt }: Upload): number {
  return Math.ceil(msOf(createdAt) / 1_000) + KEPT_SECONDS;
}
