import { canonicalJson } from '#kernel/canonical.ts';
import { addDays, type LocalDate } from '#kernel/instant.ts';
import { type Key, tenantIdOfKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import { issuePremiums } from '#pay/issue-premiums.ts';
import type { StreamChange } from '#store/stream-image.ts';
import type { Item } from '#store/table.ts';
import { listWeekLedgers } from '#store/week-ledger-repository.ts';
import type { TimeRecord } from '#store/worker-time.ts';
import { type BonusSession, errorLine, forEachOf } from '../ports.ts';

const AT_ONCE = 8;
/** A week that holds a work date begins at most six days before it, and the work date lies at most two days beside its instants. */
const DAYS_BEFORE = 8;
const DAYS_AFTER = 2;

/** A worker whose hours have changed: the work dates concerned, and the keys of the time as it is now. */
interface HoursTouch {
  readonly scope: TenantScope;
  readonly workerId: string;
  readonly dates: Set<LocalDate>;
  readonly keys: Key[];
  readonly sequences: string[];
}

/**
 * Issues what changed hours of a worker add to the premiums of weeks in which bonuses count (B-206): a late entry adds, a shortened one
 * takes nothing back. Time on any job counts, and on none. Answers the records that failed.
 */
export async function followHours(session: BonusSession, changes: readonly StreamChange[]): Promise<readonly string[]> {
  const touches = new Map<string, HoursTouch>();
  for (const change of changes) touch(touches, change);
  const failed = await forEachOf([...touches.values()], AT_ONCE, (one) => follow(session, one));
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
  const ledgers = await listWeekLedgers(table, scope, workerId, { from: ranges[0]!.from, to: ranges.at(-1)!.to });
  const weeks = ledgers
    .map((ledger) => ledger.weekStart)
    .filter((week) => ranges.some(({ from, to }) => week >= from && week <= to));
  if (weeks.length === 0) return;
  const context = await session.context(scope);
  if (context === null) return;
  await issuePremiums({ table, now, ulid, requestId: session.requestId }, scope, context, { workerId, weeks, also: keys });
}

function touch(touches: Map<string, HoursTouch>, { before, after, expired, sequence }: StreamChange): void {
  if (expired || hoursText(before) === hoursText(after)) return;
  for (const image of [before, after]) {
    if (!isTime(image)) continue;
    const tenantId = tenantIdOfKey(image.pk);
    if (tenantId === null) continue;
    const { workerId, workDate } = (decodeMirrorRecord(image) as TimeRecord).fields;
    const name = `${tenantId} ${workerId}`;
    const known = touches.get(name) ?? {
      ...{ scope: scopeOf(tenantId), workerId },
      dates: new Set<LocalDate>(),
      keys: [],
      sequences: [],
    };
    known.dates.add(workDate);
    if (image === after) known.keys.push({ pk: image.pk, sk: image.sk });
    known.sequences.push(sequence);
    touches.set(name, known);
  }
}

/** What of a piece of time decides whose hours it is and of when, as comparable text; null for anything else. */
function hoursText(image: Item | null): string | null {
  if (!isTime(image)) return null;
  const { fields, tombstone, aliasOf } = decodeMirrorRecord(image) as TimeRecord;
  const { workerId, workDate, start, end, durationSeconds, open } = fields;
  const category = 'category' in fields ? fields.category : 'drive';
  // The time of a running clock counts once it is closed; until then its beginning only says that hours are missing.
  const counted = open ? {} : { end, durationSeconds };
  return canonicalJson({ workerId, workDate, start, open, category, ...counted, gone: tombstone !== null, aliasOf });
}

function isTime(image: Item | null): image is Item {
  return image !== null && (image.et === 'ti' || image.et === 'dr');
}
