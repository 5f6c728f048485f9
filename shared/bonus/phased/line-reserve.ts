import type { LineItem } from '#model/pay.ts';
import { RELEASE } from '#model/phase.ts';
import { type Lot, lotsOf, type Moved } from './reserve.ts';

/** What became of a worker's money of one phase in the reserve (B-114, B-115), in cents. */
export interface LineReserve {
  readonly phaseId: string;
  readonly putInCents: number;
  readonly drawnCents: number;
  /** By the release that the line is of; of a line that is of none, by all of them. */
  readonly releasedCents: number;
  readonly heldBackCents: number;
}

/** The phases whose reserve is behind an item, for its own worker and role; none where it is of no phase that kept one. */
export function reserveBehind(
  { source, workerId, role }: Pick<LineItem, 'source' | 'workerId' | 'role'>,
  movements: readonly Moved[],
): readonly LineReserve[] {
  if (source.kind !== 'phase') return [];
  const release = source.phaseId === RELEASE ? source.approval : null;
  const own = lotsOf(movements).filter((lot) => lot.workerId === workerId && lot.role === role);
  const behind = own.filter((lot) => (release === null ? lot.phaseId === source.phaseId : lot.released.has(release)));
  return [...Map.groupBy(behind, ({ phaseId }) => phaseId)].map(([phaseId, lots]) => ({
    phaseId,
    putInCents: sumOf(lots, ({ cents }) => cents),
    drawnCents: sumOf(lots, ({ drawn }) => drawn),
    releasedCents: sumOf(lots, (lot) => releasedOf(lot, release)),
    heldBackCents: sumOf(lots, ({ left }) => left),
  }));
}

function releasedOf({ released }: Lot, release: number | null): number {
  if (release !== null) return released.get(release) ?? 0;
  return [...released.values()].reduce((sum, cents) => sum + cents, 0);
}

const sumOf = (lots: readonly Lot[], cents: (lot: Lot) => number): number => lots.reduce((sum, lot) => sum + cents(lot), 0);
