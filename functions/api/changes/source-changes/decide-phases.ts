import { saysSame } from '#bonus/commands/source-change.ts';
import { deductionsAllowed } from '#bonus/pay-law/policies.ts';
import { combinedDifference } from '#bonus/phased/difference.ts';
import { totalOf, withMovement } from '#bonus/phased/reserve.ts';
import { decidePhasedDifference, type PhaseChangeDecision } from '#bonus/phased/source-change.ts';
import { refuse } from '#kernel/errors.ts';
import { presentDifference, type SourceDifference } from '#model/difference.ts';
import { keepsReserve, type Phase, phaseSourceId } from '#model/phase.ts';
import { type MeasuredPhase, measurePhases } from '#pay/measure-phases.ts';
import { readPhaseLedger } from '#pay/phase-ledger.ts';
import { differenceDecisionAction, putDifferenceAction } from '#store/difference-repository.ts';
import { newLineItem } from '#store/pay-repository.ts';
import { readReserve } from '#store/reserve-repository.ts';
import type { WriteAction } from '#store/table.ts';
import { lineItemView } from '../../bonus/pay/views.ts';
import type { LoadedInputs } from '../../bonus/propays/load.ts';
import { savePhases } from '../../phases/change.ts';
import { type LoadedPhases, phasesIn } from '../../phases/load.ts';
import type { ApiAnswer } from '../../route.ts';
import { adjustingItems, keepChange } from './adjusting-items.ts';
import { requireSeen, viewOf } from './seen.ts';
import type { DecideRequest, VerdictBody } from './verdict.ts';

/** A phased ProPay with the difference that was stored before its sources were read. */
interface Known {
  readonly loaded: LoadedInputs;
  readonly known: SourceDifference | null;
}

/** The same with what the sources say now; `difference` is stored. */
interface Measured extends LoadedPhases {
  readonly difference: SourceDifference;
  readonly measured: readonly MeasuredPhase[];
}

/** Decides what the sources of approved phases say now (B-96, B-97): all phases in one decision, each against its own approval. */
export async function decidePhases(
  request: DecideRequest,
  read: Known,
  verdict: 'accept' | 'dismiss',
  given: VerdictBody,
): Promise<ApiAnswer | null> {
  const { ports, scope } = request;
  const measured = await measure(request, read);
  if (measured === null) return null;
  const { loaded, reserve, difference } = measured;
  requireSeen(request, loaded, difference, given);
  const { items } = await readPhaseLedger(ports.table, scope, phasesIn(loaded), reserve);
  const decisions = decidePhasedDifference(
    difference,
    { verdict, workerIds: given.workerIds ?? null },
    {
      phases: phasesIn(loaded),
      movements: keepsReserve(loaded.proPay) ? reserve.movements : null,
      items,
      deductionsAllowed: deductionsAllowed(loaded.desk.context, loaded.result.place.branchId),
    },
  );
  return write(request, measured, decisions, verdict, given.reason);
}

async function measure({ ports, scope }: DecideRequest, { loaded, known }: Known): Promise<Measured | null> {
  const { table } = ports;
  const { proPay, state, desk } = loaded;
  const reserve = await readReserve(table, scope, proPay);
  const present = presentDifference(known, proPay.approval);
  const { phases, difference } = await measurePhases(table, scope, desk.context, {
    ...{ state, proPay, known: present, reserve, now: ports.now() },
  });
  if (difference === null) return refuse('wrong-state', { detail: 'The sources say what was approved.' });
  if (present !== null && saysSame(present, difference)) return { loaded, reserve, difference: present, measured: phases };
  // What the stream has not brought yet is kept at once: who is refused finds the present figures.
  if (!(await table.write(scope, [putDifferenceAction(scope, difference)])).applied) return null;
  return { loaded, reserve, difference: { ...difference, revision: difference.revision + 1 }, measured: phases };
}

async function write(
  request: DecideRequest,
  read: Measured,
  decisions: readonly PhaseChangeDecision[],
  verdict: 'accept' | 'dismiss',
  reason: string,
): Promise<ApiAnswer | null> {
  const { actor, ports } = request;
  const { loaded, difference } = read;
  const { desk, proPay, result } = loaded;
  const at = ports.now();
  const written = await inOrder(decisions, (decision) => writeOne(request, read, decision, verdict, reason));
  const made = written.flatMap(({ items }) => items);
  const moved = decisions.flatMap(({ phase, moved: shares }) =>
    shares.map((one) => ({
      ...({ kind: 'change', phaseId: phase.id, n: phase.approval!.n, change: difference.revision } as const),
      ...{ shares: one, lineItemIds: [], by: actor.id, at },
    })),
  );
  const reserve = moved.reduce(withMovement, read.reserve);
  const next = combinedDifference(difference, partsAfter(difference, decisions), {
    ...{ proPayId: proPay.id, branchId: result.place.branchId, seenAt: at },
  })!;
  return savePhases(request, read, {
    phases: written.map(({ phase }) => phase),
    reserve,
    difference: next,
    made: made.map(({ item }) => item),
    action: verdict === 'accept' ? 'propay.source_change_accepted' : 'propay.source_change_dismissed',
    reason,
    before: { ...auditedOf(difference), reserveCents: totalOf(read.reserve.movements) },
    after: {
      state: next.state,
      reserveCents: totalOf(reserve.movements),
      phases: decisions.map(({ phase, decided, moved: shares, adjustments }) => ({
        ...{ phaseId: phase.id, decided, reserve: shares.flat(), adjustments },
      })),
    },
    extra: written.map(({ action }) => action),
    staged: made.map(({ item, freeOn }) => newLineItem(request.scope, item, freeOn)),
    answer: () => ({
      ...viewOf(request, loaded, next),
      lineItems: made.map(({ item, head }) => lineItemView(item, desk, head)),
    }),
  });
}

function partsAfter({ parts }: SourceDifference, decisions: readonly PhaseChangeDecision[]): readonly SourceDifference[] {
  const decided = new Map(decisions.map(({ next }) => [next.proPayId, next]));
  return parts.map((part) => decided.get(part.proPayId) ?? part);
}

function auditedOf({ state, inputsVersion, deltaSeconds, deltaCents }: SourceDifference) {
  return { state, inputsVersion, deltaSeconds, deltaCents };
}

/** What was decided of one phase: its items, the phase that names them, and the record of the decision. */
async function writeOne(
  request: DecideRequest,
  { loaded, difference, measured }: Measured,
  decision: PhaseChangeDecision,
  verdict: 'accept' | 'dismiss',
  reason: string,
) {
  const { actor, ports, scope } = request;
  const { phase, decided, moved, adjustments } = decision;
  const { snapshot, reading } = measured.find((one) => one.phase.id === phase.id)!;
  const approval = phase.approval!;
  const sourceId = phaseSourceId(phase);
  const part = difference.parts.find(({ proPayId }) => proPayId === sourceId)!;
  const source = { kind: 'phase', proPayId: phase.proPayId, phaseId: phase.id, approval: approval.n } as const;
  const change = {
    ...{ snapshot, reading, difference: { ...part, revision: difference.revision } },
    of: { source, subjectId: sourceId, approval: approval.n },
  };
  const made = await adjustingItems(request, loaded, change, adjustments, reason);
  const lineItemIds = made.items.map(({ item }) => item.id);
  const kept = adjustments.length + moved.length === 0 ? null : await keepChange(request, change, decision);
  const action: WriteAction = differenceDecisionAction(scope, {
    ...{ proPayId: sourceId, approval: approval.n, n: difference.revision, verdict, byWorker: decided },
    ...{ records: part.records, runId: part.runId, lineItemIds, reason, by: actor.id, at: ports.now(), snapshot: kept },
  });
  const next: Phase = { ...phase, approval: { ...approval, lineItemIds: [...approval.lineItemIds, ...lineItemIds] } };
  return {
    action,
    phase: next,
    items: made.items.map(({ item, freeOn }) => ({ item, freeOn, head: made.heads.get(item.workerId) ?? null })),
  };
}

async function inOrder<T, R>(list: readonly T[], each: (one: T) => Promise<R>): Promise<readonly R[]> {
  const done: R[] = [];
  for (const one of list) done.push(await each(one));
  return done;
}
