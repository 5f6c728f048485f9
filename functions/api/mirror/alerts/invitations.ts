import { listPartition } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { workerState } from '#model/overrides.ts';
import { grantsOf, type UserRecords, userState } from '#model/user.ts';
import { listUsers, readUserRecords } from '#store/user-repository.ts';
import { isInScope } from '../../users/reach.ts';
import { type AlertInputs, boundedKeys, type FoundAlerts, ofBranch, recordsAt } from './inputs.ts';
import type { AlertItem } from './shapes.ts';

const NO_PLACES = { branchIds: [], divisionIds: [], routeIds: [] };

/**
 * People who have no login yet (M-147): active workers whom nobody invited, and users whose invitation was not sent, was not accepted or
 * could not be delivered. Whoever may not invite them is not asked to.
 */
export async function alertsOfInvitations(inputs: AlertInputs): Promise<FoundAlerts> {
  const { ports, scope } = inputs.request;
  const users = await readUserRecords(ports.table, scope, await listUsers(ports.table, scope));
  const now = ports.now();
  const inState = (state: string): readonly AlertItem[] =>
    users.filter((one) => userState(one, now) === state && isAsked(inputs, grantsOf(one), one.worker)).map(itemOf);
  return {
    invitations_needed: [...inState('needs_invite'), ...(await workersToInvite(inputs, users))],
    invitations_pending: inState('pending'),
    invitations_failed: inState('failed'),
  };
}

function itemOf({ user }: UserRecords): AlertItem {
  return { userId: user.id, at: user.invitation.askedAt, href: `/v1/users/${user.id}` };
}

async function workersToInvite(inputs: AlertInputs, users: readonly UserRecords[]): Promise<readonly AlertItem[]> {
  const taken = new Set(users.map((one) => grantsOf(one).workerId));
  const keys = await boundedKeys(inputs, ofBranch(listPartition(inputs.request.scope, 'WORKER'), inputs.filters));
  const workers = (await recordsAt(inputs, keys)).map((item) => decodeMirrorRecord<'worker'>(item));
  return workers
    .filter((worker) => !taken.has(worker.id) && mayBeInvited(worker) && isAsked(inputs, { scope: NO_PLACES }, worker))
    .map(({ id }) => ({ workerId: id, href: `/v1/workers/${id}` }));
}

/** Who was merged signs in as the other record; who is restricted gets no messages (M-149). */
function mayBeInvited(worker: MirrorRecord<'worker'>): boolean {
  return workerState(worker) === 'active' && worker.aliasOf === null && worker.own.settings?.restrictAccess !== true;
}

/** Whether an invitation is the caller's to look after, and what the filters ask for: whoever is not placed by them is left out. */
function isAsked(
  { request, desk, filters }: AlertInputs,
  { scope }: Pick<ReturnType<typeof grantsOf>, 'scope'>,
  worker: UserRecords['worker'],
): boolean {
  const { branchId, divisionId, managerId } = filters;
  const placed = worker as MirrorRecord<'worker'> | null;
  const isWanted =
    managerId === undefined &&
    (branchId === undefined || placed?.fields.branchId === branchId) &&
    (divisionId === undefined || placed?.fields.divisionId === divisionId);
  return isWanted && (request.reach !== 'S' || isInScope(request.actor, { scope, worker: placed }, desk.context));
}
