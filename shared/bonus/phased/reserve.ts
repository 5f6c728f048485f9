import { allocateAmounts } from '#kernel/allocate.ts';
import { refuse } from '#kernel/errors.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import type { Reserve, ReserveMovement, ReserveShare } from '#model/reserve.ts';
import { roundedRatio } from '../exact.ts';
import { type Payout, ROLES, type WorkerShare } from '../shapes.ts';

/** A movement as far as money is concerned. */
export type Moved = Pick<ReserveMovement, 'kind' | 'phaseId' | 'n' | 'shares'>;

/** What one phase put in for one person and role, and where it went; `left` is still held. */
export interface Lot {
  readonly phaseId: string;
  readonly workerId: string;
  readonly role: ReserveShare['role'];
  readonly cents: number;
  readonly left: number;
  readonly drawn: number;
  /** By number of the release. */
  readonly released: ReadonlyMap<number, number>;
}

/** The movements that still stand: an unapproval takes its approval with it. */
export function standing(movements: readonly Moved[]): readonly Moved[] {
  const undone = new Set(movements.filter(({ kind }) => kind === 'unapproval').map(({ phaseId, n }) => `${phaseId} ${n}`));
  return movements.filter(({ kind, phaseId, n }) => kind === 'release' || !undone.has(`${phaseId} ${n}`));
}

type OpenLot = { -readonly [K in keyof Lot]: Lot[K] };

/**
 * Follows everything that was put in to where it went: what leaves is taken from what was put in first. A change of a phase's own sources
 * corrects what that phase has put in, and draws on others beyond it.
 */
export function lotsOf(movements: readonly Moved[]): readonly Lot[] {
  const lots: OpenLot[] = [];
  for (const movement of standing(movements)) {
    const { phaseId, shares } = movement;
    for (const { workerId, role, cents } of shares) {
      if (cents > 0) lots.push({ phaseId: phaseId ?? '', workerId, role, cents, left: cents, drawn: 0, released: new Map() });
      else
        takeFrom(
          lots.filter((lot) => lot.workerId === workerId && lot.role === role),
          0 - cents,
          movement,
        );
    }
  }
  return lots;
}

function takeFrom(lots: readonly OpenLot[], cents: number, { kind, phaseId, n }: Moved): void {
  const isOwn = (lot: OpenLot): boolean => kind === 'change' && lot.phaseId === phaseId;
  let rest = cents;
  for (const lot of [...lots.filter(isOwn), ...lots.filter((one) => !isOwn(one))]) {
    const taken = Math.min(rest, lot.left);
    rest -= taken;
    lot.left -= taken;
    if (kind === 'release' && taken > 0) lot.released = new Map([...lot.released, [n, (lot.released.get(n) ?? 0) + taken]]);
    if (kind === 'release') continue;
    if (isOwn(lot)) lot.cents -= taken;
    else lot.drawn += taken;
  }
}

/** What is held for each person and role, without zeros, in the order of payouts. */
export function balancesOf(movements: readonly Moved[]): readonly Payout[] {
  const sums = new Map<string, { workerId: string; role: ReserveShare['role']; cents: number }>();
  for (const { workerId, role, cents } of standing(movements).flatMap(({ shares }) => shares)) {
    const known = sums.get(`${role} ${workerId}`);
    sums.set(`${role} ${workerId}`, { workerId, role, cents: (known?.cents ?? 0) + cents });
  }
  return [...sums.values()]
    .filter(({ cents }) => cents !== 0)
    .sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role) || compareCodePoints(a.workerId, b.workerId));
}

/** What is held for each person, by worker id (B-190). Everybody who ever had something stays listed. */
export function reserveByWorker(movements: readonly Moved[]): readonly WorkerShare[] {
  const balances = balancesOf(movements);
  const workerIds = [...new Set(movements.flatMap(({ shares }) => shares.map(({ workerId }) => workerId)))];
  return workerIds.sort(compareCodePoints).map((workerId) => ({ workerId, cents: sumOf(balances, workerId) }));
}

/** What is held in all. */
export function totalOf(movements: readonly Moved[]): number {
  return balancesOf(movements).reduce((sum, { cents }) => sum + cents, 0);
}

/**
 * What a phase's approval does to the reserve (B-114): its payouts go in; a loss draws up to what is there, divided over the persons'
 * balances, and inside each over the roles they stand in. Negative amounts leave.
 */
export function sharesOfApproval(
  movements: readonly Moved[],
  {
    savingsCents,
    workerShareCents,
    payouts,
  }: { readonly savingsCents: number; readonly workerShareCents: number; readonly payouts: readonly Payout[] },
): readonly ReserveShare[] {
  if (savingsCents >= 0) return payouts.filter(({ cents }) => cents !== 0);
  const held = reserveByWorker(movements).filter(({ cents }) => cents > 0);
  const taken = Math.min(
    0 - workerShareCents,
    held.reduce((sum, { cents }) => sum + cents, 0),
  );
  const parts = allocateAmounts(
    taken,
    held.map(({ workerId, cents }) => ({ id: workerId, weight: cents })),
  );
  return held.flatMap(({ workerId }, index) => outOf(movements, workerId, parts[index]!));
}

/** What a release pays out (B-115): one percentage of every person's balance, or the person's own, each rounded. */
export function sharesOfRelease(
  movements: readonly Moved[],
  releaseBp: number,
  overrides: ReadonlyMap<string, number>,
): readonly Payout[] {
  const held = reserveByWorker(movements);
  const stranger = [...overrides.keys()].find((id) => !held.some(({ workerId }) => workerId === id));
  if (stranger !== undefined) refuse('unknown-reference', { field: 'overrides', data: { workerId: stranger } });
  return held
    .flatMap(({ workerId, cents }) =>
      outOf(movements, workerId, roundedRatio(cents, overrides.get(workerId) ?? releaseBp, 10_000)),
    )
    .map(({ workerId, role, cents }) => ({ workerId, role, cents: 0 - cents }));
}

/** Takes an amount of what is held for one person out of the roles it is held in. */
export function outOf(movements: readonly Moved[], workerId: string, cents: number): readonly ReserveShare[] {
  const own = balancesOf(movements).filter((one) => one.workerId === workerId);
  const parts = allocateAmounts(
    cents,
    own.map(({ role, cents: weight }) => ({ id: role, weight })),
  );
  return own.map(({ role }, index) => ({ workerId, role, cents: 0 - parts[index]! })).filter((one) => one.cents !== 0);
}

function sumOf(balances: readonly Payout[], workerId: string): number {
  return balances.filter((one) => one.workerId === workerId).reduce((sum, { cents }) => sum + cents, 0);
}

/**
 * The movement that takes a phase's approval back (B-112): refused once anything of what it put in was released or drawn; what it drew
 * itself goes back.
 */
export function sharesOfUnapproval(movements: readonly Moved[], phaseId: string, n: number): readonly ReserveShare[] {
  const used = lotsOf(movements).filter((lot) => lot.phaseId === phaseId && lot.left !== lot.cents);
  if (used.length > 0) refuse('partly-paid', { data: { workerIds: [...new Set(used.map(({ workerId }) => workerId))] } });
  const made = standing(movements).filter(
    (one) => (one.kind === 'approval' || one.kind === 'change') && one.phaseId === phaseId && one.n === n,
  );
  return made.flatMap(({ shares }) => shares).map((share) => ({ ...share, cents: 0 - share.cents }));
}

/** A reserve with one movement more; those that move nothing are left out. */
export function withMovement(reserve: Reserve, movement: ReserveMovement): Reserve {
  return movement.shares.length === 0 ? reserve : { ...reserve, movements: [...reserve.movements, movement] };
}
