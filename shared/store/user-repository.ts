import { hashText } from '#kernel/hash.ts';
import { memberKey, ownershipKey, peoplePartition, userClaimKey, userKey, workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { OwnerRef, Ownership } from '#model/ownership.ts';
import type { TenantScope } from '#model/scope.ts';
import { ownMember, type User, type UserRecords } from '#model/user.ts';
import { IF_ABSENT } from './conditions.ts';
import { decodeMember } from './member-repository.ts';
import type { Condition, Item, Table, WriteAction } from './table.ts';

const USER_VERSION = 1;
/** Marks what one user alone may have. */
export const CLAIM_MARK = 'uc';
const revisionIs = (read: number): Condition => ({
  expression: '#r = :read',
  names: { '#r': 'revision' },
  values: { ':read': read },
});

/** One user, read strongly; null where there is none. */
export async function readUser(table: Table, scope: TenantScope, userId: string): Promise<User | null> {
  const item = await table.get(scope, userKey(scope, userId));
  return item === null ? null : decodeUser(item);
}

/** All users of the tenant in the order of their making. */
export async function listUsers(table: Table, scope: TenantScope): Promise<readonly User[]> {
  return (await table.queryAll(scope, { partition: peoplePartition(scope), prefix: 'I#' })).map(decodeUser);
}

/** Users with what says where they stand: memberships and workers, in one strong BatchGet. */
export async function readUserRecords(table: Table, scope: TenantScope, users: readonly User[]): Promise<readonly UserRecords[]> {
  const subs = [...new Set(users.flatMap(({ sub }) => sub ?? []))];
  const items = await table.batchGet(
    scope,
    subs.map((sub) => memberKey(scope, sub)),
  );
  const members = new Map(items.flatMap((item) => (item === null ? [] : [[String(item.sub), decodeMember(item)] as const])));
  const found = users.map((user) => ({ user, member: ownMember(user, members.get(user.sub ?? '') ?? null) }));
  const workerIds = [...new Set(found.flatMap(({ user, member }) => (member ?? user).workerId ?? []))];
  const workers = await table.batchGet(
    scope,
    workerIds.map((id) => workerKey(scope, id)),
  );
  const byId = new Map(
    workers.flatMap((item) => (item === null ? [] : [[String(item.id), decodeMirrorRecord<'worker'>(item)] as const])),
  );
  return found.map(({ user, member }) => ({ user, member, worker: byId.get((member ?? user).workerId ?? '') ?? null }));
}

/** Stores a new user. */
export function createUserAction(scope: TenantScope, user: User): WriteAction {
  return { kind: 'put', item: userItem(scope, user), condition: IF_ABSENT };
}

/** Saves a user that is still as it was read; the revision is raised here and nowhere else. */
export function saveUserAction(scope: TenantScope, user: User): WriteAction {
  const item = userItem(scope, { ...user, revision: user.revision + 1 });
  return { kind: 'put', item, condition: revisionIs(user.revision) };
}

interface Claiming {
  readonly id: string;
  /** Left out: only the worker is meant. */
  readonly email?: string;
  readonly workerId: string | null;
}

/** Takes an e-mail and a worker for a user, so that nobody else has them; refused where somebody has. */
export function claimUserActions(scope: TenantScope, user: Claiming): readonly WriteAction[] {
  return claimsOf(user).map((claim) => ({
    kind: 'put',
    item: { ...userClaimKey(scope, claim), et: CLAIM_MARK, v: USER_VERSION, userId: user.id },
    condition: IF_ABSENT,
  }));
}

/** Gives back what a user had alone. */
export function releaseUserActions(scope: TenantScope, user: Claiming): readonly WriteAction[] {
  return claimsOf(user).map((claim) => ({
    kind: 'delete',
    key: userClaimKey(scope, claim),
    condition: { expression: 'userId = :id', values: { ':id': user.id } },
  }));
}

function claimsOf({ email, workerId }: Claiming): readonly string[] {
  return [...(email === undefined ? [] : [`email#${hashText(email)}`]), ...(workerId === null ? [] : [`worker#${workerId}`])];
}

/** Who owns the account, read strongly; null while no person does. */
export async function readOwnership(table: Table, scope: TenantScope): Promise<Ownership | null> {
  const item = await table.get(scope, ownershipKey(scope));
  return item === null ? null : decodeOwnership(item);
}

/** Names the first owner of an account. */
export function createOwnershipAction(scope: TenantScope, owner: OwnerRef): WriteAction {
  return { kind: 'put', item: ownershipItem(scope, { owner, offer: null, revision: 1 }), condition: IF_ABSENT };
}

/** Offers the account, takes the offer back, or passes it on, where it is still as it was read. */
export function saveOwnershipAction(scope: TenantScope, ownership: Ownership): WriteAction {
  const item = ownershipItem(scope, { ...ownership, revision: ownership.revision + 1 });
  return { kind: 'put', item, condition: revisionIs(ownership.revision) };
}

function ownershipItem(scope: TenantScope, ownership: Ownership): Item {
  return { ...ownershipKey(scope), et: 'ow', v: USER_VERSION, ...ownership };
}

function decodeOwnership(item: Item): Ownership {
  const { owner, offer, revision } = item as unknown as Ownership;
  return { owner, offer: offer ?? null, revision };
}

function userItem(scope: TenantScope, user: User): Item {
  return { ...userKey(scope, user.id), et: 'us', v: USER_VERSION, ...user };
}

/** Reads a stored user back. */
export function decodeUser(item: Item): User {
  const stored = item as unknown as User;
  return {
    id: stored.id,
    email: stored.email,
    phone: stored.phone ?? null,
    name: stored.name,
    role: stored.role,
    scope: stored.scope,
    workerId: stored.workerId ?? null,
    invitation: stored.invitation,
    sub: stored.sub ?? null,
    createdAt: stored.createdAt,
    createdBy: stored.createdBy,
    cursorKey: stored.cursorKey,
    revision: stored.revision,
  };
}
