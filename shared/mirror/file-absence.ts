import { inParallel } from '#kernel/in-parallel.ts';
import { addDays, type Instant, isoWeek, type LocalDate, weekday } from '#kernel/instant.ts';
import type { SyncState } from '#model/connection.ts';
import type { EntityName } from '#model/entities.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { AcceptedFile, FileWindow } from '#model/upload.ts';
import { excessShare } from './deletions.ts';
import type { FingerprintView } from './fingerprints.ts';
import type { Leg } from './leg.ts';
import type { RunStore } from './run-store.ts';
import { hold, tombstoneAll } from './sweep.ts';
import { ALL_SEGMENTS } from './windows.ts';

/** What a file no longer shows of what it speaks of: records, and what came along with records. */
export interface Absent {
  readonly main: readonly string[];
  readonly companions: readonly string[];
}

/** What the guard makes of deletions (M-103): null lets them happen. */
export interface FileHold {
  readonly share: number;
  readonly cause: 'empty_listing' | 'bound_exceeded';
}

type Snapshot = Pick<AcceptedFile, 'mode' | 'window'>;
const NOTHING: Absent = { main: [], companions: [] };

/**
 * The mirrored records inside a file's window that the file does not show (M-71). Fingerprints know weeks, so in a week that the window
 * cuts the missing records themselves are asked for their day.
 */
export async function absentFromFile(
  store: Pick<RunStore, 'findRecord'>,
  view: FingerprintView,
  stream: StreamManifest,
  file: Snapshot,
  seen: ReadonlySet<string>,
): Promise<Absent> {
  if (file.mode === 'upsert' || (file.mode === 'replace' && file.window === null)) return NOTHING;
  const window = file.mode === 'full' ? null : file.window;
  const segments = window === null ? ALL_SEGMENTS : weeksOf(window);
  const missing = (kind: 'main' | 'companion') => view.ids(segments, kind).filter((id) => !seen.has(id));
  const main = missing('main');
  if (window === null) return { main, companions: missing('companion') };
  const cut = new Set(cutWeeks(window));
  const entities: readonly EntityName[] = [stream.entity, ...(stream.also ?? [])];
  const outside = new Set<string>();
  await inParallel(
    main.filter((id) => cut.has(view.segmentOf(id) ?? '')),
    async (id) => {
      const { workDate } = ((await store.findRecord(entities, id))?.record.fields ?? {}) as { workDate?: LocalDate };
      if (workDate !== undefined && (workDate < window.from || workDate > window.to)) outside.add(id);
    },
  );
  return { main: main.filter((id) => !outside.has(id)), companions: [] };
}

/** Whether so many deletions at once wait for a person. An empty file always does (file import, section 5). */
export function holdOfFile(
  absent: Absent,
  rows: number,
  view: FingerprintView,
  applied: SyncState['deletions'][string],
  now: Instant,
): FileHold | null {
  const count = absent.main.length;
  if (count === 0) return null;
  const live = view.ids(ALL_SEGMENTS, 'main').length;
  if (rows === 0) return { share: count / live, cause: 'empty_listing' };
  const share = excessShare(count, live, { applied, now });
  return share === null ? null : { share, cause: 'bound_exceeded' };
}

/** Takes away what an accepted file no longer shows: its acceptance is the proof (M-102 d). Above the bound it is held. */
export async function removeAbsent(
  leg: Leg,
  stream: StreamManifest,
  file: Snapshot,
  seen: ReadonlySet<string>,
  rows: number,
): Promise<void> {
  const view = await leg.view(stream.stream);
  const absent = await absentFromFile(leg.ports.store, view, stream, file, seen);
  const held = holdOfFile(absent, rows, view, leg.deletions[stream.entity] ?? [], leg.ports.now());
  if (held !== null) {
    await hold(leg, stream, { ids: [...absent.main].sort(), ...held });
    leg.sweepsOpen.set(stream.stream, true);
    return;
  }
  const due = [...absent.main, ...absent.companions];
  if (due.length > 0) await tombstoneAll(leg, stream, due, view.ids(ALL_SEGMENTS, 'main').length, 'confirmed');
}

function weeksOf({ from, to }: FileWindow) {
  return { from: isoWeek(from), to: `${isoWeek(to)}~\u{10ffff}` };
}

/** The weeks that a window begins or ends within. */
function cutWeeks({ from, to }: FileWindow): string[] {
  const weeks: string[] = [];
  if (weekday(from) !== 1) weeks.push(isoWeek(from));
  if (weekday(addDays(to, 1)) !== 1) weeks.push(isoWeek(to));
  return weeks;
}
