import type { OpenRun, PendingResync } from '#model/connection.ts';
import type { AcceptedFile } from '#model/upload.ts';
import { decideStart, type StartDecision, type StartInput } from './start.ts';

/**
 * Whether a message starts or resumes a run of a file source. A run begins for a file that was accepted, one after the other in the order
 * of their acceptance; or without one, to carry out what somebody decided on held deletions. The schedule starts nothing: it only finds
 * what a lost message left (M-74, M-76).
 */
export function decideFileStart(input: StartInput): StartDecision {
  const { state, message } = input;
  const [file] = state.files;
  // Files cannot be asked for again: what a restored table lacks of them somebody uploads once more.
  const whole = { ...input, epoch: state.epoch };
  // An open run is resumed, a late message refused, a connection that cannot run left alone, as everywhere.
  if (state.openRun !== null || message.kind === 'leg') return decideStart(whole);
  const decision = decideStart({ ...whole, message: { ...message, kind: 'hint' }, state: { ...state, pending: null } });
  if (decision.kind !== 'start') return decision;
  const { openRun, tick } = decision;
  if (file !== undefined) {
    const taking = { files: state.files.slice(1) };
    return { kind: 'start', openRun: runOfFile(openRun, file), taking, tick };
  }
  if (state.pending === null && (message.kind !== 'hint' || state.openHolds === 0))
    return { kind: 'refused', reason: 'nothing_pending' };
  return { kind: 'start', openRun: runWithoutFile(openRun, state.pending, state.dataAsOf), taking: { pending: null }, tick };
}

function runOfFile(openRun: OpenRun, file: AcceptedFile): OpenRun {
  return {
    ...openRun,
    runId: file.runId,
    trigger: 'upload',
    mode: 'full',
    requestedBy: file.requestedBy,
    // The mirror is as of what the file tells, not of the hour at which it is read (M-74).
    sourceStartedAt: file.dataAsOf,
    entities: [file.entity],
    file,
  };
}

function runWithoutFile(openRun: OpenRun, pending: PendingResync | null, dataAsOf: string | null): OpenRun {
  return {
    ...openRun,
    runId: pending?.runId ?? openRun.runId,
    trigger: pending === null ? 'hint' : 'manual',
    mode: 'delta',
    requestedBy: pending?.requestedBy ?? null,
    sourceStartedAt: dataAsOf ?? openRun.sourceStartedAt,
    entities: [],
  };
}
