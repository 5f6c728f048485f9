import type { Instant } from '#kernel/instant.ts';
import type { MappedRecord } from '#model/mapped-record.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';

/** The five classes of M-93, with the two outcomes that leave the record as it is. */
export type Classification =
  | { readonly kind: 'created'; readonly generation: number }
  | { readonly kind: 'changed' }
  | { readonly kind: 'restored' }
  /** Same content: nothing is written. */
  | { readonly kind: 'unchanged' }
  /** Older than what is stored: a record never goes back (M-95). */
  | { readonly kind: 'stale' };

/**
 * What one record, as read, is to the mirror. Pure: the caller has read the stored record strongly and writes under a condition on
 * what was read, so a loser comes back here with the newer one.
 */
export function classify(
  stored: MirrorRecord | null,
  incoming: Pick<MappedRecord, 'sourceUpdatedAt' | 'sourceCreatedAt'> & {
    readonly contentHash: string;
    readonly sourceIgnored: boolean;
    readonly outOfScope: string | null;
    readonly placed: string;
  },
  storedPlace: string | null,
): Classification {
  if (stored === null) return { kind: 'created', generation: 1 };
  if (isOlder(incoming.sourceUpdatedAt, stored.sourceUpdatedAt)) return { kind: 'stale' };
  if (stored.tombstone !== null) {
    const reborn = isLater(incoming.sourceCreatedAt, stored.sourceCreatedAt);
    // M-95: a later creation time makes it another thing under the same id; without creation times it is the same thing back again.
    return reborn ? { kind: 'created', generation: stored.generation + 1 } : { kind: 'restored' };
  }
  // What is not ours to keep any more stands as it was last kept (M-105): only that it is so is worth a write.
  if (incoming.outOfScope !== null)
    return stored.outOfScope === incoming.outOfScope ? { kind: 'unchanged' } : { kind: 'changed' };
  const same =
    stored.contentHash === incoming.contentHash &&
    stored.sourceIgnored === incoming.sourceIgnored &&
    stored.outOfScope === null &&
    storedPlace === incoming.placed;
  return same ? { kind: 'unchanged' } : { kind: 'changed' };
}

function isOlder(incoming: Instant | null, stored: Instant | null): boolean {
  return incoming !== null && stored !== null && incoming < stored;
}

function isLater(incoming: Instant | null, stored: Instant | null): boolean {
  return incoming !== null && stored !== null && incoming > stored;
}
