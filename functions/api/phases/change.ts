import { isOver, statusOfPhases } from '#bonus/phased/aggregate.ts';
import { totalOf } from '#bonus/phased/reserve.ts';
import { followedPhases, type Ledger } from '#bonus/phased/standing.ts';
import type { WorkedOut } from '#bonus/work-out.ts';
import type { SourceDifference } from '#model/difference.ts';
import type { LineItem } from '#model/pay.ts';
import type { Phase } from '#model/phase.ts';
import type { ProPay } from '#model/propay.ts';
import type { Reserve } from '#model/reserve.ts';
import type { TenantScope } from '#model/scope.ts';
import { readPhaseLedger } from '#pay/phase-ledger.ts';
import { putDifferenceAction } from '#store/difference-repository.ts';
import { putReserveAction } from '#store/reserve-repository.ts';
import type { WriteAction } from '#store/table.ts';
import { type Change, type ChangeRequest, writeChange } from '../bonus/propays/write-change.ts';
import type { ApiAnswer } from '../route.ts';
import { type LoadedPhases, phasesIn, unassignedSecondsOf } from './load.ts';
import type { PhasedParts } from './views.ts';

/** What a command does to the phases of a ProPay. */
export interface PhaseChange
  extends Pick<Change, 'action' | 'reason' | 'before' | 'after' | 'extra' | 'staged' | 'selfApproved'> {
  /** The ProPay's own fields as far as they change, apart from its status, which follows its phases. */
  readonly proPay?: Partial<ProPay>;
  readonly phases: readonly Phase[];
  readonly reserve?: Reserve;
  /** The difference between its phases and their sources, where the command touches it. */
  readonly difference?: SourceDifference;
  /** Items that are made with it. */
  readonly made?: readonly LineItem[];
  /** What is answered, of everything as it is then. */
  answer(parts: PhasedParts): object;
}

/** Writes a ProPay with its phases, reserve and items together. Null where another writer was quicker. */
export async function savePhases(
  request: ChangeRequest,
  { loaded, reserve: before, difference: known }: LoadedPhases,
  change: PhaseChange,
): Promise<ApiAnswer | null> {
  const { scope } = request;
  const { proPay, desk } = loaded;
  const base: ProPay = { ...proPay, ...change.proPay, revision: proPay.revision + 1 };
  const worked = await loaded.workOut(base, { phases: change.phases });
  const moved = change.reserve ?? before;
  const items = await itemsAfter(request, phasesIn(loaded), before, change);
  const followed = withStanding(worked, { movements: moved.movements, items });
  const phases = followed.phases.map(({ next }) => next);
  const status = statusOfPhases(phases);
  const next: ProPay = { ...base, status, listDate: status === 'Active' ? proPay.listDate : base.listDate };
  const reserve = { ...moved, ended: isOver(phases), branchId: worked.result.place.branchId };
  const difference = change.difference ?? known;
  const parts = {
    proPay: next,
    result: worked.result,
    phases,
    reserve,
    items,
    difference,
    desk,
    unassignedSeconds: unassignedSecondsOf(loaded),
  };
  const { action, reason, before: was, after, staged, selfApproved } = change;
  return writeChange(request, loaded, {
    ...{ next, worked: followed, action, reason, before: was, after, staged, selfApproved },
    extra: [
      ...reserveActions(scope, before, reserve),
      ...(change.difference === undefined ? [] : [putDifferenceAction(scope, change.difference)]),
      ...(change.extra ?? []),
    ],
    answer: () => ({ body: change.answer(parts) }),
  });
}

/** What everything that was approved and released has become of, this command's items included. */
async function itemsAfter(
  { ports, scope }: ChangeRequest,
  phases: readonly Phase[],
  before: Reserve,
  { made = [] }: PhaseChange,
): Promise<readonly LineItem[]> {
  const { items } = await readPhaseLedger(ports.table, scope, phases, before);
  const ids = new Set(made.map(({ id }) => id));
  return [...items.filter(({ id }) => !ids.has(id)), ...made];
}

/** What was put in by one phase may have left with the approval of another. */
function withStanding(worked: WorkedOut, ledger: Ledger): WorkedOut {
  const followed = followedPhases(
    worked.phases.map(({ next }) => next),
    ledger,
  );
  const byId = new Map(followed.map((phase) => [phase.id, phase]));
  return { ...worked, phases: worked.phases.map((one) => ({ ...one, next: byId.get(one.next.id) ?? one.next })) };
}

function reserveActions(scope: TenantScope, before: Reserve, after: Reserve): readonly WriteAction[] {
  const same = before.movements === after.movements && before.ended === after.ended && before.branchId === after.branchId;
  if (same || after.movements.length === 0) return [];
  return [putReserveAction(scope, after, totalOf(after.movements))];
}
