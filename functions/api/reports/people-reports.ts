import { peoplePartition, workerKey } from '#model/keys.ts';
import { roleOfMember } from '#model/member.ts';
import { decodeMember } from '#store/member-repository.ts';
import { decodeApiToken } from '#store/people-repository.ts';
import { readPage } from '../pages.ts';
import type { ReportDefinition, Row } from './report.ts';
import { seenAt } from './sight.ts';

/** Who may do what: memberships of people and tokens of tools, with role, scope, state and the last sign-in. */
export const people: ReportDefinition = {
  filters: [],
  paged: true,
  columns: [
    ...['kind', 'id', 'name', 'role', 'workerId', 'branchIds', 'divisionIds', 'routeIds', 'state'],
    ...['createdAt', 'lastSignInAt', 'revokedAt'],
  ],
  read: async (inputs) => {
    const { request } = inputs;
    const partition = peoplePartition(request.scope);
    const page = await readPage(request, [
      { name: 'members', partition, prefix: 'M#' },
      { name: 'tokens', partition, prefix: 'K#' },
    ]);
    const rows = page.items.map((item) => (item.et === 'tk' ? tokenRow(decodeApiToken(item)) : memberRow(decodeMember(item))));
    const workers = await seenAt<'worker'>(
      inputs,
      rows.flatMap(({ workerId }) => (workerId === null ? [] : [workerKey(request.scope, String(workerId))])),
    );
    // Managers know of the people whom they see at all.
    const items: readonly Row[] = rows
      .filter(({ workerId }) => request.reach !== 'S' || workers.has(String(workerId)))
      .map((row) => ({ ...row, name: row.name ?? workers.get(String(row.workerId))?.fields.displayName ?? null }));
    return { items, ids: items.map(({ id }) => String(id)), nextCursor: page.nextCursor };
  },
};

type Member = ReturnType<typeof decodeMember>;
type Token = ReturnType<typeof decodeApiToken>;

function memberRow(member: Member): Row {
  const { userId, workerId, scope, state, createdAt, lastSignInAt, revokedAt } = member;
  return {
    ...{ kind: 'member', id: userId, name: null, role: roleOfMember(member), workerId, ...placesOf(scope) },
    ...{ state, createdAt, lastSignInAt, revokedAt },
  };
}

function tokenRow({ id, name, role, workerId, scope, restricted, createdAt, revokedAt }: Token): Row {
  const state = restricted ? 'restricted' : 'active';
  return { kind: 'token', id, name, role, workerId, ...placesOf(scope), state, createdAt, lastSignInAt: null, revokedAt };
}

function placesOf({ branchIds, divisionIds, routeIds }: Member['scope']): Row {
  const text = (ids: readonly string[]): string | null => ids.join(' ') || null;
  return { branchIds: text(branchIds), divisionIds: text(divisionIds), routeIds: text(routeIds) };
}
