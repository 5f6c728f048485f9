import type { RoleDifference, SourceDifference } from '#model/difference.ts';
import type { LineItem } from '#model/pay.ts';
import { type Phase, phaseSourceId } from '#model/phase.ts';
import type { ReserveShare } from '#model/reserve.ts';
import {
  adjustmentsOf,
  type DifferenceVerdict,
  decidedDifference,
  requireDecidable,
  requireNoDeduction,
  standingOf,
  takenFrom,
} from '../commands/source-change.ts';
import type { Payout } from '../shapes.ts';
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
    return [{ phase, next: decidedDifference(part, decided, verdict), decided }];
  });
  if (verdict === 'dismiss') return parts.map((part) => ({ ...part, moved: [], adjustments: [] }));
  const decisions = movements === null ? parts.map((part) => withItems(part, items)) : withReserve(parts, movements, items);
  if (!deductionsAllowed) requireNoDeduction(decisions.flatMap(({ adjustments }) => adjustments));
  return decisions;
}

type DecidedPart = Pick<PhaseChangeDecision, 'phase' | 'next' | 'decided'>;

function withItems(part: DecidedPart, items: readonly LineItem[]): PhaseChangeDecision {
  return { ...part, moved: [], adjustments: adjustmentsOf(part.decided, itemsOf(part.phase, items)) };
}

function itemsOf({ id }: Phase, items: readonly LineItem[]): readonly LineItem[] {
  return items.filter(({ source }) => source.kind === 'phase' && source.phaseId === id);
}

/** All raises before any lowering: hours that went from one phase to another leave the person's reserve as it is. */
function withReserve(
  parts: readonly DecidedPart[],
  before: readonly Moved[],
  items: readonly LineItem[],
): readonly PhaseChangeDecision[] {
  const raises = parts.map(({ decided }) =>
    decided
      .filter(({ differenceCents }) => differenceCents > 0)
      .map(({ workerId, role, differenceCents }) => ({ workerId, role, cents: differenceCents })),
  );
  let movements = [...before, ...parts.map(({ phase }, at) => changeOf(phase, raises[at]!))];
  return parts.map((part, at) => {
    const { shares, adjustments } = lowered(part, movements, items);
    movements = [...movements, changeOf(part.phase, shares)];
    return { ...part, moved: [raises[at]!, shares].filter((moved) => moved.length > 0), adjustments };
  });
}

const changeOf = ({ id, approval }: Phase, shares: readonly ReserveShare[]): Moved => ({
  ...{ kind: 'change', phaseId: id, n: approval?.n ?? 0, shares },
});

interface Lowered {
  readonly shares: readonly ReserveShare[];
  readonly adjustments: readonly Payout[];
}

function lowered({ phase, decided }: DecidedPart, movements: readonly Moved[], items: readonly LineItem[]): Lowered {
  const losses = Map.groupBy(
    decided.filter(({ differenceCents }) => differenceCents < 0),
    ({ workerId }) => workerId,
  );
  const all = [...losses].map(([workerId, own]): Lowered => {
    const shares = takenOfReserve(own, movements, changeOf(phase, []));
    const cents = [...own.map(({ differenceCents }) => 0 - differenceCents), ...shares.map((share) => share.cents)];
    const rest = cents.reduce((sum, one) => sum + one, 0);
    return { shares, adjustments: takenFrom(own, Math.min(rest, givenBy(phase, workerId, movements, items))) };
  });
  return { shares: all.flatMap(({ shares }) => shares), adjustments: all.flatMap(({ adjustments }) => adjustments) };
}

/** Takes one person's loss out of what is held in the same roles, then out of what is held for that person in others. */
function takenOfReserve(own: readonly RoleDifference[], movements: readonly Moved[], change: Moved): readonly ReserveShare[] {
  const { workerId } = own[0]!;
  const held = balancesOf(movements).filter((one) => one.workerId === workerId);
  const direct = own.flatMap(({ role, differenceCents }) => {
    const cents = Math.min(0 - differenceCents, held.find((one) => one.role === role)?.cents ?? 0);
    return cents === 0 ? [] : [{ workerId, role, cents: 0 - cents }];
  });
  const sum = (cents: readonly number[]): number => cents.reduce((total, one) => total + one, 0);
  const taken = 0 - sum(direct.map(({ cents }) => cents));
  const rest = Math.min(
    0 - sum(own.map(({ differenceCents }) => differenceCents)) - taken,
    sum(held.map(({ cents }) => cents)) - taken,
  );
  const others = rest === 0 ? [] : outOf([...movements, { ...change, shares: direct }], workerId, rest);
  const byRole = Map.groupBy([...direct, ...others], ({ role }) => role);
  return [...byRole].map(([role, shares]) => ({ workerId, role, cents: sum(shares.map(({ cents }) => cents)) }));
}

/** What a phase has given a person in items so far: of what it had put in what was released, less what it took back since. */
function givenBy(phase: Phase, workerId: string, movements: readonly Moved[], items: readonly LineItem[]): number {
  const released = lotsOf(movements)
    .filter((lot) => lot.phaseId === phase.id && lot.workerId === workerId)
    .flatMap((lot) => [...lot.released.values()])
    .reduce((sum, cents) => sum + cents, 0);
  const given = released + standingOf(itemsOf(phase, items), workerId);
  return Math.max(0, Math.min(given, standingOf(items, workerId)));
}
