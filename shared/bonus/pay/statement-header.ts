import { hashCanonical } from '#kernel/hash.ts';
import type { StatementHeader } from '#model/pay.ts';
import type { StatementView } from './statements.ts';

/** What a statement's header says of whom and where it is, beside what follows from its items. */
export interface StatementNaming {
  readonly reference: string;
  readonly workerName: string;
}

/** `ST-<n>` (B-133). */
export function statementReference(number: number): string {
  return `ST-${number}`;
}

/** The header of a statement that has none yet: Open, with everything still derived (B-133). Revision 0: not stored. */
export function freshHeader(view: StatementView, { reference, workerName }: StatementNaming): StatementHeader {
  return {
    id: view.id,
    reference,
    workerId: view.workerId,
    workerName,
    calendarId: view.calendarId,
    branchId: branchOf(view),
    period: view.period,
    ...UNPAID,
    acknowledgements: [],
    disputes: [],
    revision: 0,
  };
}

/** What stands in the header of a statement that is not paid. */
export const UNPAID = {
  status: 'Open',
  payDate: null,
  paidAt: null,
  paidBy: null,
  totals: null,
  itemIds: null,
  wageFigures: null,
  figuresFor: null,
  wageFloors: [],
  exportId: null,
} as const satisfies Partial<StatementHeader>;

/** Whose statement it is to see and to pay: the branch in its header, else that of its first item. */
export function branchOf(view: StatementView): string | null {
  if (view.header !== null) return view.header.branchId;
  return [...view.items, ...view.upcoming][0]?.branchId ?? null;
}

/** The digest of what a statement's wage figures were worked out for: they change with its items, not with a wage (B-140). */
export function figuresKey({ items, totals }: StatementView): string {
  return hashCanonical({ items: items.map(({ id, revision }) => [id, revision]), netBalanceCents: totals.netBalanceCents });
}
