import type { MirrorRecord } from '#model/mirror-record.ts';
import type { OverrideField } from '#model/overrides.ts';
import type { RecordRef } from '../shapes.ts';

/** True while the source still has the record and it is within scope: dead ones are kept for history and count nowhere. */
export function isLive(record: Pick<MirrorRecord, 'tombstone' | 'aliasOf' | 'outOfScope' | 'sourceIgnored'>): boolean {
  return record.tombstone === null && record.aliasOf === null && record.outOfScope === null && !record.sourceIgnored;
}

/** A mirrored record as an input of a calculation (B-5). */
export function refOfRecord(record: Pick<MirrorRecord, 'entity' | 'id' | 'revision' | 'sourceId'>): RecordRef {
  return { entity: record.entity, id: record.id, revision: record.revision, sourceId: record.sourceId };
}

/** An override as an input of a calculation: the record that it was set on with the field, and the revision of its facts that set it. */
export function refOfOverride(
  recordId: string,
  field: OverrideField,
  { setAt, from }: { readonly setAt: number; readonly from?: string },
): RecordRef {
  return { entity: 'override', id: `${from ?? recordId}.${field}`, revision: setAt };
}
