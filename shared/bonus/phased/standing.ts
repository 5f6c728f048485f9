import type { LineItem } from '#model/pay.ts';
import { isDecided, type Phase, RELEASE } from '#model/phase.ts';
import { type Lot, lotsOf, type Moved } from './reserve.ts';

/** The stages that a phase's money goes through (B-112), in cents. */
export interface PhaseStages {
  /** What it would pay as it stands, before its approval. */
  readonly projectedCents: number;
  /** What of its approval is still held back. */
  readonly reserveCents: number;
  /** What stands on items that are not paid yet. */
  readonly approvedCents: number;
  readonly paidCents: number;
}

/** What a phase's standing follows from: everything that moved the ProPay's reserve, and its items. */
export interface Ledger {
  readonly movements: readonly Moved[];
  readonly items: readonly LineItem[];
}

/** The decided phases whose standing is another than the stored one (B-112): Paid with the last of their money, and back. */
export function followedPhases(phases: readonly Phase[], ledger: Ledger): readonly Phase[] {
  return phases.filter(isDecided).flatMap((phase) => {
    const { status, settled } = standingOf(phase, ledger);
    return status === phase.status && settled === phase.settled ? [] : [{ ...phase, status, settled }];
  });
}

/** How far a decided phase's money is: Paid once all of it is, through whichever items it went. */
export function standingOf(phase: Phase, { movements, items }: Ledger): Pick<Phase, 'status' | 'settled'> {
  const lots = lotsOf(movements).filter(({ phaseId }) => phaseId === phase.id);
  const ends = items
    .filter((item) => isOf(item, phase, lots))
    .map(endOf)
    .filter((end) => end !== 'void');
  const settled = lots.every(({ left }) => left === 0) && ends.every((end) => end === 'paid');
  return { settled, status: settled && ends.length > 0 ? 'Paid' : 'Approved' };
}

/** True for the items of a phase's approval, and for those of releases that took of what it had put in. */
function isOf({ source, workerId, role }: LineItem, { id, approval }: Phase, lots: readonly Lot[]): boolean {
  if (source.kind !== 'phase') return false;
  if (source.phaseId !== RELEASE) return source.phaseId === id && source.approval === approval?.n;
  return lots.some((lot) => lot.workerId === workerId && lot.role === role && lot.released.has(source.approval));
}

function endOf({ events }: LineItem): 'void' | 'paid' | 'open' {
  const end = events.at(-1)?.type;
  return end === 'void' || end === 'paid' ? end : 'open';
}

/** What a phase comes to in each stage, of the people that a viewer may know about. */
export function stagesOf(phase: Phase, { movements, items }: Ledger, mayKnow: (workerId: string) => boolean): PhaseStages {
  const known = items.filter(({ workerId, source }) => source.kind === 'phase' && mayKnow(workerId));
  const lots = lotsOf(movements).filter(({ workerId }) => mayKnow(workerId));
  const own = known.filter(({ source }) => isOwn(source, phase));
  const released = lots.flatMap((lot) => (lot.phaseId === phase.id ? releasedOf(lot, lots, known) : []));
  const payouts = phase.status === 'Active' ? (phase.result.figures?.payouts ?? []) : [];
  return {
    projectedCents: payouts.filter(({ workerId }) => mayKnow(workerId)).reduce((sum, { cents }) => sum + cents, 0),
    reserveCents: lots.filter(({ phaseId }) => phaseId === phase.id).reduce((sum, { left }) => sum + left, 0),
    approvedCents: sumOf(own, 'open') + released.reduce((sum, one) => sum + one.approvedCents, 0),
    paidCents: sumOf(own, 'paid') + released.reduce((sum, one) => sum + one.paidCents, 0),
  };
}

function isOwn(source: LineItem['source'], { id, approval }: Phase): boolean {
  return source.kind === 'phase' && source.phaseId === id && source.approval === approval?.n;
}

/** What became of a lot's released money: of the items of one release what was put in first is paid first. */
function releasedOf(
  lot: Lot,
  lots: readonly Lot[],
  items: readonly LineItem[],
): readonly Pick<PhaseStages, 'approvedCents' | 'paidCents'>[] {
  const sharing = lots.filter(({ workerId, role }) => workerId === lot.workerId && role === lot.role);
  return [...lot.released].map(([n, cents]) => {
    const before = sharing.slice(0, sharing.indexOf(lot)).reduce((sum, one) => sum + (one.released.get(n) ?? 0), 0);
    const within = (total: number): number => Math.min(cents, Math.max(0, total - before));
    const own = items.filter(
      ({ source, workerId, role }) =>
        source.kind === 'phase' &&
        source.phaseId === RELEASE &&
        source.approval === n &&
        workerId === lot.workerId &&
        role === lot.role,
    );
    const paid = sumOf(own, 'paid');
    return { paidCents: within(paid), approvedCents: within(paid + sumOf(own, 'open')) - within(paid) };
  });
}

function sumOf(items: readonly LineItem[], end: 'paid' | 'open'): number {
  return items.filter((item) => endOf(item) === end).reduce((sum, { amountCents }) => sum + amountCents, 0);
}
