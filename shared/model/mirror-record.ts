import type { Instant } from '#kernel/instant.ts';
import type { BonusBlock } from './bonus-block.ts';
import type { EntityFields, EntityName, IdentitySpace } from './entities.ts';
import type { OwnFacts } from './own-facts.ts';

/** The provenance envelope (M-23) around the mirrored fields, with what people and the bonus layer keep beside them. */
export interface MirrorRecord<E extends EntityName = EntityName> {
  readonly id: string;
  readonly entity: E;
  readonly space: IdentitySpace;
  readonly connectionId: string;
  readonly sourceId: string;
  readonly generation: number;
  readonly fields: EntityFields[E];
  readonly sourceUpdatedAt: Instant | null;
  readonly sourceCreatedAt: Instant | null;
  readonly sourceStatus: string | null;
  /** SHA-256 of the canonical mapped record, base64url (M-92). */
  readonly contentHash: string;
  readonly mappingVersion: number;
  /** 1, then +1 for each stored change. */
  readonly revision: number;
  readonly fence: number;
  readonly firstSeenRunId: string;
  readonly lastChangedRunId: string;
  readonly lastChangedAt: Instant;
  readonly tombstone: Tombstone | null;
  readonly aliasOf: string | null;
  /** Jobs that lead to this one: the same work in another system, or under another id. Absent where none does. */
  readonly standsFor?: readonly string[];
  readonly outOfScope: string | null;
  readonly sourceIgnored: boolean;
  readonly pendingDeletion: boolean;
  /** Fields whose target is not mirrored yet: served as null until it arrives (M-26). */
  readonly pendingRefs: readonly string[];
  /** What people decided of it; jobs only. */
  readonly own: OwnFacts;
  /** What the bonus layer keeps on the record for list rows. */
  readonly bonus: BonusBlock;
}

export interface Tombstone {
  readonly at: Instant;
  readonly runId: string;
  readonly reason: 'absent' | 'feed' | 'flag' | 'merged' | 'confirmed';
}

export { type BonusBlock, NO_BONUS, type ShownBudget, type ShownWage } from './bonus-block.ts';
