import { addDays, type LocalDate } from '#kernel/instant.ts';
import type { Key } from '#model/keys.ts';
import type { TenantScope } from '#model/scope.ts';
import type { TenantContext } from '#model/settings.ts';
import type { Table } from '#store/table.ts';
import type { TimeRecord } from '#store/worker-time.ts';
import { readPersonTime } from './person-pay.ts';

/** A work date may lie a day beside the instants, and an entry may reach into the week from the days before it. */
const MARGIN_DAYS = 2;

/** A person's time that may lie in any of the given workweeks, with the days around them; `also` are keys known already. */
export async function readWeekTime(
  table: Table,
  scope: TenantScope,
  context: Pick<TenantContext, 'mergedPeople'>,
  workerId: string,
  weekStarts: readonly LocalDate[],
  also: readonly Key[],
): Promise<readonly TimeRecord[]> {
  const starts = [...weekStarts].sort();
  const [first, last] = [starts[0], starts.at(-1)];
  if (first === undefined || last === undefined) return [];
  return readPersonTime(table, scope, context, workerId, {
    from: addDays(first, -MARGIN_DAYS),
    to: addDays(last, 6 + MARGIN_DAYS),
    also,
  });
}
