import type { Instant } from '#kernel/instant.ts';
import type { Checkpoint, StreamReport } from '#model/connection.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { HandledRow } from './connector.ts';
import type { Leg } from './leg.ts';
import { applyPage } from './page.ts';
import { OutOfTime, SourceError } from './source-error.ts';
import { removeGone, SWEEP_IDS, sweep } from './sweep.ts';
import { clampStamps, type ReadPlan } from './windows.ts';

/** Every loop over a source is bounded (M-87). */
const MAX_PAGES = 10_000;
/** M-99: more than half of a stream's records, and at least this many, in quarantine means that the source's shape has changed. */
const DRIFT_LEAST = 20;

/** Reads one stream to its end, page by page, and decides what its listing proves. A failed stream does not stop the others. */
export async function readStream(leg: Leg, stream: StreamManifest, plan: ReadPlan): Promise<StreamReport> {
  const resumed = leg.openRun.checkpoint?.stream === stream.stream ? leg.openRun.checkpoint : null;
  leg.beginStream(stream.stream);
  const progress = await begin(leg, stream, resumed);
  try {
    await readPages(leg, stream, plan, progress);
    assertNoDrift(progress);
    await fetchTouched(leg, stream, progress.seen);
    leg.noteHandled(stream.stream, progress.handled);
    leg.noteSeen(stream.stream, progress.seen);
    await removeGone(leg, stream);
    if (plan.complete && progress.provable) await sweep(leg, stream, plan, progress.seen, progress);
  } catch (error) {
    if (error instanceof OutOfTime) {
      await removeGone(leg, stream);
      await rememberSeen(leg, stream, plan, progress);
    }
    if (!(error instanceof SourceError) || error.meaning.scope === 'run') throw error;
    return report(leg, stream, progress, plan, error);
  }
  return report(leg, stream, progress, plan, null);
}

interface Progress {
  token: string | null;
  pages: number;
  readonly callsBefore: number;
  rows: number;
  rejected: number;
  readonly seen: Set<string>;
  /** False when a crash lost what earlier pages had shown, or rows moved between pages: the listing then proves no absence (M-102). */
  provable: boolean;
  highWater: Instant | null;
  readonly handled: HandledRow[];
}

async function begin(leg: Leg, stream: StreamManifest, resumed: Checkpoint | null): Promise<Progress> {
  const earlier = resumed && resumed.pages > 0 ? (await leg.ports.store.readMissed(stream.stream)).seen : null;
  // What a leg's end has kept counts only when nothing was read since: a crash in between lost those pages' ids.
  const continues = earlier !== null && earlier.runId === leg.openRun.runId && earlier.pages === resumed?.pages;
  return {
    token: resumed?.pageToken ?? null,
    pages: resumed?.pages ?? 0,
    callsBefore: leg.http.calls - (resumed?.calls ?? 0),
    rows: resumed?.rows ?? 0,
    rejected: resumed?.rejected ?? 0,
    seen: new Set(continues ? earlier.ids : []),
    provable: resumed === null || resumed.pages === 0 || continues,
    highWater: resumed?.highWater ?? null,
    handled: [],
  };
}

async function readPages(leg: Leg, stream: StreamManifest, plan: ReadPlan, progress: Progress): Promise<void> {
  const tokens = new Set<string>();
  const known = plan.since === null ? [] : (leg.state.streams[stream.stream]?.handled ?? []);
  for (;;) {
    setCheckpoint(leg, stream, progress);
    leg.mayReadOn();
    const page = await leg.session.readPage({
      stream: stream.stream,
      pageToken: progress.token,
      since: plan.since,
      window: plan.window,
      handled: new Set(known),
      knownUpTo: leg.state.streams[stream.stream]?.dataAsOf ?? null,
    });
    leg.noteSourceTime(page.sourceTime);
    if (page.unsettled) progress.provable = false;
    const result = await applyPage(leg, stream, clampStamps(page.rows, leg.openRun.sourceStartedAt));
    progress.pages += 1;
    progress.handled.push(...(page.handled ?? []));
    progress.rows += result.rows;
    progress.rejected += result.rejected;
    for (const id of result.ids) progress.seen.add(id);
    if (result.highWater !== null && (progress.highWater === null || result.highWater > progress.highWater))
      progress.highWater = result.highWater;
    if (page.next === null) return;
    if (tokens.has(page.next) || progress.pages >= MAX_PAGES)
      throw new SourceError('paging_loop', `${stream.stream} never comes to an end`);
    tokens.add(page.next);
    progress.token = page.next;
  }
}

function setCheckpoint(leg: Leg, stream: StreamManifest, progress: Progress): void {
  const { token: pageToken, highWater, rows, rejected, pages } = progress;
  const checkpoint = {
    stream: stream.stream,
    pageToken,
    from: null,
    highWater,
    rows,
    rejected,
    pages,
    calls: leg.http.calls - progress.callsBefore,
  };
  leg.openRun = { ...leg.openRun, checkpoint };
}

/** Reads again what an auxiliary list touched in a stream that an earlier leg has finished. */
export async function readTouched(leg: Leg, stream: StreamManifest): Promise<void> {
  leg.beginStream(stream.stream);
  await fetchTouched(leg, stream, new Set());
}

/** Records that an auxiliary list touched (a visit moved, a service renamed) are read again by id. */
async function fetchTouched(leg: Leg, stream: StreamManifest, seen: Set<string>): Promise<void> {
  for (const request of leg.refetch) {
    if (request.stream !== stream.stream) continue;
    leg.mayReadOn();
    const page = await leg.session.fetch(request);
    const result = await applyPage(leg, stream, clampStamps(page.rows, leg.openRun.sourceStartedAt));
    for (const id of result.ids) seen.add(id);
  }
}

/**
 * A listing that a leg's end interrupts keeps what it has seen, so that its first half is not missed. One that is too long to be
 * kept beside the misses is read whole again before it proves anything.
 */
async function rememberSeen(leg: Leg, stream: StreamManifest, plan: ReadPlan, progress: Progress): Promise<void> {
  if (!plan.complete || !progress.provable || progress.seen.size === 0) return;
  const earlier = await leg.ports.store.readMissed(stream.stream);
  const remembered = earlier.missed.reduce((sum, group) => sum + group.ids.length, 0);
  if (progress.seen.size + remembered > SWEEP_IDS) return;
  await leg.ports.store.writeSweep(leg.fence, stream.stream, {
    missed: earlier.missed,
    seen: { runId: leg.openRun.runId, ids: [...progress.seen].sort(), pages: progress.pages },
  });
}

function assertNoDrift(progress: Progress): void {
  if (progress.rejected >= DRIFT_LEAST && progress.rejected * 2 > progress.rows) {
    throw new SourceError('schema_drift', `${progress.rejected} of ${progress.rows} rows cannot be read any more`);
  }
}

function report(leg: Leg, stream: StreamManifest, progress: Progress, plan: ReadPlan, error: SourceError | null): StreamReport {
  const counts = { ...leg.countOf(stream.entity) };
  const aside = counts.quarantined > 0 || counts.held > 0;
  const stored = leg.state.streams[stream.stream]?.watermark ?? null;
  return {
    stream: stream.stream,
    entity: stream.entity,
    outcome: error ? error.meaning.outcome : aside ? 'succeeded-with-quarantine' : 'succeeded',
    counts,
    pages: progress.pages,
    calls: leg.http.calls - progress.callsBefore,
    cursorFrom: plan.since ?? stored,
    cursorTo: error ? stored : progress.highWater,
    error: error ? { code: error.code, who: error.meaning.who, detail: error.detail } : null,
    complete: plan.complete && progress.provable && error === null,
    far: plan.far && error === null,
  };
}
