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
 * A difference with what applied callbacks would take now beyond what they were to take, and with what they would take less than they did:
 * what was to be taken and could not be is not asked for again, and only what was taken is ever given back (B-154 with B-96).
 */
export function withApplied(
  own: SourceDifference | UndecidedResult,
  applied: AppliedNow | null,
): SourceDifference | UndecidedResult {
  if (applied === null || own.outcome === 'cannot-tell') return own;
  if (applied.fall.outcome === 'cannot-tell') return applied.fall;
  const later = chargesOf(applied).map(({ workerId, role, attributed, collected, present }) => ({
    ...{ workerId, role },
    differenceCents: present > attributed ? attributed - present : Math.max(0, collected - present),
  }));
  const byWorker = sumDifferences([...own.byWorker, ...later]);
  return {
    outcome: 'applies',
    secondsDifference: own.secondsDifference + applied.secondsDifference,
    byWorker,
    totalDifferenceCents: byWorker.reduce((sum, one) => sum + one.differenceCents, 0),
  };
}

/**
 * What applied callbacks still had to take and could not, since a person's items held no more (B-153): a later raise of the same ProPay
 * meets it first. What is the company's, because deductions were blocked, is no part of it.
 */
export function uncollectedOf(applied: readonly AppliedNow[]): readonly PayoutDifference[] {
  return sumDifferences(
    applied.flatMap(chargesOf).map(({ workerId, role, attributed, collected, waived, present }) => ({
      ...{ workerId, role },
      differenceCents: Math.max(0, Math.min(attributed, present) - collected - waived),
    })),
  );
}

/** Of one person and role what applied callbacks were to take, took, leave to the company, and would take now. */
interface Charge extends Pick<CallbackPart, 'workerId' | 'role'> {
  readonly attributed: number;
  readonly collected: number;
  readonly waived: number;
  readonly present: number;
}

function chargesOf({ parts, fall }: AppliedNow): readonly Charge[] {
  const now = fall.outcome === 'applies' ? fall.byWorker : [];
  const people = new Map([...parts, ...now].map(({ workerId, role }) => [`${role} ${workerId}`, { workerId, role }]));
  return [...people.values()].map((who) => {
    const is = (one: Pick<CallbackPart, 'workerId' | 'role'>) => one.workerId === who.workerId && one.role === who.role;
    const total = (of: (part: CallbackPart) => number) => parts.filter(is).reduce((sum, part) => sum + of(part), 0);
    return {
      ...who,
      attributed: total(({ differenceCents }) => differenceCents),
      collected: total(({ fromReserveCents, deductionCents }) => fromReserveCents + deductionCents),
      waived: total(({ waivedCents = 0 }) => waivedCents),
      present: now.filter(is).reduce((sum, { differenceCents }) => sum + differenceCents, 0),
    };
  });
}
