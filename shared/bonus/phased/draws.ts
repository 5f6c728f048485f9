import type { RoleDifference } from '#model/difference.ts';
import type { Phase } from '#model/phase.ts';
import { engineOf, engines } from '../engines.ts';
import type { ApprovalSnapshot } from '../snapshot.ts';
import { differencesOf, sumDifferences } from '../source-change.ts';
import type { SourceReading } from '../source-reading.ts';
import { type Moved, sharesOfApproval } from './reserve.ts';

/**
 * A reading of a phase's sources where losses draw on a reserve (B-96, B-114): beside payouts it tells what the approval would have drawn of
 * the reserve as it stood then, less what it did draw.
 */
export function withDraws(
  reading: SourceReading,
  approved: { readonly phase: Phase; readonly snapshot: ApprovalSnapshot; readonly movements: readonly Moved[] },
): SourceReading {
  const { compared } = reading;
  if (compared.outcome !== 'applies') return reading;
  const byWorker = sumDifferences([...compared.byWorker, ...drawDifference(reading, approved)]);
  const totalDifferenceCents = byWorker.reduce((sum, { differenceCents }) => sum + differenceCents, 0);
  return { ...reading, compared: { ...compared, byWorker, totalDifferenceCents } };
}

function drawDifference(
  { current, canceled }: SourceReading,
  { phase, snapshot, movements }: Parameters<typeof withDraws>[1],
): readonly RoleDifference[] {
  const at = movements.findIndex(
    ({ kind, phaseId, n }) => kind === 'approval' && phaseId === phase.id && n === phase.approval?.n,
  );
  // What moved nothing found nothing to draw.
  if (at === -1) return [];
  const then = movements[at]!.shares.filter(({ cents }) => cents < 0);
  const isEmpty = canceled || current.entries.every(({ seconds }) => seconds === 0);
  const now = isEmpty ? null : engineOf(snapshot.nodes, engines).calculate(current);
  const loss = now !== null && now.outcome === 'applies' && now.savingsCents < 0;
  return differencesOf(then, loss ? sharesOfApproval(movements.slice(0, at), now) : []);
}
