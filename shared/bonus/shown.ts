import type { LocalDate } from '#kernel/instant.ts';
import { type BonusBlock, NO_VERDICT } from '#model/bonus-block.ts';
import type { EntityName } from '#model/entities.ts';
import type { MirrorRecord, ShownBudget, ShownWage } from '#model/mirror-record.ts';
import type { ProPay } from '#model/propay.ts';

/** Wages that are to follow the one in force and are kept for showing; a later pass finds the further ones. */
const MAX_ANNOUNCED = 5;

/** The live budget that the source gives for exactly this job or milestone, as a list row shows it. */
export function shownBudget(budgets: readonly MirrorRecord<'budget_info'>[], milestoneId: string | null): ShownBudget | null {
  const live = budgets.find((budget) => isKept(budget) && budget.fields.milestoneId === milestoneId);
  if (live === undefined) return null;
  const { jobId: _jobId, milestoneId: _milestoneId, ...shown } = live.fields;
  return shown;
}

/** M-31: there is time on the milestone. Drive time is no time of the work itself (M-38). */
export function milestoneHasBegun(id: string, entries: readonly MirrorRecord<'time_entry'>[]): boolean {
  return entries.some((entry) => isKept(entry) && entry.fields.milestoneId === id);
}

/** M-31: there is time anywhere in the job, or a milestone past `pending`. */
export function jobHasBegun(
  milestones: readonly MirrorRecord<'milestone'>[],
  entries: readonly MirrorRecord<'time_entry'>[],
): boolean {
  return entries.some(isKept) || milestones.some(isPastPending);
}

/** Whether a milestone has left `pending` otherwise than by being canceled. */
export function isPastPending(milestone: MirrorRecord<'milestone'>): boolean {
  const { status } = milestone.fields;
  return isKept(milestone) && status !== 'pending' && status !== 'canceled';
}

/**
 * The wages to show of a worker's rows, given oldest first: the one in force on a day, and those that follow it. Who shows them chooses
 * by the day it is then, so a wage announced for tomorrow needs nobody to wake up tomorrow.
 */
export function shownWages(rows: readonly MirrorRecord<'wage_record'>[], day: LocalDate): readonly ShownWage[] {
  const live = rows
    .filter(isKept)
    .map(({ fields: { effectiveFrom, rateE4, currency } }) => ({ effectiveFrom, rateE4, currency }));
  const inForce = live.findLastIndex(({ effectiveFrom }) => effectiveFrom <= day);
  const first = Math.max(inForce, 0);
  return live.slice(first, first + 1 + MAX_ANNOUNCED);
}

/** A block with the target's ProPay: one that was canceled or deleted no longer counts (V-21). */
export function withProPay(block: BonusBlock, { id, status }: Pick<ProPay, 'id' | 'status'>): BonusBlock {
  const gone = { Canceled: 'propay_canceled', Deleted: 'propay_deleted' } as Partial<Record<ProPay['status'], string>>;
  const others = block.proPayIds.filter((one) => one !== id);
  return { ...block, ...NO_VERDICT, verdict: gone[status] ?? null, proPayIds: [...others, id].slice(-MAX_SHOWN) };
}

/** A row shows the latest ProPays of its work. */
const MAX_SHOWN = 20;

/** Rows show what the source still has, also of jobs that left the scope. */
const isKept = (record: MirrorRecord<EntityName>): boolean => record.tombstone === null;
