import { parseLineItemId, parseStatementId } from '#model/ids.ts';
import { byItemSource, lineItemKey, listPartition, movedItemKey, payHeadKey, payPartition, statementKey } from '#model/keys.ts';
import type { LineItem, PayHead, StatementHeader } from '#model/pay.ts';
import {
  decodeLineItem,
  decodePayHead,
  decodeStatement,
  encodeLineItem,
  encodeMovedItem,
  encodePayHead,
  encodeStatement,
  lineItemPlace,
} from '#model/pay-item.ts';
import type { TenantScope } from '#model/scope.ts';
import { decodeWeekLedger, type WeekLedger } from '#model/week-ledger.ts';
import { actionOf, IF_ABSENT, ifUnchanged } from './conditions.ts';
import type { Item, StagedWrite, Table, WriteAction } from './table.ts';

/** One line item by its id, read strongly, also after it has moved; null where the id names nothing of this tenant. */
export async function readLineItem(table: Table, scope: TenantScope, id: string): Promise<LineItem | null> {
  const [found] = await readLineItems(table, scope, [id]);
  return found ?? null;
}

/** Line items by id, read strongly, in the order of the ids; null where there is none. */
export async function readLineItems(
  table: Table,
  scope: TenantScope,
  ids: readonly string[],
): Promise<readonly (LineItem | null)[]> {
  const refs = ids.map(parseLineItemId);
  const keys = refs.flatMap((ref) =>
    ref === null ? [] : [lineItemKey(scope, ref), movedItemKey(scope, ref.workerId, ref.tail)],
  );
  const items = new Map(
    (await table.batchGet(scope, keys)).flatMap((item) => (item === null ? [] : [[`${item.pk} ${item.sk}`, item]])),
  );
  const at = (key: { pk: string; sk: string }): Item | undefined => items.get(`${key.pk} ${key.sk}`);
  const found: (LineItem | null)[] = [];
  for (const ref of refs) {
    if (ref === null) found.push(null);
    else {
      const born = at(lineItemKey(scope, ref));
      const moved = at(movedItemKey(scope, ref.workerId, ref.tail));
      const item =
        born ??
        (moved === undefined ? null : await table.get(scope, lineItemKey(scope, { ...ref, assignOn: String(moved.assignOn) })));
      found.push(item === null || item === undefined ? null : decodeLineItem(item));
    }
  }
  return found;
}

/** How often an item and its parts may have been replaced by smaller ones; each step makes them smaller. */
const MOST_REPLACEMENTS = 50;

/**
 * The line items of an approval, read strongly: those it made, and the smaller ones that took the place of voided ones (B-127). What
 * decides whether an approval is paid or may be taken back looks at all of them.
 */
export async function readItemsOfApproval(
  table: Table,
  scope: TenantScope,
  lineItemIds: readonly string[],
): Promise<readonly LineItem[]> {
  const items: LineItem[] = [];
  let wanted = lineItemIds;
  for (let step = 0; wanted.length > 0 && step < MOST_REPLACEMENTS; step++) {
    const found = (await readLineItems(table, scope, wanted)).flatMap((item) => item ?? []);
    items.push(...found);
    wanted = found.flatMap(({ events }) => events.flatMap((event) => (event.type === 'void' ? (event.replacedBy ?? []) : [])));
  }
  return items;
}

/** The line items of a ProPay by the index: for lists only, no money is decided from it. */
export async function listItemIdsOfSource(table: Table, scope: TenantScope, sourceId: string): Promise<readonly Item[]> {
  return table.queryAll(scope, { index: 'id', partition: byItemSource(scope, sourceId) });
}

/** Everything in one worker's pay partition: items of all calendars, statement headers, pay heads, worker-weeks; read strongly. */
export interface PayPartition {
  readonly items: readonly LineItem[];
  readonly headers: readonly StatementHeader[];
  readonly heads: readonly PayHead[];
  readonly ledgers: readonly WeekLedger[];
}

/** Reads a worker's pay partition to its end. */
export async function readPayPartition(table: Table, scope: TenantScope, workerId: string): Promise<PayPartition> {
  const stored = await table.queryAll(scope, { partition: payPartition(scope, workerId) });
  const of = (mark: string): readonly Item[] => stored.filter((item) => item.et === mark);
  return {
    items: of('li').map(decodeLineItem),
    headers: of('st').map(decodeStatement),
    heads: of('ph').map(decodePayHead),
    ledgers: of('wl').map(decodeWeekLedger),
  };
}

/** The pay heads of workers in one calendar, read strongly; null for a worker who was never paid in it. */
export async function readPayHeads(
  table: Table,
  scope: TenantScope,
  workerIds: readonly string[],
  calendarId: string,
): Promise<readonly (PayHead | null)[]> {
  const items = await table.batchGet(
    scope,
    workerIds.map((workerId) => payHeadKey(scope, workerId, calendarId)),
  );
  return items.map((item) => (item === null ? null : decodePayHead(item)));
}

/** The same by worker. */
export async function readHeadsOfWorkers(
  table: Table,
  scope: TenantScope,
  workerIds: readonly string[],
  calendarId: string,
): Promise<ReadonlyMap<string, PayHead | null>> {
  const ids = [...new Set(workerIds)];
  const heads = await readPayHeads(table, scope, ids, calendarId);
  return new Map(ids.map((id, at) => [id, heads[at] ?? null]));
}

/** A statement's header by its id, strongly; null where there is none. */
export async function readStatementHeader(table: Table, scope: TenantScope, id: string): Promise<StatementHeader | null> {
  const ref = parseStatementId(id);
  if (ref === null) return null;
  const item = await table.get(scope, statementKey(scope, ref));
  return item === null ? null : decodeStatement(item);
}

/** Headers of statements by id, strongly, in the order of the ids; null where there is none. */
export async function readStatementHeaders(
  table: Table,
  scope: TenantScope,
  ids: readonly string[],
): Promise<readonly (StatementHeader | null)[]> {
  const refs = ids.map(parseStatementId);
  const known = refs.flatMap((ref) => (ref === null ? [] : [statementKey(scope, ref)]));
  const items = await table.batchGet(scope, known);
  let next = 0;
  return refs.map((ref) => {
    const item = ref === null ? null : items[next++]!;
    return item === null ? null : decodeStatement(item);
  });
}

/** The stored statements of a period in one calendar: found by the index, read strongly. */
export async function listStatementsOfPeriod(
  table: Table,
  scope: TenantScope,
  calendarId: string,
  startDate: string,
): Promise<readonly StatementHeader[]> {
  return listStatementsBegunIn(table, scope, calendarId, { from: startDate, to: startDate });
}

/** The stored statements of one calendar whose periods begin between two days, both included: found by the index, read strongly. */
export async function listStatementsBegunIn(
  table: Table,
  scope: TenantScope,
  calendarId: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly StatementHeader[]> {
  const days = { from: `${calendarId}#${from}#`, to: `${calendarId}#${to}#~` };
  const range = { index: 'by', partition: listPartition(scope, 'ST'), ...days } as const;
  const rows = await table.batchGet(scope, await table.queryAll(scope, range));
  return rows.flatMap((item) => (item === null ? [] : [decodeStatement(item)]));
}

/** A new line item; refused where it exists, which a repeated approval finds out (I3). */
export function newLineItem(scope: TenantScope, item: LineItem, freeOn: string): StagedWrite {
  return { kind: 'create', item: encodeLineItem(scope, item, freeOn) };
}

/** A line item in place of the one that was read; refused where it has changed since. */
export function changedLineItem(scope: TenantScope, item: LineItem, freeOn: string, seenRevision: number): StagedWrite {
  return { kind: 'replace', item: encodeLineItem(scope, item, freeOn), counter: 'revision', seen: seenRevision };
}

/** Puts a new line item. */
export function createLineItemAction(scope: TenantScope, item: LineItem, freeOn: string): WriteAction {
  return actionOf(newLineItem(scope, item, freeOn));
}

/** Replaces a line item in its place. */
export function updateLineItemAction(scope: TenantScope, item: LineItem, freeOn: string, seenRevision: number): WriteAction {
  return actionOf(changedLineItem(scope, item, freeOn, seenRevision));
}

/** Moves a line item to another assignment date under its old identity; a change in place where the date stays. */
export function moveLineItemActions(
  scope: TenantScope,
  before: LineItem,
  after: LineItem,
  freeOn: string,
): readonly WriteAction[] {
  if (before.assignOn === after.assignOn) return [updateLineItemAction(scope, after, freeOn, before.revision)];
  return [
    {
      kind: 'delete',
      key: lineItemPlace(scope, before),
      condition: ifUnchanged('revision', before.revision),
    },
    createLineItemAction(scope, after, freeOn),
    { kind: 'put', item: encodeMovedItem(scope, after) },
  ];
}

/** Puts a statement header: a new one where none is there, else in place of the revision that was read. */
export function putStatementAction(scope: TenantScope, header: StatementHeader, seenRevision: number | null): WriteAction {
  return { kind: 'put', item: encodeStatement(scope, header), condition: revisionCondition(seenRevision) };
}

/** A statement header in place of the one that was read; refused where it has changed since. */
export function changedStatement(scope: TenantScope, header: StatementHeader, seenRevision: number): StagedWrite {
  return { kind: 'replace', item: encodeStatement(scope, header), counter: 'revision', seen: seenRevision };
}

/** Puts a pay head under the same condition: two payments of one worker and calendar cannot both win. */
export function putPayHeadAction(scope: TenantScope, head: PayHead, seenRevision: number | null): WriteAction {
  return { kind: 'put', item: encodePayHead(scope, head), condition: revisionCondition(seenRevision) };
}

/** The condition that a line item still is the one that was read, for commands that depend on it and leave it as it is. */
export function itemUnchanged(scope: TenantScope, item: LineItem): WriteAction {
  return { kind: 'check', key: lineItemPlace(scope, item), condition: ifUnchanged('revision', item.revision) };
}

function revisionCondition(seenRevision: number | null) {
  return seenRevision === null ? IF_ABSENT : ifUnchanged('revision', seenRevision);
}
