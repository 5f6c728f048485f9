import { canonicalJson } from '#kernel/canonical.ts';
import { hashText } from '#kernel/hash.ts';
import type { Contribution, Group, GroupResult } from './group.ts';
import { byNumber, groupKey, groupMemberKey, groupResultKey, groupSort, type Key, listPartition } from './keys.ts';
import { fieldsOf } from './propay-item.ts';
import type { TenantScope } from './scope.ts';

const ITEM_VERSION = 1;

type Stored = Key & Readonly<Record<string, unknown>>;

/** The reference of a person looking at a group: `PPG 12` (B-100). */
export function groupReference(number: number): string {
  return `PPG ${number}`;
}

/** A group's header in its stored form, listed by status, branch and period. */
export function encodeGroup(scope: TenantScope, group: Group): Stored {
  const { id, status, branchId, period, reference } = group;
  return {
    ...groupKey(scope, id),
    ip: byNumber(scope, reference),
    is: `gr#${id}`,
    bp: listPartition(scope, 'GRP'),
    bs: groupSort({ status, branchId, startDate: period.startDate, id }),
    et: 'gr',
    v: ITEM_VERSION,
    ...group,
  };
}

/** Reads a stored header back. */
export function decodeGroup(item: Readonly<Record<string, unknown>>): Group {
  return fieldsOf(item, 'gr') as unknown as Group;
}

/** A group's result in its stored form. */
export function encodeGroupResult(scope: TenantScope, groupId: string, result: GroupResult): Stored {
  return { ...groupResultKey(scope, groupId), et: 'gx', v: ITEM_VERSION, ...result };
}

/** Reads a stored result back. */
export function decodeGroupResult(item: Readonly<Record<string, unknown>>): GroupResult {
  return fieldsOf(item, 'gx') as unknown as GroupResult;
}

/**
 * A contribution in its stored form: what stands in its keys and what a usual member has none of is left out, so that it takes a unit.
 * `digest` tells the stream's readers whether it says anything new.
 */
export function encodeContribution(scope: TenantScope, contribution: Contribution): Stored {
  const { groupId, proPayId, ...rest } = contribution;
  const said = Object.fromEntries(Object.entries(rest).filter(([name, value]) => !isUsual(name, value)));
  const key = groupMemberKey(scope, groupId, proPayId);
  return { ...key, et: 'gm', v: ITEM_VERSION, digest: digestOfContribution(contribution), ...said };
}

/** Digest of what a contribution says, whichever result it was written with. */
export function digestOfContribution({ calcRev: _calcRev, ...said }: Contribution): string {
  return hashText(canonicalJson(said)).slice(0, DIGEST_LENGTH);
}

/** 132 bits: two contributions of one member never meet in it. */
const DIGEST_LENGTH = 22;

/** Reads a stored contribution back. */
export function decodeContribution(item: Key & Readonly<Record<string, unknown>>): Contribution {
  const { digest: _digest, ...contribution } = fieldsOf(item, 'gm');
  const place = { groupId: item.pk.slice(item.pk.lastIndexOf('#') + 1), proPayId: item.sk.slice('M#'.length) };
  return { ...USUAL, ...contribution, ...place } as unknown as Contribution;
}

/** What a member of a group has none of as a rule. */
const USUAL = {
  missing: [],
  assignedCrew: [],
  crewLeadIds: [],
  managerIds: [],
  otherIds: [],
  openEntryIds: [],
  leadPayCents: 0,
  earnings: [],
  disqualifiers: [],
  penalties: [],
  confirmed: false,
  leftOutWorkerIds: [],
  now: null,
  rework: null,
} as const satisfies Partial<Contribution>;

function isUsual(name: string, value: unknown): boolean {
  return Object.hasOwn(USUAL, name) && canonicalJson(value) === canonicalJson(USUAL[name as keyof typeof USUAL]);
}
