import type { MirrorRecord } from '#model/mirror-record.ts';
import { type Phase, phaseSourceId } from '#model/phase.ts';
import type { ProPay, ProPayResult, ProPayStatus } from '#model/propay.ts';
import type { ProPayRecords, ProPayState } from '#model/propay-state.ts';
import { isLive } from '../inputs/live.ts';

/**
 * A phase as a ProPay of its own (B-113): the job's records of its milestones alone, and complete once these are. What hangs on no milestone
 * belongs to no phase.
 */
export function stateOfPhase(
  state: ProPayState,
  { milestoneIds, result }: { readonly milestoneIds: readonly string[]; readonly result: Phase['result'] | null },
): ProPayState {
  const own = new Set(milestoneIds);
  const isOwn = (record: { readonly fields: { readonly milestoneId: string | null } }): boolean =>
    record.fields.milestoneId !== null && own.has(record.fields.milestoneId);
  const { records } = state;
  const milestones = records.milestones.filter((one) => own.has(one.id));
  return {
    ...state,
    records: {
      job: records.job === null ? null : jobOfPhase(records.job, milestones),
      milestones,
      budgets: records.budgets.filter(isOwn),
      materials: records.materials.filter(isOwn),
      entries: records.entries.filter(isOwn),
      drives: records.drives.filter(isOwn),
    },
    result: result === null ? null : asResult(result),
    callbacks: [],
  };
}

/** The job as one of its phases sees it: complete or canceled with the phase's milestones, and without a price, which is the whole job's. */
function jobOfPhase(job: MirrorRecord<'job'>, milestones: readonly MirrorRecord<'milestone'>[]): MirrorRecord<'job'> {
  const live = milestones.filter((one) => !isGone(one));
  const done = live.length > 0 && live.every((one) => one.fields.status === 'completed');
  const status = live.length === 0 || isGone(job) ? 'canceled' : done ? 'completed' : job.fields.status;
  return { ...job, fields: { ...job.fields, status, contractPriceCents: null } };
}

function isGone(record: MirrorRecord<'job'> | MirrorRecord<'milestone'>): boolean {
  return !isLive(record) || record.fields.status === 'canceled';
}

/** The counters of a ProPay's result, which a phase's has none of. */
export const asResult = (result: Phase['result']): ProPayResult => ({ ...result, calcRev: 0, cfgRev: 0 });

/** A phase's figures without these counters. */
export function phaseResultOf({ calcRev: _calcRev, cfgRev: _cfgRev, ...result }: ProPayResult): Phase['result'] {
  return result;
}

/** True where every milestone of a phase is canceled or gone at the source, or the job itself is. */
export function isCanceledPhase({ job }: ProPayRecords): boolean {
  return job === null || isGone(job);
}

const STATUSES: Readonly<Record<Phase['status'], ProPayStatus>> = {
  Draft: 'Active',
  Active: 'Active',
  Approved: 'Approved',
  Paid: 'Paid',
  Excluded: 'Canceled',
  Canceled: 'Canceled',
};

/**
 * The ProPay's terms with the phase's own answers and approvals. Lead pay is paid for a ProPay as a whole, never for a phase; a phase's loss
 * is the reserve's, or the company's (B-113, B-114).
 */
export function proPayOfPhase(
  proPay: ProPay,
  phase: Pick<Phase, 'proPayId' | 'id' | 'status' | 'disqualifiers' | 'penalties' | 'approvals' | 'approval'>,
): ProPay {
  const { status, disqualifiers, penalties, approvals, approval } = phase;
  const own = { id: phaseSourceId(phase), status: STATUSES[status], disqualifiers, penalties, approvals, approval };
  const pool = { ...proPay.pool, rollOverNegative: false };
  return { ...proPay, ...own, pool, phaseMode: 'off', ownBudget: null, leadPayCents: 0 };
}
