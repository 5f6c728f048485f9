import { refuse } from '#kernel/errors.ts';
import type { Instant } from '#kernel/instant.ts';
import type { Phase } from '#model/phase.ts';
import type { ApprovalSummary } from '#model/propay.ts';
import { phaseResultOf } from '../phased/phase-state.ts';
import type { WorkedOut } from '../work-out.ts';

/** Refuses unless somebody may still decide on the phase's money (B-112). */
export function requireOpen({ status, id }: Pick<Phase, 'status' | 'id'>): void {
  if (status === 'Paid') refuse('paid-is-final', { data: { phaseId: id } });
  if (status === 'Approved') refuse('approved-unapprove-first', { data: { phaseId: id } });
  if (status !== 'Active' && status !== 'Draft') refuse('wrong-state', { data: { status } });
}

/** Refuses unless the phase can be approved: a Draft waits for its budget. */
export function requireApprovable(phase: Phase): void {
  requireOpen(phase);
  if (phase.status === 'Draft')
    refuse('cannot-tell', { data: { missing: phase.result.missing.length > 0 ? phase.result.missing : ['budget'] } });
}

/** A phase after its approval, with the figures that were approved. */
export function approvedPhase(phase: Phase, { result }: WorkedOut, summary: ApprovalSummary): Phase {
  const figures = phaseResultOf({ ...result, calcRev: 0, cfgRev: 0, calculatedAt: summary.approvedAt });
  return { ...phase, status: 'Approved', approvals: summary.n, approval: summary, settled: false, result: figures };
}

/** A phase whose approval was taken back: it is calculated again. */
export function reopenedPhase(phase: Phase): Phase {
  return { ...phase, status: 'Active', approval: null, settled: false };
}

/** A phase that is taken out by hand: it pays nothing, and its time stays visible. */
export function excludedPhase(phase: Phase, by: string, at: Instant, reason: string | null): Phase {
  requireOpen(phase);
  return { ...phase, excluded: { by, at, reason } };
}

/** A phase that is taken in again. */
export function includedPhase(phase: Phase): Phase {
  if (phase.excluded === null) refuse('wrong-state', { data: { status: phase.status } });
  return { ...phase, excluded: null };
}
