import { floorFraction, fraction } from '#kernel/fraction.ts';
import type { Instant } from '#kernel/instant.ts';
import { NEVER_ASKED, type ProgressRequest } from '#model/propay.ts';
import { safeNumber } from './exact.ts';
import type { Completion } from './inputs/completion-source.ts';
import { progressRequests } from './rules/progress.ts';
import type { CalculationResult } from './shapes.ts';

/**
 * Whether to ask for a report of progress (B-38): once for each step of the labour budget that is spent, a jump over several asking once,
 * at the highest. Answered by a report made after it was asked; a source that calls the work done ends it. While the spent part cannot be
 * told, what was asked stays. `askedAt` of a new step is null: whoever stores it knows the time.
 */
export function nextProgressRequest(
  before: ProgressRequest | null,
  final: CalculationResult,
  completion: Pick<Completion, 'completedAtSource' | 'reportedAt'>,
  stepBp: number,
): ProgressRequest {
  const last = before ?? NEVER_ASKED;
  if (completion.completedAtSource) return { ...last, open: false };
  const spentBp = spentPartBp(final);
  const [askedBp] = spentBp === null ? [] : progressRequests(stepBp, [spentBp], last.askedBp);
  if (askedBp !== undefined) return { askedBp, askedAt: null, open: true };
  return { ...last, open: last.open && !isLater(completion.reportedAt, last.askedAt) };
}

/** The same as it is stored: a step that is asked at now bears the present time. */
export function stampedRequest(request: ProgressRequest, now: Instant): ProgressRequest {
  return request.askedBp > 0 && request.askedAt === null ? { ...request, askedAt: now } : request;
}

function isLater(reportedAt: Instant | null, askedAt: Instant | null): boolean {
  return reportedAt !== null && askedAt !== null && reportedAt > askedAt;
}

/** The spent part of the whole budget in basis points, cut off: hours of an hours budget, cost of a money budget (B-38). */
function spentPartBp(final: CalculationResult): number | null {
  if (final.outcome !== 'applies') return null;
  const { budgetSeconds, budgetCents, actualSeconds, actualCostCents } = final;
  const [spent, budget] = budgetSeconds === undefined ? [actualCostCents, budgetCents ?? 0] : [actualSeconds, budgetSeconds];
  return budget <= 0 ? null : safeNumber(floorFraction(fraction(BigInt(spent) * 10_000n, budget)));
}
