import { parseLineItemId } from './ids.ts';
import {
  byItemSource,
  byNumber,
  type Key,
  lineItemKey,
  lineItemSort,
  listPartition,
  movedItemKey,
  payHeadKey,
  statementKey,
  statementSort,
} from './keys.ts';
import type { ItemSource, LineItem, PayHead, StatementHeader } from './pay.ts';
import { fieldsOf } from './propay-item.ts';
import type { TenantScope } from './scope.ts';

const ITEM_VERSION = 1;
/** `assignOn` of an item that is held without end: it belongs to no statement. */
export const NEVER = '9999-12-31';

type Stored = Key & Readonly<Record<string, unknown>>;

/** The unique end of a line item's id and key. Throws on text that is no line item id. */
export function tailOf(id: string): string {
  const ref = parseLineItemId(id);
  if (ref === null) throw new Error('not a line item id');
  return ref.tail;
}

/** Where a line item is stored now: under its present assignment date, which hold, release and extend move. */
export function lineItemPlace(scope: TenantScope, item: Pick<LineItem, 'id' | 'workerId' | 'calendarId' | 'assignOn'>): Key {
  return lineItemKey(scope, {
    workerId: item.workerId,
    calendarId: item.calendarId,
    assignOn: item.assignOn,
    tail: tailOf(item.id),
  });
}

/** A line item in its stored form: found by its source (index `id`), listed by standing and the day it is free (index `by`). */
export function encodeLineItem(scope: TenantScope, item: LineItem, freeOn: string): Stored {
  const last = item.events.at(-1)?.type;
  const standing = last === 'void' ? 'v' : last === 'paid' ? 'p' : 'u';
  const sourceId = sourceIdOf(item.source);
  return {
    ...lineItemPlace(scope, item),
    ...(sourceId === null ? {} : { ip: byItemSource(scope, sourceId), is: tailOf(item.id) }),
    bp: listPartition(scope, 'LI'),
    bs: lineItemSort({ standing, freeOn, id: item.id }),
    et: 'li',
    v: ITEM_VERSION,
    ...item,
  };
}

/** Reads a stored line item back. The first ones came from ProPays alone and did not say so. */
export function decodeLineItem(item: Readonly<Record<string, unknown>>): LineItem {
  const first = {
    weeks: [],
    premiumMethod: null,
    embeddedPremiumCents: null,
    rateExclusion: null,
    premium: null,
    periodStart: null,
  };
  const fields = { ...first, ...fieldsOf(item, 'li') } as unknown as LineItem;
  return { ...fields, source: { ...FIRST_KIND, ...fields.source } as ItemSource };
}

const FIRST_KIND = { kind: 'propay' } as const;

/** The id that lists an item's siblings: of its ProPay, group or goal; null for items that stand alone. */
export function sourceIdOf(source: ItemSource): string | null {
  switch (source.kind) {
    case 'group':
    case 'group-adjustment':
    case 'group-callback':
      return source.groupId;
    case 'goal':
      return source.goalId;
    case 'manual':
    case 'premium':
      return null;
    default:
      return source.proPayId;
  }
}

/** The sign that a moved item leaves under its tail, so that its id of birth still finds it. */
export function encodeMovedItem(scope: TenantScope, item: Pick<LineItem, 'id' | 'workerId' | 'assignOn'>): Stored {
  return { ...movedItemKey(scope, item.workerId, tailOf(item.id)), et: 'lv', v: ITEM_VERSION, assignOn: item.assignOn };
}

/** A statement's header in its stored form, listed by calendar and period. */
export function encodeStatement(scope: TenantScope, header: StatementHeader): Stored {
  const { workerId, calendarId, period } = header;
  return {
    ...statementKey(scope, { workerId, calendarId, startDate: period.startDate }),
    ip: byNumber(scope, header.reference),
    is: `st#${header.id}`,
    bp: listPartition(scope, 'ST'),
    bs: statementSort({
      calendarId,
      startDate: period.startDate,
      status: header.status,
      workerName: header.workerName,
      workerId,
    }),
    et: 'st',
    v: ITEM_VERSION,
    ...header,
  };
}

/** Reads a stored statement header back. The first ones knew neither figures, nor what workers say, nor exports. */
export function decodeStatement(item: Readonly<Record<string, unknown>>): StatementHeader {
  return { ...UNSAID, ...fieldsOf(item, 'st') } as unknown as StatementHeader;
}

const UNSAID = {
  wageFigures: null,
  figuresFor: null,
  wageFloors: [],
  acknowledgements: [],
  disputes: [],
  exportId: null,
} as const;

/** A worker's pay head of one calendar in its stored form. */
export function encodePayHead(scope: TenantScope, head: PayHead): Stored {
  return { ...payHeadKey(scope, head.workerId, head.calendarId), et: 'ph', v: ITEM_VERSION, ...head };
}

/** Reads a stored pay head back. */
export function decodePayHead(item: Readonly<Record<string, unknown>>): PayHead {
  return fieldsOf(item, 'ph') as unknown as PayHead;
}
