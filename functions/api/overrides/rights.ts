import { idsOfPerson } from '#model/merged-people.ts';
import type { WorkerRole } from '#model/overrides.ts';
import type { AreaValues } from '#model/tenant-context.ts';
import { readMember } from '#store/member-repository.ts';
import { listApiTokens } from '#store/people-repository.ts';
import { readArea, readContext } from '#store/settings-repository.ts';
import { readOwnership } from '#store/user-repository.ts';
import { allow } from '../access.ts';
import { ApiProblem } from '../problem.ts';
import type { SubjectRequest } from './subject.ts';

/** Rows of M-145. Further conditions on managers are asked on the record. */
export const EDIT_WAGES = allow('A', 'A', 'S', '-', '-', '-');
export const CHANGE_ROLES = allow('A', 'A', 'S', '-', '-', '-');
export const CHANGE_STATES = allow('A', 'A', '-', '-', '-', '-');
export const EDIT_JOBS = allow('A', 'A', 'S', '-', '-', '-');

/** A manager edits wages where a setting lets managers do so (`people.managersEditWages`, default no). */
export async function requireWageEditor({ ports, scope, reach }: SubjectRequest): Promise<void> {
  if (reach !== 'S') return;
  const area = await readArea(ports.table, scope, 'people');
  if ((area?.values as AreaValues['people'] | undefined)?.managersEditWages === true) return;
  throw new ApiProblem('forbidden', { detail: 'Managers do not edit wages here. An owner or admin may let them.' });
}

/** A manager makes a worker a crew lead and the other way round, and nobody else anything else (E-2). */
export function requireRoleEditor({ reach }: SubjectRequest, roles: readonly WorkerRole[]): void {
  if (reach === 'S' && roles.includes('manager'))
    throw new ApiProblem('forbidden', { detail: 'A manager changes workers to crew leads and back. Ask an owner or admin.' });
}

/** The account owner keeps role and access until the ownership has passed on (M-142). */
export async function requireNoOwner({ ports, scope }: SubjectRequest, workerId: string): Promise<void> {
  const [tokens, ownership, context] = await Promise.all([
    listApiTokens(ports.table, scope),
    readOwnership(ports.table, scope),
    readContext(ports.table, scope),
  ]);
  const owner = ownership === null ? null : await readMember(ports.table, scope, ownership.owner.sub);
  const ids: readonly (string | null)[] = context === null ? [workerId] : idsOfPerson(context, workerId);
  const isOwners = tokens.some((token) => ids.includes(token.workerId) && token.role === 'owner' && token.revokedAt === null);
  if (isOwners || ids.includes(owner?.workerId ?? null))
    throw new ApiProblem('owner-protected', { detail: 'This person owns the account.' });
}
