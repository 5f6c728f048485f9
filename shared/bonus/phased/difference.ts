import { hashCanonical } from '#kernel/hash.ts';
import { NOTHING_SETTLED, OF_PHASES, type SourceDifference } from '#model/difference.ts';
import { missingKeys } from '../rules/outcome.ts';
import { sumDifferences } from '../source-change.ts';

/** So many records are named, as of a single ProPay. */
const NAMED = 100;

/**
 * The difference of a phased ProPay: the sum of those of its approved phases, each of which has its own approval and baseline (B-96). Null
 * where there is nothing to tell and never was.
 */
export function combinedDifference(
  known: SourceDifference | null,
  parts: readonly SourceDifference[],
  { proPayId, branchId, seenAt }: Pick<SourceDifference, 'proPayId' | 'branchId' | 'seenAt'>,
): SourceDifference | null {
  if (known === null && parts.length === 0) return null;
  const open = parts.filter(({ state }) => state === 'Open');
  const told = open.every(({ deltaSeconds }) => deltaSeconds !== null);
  const sum = (pick: (part: SourceDifference) => number | null): number | null =>
    told ? open.reduce((total, part) => total + (pick(part) ?? 0), 0) : null;
  const records = new Map(open.flatMap((part) => part.records.map((one) => [`${one.entity} ${one.id}`, one] as const)));
  const latest = open.reduce<SourceDifference | null>(
    (last, one) => (last === null || one.seenAt > last.seenAt ? one : last),
    null,
  );
  return {
    proPayId,
    state: stateOf(parts),
    approval: OF_PHASES,
    inputsVersion: hashCanonical(parts.map((part) => [part.proPayId, part.inputsVersion, part.state])),
    inputsSeen: hashCanonical(parts.map((part) => [part.proPayId, part.inputsSeen])),
    deltaSeconds: sum(({ deltaSeconds }) => deltaSeconds),
    deltaCents: sum(({ deltaCents }) => deltaCents),
    byWorker: sumDifferences(open.flatMap(({ byWorker }) => byWorker)),
    uncollected: [],
    missing: missingKeys(open.flatMap(({ missing }) => missing)),
    causes: [...new Set(open.flatMap(({ causes }) => causes))],
    records: [...records.values()].slice(0, NAMED),
    runId: latest?.runId ?? null,
    settled: NOTHING_SETTLED,
    branchId,
    seenAt,
    revision: known?.revision ?? 0,
    parts,
  };
}

/** Open while any of them is; else what was decided, of which accepting says more than dismissing. */
function stateOf(parts: readonly SourceDifference[]): SourceDifference['state'] {
  const states = new Set(parts.map(({ state }) => state));
  return (['Open', 'Accepted', 'Dismissed'] as const).find((state) => states.has(state)) ?? 'Cleared';
}
