import type { Fingerprint } from '#model/fingerprint-rows.ts';
import type { MappedRecord } from '#model/mapped-record.ts';

/** A record as read, with the identity and the fingerprint it would have. */
export interface Incoming {
  readonly record: MappedRecord;
  readonly id: string;
  readonly contentHash: string;
  readonly fingerprint: Fingerprint;
  /** ISO week of a dated stream, else `all`. */
  readonly segment: string;
  /** True for what comes along with another row, such as a ticket's budget: it leaves no marker of its own. */
  readonly companion: boolean;
  /** True in a stream's first reading for an id it has not met: nothing is stored of it, so nothing is read before it is created. */
  readonly fresh: boolean;
}
