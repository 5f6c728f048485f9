import type { Instant } from '#kernel/instant.ts';
import type { EntityFields, EntityName, IdentitySpace } from './entities.ts';

/**
 * What a connector's mapping makes of one raw row: the canonical fields (M-27) with references still as source ids. The engine turns
 * those into mirror ids, decides attribution and parents, and stores it. The content hash (M-92) covers exactly `fields`.
 */
export interface MappedRecord<E extends EntityName = EntityName> {
  readonly entity: E;
  readonly space: IdentitySpace;
  /** Byte-exact id at the source (M-24). */
  readonly sourceId: string;
  readonly sourceUpdatedAt: Instant | null;
  readonly sourceCreatedAt: Instant | null;
  /** Raw status as received: shown, never hashed. */
  readonly sourceStatus: string | null;
  readonly fields: MappedFields<E>;
  /**
   * `ignored`: draft or canceled at the source (M-45). `out_of_scope`: read, but not ours to keep (V-10). Absent: in scope.
   * A mirrored record in status `canceled` is updated (M-46); one never seen before leaves only a marker.
   */
  readonly skip?: SkipReason;
  /** Set where the source says that the record is gone (a delete flag or a row of a delete feed, M-102 c). */
  readonly tombstone?: 'flag' | 'feed';
  /** Things worth telling that do not stop the record: `long_entry`, `duration_mismatch`, `wage_missing` … */
  readonly warnings?: readonly string[];
}

/**
 * Canonical fields before resolution: same names, references hold source ids; `attribution` is the engine's to decide. Distributes over
 * the entities, so that the fields of any record are those of one of them.
 */
export type MappedFields<E extends EntityName = EntityName> = E extends EntityName ? Omit<EntityFields[E], 'attribution'> : never;

export interface SkipReason {
  readonly kind: 'ignored' | 'out_of_scope';
  /** `draft`, `canceled`, or a code of V-10: `not_an_employee`, `before_import_window`, `type_not_read` … */
  readonly code: string;
  /** The rule that decided: `built-in` or the setting's key. */
  readonly rule: string;
}

/** Why one row could not be mapped (M-98). `value` is the offending field only, redacted and at most 256 characters. */
export interface Rejection {
  readonly sourceId: string | null;
  /** Line of an uploaded file. */
  readonly row?: number;
  readonly reason: QuarantineReason;
  readonly field: string | null;
  readonly value: string | null;
}

export type QuarantineReason =
  | 'id_missing'
  | 'id_too_long'
  | 'required_field_missing'
  | 'type_invalid'
  | 'value_too_large'
  | 'value_out_of_range'
  | 'money_invalid'
  | 'currency_mismatch'
  | 'time_invalid'
  | 'duration_out_of_range'
  | 'time_format_mismatch'
  | 'status_unmapped'
  | 'enum_unknown'
  | 'duplicate_identity'
  | 'unlinked_reference'
  | 'row_invalid';

/** A further record of a row, such as its budget, that could not be mapped although the row itself could. */
export interface CompanionRejection extends Rejection {
  readonly sourceId: string;
  readonly entity: EntityName;
  readonly space: IdentitySpace;
}

/**
 * The outcome of mapping one raw row. `also`: further records from the same row, such as its budget or a wage; `refused`: those of them
 * that are quarantined without their row.
 */
export type MappedRow =
  | {
      readonly kind: 'record';
      readonly record: MappedRecord;
      readonly also: readonly MappedRecord[];
      readonly refused?: readonly CompanionRejection[];
    }
  | { readonly kind: 'rejected'; readonly rejected: Rejection };
