import { addDays } from '#kernel/instant.ts';
import { idsOfPerson } from '#model/merged-people.ts';
import { issuePremiums } from '#pay/issue-premiums.ts';
import { listWeekLedgers } from '#store/week-ledger-repository.ts';
import { type BonusSession, errorLine, forEachOf } from '../ports.ts';
import type { HoursTouch } from './hours-touch.ts';

const AT_ONCE = 8;
/** A week that holds a work date begins at most six days before it, and the work date lies at most two days beside its instants. */
const DAYS_BEFORE = 8;
const DAYS_AFTER = 2;

/**
 * Issues what changed hours of a worker add to the premiums of weeks in which bonuses count (B-206): a late entry adds, a shortened one
 * takes nothing back. Time on any job counts, and on none. Answers the records that failed.
 */
export async function followHours(session: BonusSession, touches: readonly HoursTouch[]): Promise<readonly string[]> {
  const failed = await forEachOf(touches, AT_ONCE, (one) => follow(session, one));
  for (const { one, error } of failed)
    session.ports.log({
      level: 'error',
      message: 'the hours of a worker could not be followed',
      tenantId: one.scope.tenantId,
      ...errorLine(error),
    });
  return failed.flatMap(({ one }) => one.sequences);
}

async function follow(session: BonusSession, { scope, workerId, dates, keys }: HoursTouch): Promise<void> {
  const { table, now, ulid } = session.ports;
  const ranges = [...dates].sort().map((date) => ({ from: addDays(date, -DAYS_BEFORE), to: addDays(date, DAYS_AFTER) }));
  const context = await session.context(scope);
  if (context === null) return;
  const range = { from: ranges[0]!.from, to: ranges.at(-1)!.to };
  const ids = idsOfPerson(context, workerId);
  const ledgers = (await Promise.all(ids.map((id) => listWeekLedgers(table, scope, id, range)))).flat();
  const weeks = ledgers
    .map((ledger) => ledger.weekStart)
    .filter((week) => ranges.some(({ from, to }) => week >= from && week <= to));
  if (weeks.length === 0) return;
  await issuePremiums({ table, now, ulid, requestId: session.requestId }, scope, context, { workerId, weeks, also: keys });
}
