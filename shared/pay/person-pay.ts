import { historiesOfPersons } from '#bonus/inputs/persons.ts';
import { idsOfPerson, survivorOf } from '#model/merged-people.ts';
import type { LineItem, PayHead } from '#model/pay.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { type PayPartition, readPayPartition } from '#store/pay-repository.ts';
import { readWageHistories, type WageHistoryRow } from '#store/propay-inputs.ts';
import type { Table } from '#store/table.ts';
import { readWorkerTime, type TimeRange, type TimeRecord } from '#store/worker-time.ts';

/** What a loss of a merged record leaves to the person's next statement of the calendar that begins after a day. */
export interface Inherited {
  readonly calendarId: string;
  readonly after: string;
  readonly cents: number;
}

/** A person's pay. */
export interface PersonPay extends PayPartition {
  readonly inherited: readonly Inherited[];
}

/**
 * The pay of a person, read strongly (M-149). Items keep the worker they were made for; what is open of a merged record stands with the one
 * that stands for the person, whose statements and pay heads alone go on. Of the merged record itself what is settled is left.
 */
export async function readPersonPay(
  table: Table,
  scope: TenantScope,
  context: Pick<TenantContext, 'mergedPeople'>,
  workerId: string,
): Promise<PersonPay> {
  const own = await readPayPartition(table, scope, workerId);
  if (survivorOf(context, workerId) !== workerId) return { ...own, items: own.items.filter(isSettled), inherited: [] };
  const [, ...formerIds] = idsOfPerson(context, workerId);
  const former = await Promise.all(formerIds.map((id) => readPayPartition(table, scope, id)));
  const owners = new Map(former.flatMap(({ ledgers }) => ledgers).map((ledger) => [ledger.weekStart, ledger.premiumOwner]));
  return {
    items: [own, ...former].flatMap(({ items }) => items),
    headers: own.headers,
    heads: own.heads,
    // Who computes the premium of a week is decided once (B-221).
    ledgers: own.ledgers.map((ledger) => ({
      ...ledger,
      premiumOwner: ledger.premiumOwner ?? owners.get(ledger.weekStart) ?? null,
    })),
    inherited: former.flatMap(({ heads }) => heads.flatMap(inheritedOf)),
  };
}

function isSettled({ events }: LineItem): boolean {
  const last = events.at(-1)?.type;
  return last === 'paid' || last === 'void';
}

function inheritedOf({ calendarId, closedPeriods }: PayHead): readonly Inherited[] {
  const last = closedPeriods.filter(({ status }) => status === 'Paid').at(-1);
  return last === undefined || last.rolloverOutCents === 0
    ? []
    : [{ calendarId, after: last.startDate, cents: last.rolloverOutCents }];
}

/** Everything a person recorded over some days, under any id. */
export async function readPersonTime(
  table: Table,
  scope: TenantScope,
  context: Pick<TenantContext, 'mergedPeople'>,
  workerId: string,
  range: TimeRange,
): Promise<readonly TimeRecord[]> {
  const read = idsOfPerson(context, workerId).map((id) => readWorkerTime(table, scope, id, range));
  return (await Promise.all(read)).flat();
}

/** A person's wages, with those of merged records before the first of the own. */
export async function readPersonWages(
  table: Table,
  scope: TenantScope,
  context: Pick<TenantContext, 'mergedPeople'>,
  workerId: string,
): Promise<readonly WageHistoryRow[]> {
  const read = await readWageHistories(table, scope, idsOfPerson(context, workerId));
  return historiesOfPersons(read, [workerId], context).get(workerId) ?? [];
}
