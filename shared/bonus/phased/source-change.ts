import type { RoleDifference, SourceDifference } from '#model/difference.ts';
import type { LineItem } from '#model/pay.ts';
import { type Phase, phaseSourceId } from '#model/phase.ts';
import type { ReserveShare } from '#model/reserve.ts';
import {
  adjustmentsOf,
  type DifferenceVerdict,
  decidedDifference,
  differenceOf,
  payoutOf,
  requireDecidable,
  requireNoDeduction,
  standingOf,
  takenFrom,
  totalOf,
} from '../commands/source-change.ts';
import type { Payout } from '../shapes.ts';
import { sumDifferences } from '../source-change.ts';
import { balancesOf, lotsOf, type Moved, outOf } from './reserve.ts';

/** What was decided of one phase's difference: what goes into the reserve and out of it, and what becomes items. */
export interface PhaseChangeDecision {
  readonly phase: Phase;
  readonly next: SourceDifference;
  readonly decided: readonly RoleDifference[];
  /** Movements of the reserve, in order; none where the mode keeps none. */
  readonly moved: readonly (readonly ReserveShare[])[];
  readonly adjustments: readonly Payout[];
}

/** What a decision is made on. `movements`: null where phases keep no reserve. `items`: of all phases and releases of the ProPay. */
export interface DecidedOn {
  readonly phases: readonly Phase[];
  readonly movements: readonly Moved[] | null;
  readonly items: readonly LineItem[];
  readonly deductionsAllowed: boolean;
}

/**
 * Decides the open difference of a phased ProPay (B-96, B-97), phase by phase. Without a reserve each phase's difference becomes adjusting
 * items, and takes no more than that phase's own items hold (B-113). With one it meets the reserve first: raises go in as payouts do (B-114),
 * lowerings come out of what is held for the person, and only what this phase has released already becomes a deduction.
 */
export function decidePhasedDifference(
  known: SourceDifference,
  { verdict, workerIds }: DifferenceVerdict,
  { phases, movements, items, deductionsAllowed }: DecidedOn,
): readonly PhaseChangeDecision[] {
  const open = known.parts.filter(({ state }) => state === 'Open');
  requireDecidable(
    known,
    open.flatMap(({ byWorker }) => byWorker),
    workerIds,
  );
  const parts = open.flatMap((part) => {
    const decided = part.byWorker.filter(({ workerId }) => workerIds === null || workerIds.includes(workerId));
    const phase = phases.find((one) => phaseSourceId(one) === part.proPayId);
    if (phase === undefined || (workerIds !== null && decided.length === 0)) return [];
    return [{ phase, part, decided }];
  });
  if (verdict === 'dismiss')
    return parts.map((one) => decidedPart(one, verdict, { moved: [], adjustments: [], booked: one.decided }));
  const booked = movements === null ? parts.map((one) => withItems(one, items)) : withReserve(parts, movements, items);
  if (!deductionsAllowed) requireNoDeduction(booked.flatMap(({ adjustments }) => adjustments));
  return parts.map((one, at) => decidedPart(one, verdict, booked[at]!));
}

interface OpenPart {
  readonly phase: Phase;
  readonly part: SourceDifference;
  readonly decided: readonly RoleDifference[];
}

/** What one phase's decision books: movements of the reserve and items, and how much of each person's difference they make up. */
type Booked = Pick<PhaseChangeDecision, 'moved' | 'adjustments'> & { readonly booked: readonly RoleDifference[] };

function decidedPart(
  { phase, part, decided }: OpenPart,
  verdict: DifferenceVerdict['verdict'],
  { moved, adjustments, booked }: Booked,
): PhaseChangeDecision {
  return { phase, next: decidedDifference(part, { verdict, decided, booked }), decided, moved, adjustments };
}

function withItems({ phase, decided }: OpenPart, items: readonly LineItem[]): Booked {
  const adjustments = adjustmentsOf(decided, itemsOf(phase, items));
  return { moved: [], adjustments, booked: adjustments.map(differenceOf) };
}

function itemsOf({ id }: Phase, items: readonly LineItem[]): readonly LineItem[] {
  return items.filter(({ source }) => source.kind === 'phase' && source.phaseId === id);
}

/** All raises before any lowering: hours that went from one phase to another leave the person's reserve as it is. */
function withReserve(parts: readonly OpenPart[], before: readonly Moved[], items: readonly LineItem[]): readonly Booked[] {
  const raises = parts.map(({ decided }) => decided.filter(({ differenceCents }) => differenceCents > 0));
  let movements = [...before, ...parts.map(({ phase }, at) => changeOf(phase, raises[at]!.map(payoutOf)))];
  return parts.map((part, at) => {
    const taken = lowered(part, movements, items);
    movements = [...movements, changeOf(part.phase, taken.shares)];
    return {
      moved: [raises[at]!.map(payoutOf), taken.shares].filter((moved) => moved.length > 0),
      adjustments: taken.adjustments,
      booked: [...raises[at]!, ...taken.booked],
    };
  });
}

const changeOf = ({ id, approval }: Phase, shares: readonly ReserveShare[]): Moved => ({
  ...{ kind: 'change', phaseId: id, n: approval?.n ?? 0, shares },
});

interface Lowered {
  readonly shares: readonly ReserveShare[];
  readonly adjustments: readonly Payout[];
  readonly booked: readonly RoleDifference[];
}

function lowered({ phase, decided }: OpenPart, movements: readonly Moved[], items: readonly LineItem[]): Lowered {
  const losses = Map.groupBy(
    decided.filter(({ differenceCents }) => differenceCents < 0),
    ({ workerId }) => workerId,
  );
  const all = [...losses].map(([workerId, own]): Lowered => {
    const direct = heldInSameRole(own, movements);
    const others = heldInOtherRoles(own, direct, [...movements, changeOf(phase, direct)]);
    const fromOthers = takenFrom(rest(own, direct), 0 - centsOf(others));
    const open = rest(own, [...direct, ...fromOthers]);
    const adjustments = takenFrom(open, Math.min(0 - totalOf(open), givenBy(phase, workerId, movements, items)));
    return {
      shares: addUp([...direct, ...others]),
      adjustments,
      booked: [...direct, ...fromOthers, ...adjustments].map(differenceOf),
    };
  });
  return {
    shares: all.flatMap(({ shares }) => shares),
    adjustments: all.flatMap(({ adjustments }) => adjustments),
    booked: all.flatMap(({ booked }) => booked),
  };
}

/** What of one person's loss is held in the roles that lost it. */
function heldInSameRole(own: readonly RoleDifference[], movements: readonly Moved[]): readonly Payout[] {
  const held = balancesOf(movements);
  return own.flatMap(({ workerId, role, differenceCents }) => {
    const there = held.find((one) => one.workerId === workerId && one.role === role)?.cents ?? 0;
    const cents = Math.min(0 - differenceCents, there);
    return cents === 0 ? [] : [{ workerId, role, cents: 0 - cents }];
  });
}

/** What else of it is held for that person: `movements` with what the same roles give already. */
function heldInOtherRoles(
  own: readonly RoleDifference[],
  direct: readonly Payout[],
  movements: readonly Moved[],
): readonly ReserveShare[] {
  const { workerId } = own[0]!;
  const held = balancesOf(movements).filter((one) => one.workerId === workerId);
  const cents = Math.min(0 - totalOf(rest(own, direct)), centsOf(held));
  return cents === 0 ? [] : outOf(movements, workerId, cents);
}

/** A person's loss after some of it was taken. */
function rest(own: readonly RoleDifference[], taken: readonly Payout[]): readonly RoleDifference[] {
  return sumDifferences([...own, ...taken.map(({ cents, ...who }) => ({ ...who, differenceCents: 0 - cents }))]);
}

function addUp(shares: readonly ReserveShare[]): readonly ReserveShare[] {
  return sumDifferences(shares.map(differenceOf)).map(payoutOf);
}

const centsOf = (shares: readonly { readonly cents: number }[]): number => shares.reduce((sum, { cents }) => sum + cents, 0);

/** What a phase has given a person in items so far: of what it had put in what was released, less what it took back since. */
function givenBy(phase: Phase, workerId: string, movements: readonly Moved[], items: readonly LineItem[]): number {
  const released = lotsOf(movements)
    .filter((lot) => lot.phaseId === phase.id && lot.workerId === workerId)
    .flatMap((lot) => [...lot.released.values()])
    .reduce((sum, cents) => sum + cents, 0);
  const given = released + standingOf(itemsOf(phase, items), workerId);
  return Math.max(0, Math.min(given, standingOf(items, workerId)));
}
