import { canonicalJson } from '#kernel/canonical.ts';
import type { LocalDate } from '#kernel/instant.ts';
import { type Key, tenantIdOfKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import { scopeOf, type TenantScope } from '#model/scope.ts';
import type { StreamChange } from '#store/stream-image.ts';
import type { Item } from '#store/table.ts';
import type { TimeRecord } from '#store/worker-time.ts';

/** A worker whose hours have changed: the work dates concerned, and the keys of the time as it is now. */
export interface HoursTouch {
  readonly scope: TenantScope;
  readonly workerId: string;
  readonly dates: Set<LocalDate>;
  readonly keys: Key[];
  readonly sequences: string[];
}

/** Folds a batch of stream changes into the workers whose hours they change, on any job or none; each worker once. */
export function hoursTouches(changes: readonly StreamChange[]): readonly HoursTouch[] {
  const touches = new Map<string, HoursTouch>();
  for (const change of changes) touch(touches, change);
  return [...touches.values()];
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

/** What of a piece of time decides whose hours it is, of when and on what, as comparable text; null for anything else. */
function hoursText(image: Item | null): string | null {
  if (!isTime(image)) return null;
  const { fields, tombstone, aliasOf } = decodeMirrorRecord(image) as TimeRecord;
  const { workerId, workDate, start, end, durationSeconds, open, attribution } = fields;
  const category = 'category' in fields ? fields.category : 'drive';
  // The time of a running clock counts once it is closed; until then its beginning only says that hours are missing.
  const counted = open ? {} : { end, durationSeconds };
  return canonicalJson({ workerId, workDate, start, open, category, attribution, ...counted, gone: tombstone !== null, aliasOf });
}

function isTime(image: Item | null): image is Item {
  return image !== null && (image.et === 'ti' || image.et === 'dr');
}
