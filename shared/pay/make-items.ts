import { type EarnedOrigin, type ItemOrigin, itemsOfApproval } from '#bonus/commands/approve.ts';
import type { LineItemDraft } from '#bonus/line-items.ts';
import { calendarOfBranch } from '#bonus/pay/assignment.ts';
import type { LocalDate } from '#kernel/instant.ts';
import type { LineItem, PayHead } from '#model/pay.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import { readHeadsOfWorkers } from '#store/pay-repository.ts';
import type { Table } from '#store/table.ts';
import { type EarnedBy, readEarned } from './earned.ts';

/** Drafts with what their items have in common, and the time they were earned with. */
export interface ItemsToMake {
  readonly drafts: readonly LineItemDraft[];
  readonly origin: Omit<ItemOrigin, keyof EarnedOrigin>;
  readonly earnedBy: Omit<EarnedBy, 'workerIds'>;
}

/** Items ready to be written, with the pay heads that decided their place. */
export interface MadeItems {
  readonly items: readonly { readonly item: LineItem; readonly freeOn: LocalDate }[];
  readonly heads: ReadonlyMap<string, PayHead | null>;
}

/** Makes line items of drafts: each in its worker's calendar, on the first statement that is still open, with the weeks it was earned in. */
export async function makeItems(
  table: Table,
  scope: TenantScope,
  context: TenantContext,
  { drafts, origin, earnedBy }: ItemsToMake,
): Promise<MadeItems> {
  const calendar = calendarOfBranch(context, origin.branchId);
  const workerIds = [...new Set(drafts.map((draft) => draft.workerId))];
  const heads = await readHeadsOfWorkers(table, scope, workerIds, calendar.calendarId);
  const earned = await readEarned(table, scope, context, { ...earnedBy, workerIds });
  return { items: itemsOfApproval(drafts, { ...origin, ...earned }, calendar, heads), heads };
}
