import { isChanged, lostPhases } from '#bonus/phased/work-out-phases.ts';
import { withProPay } from '#bonus/shown.ts';
import { nextResult, type WorkedOut } from '#bonus/work-out.ts';
import { showsSame } from '#model/bonus-block.ts';
import type { ProPay, ProPayResult } from '#model/propay.ts';
import type { TenantScope } from '#model/scope.ts';
import type { GroupWrites } from '#pay/membership.ts';
import { changedPhase, deletePhaseAction } from '#store/phase-repository.ts';
import {
  bonusBlockAction,
  keyOfTarget,
  markWorkerActions,
  updateProPayAction,
  updateResultAction,
} from '#store/propay-repository.ts';
import type { StagedWrite, WriteAction } from '#store/table.ts';
import type { ApiAnswer, ApiRequest } from '../../route.ts';
import { groupMade } from '../groups/audit.ts';
import type { LoadedInputs } from './load.ts';

/** A change of a ProPay: what it becomes, and how it is explained. */
export interface Change {
  readonly next: ProPay;
  /** Fresh figures; without them the present ones stay and only follow the ProPay's revision. */
  readonly worked: WorkedOut | null;
  readonly action: string;
  readonly reason?: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly extra?: readonly WriteAction[];
  /** Line items that are made or changed with it. */
  readonly staged?: readonly StagedWrite[];
  readonly selfApproved?: boolean;
  /** What is answered, with the figures as they are then. */
  answer(fresh: ProPayResult): Omit<ApiAnswer, 'revision'>;
}

/** What the writing of a change asks of its request. */
export type ChangeRequest = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach' | 'command'>;

/**
 * Writes a change of a ProPay that leaves all groups as they are, together with its fresh result, so that nothing has to listen to
 * ProPays: a recalculation under way loses its condition and starts again. Null where another writer was quicker.
 */
export function writeChange(request: ChangeRequest, loaded: LoadedInputs, change: Change): Promise<ApiAnswer | null> {
  return writeWithGroup(request, loaded, change, () => ({ actions: [], made: null }));
}

/** The same with what it changes in groups, which follows from the fresh result. */
export async function writeWithGroup(
  request: ChangeRequest,
  loaded: LoadedInputs,
  change: Change,
  groupWrites: (fresh: ProPayResult) => GroupWrites | Promise<GroupWrites>,
): Promise<ApiAnswer | null> {
  const { ports, scope, command } = request;
  const { proPay, result } = loaded;
  const { next, worked } = change;
  const following = { ...result, calcRev: result.calcRev + 1, cfgRev: next.revision };
  const fresh = worked === null ? following : { ...nextResult(result, worked.result, ports.now()), cfgRev: next.revision };
  const newcomers = fresh.people.workerIds.filter((id) => !result.people.workerIds.includes(id));
  for (const action of markWorkerActions(scope, newcomers, next.id)) await ports.table.write(scope, [action]);
  const group = await groupWrites(fresh);
  const done = await command.commit({
    actions: [
      updateProPayAction(scope, next, proPay.revision),
      updateResultAction(scope, next, fresh, result.calcRev),
      ...group.actions,
      ...shownOutcome(scope, loaded, next),
      ...lostPhases(loaded.state, next).map((phase) => deletePhaseAction(scope, phase)),
      ...(change.extra ?? []),
    ],
    staged: [
      ...(worked?.phases ?? []).filter(isChanged).map((phase) => changedPhase(scope, phase.next)),
      ...(change.staged ?? []),
    ],
    audit: [
      {
        action: change.action,
        entity: 'propay',
        entityId: next.id,
        before: change.before,
        after: change.after,
        reason: change.reason ?? null,
        ...(change.selfApproved ? { selfApproved: true as const } : {}),
      },
      ...groupMade(group.made),
    ],
    answer: { ...change.answer(fresh), revision: next.revision },
  });
  return done.applied ? done.answer : null;
}

/** The row of the job or visit, where the ProPay stops counting there or counts again (V-21). */
function shownOutcome(scope: TenantScope, { state, proPay }: LoadedInputs, next: ProPay): readonly WriteAction[] {
  const { job, milestones } = state.records;
  const record = proPay.milestoneId === null ? job : milestones.find(({ id }) => id === proPay.milestoneId);
  if (!record || next.status === proPay.status) return [];
  const shown = withProPay(record.bonus, next);
  return showsSame(record.bonus, shown) ? [] : [bonusBlockAction(keyOfTarget(scope, proPay), record.bonus, shown)];
}
