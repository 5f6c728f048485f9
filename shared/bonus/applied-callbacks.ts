import { hashCanonical } from '#kernel/hash.ts';
import type { CallbackPart } from '#model/callback.ts';
import { type CallbackResult, fallBy, withRework } from './callback.ts';
import { appliedOf } from './commands/callback.ts';
import { calculationOf } from './engines.ts';
import { withoutReferences } from './inputs/digest.ts';
import { type Reworked, readReworkEntries } from './rework-entries.ts';
import type { UndecidedResult } from './shapes.ts';
import { type PayoutDifference, type SourceDifference, sumDifferences } from './source-change.ts';

/** What the callbacks that were applied to an approval would take now, and what they took. */
export interface AppliedNow {
  readonly secondsDifference: number;
  readonly fall: CallbackResult | UndecidedResult;
  readonly parts: readonly CallbackPart[];
  /** Digest of the rework that was read. */
  readonly seen: string;
}

/**
 * Reads the rework of applied callbacks anew: its later changes are changes of the approval's sources (B-154). Rework that is none any more
 * counts nothing. Null where none was applied.
 */
export async function readApplied(reworked: Reworked): Promise<AppliedNow | null> {
  const { state, proPay, snapshot } = reworked;
  const applied = proPay.approval === null ? [] : appliedOf(state.callbacks, proPay.approval.n);
  if (applied.length === 0) return null;
  const jobIds = applied.flatMap(({ jobId, decision }) => (decision?.unlinked ? [] : [jobId])).sort();
  const { entriesOf } = await readReworkEntries(reworked, jobIds);
  const entries = jobIds.flatMap(entriesOf);
  const before = applied.reduce((sum, { assessment }) => sum + (assessment?.reworkSeconds ?? 0), 0);
  return {
    secondsDifference: entries.reduce((sum, { seconds }) => sum + seconds, 0) - before,
    fall: fallBy(snapshot.result, withRework(snapshot.calculation, entries), [], [], {
      calculateWith: calculationOf(snapshot.nodes),
    }),
    parts: applied.flatMap(({ assessment }) => assessment?.byWorker ?? []),
    seen: hashCanonical({ entries: withoutReferences(entries), applied: applied.map(({ id }) => id).sort() }),
  };
}

/**
 * A difference with what applied callbacks would take now beyond what they were to take: lowerings negative (B-154 with B-96). What of that
 * was not collected, `uncollectedOf` says.
 */
export function withApplied(
  own: SourceDifference | UndecidedResult,
  applied: AppliedNow | null,
): SourceDifference | UndecidedResult {
  if (applied === null || own.outcome === 'cannot-tell') return own;
  const { fall, parts, secondsDifference } = applied;
  if (fall.outcome === 'cannot-tell') return fall;
  const wouldTake = fall.byWorker.map((one) => ({ ...one, differenceCents: 0 - one.differenceCents }));
  const byWorker = sumDifferences([...own.byWorker, ...parts, ...wouldTake]);
  return {
    outcome: 'applies',
    secondsDifference: own.secondsDifference + secondsDifference,
    byWorker,
    totalDifferenceCents: byWorker.reduce((sum, one) => sum + one.differenceCents, 0),
  };
}

/** What applied callbacks were to take and could not collect (B-153): blocked deductions, and items that held no more. */
export function uncollectedOf(applied: readonly Pick<AppliedNow, 'parts'>[]): readonly PayoutDifference[] {
  return sumDifferences(
    applied
      .flatMap(({ parts }) => parts)
      .map(({ workerId, role, differenceCents, fromReserveCents, deductionCents }) => ({
        ...{ workerId, role, differenceCents: differenceCents - fromReserveCents - deductionCents },
      })),
  );
}
