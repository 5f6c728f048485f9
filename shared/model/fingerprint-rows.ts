/**
 * What the mirror holds of a stream, in 18 bytes a record: mirror id (96 bits) and the first 48 bits of its content hash. An idle full
 * listing is recognised from these alone, without reading a single record (P2).
 *
 * Segments are written by a fold; plan pages since then lie over them. A row of a page that a crash left unfinished is `unknown`: the
 * record is looked at before anything is decided.
 */
export type Fingerprint = string;

/** A record that a plan page removed, or one whose state a crash left open. */
const REMOVED = 'AAAAAAAA';
export const UNKNOWN: Fingerprint = '________';

const ID_BYTES = 12;
const HASH_BYTES = 6;
const ROW_BYTES = ID_BYTES + HASH_BYTES;
/** Rows of one stored segment: 72 KB, a fifth of what an item may hold. */
export const SEGMENT_ROWS = 4_000;

/** The stored part of a content hash. */
export function fingerprintOf(contentHash: string): Fingerprint {
  const fingerprint = contentHash.slice(0, 8);
  // The two reserved values would need a hash that begins with 48 equal bits; such a one is only told apart by looking at the record.
  return fingerprint === REMOVED ? UNKNOWN : fingerprint;
}

/**
 * What a row stands for: a mirrored record, one that comes along with another (a ticket's budget), or a record that is skipped. It is part
 * of the segment's name, so that a sweep counts records and nothing else.
 */
export type RowKind = 'main' | 'companion' | 'skipped';
const KIND_MARKS: Readonly<Record<RowKind, string>> = { main: '', companion: '~c', skipped: '~s' };

/** The segment of a row: `all` or an ISO week, with the mark of its kind. */
export function segmentName(base: string, kind: RowKind): string {
  return `${base}${KIND_MARKS[kind]}`;
}

/** The kind that a segment's rows are of. */
export function kindOfSegment(segment: string): RowKind {
  return segment.includes('~c') ? 'companion' : segment.includes('~s') ? 'skipped' : 'main';
}

export interface FingerprintRow {
  readonly id: string;
  /** Null: the record is gone from the stream. */
  readonly fingerprint: Fingerprint | null;
}

/** Rows in their stored form, sorted by id. */
export function encodeRows(rows: readonly FingerprintRow[]): Uint8Array {
  const bytes = Buffer.alloc(rows.length * ROW_BYTES);
  const sorted = [...rows].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  for (const [index, row] of sorted.entries()) {
    bytes.write(row.id, index * ROW_BYTES, ID_BYTES, 'base64url');
    bytes.write(row.fingerprint ?? REMOVED, index * ROW_BYTES + ID_BYTES, HASH_BYTES, 'base64url');
  }
  return bytes;
}

/** The reverse of `encodeRows`. */
export function decodeRows(stored: Uint8Array): FingerprintRow[] {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  if (bytes.length % ROW_BYTES !== 0) throw new Error('a fingerprint segment is cut');
  const rows: FingerprintRow[] = [];
  for (let at = 0; at < bytes.length; at += ROW_BYTES) {
    const fingerprint = bytes.toString('base64url', at + ID_BYTES, at + ROW_BYTES);
    rows.push({ id: bytes.toString('base64url', at, at + ID_BYTES), fingerprint: fingerprint === REMOVED ? null : fingerprint });
  }
  return rows;
}

/** Rows of one segment as they stand in a plan page. */
export interface PlannedRows {
  readonly stream: string;
  readonly segment: string;
  readonly rows: readonly FingerprintRow[];
}
