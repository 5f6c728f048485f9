import type { WorkerOfMember } from '#model/member.ts';
import type { AccessScope } from '#model/people.ts';
import type { TenantContext } from '#model/settings.ts';
import { grantsOf, type UserRecords } from '#model/user.ts';
import { readUser, readUserRecords } from '#store/user-repository.ts';
import { allow } from '../access.ts';
import { requireContext } from '../context.ts';
import { ApiProblem, notFound } from '../problem.ts';
import type { ApiRequest } from '../route.ts';

/** See people, roles and invitations (M-145, M-156). */
export const SEE_USERS = allow('A', 'A', 'S', '-', '-', 'R');
/** Change roles; invite, resend and cancel: a manager for workers and crew leads of the own scope. */
export const INVITE_USERS = allow('A', 'A', 'S', '-', '-', '-');
/** End sessions, remove a login, deactivate, archive, reactivate. */
export const MANAGE_USERS = allow('A', 'A', '-', '-', '-', '-');

type Request = Pick<ApiRequest, 'ports' | 'scope' | 'actor' | 'reach'>;

/** Whether all that a scope names lies in another; a branch holds its routes. */
export function liesWithin(inner: AccessScope, outer: AccessScope, routes: TenantContext['routes']): boolean {
  return (
    inner.branchIds.every((id) => outer.branchIds.includes(id)) &&
    inner.divisionIds.every((id) => outer.divisionIds.includes(id)) &&
    inner.routeIds.every((id) => outer.routeIds.includes(id) || outer.branchIds.includes(routes[id]?.branchId ?? ''))
  );
}

/** A worker's place decides whether a manager has charge of them. */
interface PlacedWorker extends WorkerOfMember {
  readonly fields: WorkerOfMember['fields'] & { readonly branchId: string | null; readonly divisionId: string | null };
}

/**
 * Whether a login lies in a manager's scope (M-143): its worker and all its places do. One that names neither lies in nobody's.
 */
export function isInScope(
  { scope: own }: Pick<ApiRequest['actor'], 'scope'>,
  given: { readonly scope: AccessScope; readonly worker: PlacedWorker | null },
  { routes }: Pick<TenantContext, 'routes'>,
): boolean {
  const { branchIds, divisionIds, routeIds } = given.scope;
  if (given.worker === null && branchIds.length + divisionIds.length + routeIds.length === 0) return false;
  const { branchId = null, divisionId = null } = given.worker?.fields ?? {};
  const hasWorker =
    given.worker === null ||
    (branchId !== null && own.branchIds.includes(branchId)) ||
    (divisionId !== null && own.divisionIds.includes(divisionId));
  return hasWorker && liesWithin(given.scope, own, routes);
}

/** The users of a list that the caller may see, in their order. */
export async function seenUsers(request: Request, found: readonly UserRecords[]): Promise<readonly UserRecords[]> {
  if (request.reach !== 'S') return found;
  const context = await requireContext(request);
  return found.filter((records) => isInScope(request.actor, placed(records), context));
}

/** The user of the path with what says where they stand, if the caller sees them; else 404. */
export async function requireUser(request: Request, userId: string): Promise<UserRecords> {
  const user = await readUser(request.ports.table, request.scope, userId);
  if (user === null) throw notFound();
  const [seen] = await seenUsers(request, await readUserRecords(request.ports.table, request.scope, [user]));
  if (seen === undefined) throw notFound();
  return seen;
}

/** A manager decides on workers and crew leads alone; whoever sees more than that is told so. */
export function requireRoles({ reach }: Pick<Request, 'reach'>, roles: readonly string[]): void {
  if (reach === 'S' && roles.some((role) => role !== 'worker' && role !== 'crew_lead'))
    throw new ApiProblem('forbidden', { detail: 'A manager decides on workers and crew leads alone. Ask an owner or admin.' });
}

/** The account owner keeps role and access until the ownership has passed on (M-142). */
export function requireNotOwner(records: UserRecords): void {
  if (records.member?.owner) throw new ApiProblem('owner-protected', { detail: 'This person owns the account.' });
}

function placed(records: UserRecords) {
  return { scope: grantsOf(records).scope, worker: records.worker as PlacedWorker | null };
}
