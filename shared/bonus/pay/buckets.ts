import type { LocalDate } from '#kernel/instant.ts';
import type { LineItem } from '#model/pay.ts';
import { effectiveDateOf, itemStatus } from '../item-status.ts';
import { defineRule } from '../rules/rule.ts';
import type { WorkerShare } from '../shapes.ts';
import type { StatementView } from './statements.ts';

/** B-141: what a person has coming, from what is only projected to what was paid. */
export const bucketsRule = defineRule('B-141', 1, 'What the worker sees');

/** Money that is held until a day, or without end (`on` null). */
export interface HeldUntil {
  readonly on: LocalDate | null;
  readonly cents: number;
}

/** A person's money by where it stands, in cents; deductions lower the bucket they stand in. */
export interface Buckets {
  /** What open ProPays and groups would pay as they stand. */
  readonly projectedCents: number;
  /** By the day it becomes free, what is held without end last. */
  readonly held: readonly HeldUntil[];
  readonly inProcessCents: number;
  /** What paid statements have paid, net of everything. */
  readonly paidCents: number;
}

type Share = Pick<WorkerShare, 'workerId' | 'cents'>;

/** What would pay the person: figures of an open ProPay or phase, of an open group for all of its members, or what a reserve holds. */
export interface Projection {
  readonly payouts: readonly Share[];
  readonly leadPayouts: readonly Share[];
}

/** Adds up what a person has coming (B-141). Premiums that payroll computes are in no bucket (B-221). */
export function bucketsOf(
  workerId: string,
  projections: readonly Projection[],
  items: readonly LineItem[],
  statements: readonly Pick<StatementView, 'status' | 'totals'>[],
  terms: { todayOf(branchId: string | null): LocalDate; isInformational(item: LineItem): boolean },
): Buckets {
  const counted = items.filter((item) => !terms.isInformational(item));
  const of = (status: string): readonly LineItem[] =>
    counted.filter(({ branchId, releaseOn, events }) => itemStatus(releaseOn, events, terms.todayOf(branchId)) === status);
  const projected = projections.flatMap(({ payouts, leadPayouts }) => [...payouts, ...leadPayouts]);
  return {
    projectedCents: sum(projected.filter((one) => one.workerId === workerId).map(({ cents }) => cents)),
    held: byDay(of('Held')),
    inProcessCents: sum(of('In Process').map(({ amountCents }) => amountCents)),
    paidCents: sum(statements.filter(({ status }) => status === 'Paid').map(({ totals }) => totals.payableCents)),
  };
}

function byDay(items: readonly LineItem[]): readonly HeldUntil[] {
  const days = new Map<LocalDate | null, number>();
  for (const { approvalDate, releaseOn, events, amountCents } of items) {
    const on = effectiveDateOf(approvalDate, releaseOn, events);
    days.set(on, (days.get(on) ?? 0) + amountCents);
  }
  return [...days]
    .map(([on, cents]) => ({ on, cents }))
    .sort((a, b) => ((a.on ?? '9999-99-99') < (b.on ?? '9999-99-99') ? -1 : 1));
}

const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0);
