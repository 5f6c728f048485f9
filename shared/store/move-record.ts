import type { StoredBonusBlock } from '#model/bonus-block.ts';
import { byMirrorId, type Key, milestonePrefix } from '#model/keys.ts';
import { decodeMirrorRecord, encodeMirrorRecord, isMirrorItem } from '#model/mirror-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { StoreError } from './store-error.ts';
import type { Condition, Item, Table, WriteAction } from './table.ts';

/** What the sync owns of a stored record; `o`, `or`, `al` and `sf` belong to people, `b` to the bonus layer, and all of them survive its writes. */
export const SYNC_OWNED: readonly string[] = [
  ...['et', 'v', 'en', 'id', 'sp', 'c', 'x', 's', 'h', 'sr', 'fence', 'r1', 'r2', 'ra', 'mv', 'g', 'su', 'sc', 'ss'],
  ...['tb', 'oo', 'ig', 'pr', 'ip', 'is', 'bp', 'bs'],
];
/** A milestone's children that move with it, per transaction: a delete and a put each, within the hundred actions. */
const MOVED_TOGETHER = 49;
const ATTEMPTS = 5;

/** Still the record that was read, and no newer run has touched it. */
export function asRead(old: Item, fence: number): Condition {
  return { expression: 'sr = :sr AND h = :h AND fence <= :own', values: { ':sr': old.sr, ':h': old.h, ':own': fence } };
}

/** The two halves of a move: the copy at the new place holds what was read, so nothing of it may have changed, whoever owns it. */
export function moveActions(old: Item, next: Item, fence: number): readonly WriteAction[] {
  return [
    { kind: 'delete', key: old, condition: wholeAsRead(old, fence) },
    { kind: 'put', item: withForeignOwners(old, next), condition: { expression: 'attribute_not_exists(pk)' } },
  ];
}

/** As read, and people have not changed it either: where a key depends on what they decide. */
export function asReadByPeople(old: Item, fence: number): Condition {
  return unchanged(asRead(old, fence), { '#or': 'or' }, [['#or', old.or, ':or']]);
}

/** Overrides and the bonus layer's block carry revisions of their own. */
function wholeAsRead(old: Item, fence: number): Condition {
  const block = old.b as StoredBonusBlock | undefined;
  return unchanged(asReadByPeople(old, fence), { '#b': 'b', '#r': 'r' }, [['#b.#r', block?.r, ':block']]);
}

/** A condition with further attributes that still are what they were, absent ones absent. */
function unchanged(
  { expression, names = {}, values = {} }: Condition,
  moreNames: Readonly<Record<string, string>>,
  terms: readonly (readonly [path: string, value: unknown, name: string])[],
): Condition {
  const texts = terms.map(([path, value, name]) => (value === undefined ? `attribute_not_exists(${path})` : `${path} = ${name}`));
  const known = terms.flatMap(([, value, name]) => (value === undefined ? [] : [[name, value] as const]));
  return {
    expression: [expression, ...texts].join(' AND '),
    names: { ...names, ...moreNames },
    values: { ...values, ...Object.fromEntries(known) },
  };
}

function withForeignOwners(old: Item, next: Item): Item {
  const foreign = Object.entries(old).filter(([name]) => !SYNC_OWNED.includes(name) && name !== 'pk' && name !== 'sk');
  return { ...Object.fromEntries(foreign), ...next };
}

/**
 * Moves what hangs on a milestone to the job it moves to, before the milestone itself: a crash in between leaves the milestone where it
 * was, and the move is made again (M-152, X-9). What somebody writes meanwhile is read again. Answers the child that a newer run has
 * written, when there is one; null when everything has moved.
 */
export async function moveChildren(
  table: Table,
  scope: TenantScope,
  move: { readonly from: Item; readonly toJobId: string; readonly milestoneId: string; readonly fence: number },
): Promise<Item | null> {
  const { from, toJobId, milestoneId, fence } = move;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const children = await listChildren(table, scope, from, milestoneId);
    const newer = children.find((item) => Number(item.fence) > fence);
    if (newer) return newer;
    let moved = true;
    for (let at = 0; at < children.length; at += MOVED_TOGETHER) {
      const together = children.slice(at, at + MOVED_TOGETHER);
      const actions = together.flatMap((item) => moveActions(item, underJob(scope, item, toJobId), fence));
      moved = (await table.write(scope, actions)).applied && moved;
    }
    if (moved) return null;
  }
  throw new StoreError('store-conflict', 'the children of a milestone change under every attempt to move them');
}

/** What hangs on a milestone: its budgets, materials, time and drive time. */
export async function listChildren(table: Table, scope: TenantScope, from: Key, milestoneId: string): Promise<readonly Item[]> {
  const ranges = [milestonePrefix(milestoneId), `T#${milestoneId}#`, `D#${milestoneId}#`];
  const read = await Promise.all(ranges.map((prefix) => table.queryAll(scope, { partition: from.pk, prefix })));
  return read.flat().filter((item) => item.sk !== from.sk && isMirrorItem(item));
}

/** A stored record as it stands under another job: keys, lists and the reference itself. */
function underJob(scope: TenantScope, item: Item, jobId: string): Item {
  const record = decodeMirrorRecord(item);
  const fields = 'jobId' in record.fields ? { ...record.fields, jobId } : record.fields;
  const next = encodeMirrorRecord(scope, { ...record, fields }, { jobId }) as unknown as Item;
  // An id that was used again goes on leading to its next generation.
  return item.nx === undefined ? next : { ...next, is: item.is };
}

/** Leads from a tombstoned record to the generation that has taken its id over; the index tells it without reading the record. */
export function successorAttributes(scope: TenantScope, old: Item, nextId: string): Readonly<Record<string, unknown>> {
  const found = old.ip === byMirrorId(scope, String(old.id));
  return { nx: nextId, ...(found ? { is: `${String(old.is)}#${nextId}` } : {}) };
}
