import { refuse } from '#kernel/errors.ts';
import type { LocalDate } from '#kernel/instant.ts';
import { dateAt, listAt, objectAt, optionalDateAt, refuseShape } from './check.ts';
import { defineRule } from './rules/rule.ts';

/** B-125: an item's status follows from dates and events, never from a job having run. */
export const itemStatusRule = defineRule('B-125', 1, 'Effective status of a line item');

/** Something that happened to an item on a local day. */
export type ItemEvent =
  | { readonly type: 'hold'; readonly on: LocalDate; readonly until?: LocalDate | null }
  | { readonly type: 'release' | 'void' | 'paid' | 'reopen'; readonly on: LocalDate }
  | { readonly type: 'extend'; readonly on: LocalDate; readonly releaseOn: LocalDate };

/** The words are part of the interface. */
export type ItemStatus = 'Held' | 'In Process' | 'Paid' | 'Voided';

const PLAIN = ['release', 'void', 'paid', 'reopen'];

/** Checks a list of events; refuses `invalid-body`. */
export function assertItemEvents(value: unknown, field: string): asserts value is readonly ItemEvent[] {
  listAt(value, field).forEach((item, index) => {
    const place = `${field}[${index}]`;
    const event = objectAt(item, place);
    dateAt(event.on, `${place}.on`);
    if (event.type === 'hold') optionalDateAt(event.until, `${place}.until`);
    else if (event.type === 'extend') dateAt(event.releaseOn, `${place}.releaseOn`);
    else if (!PLAIN.includes(event.type as string)) refuseShape(`${place}.type`, 'unknown event');
  });
}

/** Where an item stands once its events are applied. `holds` are those not ended by a release: the day each ends, null for open ones. */
export type ItemState = {
  readonly releaseOn: LocalDate;
  readonly holds: readonly (LocalDate | null)[];
  /** The latest day on which a release ended a hold. */
  readonly holdEndedOn: LocalDate | null;
  readonly paid: boolean;
  readonly voided: boolean;
};

/**
 * Applies events in the order of their days (B-125): `hold` until released or until its day, `release` ends every hold in force and
 * brings a later `releaseOn` forward, `extend` moves it later (refused `extend-not-later` otherwise). Nothing acts after `void`.
 * Events after `throughDate` are left out when it is given.
 */
export function itemStateOf(releaseOn: LocalDate, events: readonly ItemEvent[], throughDate?: LocalDate): ItemState {
  let due = releaseOn;
  let holds: (LocalDate | null)[] = [];
  let holdEndedOn: LocalDate | null = null;
  let paid = false;
  const inOrder = events
    .map((event, index) => ({ event, index }))
    .sort((a, b) => compareText(a.event.on, b.event.on) || a.index - b.index);
  for (const { event } of inOrder) {
    if (throughDate !== undefined && event.on > throughDate) break;
    switch (event.type) {
      case 'hold':
        holds.push(event.until ?? null);
        break;
      case 'release': {
        const on = event.on;
        if (holds.some((until) => until === null || until > on)) holdEndedOn = on;
        for (const until of holds) if (until !== null && until <= on) holdEndedOn = latest(holdEndedOn, until);
        holds = [];
        if (due > on) due = on;
        break;
      }
      case 'extend':
        if (event.releaseOn <= due) refuse('extend-not-later', { field: 'releaseOn', data: { releaseOn: due } });
        due = event.releaseOn;
        break;
      case 'paid':
        paid = true;
        break;
      case 'reopen':
        paid = false;
        break;
      case 'void':
        return { releaseOn: due, holds, holdEndedOn, paid, voided: true };
    }
  }
  return { releaseOn: due, holds, holdEndedOn, paid, voided: false };
}

/** The status on a day in the branch's zone (B-125). */
export function itemStatus(releaseOn: LocalDate, events: readonly ItemEvent[], todayDate: LocalDate): ItemStatus {
  const state = itemStateOf(releaseOn, events, todayDate);
  if (state.voided) return 'Voided';
  if (state.paid) return 'Paid';
  const held = state.holds.some((until) => until === null || todayDate < until);
  return held || todayDate < state.releaseOn ? 'Held' : 'In Process';
}

/**
 * The day that decides the statement (B-134): the latest of approval date, `releaseOn` after events, and the day the last hold ended
 * or will end. Null for an item held without end.
 */
export function effectiveDateOf(approvalDate: LocalDate, releaseOn: LocalDate, events: readonly ItemEvent[]): LocalDate | null {
  const state = itemStateOf(releaseOn, events);
  let day = latest(approvalDate, latest(state.releaseOn, state.holdEndedOn ?? state.releaseOn));
  for (const until of state.holds) {
    if (until === null) return null;
    day = latest(day, until);
  }
  return day;
}

function latest(a: LocalDate | null, b: LocalDate): LocalDate {
  return a === null || a < b ? b : a;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
