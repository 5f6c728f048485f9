import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { canonicalJson } from '#kernel/canonical.ts';
import { hashText } from '#kernel/hash.ts';
import { snapshotKey } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import { readApproval } from './propay-repository.ts';
import { StoreError } from './store-error.ts';
import type { Table } from './table.ts';

/** An item may hold 400 KB; what stands beside the bytes needs little. */
const CHUNK_BYTES = 350_000;

/** A stored snapshot: the digest of its text names it, so the same snapshot written twice is one. */
export interface SnapshotName {
  readonly digest: string;
  readonly chunks: number;
}

/**
 * Writes a snapshot (B-89) in compressed chunks under its digest, before the transaction that refers to it. A crash in between leaves
 * chunks that nothing names; a repetition writes the same bytes again.
 */
export async function writeSnapshot(
  table: Table,
  scope: TenantScope,
  sourceId: string,
  snapshot: unknown,
): Promise<SnapshotName> {
  const text = canonicalJson(snapshot);
  const digest = hashText(text);
  const bytes = deflateRawSync(text);
  const chunks = Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES));
  for (let chunk = 0; chunk < chunks; chunk++) {
    const part = new Uint8Array(bytes.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES));
    const item = { ...snapshotKey(scope, sourceId, digest, chunk), et: 'sn', v: 1, data: part, chunks };
    await table.write(scope, [{ kind: 'put', item }]);
  }
  return { digest, chunks };
}

/** Reads a snapshot back whole and checks it against its digest. Throws where a part is missing or altered. */
export async function readSnapshot(table: Table, scope: TenantScope, sourceId: string, name: SnapshotName): Promise<unknown> {
  const keys = Array.from({ length: name.chunks }, (_, chunk) => snapshotKey(scope, sourceId, name.digest, chunk));
  const items = await table.batchGet(scope, keys);
  const parts = items.map((item) => {
    if (item === null) throw new StoreError('store-refused', 'a part of a snapshot is missing');
    return item.data as Uint8Array;
  });
  const text = inflateRawSync(Buffer.concat(parts)).toString('utf8');
  if (hashText(text) !== name.digest) throw new StoreError('store-refused', 'a snapshot does not fit its digest');
  return JSON.parse(text);
}

/** The snapshot of one approval of a thing (B-89). An approval without one is a defect, never "nothing there". */
export async function readApprovalSnapshot(table: Table, scope: TenantScope, sourceId: string, n: number): Promise<unknown> {
  const approval = await readApproval(table, scope, sourceId, n);
  if (approval === null) throw new StoreError('store-refused', 'an approval has no record');
  return readSnapshot(table, scope, sourceId, { digest: approval.snapshotDigest, chunks: approval.snapshotChunks });
}
