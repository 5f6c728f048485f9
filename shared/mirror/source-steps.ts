import type { StreamReport } from '#model/connection.ts';
import type { StreamManifest } from '#model/manifest.ts';
import { auditDrift } from './drift.ts';
import type { Leg, RunSteps } from './leg.ts';
import { writePlan } from './page.ts';
import { proposeLinks } from './propose-links.ts';
import { proposeSwitch } from './propose-switch.ts';
import { isWanted, readAuxiliary, wasRead } from './read-auxiliary.ts';
import { readStream, readTouched } from './read-stream.ts';
import { settleWaiting } from './settle.ts';
import { decideStart } from './start.ts';
import { carryOutHolds } from './sweep.ts';
import { isDue, planRead } from './windows.ts';

/** The steps of a run that asks a source, list by list (M-81). */
export const sourceSteps: RunSteps = {
  decideStart,
  async read(leg) {
    // Whether the fields that settings name are still there: set-up has looked before the first run (M-49).
    if (leg.openRun.mode === 'full' && leg.openRun.trigger !== 'initial') await leg.missingFields();
    await readAuxiliary(leg);
    await carryOutHolds(leg);
    await readDueStreams(leg);
    await settleWaiting(leg);
    await proposeLinks(leg);
    await proposeSwitch(leg);
    await rememberAuxiliary(leg);
    await auditDrift(leg);
  },
  stateAtEnd: (_leg, changes) => changes,
};

/** Rows of one plan page: a third of what an item may hold. */
const ROWS_PER_PLAN = 5_000;

async function readDueStreams(leg: Leg): Promise<void> {
  const finished = new Set(leg.done.map((report) => report.stream));
  for (const stream of leg.manifest.streams) {
    if (!isWanted(leg, stream)) continue;
    const state = leg.state.streams[stream.stream];
    const touched = leg.refetch.some((one) => one.stream === stream.stream);
    if (finished.has(stream.stream)) {
      // What an auxiliary list touches after an earlier leg has finished the stream is still read.
      if (touched) await readTouched(leg, stream);
      continue;
    }
    if (!isDue(stream.refresh, state, leg.openRun, leg.ports.now()) && !leg.fullStreams.has(stream.stream) && !touched) continue;
    const blocker = stream.dependsOn.find((name) =>
      leg.done.some((report) => report.stream === name && report.outcome === 'failed'),
    );
    if (blocker !== undefined) {
      leg.done.push(blockedReport(leg, stream, blocker));
      continue;
    }
    const isWhole = leg.fullStreams.has(stream.stream);
    const plan = planRead(
      stream,
      state,
      leg.connection.settings,
      // What has to be read whole goes back to the start of the import, on whatever occasion.
      isWhole ? { mode: 'full', trigger: 'manual' } : leg.openRun,
      leg.ports.today(),
      leg.ports.now(),
    );
    leg.done.push(await readStream(leg, stream, plan));
    leg.openRun = { ...leg.openRun, checkpoint: null };
  }
}

function blockedReport(leg: Leg, stream: StreamManifest, blocker: string): StreamReport {
  const detail = `not read: ${blocker}, which it depends on, could not be read`;
  return {
    stream: stream.stream,
    entity: stream.entity,
    outcome: 'failed',
    counts: { ...leg.countOf(stream.entity) },
    pages: 0,
    calls: 0,
    cursorFrom: leg.state.streams[stream.stream]?.watermark ?? null,
    cursorTo: null,
    error: { code: 'dependency_failed', who: 'nobody', detail },
    complete: false,
  };
}

/** Auxiliary lists are remembered last: until what they touched has been read, the next run must find the difference again. */
async function rememberAuxiliary(leg: Leg): Promise<void> {
  for (const reading of leg.auxiliary) {
    if (reading.error !== null || !wasRead(leg, reading)) continue;
    for (let at = 0; at < reading.planned.length; at += 1) {
      const part = reading.planned[at]!;
      for (let row = 0; row < part.rows.length; row += ROWS_PER_PLAN) {
        const piece = { ...part, rows: part.rows.slice(row, row + ROWS_PER_PLAN) };
        await writePlan(leg, [piece]);
        (await leg.view(part.stream)).apply(part.segment, piece.rows, false);
      }
    }
  }
}
