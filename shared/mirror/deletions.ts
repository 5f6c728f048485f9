import { type Instant, secondsBetween } from '#kernel/instant.ts';
import type { MissedGroup } from '#model/sync-items.ts';

export interface DeletionInput {
  /** Ids the mirror holds in what was listed, and those the listing did not show. */
  readonly liveIds: readonly string[];
  readonly missingIds: readonly string[];
  /** Rows the listing showed at all. */
  readonly rowsListed: number;
  readonly earlier: readonly MissedGroup[];
  /** Deletions applied in the last 24 hours, with the live count at their start (M-103). */
  readonly applied: readonly { readonly at: Instant; readonly count: number; readonly liveBefore: number }[];
  readonly now: Instant;
  readonly runId: string;
  readonly cycleMinutes: number;
}

export interface DeletionDecision {
  /** Proven absent twice, at least a cycle apart, and within the bound: to be tombstoned now. */
  readonly due: readonly string[];
  /** Set when deletions are held for a person instead (M-103, M-104). */
  readonly hold: {
    readonly ids: readonly string[];
    readonly share: number;
    readonly cause: 'empty_listing' | 'bound_exceeded';
  } | null;
  /** Misses to remember for the next sweep. */
  readonly missed: readonly MissedGroup[];
}

const DAY_SECONDS = 86_400;
const GUARD_FREE = 2;
const GUARD_COUNT = 500;
const GUARD_SHARE_PERCENT = 15;

/**
 * What a complete, error-free listing proves (M-102 to M-104). A first miss is only remembered; a second one at least a cycle later is
 * due; and the guard holds whatever is more than 2 and more than the smaller of 500 and 15 % of what was live 24 hours ago. An empty
 * listing where more than 2 records were live proves nothing: it is held at once.
 */
export function decideDeletions(input: DeletionInput): DeletionDecision {
  const missing = new Set(input.missingIds);
  const live = input.liveIds.length;
  if (input.rowsListed === 0 && live > GUARD_FREE && missing.size > 0) {
    return { due: [], hold: { ids: [...missing].sort(), share: 1, cause: 'empty_listing' }, missed: [] };
  }
  const known = new Set<string>();
  const due: string[] = [];
  const missed: MissedGroup[] = [];
  for (const group of input.earlier) {
    const still = group.ids.filter((id) => missing.has(id) && !known.has(id));
    for (const id of still) known.add(id);
    if (still.length === 0) continue;
    if (secondsBetween(group.at, input.now) >= input.cycleMinutes * 60) due.push(...still);
    else missed.push({ ...group, ids: still });
  }
  const fresh = [...missing].filter((id) => !known.has(id)).sort();
  if (fresh.length > 0) missed.push({ at: input.now, runId: input.runId, ids: fresh });

  const share = excessShare(due.length, live, input);
  if (share !== null) return { due: [], hold: { ids: due.sort(), share, cause: 'bound_exceeded' }, missed };
  return { due: due.sort(), hold: null, missed };
}

/**
 * The share of live records that would be gone within 24 hours, where so many deletions, however they are proven, are more than the
 * bound allows at once (M-103); null where they are not.
 */
export function excessShare(due: number, live: number, { applied, now }: Pick<DeletionInput, 'applied' | 'now'>): number | null {
  const recent = applied.filter((one) => secondsBetween(one.at, now) < DAY_SECONDS);
  const liveAtStart = recent.length > 0 ? recent[0]!.liveBefore : live;
  const count = due + recent.reduce((sum, one) => sum + one.count, 0);
  if (due === 0 || count <= GUARD_FREE || !exceedsBound(count, liveAtStart)) return null;
  return count / Math.max(1, liveAtStart);
}

/** More than the smaller of 500 and 15 % of the records that were live: compared in whole numbers. */
function exceedsBound(count: number, live: number): boolean {
  return count > GUARD_COUNT || count * 100 > live * GUARD_SHARE_PERCENT;
}
