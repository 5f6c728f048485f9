import { allocateAmounts } from '#kernel/allocate.ts';
import { refuse } from '#kernel/errors.ts';
import { hashText } from '#kernel/hash.ts';
import type { LocalDate } from '#kernel/instant.ts';
import type { PayCalendar } from '#kernel/period.ts';
import { lineItemId } from '#model/ids.ts';
import type { LineItem, PayHead } from '#model/pay.ts';
import { placeItem } from '../pay/assignment.ts';
import { actOnItem, type ItemActor } from './line-item.ts';

/** One of the smaller items: its amount without sign, and the day it is released where that is to change. */
export interface ReplacementPart {
  readonly amountCents: number;
  readonly releaseOn: LocalDate | null;
}

/** A voided item and the smaller ones in its place. */
export interface Replacement {
  readonly voided: LineItem;
  readonly parts: readonly { readonly item: LineItem; readonly freeOn: LocalDate }[];
}

const TAIL_LENGTH = 25;

/**
 * Puts smaller items in the place of one (B-127): an amount never changes, so the item is voided and its parts add up to it to the cent.
 * A part without a day of its own is held as the item was; one with a day is free on that day.
 */
export function replaceItem(
  item: LineItem,
  parts: readonly ReplacementPart[],
  { reason, calendar, head }: { readonly reason: string; readonly calendar: PayCalendar; readonly head: PayHead | null },
  actor: ItemActor,
): Replacement {
  const voided = actOnItem(item, { type: 'void', reason }, actor);
  const sign = item.amountCents < 0 ? -1 : 1;
  const sum = parts.reduce((total, part) => total + part.amountCents, 0);
  if (parts.length < 2 || parts.some((part) => part.amountCents <= 0) || sum !== sign * item.amountCents)
    refuse('invalid-amount', {
      field: 'replacements',
      detail: 'give two or more amounts above zero that add up to the item',
      data: { sumCents: sum, amountCents: sign * item.amountCents },
    });
  const embedded = embeddedInParts(item, parts);
  const made = parts.map((part, index) => {
    if (part.releaseOn !== null && part.releaseOn < actor.todayDate)
      refuse('invalid-body', { field: `replacements[${index}].releaseOn`, detail: 'must not lie in the past' });
    const dates = part.releaseOn === null ? {} : { releaseOn: part.releaseOn, events: [], periodStart: null };
    const amounts = { amountCents: sign * part.amountCents, embeddedPremiumCents: embedded[index]! };
    const before = { ...item, ...dates, ...amounts, replaces: item.id, revision: 1 };
    const { assignOn, freeOn } = placeItem(before, calendar, head);
    const tail = hashText(`${item.id}\n${index}`).slice(0, TAIL_LENGTH);
    const { workerId, calendarId } = item;
    return { item: { ...before, assignOn, id: lineItemId({ workerId, calendarId, assignOn, tail }) }, freeOn };
  });
  const end = voided.events.at(-1)!;
  const replacedBy = made.map((part) => part.item.id);
  return { voided: { ...voided, events: [...item.events, { ...end, replacedBy } as typeof end] }, parts: made };
}

/** The premium that lies in an item (B-208), divided over its parts as its amount is. */
function embeddedInParts({ embeddedPremiumCents }: LineItem, parts: readonly ReplacementPart[]): readonly (number | null)[] {
  if (embeddedPremiumCents === null) return parts.map(() => null);
  return allocateAmounts(
    embeddedPremiumCents,
    parts.map(({ amountCents }, index) => ({ id: String(index).padStart(2, '0'), weight: amountCents })),
  );
}
