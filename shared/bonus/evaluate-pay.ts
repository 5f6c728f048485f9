import { parseInstant } from '#kernel/instant.ts';
import { assertCents, assertSeconds, assertWageE4 } from '#kernel/money.ts';
import { periodOf, validateCalendar } from '#kernel/period.ts';
import { isZone, localDateOf } from '#kernel/zone.ts';
import { dateAt, type Fields, listAt, objectAt, optionalDateAt, refuseShape, textAt } from './check.ts';
import { assertItemEvents, itemStatus } from './item-status.ts';
import { assertHoldback, partsOf } from './line-items.ts';
import { wageFigures } from './rules/wage-figures.ts';
import { assertRollover, assertStatementItems, assignPeriod, type StatementAssignment, statementTotals } from './statement.ts';

/** B-121: a payout in parts. */
export function evaluateParts(inputs: unknown): object {
  const { shareCents, approvalDate, ...options } = objectAt(inputs, 'inputs');
  assertCents(shareCents, 'shareCents');
  const holdback: unknown = {
    waitingDays: options.waitingDays ?? 0,
    retentionBp: options.retentionBp ?? 0,
    retentionDays: options.retentionDays ?? 0,
    warrantyBp: options.warrantyBp ?? 0,
    warrantyDays: options.warrantyDays ?? 0,
  };
  assertHoldback(holdback, 'inputs');
  return { items: partsOf(shareCents, dateAt(approvalDate, 'approvalDate'), holdback) };
}

/** B-125: the status of an item on a day. */
export function evaluateStatus(inputs: unknown): object {
  const { releaseOn, todayDate, events } = objectAt(inputs, 'inputs');
  assertItemEvents(events, 'events');
  return { status: itemStatus(dateAt(releaseOn, 'releaseOn'), events, dateAt(todayDate, 'todayDate')) };
}

/** B-131: the period of a date. */
export function evaluatePeriod(inputs: unknown): object {
  const { calendar, date } = objectAt(inputs, 'inputs');
  return periodOf(validateCalendar(calendar), dateAt(date, 'date'));
}

/** B-134: the statement period of an item; the approval date is given, or follows from the instant in the branch's zone (B-8). */
export function evaluateStatementPeriod(inputs: unknown): object {
  const fields = objectAt(inputs, 'inputs');
  const calendar = validateCalendar(fields.calendar);
  const approvalDate = approvalDateAt(fields);
  const releaseOn = optionalDateAt(fields.releaseOn, 'releaseOn') ?? approvalDate;
  const paid = listAt(fields.paidPeriodStarts ?? [], 'paidPeriodStarts').map((start, index) =>
    dateAt(start, `paidPeriodStarts[${index}]`),
  );
  const effective = approvalDate > releaseOn ? approvalDate : releaseOn;
  return { approvalDate, ...assignPeriod(calendar, effective, assignmentAt(fields.statementAssignment), paid) };
}

function approvalDateAt({ approvalDate, approvedAt, timeZone }: Fields): string {
  if (approvalDate !== undefined && approvalDate !== null) return dateAt(approvalDate, 'approvalDate');
  const instant = parseInstant(textAt(approvedAt, 'approvedAt'));
  if (instant === null) refuseShape('approvedAt', 'must be an instant with an offset');
  const zone = textAt(timeZone, 'timeZone');
  if (!isZone(zone)) refuseShape('timeZone', 'must be an IANA time zone');
  return localDateOf(instant, zone);
}

function assignmentAt(value: unknown): StatementAssignment {
  if (value === undefined || value === null) return 'current';
  if (value !== 'current' && value !== 'previous') refuseShape('statementAssignment', 'must be current or previous');
  return value;
}

/** B-135, B-136: the totals of a statement. */
export function evaluateTotals(inputs: unknown): object {
  const { items, rolloverInCents } = objectAt(inputs, 'inputs');
  const rollover = rolloverInCents ?? 0;
  assertStatementItems(items, 'items');
  assertRollover(rollover, 'rolloverInCents');
  return statementTotals(items, rollover);
}

/** B-140: wage figures of a statement. */
export function evaluateWageFigures(inputs: unknown): object {
  const { time, netBalanceCents } = objectAt(inputs, 'inputs');
  assertCents(netBalanceCents, 'netBalanceCents');
  const list = listAt(time, 'time').map((item, index) => {
    const { seconds, wageE4 } = objectAt(item, `time[${index}]`);
    assertSeconds(seconds, `time[${index}].seconds`);
    assertWageE4(wageE4, `time[${index}].wageE4`);
    return { seconds, wageE4 };
  });
  return wageFigures(list, netBalanceCents);
}
