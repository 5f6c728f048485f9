import { hashCanonical } from '#kernel/hash.ts';
import { sameName } from '#mirror/import-scope.ts';
import type { KeyPart } from './bind-header.ts';
import type { RowReader } from './row-reader.ts';

/** Marks an id that is derived from what a row says (M-72). */
const DERIVED = 'drv1:';

/** The source id of a row. `stable`: another row with this id is another version of the same record. */
export interface RowIdentity {
  readonly sourceId: string;
  readonly stable: boolean;
}

/** A source id from values: the same values give the same id, in every file and for ever. */
export function derivedId(entity: string, values: readonly string[]): string {
  return DERIVED + hashCanonical([entity, ...values]);
}

/**
 * The identity of the row being read: the cell of its id column, else derived from the columns that the profile names, in normal form, so
 * that another way of writing the same day or time makes no other record. Null where neither is there.
 */
export function identityOf(row: RowReader): RowIdentity | null {
  const id = row.id('id');
  if (id !== null) return { sourceId: id, stable: true };
  const { identity, natural } = row.layout;
  if (identity.length === 0) return null;
  const values = identity.map((part) => keyText(row, part));
  return { sourceId: derivedId(row.request.profile.entity, values), stable: natural };
}

function keyText(row: RowReader, part: KeyPart): string {
  // A column that is empty, or comes only with a later file, makes no other record.
  if (part === null) return '';
  if ('cell' in part) return row.cell(part.cell);
  const { name, kind } = part.column;
  const raw = row.raw(name) ?? '';
  switch (kind) {
    case 'date':
      return row.clocks.date(raw) ?? raw;
    case 'time': {
      const clock = row.clocks.clock(raw);
      if (clock === null) return raw;
      return clock.instant ?? (clock.date === null ? clock.time : `${clock.date}T${clock.time}`);
    }
    case 'word':
      return sameName(raw);
    default:
      return raw;
  }
}
