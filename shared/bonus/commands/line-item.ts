import { refuse } from '#kernel/errors.ts';
import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { ItemEvent, LineItem } from '#model/pay.ts';
import { itemStateOf, itemStatus } from '../item-status.ts';

/** An action on one line item (B-125, B-126). */
export type ItemAction =
  | { readonly type: 'hold'; readonly until: LocalDate | null; readonly note: string | null }
  | { readonly type: 'release' }
  | { readonly type: 'extend'; readonly releaseOn: LocalDate }
  | { readonly type: 'void'; readonly reason: string };

/** Who acts, and on which day in the zone of the item's branch. */
export interface ItemActor {
  readonly by: string;
  readonly at: Instant;
  readonly todayDate: LocalDate;
}

/**
 * An item after an action. Its amount never changes (B-127); a paid item is final (`paid-is-final`), a voided one as well
 * (`wrong-state`). Hold asks for a free item, release and extend for a held one.
 */
export function actOnItem(item: LineItem, action: ItemAction, actor: ItemActor): LineItem {
  const { by, at, todayDate: on } = actor;
  const status = itemStatus(item.releaseOn, item.events, on);
  if (status === 'Paid') refuse('paid-is-final');
  if (status === 'Voided') refuse('wrong-state', { data: { status } });
  const wanted = action.type === 'hold' ? 'In Process' : action.type === 'void' ? status : 'Held';
  if (status !== wanted) refuse('wrong-state', { data: { status } });
  return { ...item, events: [...item.events, eventOf(item, action, { by, at, on })], revision: item.revision + 1 };
}

function eventOf(item: LineItem, action: ItemAction, moment: { by: string; at: Instant; on: LocalDate }): ItemEvent {
  switch (action.type) {
    case 'hold': {
      if (action.until !== null && action.until <= moment.on)
        refuse('invalid-body', { field: 'until', detail: 'must be a later day' });
      const until = action.until === null ? {} : { until: action.until };
      return { type: 'hold', ...moment, ...until, ...(action.note === null ? {} : { note: action.note }) };
    }
    case 'release':
      return { type: 'release', ...moment };
    case 'extend': {
      const { releaseOn } = itemStateOf(item.releaseOn, item.events);
      if (action.releaseOn <= releaseOn) refuse('extend-not-later', { field: 'releaseOn', data: { releaseOn } });
      return { type: 'extend', ...moment, releaseOn: action.releaseOn };
    }
    case 'void':
      return { type: 'void', ...moment, reason: action.reason };
  }
}
