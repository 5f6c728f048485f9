import type { Placed } from '#bonus/groups/membership.ts';
import type { ProPayResult } from '#model/propay.ts';
import { type GroupWrites, writeMembership } from '#pay/membership.ts';
import { membershipActions } from '#store/group-repository.ts';
import type { ApiAnswer, ApiRequest } from '../../route.ts';
import { makerOf } from '../groups/audit.ts';
import type { LoadedInputs } from './load.ts';
import { viewFor } from './views.ts';
import { type Change, type ChangeRequest, writeWithGroup } from './write-change.ts';

/** A change that may also make the group that its ProPay is the first member of. */
export interface GroupedChange extends Omit<Change, 'answer'> {
  readonly makes?: Placed['makes'];
  /** Members of the answer beside the ProPay's own. */
  readonly beside?: (result: ProPayResult) => object;
}

/** Writes a change of a ProPay with its fresh result and with what follows from it in groups. Null where another writer was quicker. */
export function saveChange(request: ChangeRequest, loaded: LoadedInputs, change: GroupedChange): Promise<ApiAnswer | null> {
  const answer = (fresh: ProPayResult) => ({
    body: {
      ...viewFor(request, loaded.desk, { proPay: change.next, result: fresh, difference: null }),
      ...change.beside?.(fresh),
    },
  });
  return writeWithGroup(request, loaded, { ...change, answer }, (fresh) => groupWrites(request, loaded, change, fresh));
}

/** What a ProPay leaves in its group with its fresh figures, and what coming and going writes there. */
function groupWrites(
  request: Pick<ApiRequest, 'ports' | 'scope' | 'actor'>,
  { proPay }: LoadedInputs,
  { next, worked, makes }: GroupedChange,
  { calcRev }: ProPayResult,
): GroupWrites | Promise<GroupWrites> {
  if (worked === null || next.status !== 'Active')
    return { actions: membershipActions(request.scope, proPay, next, null), made: null };
  const placed = { proPay: next, makes: makes ?? null };
  return writeMembership(request.scope, { before: proPay, placed, worked, calcRev }, makerOf(request));
}
