import { hashCanonical } from '#kernel/hash.ts';
import { engineOf, engines } from './engines.ts';
import type { Calculation, CalculationResult } from './shapes.ts';
import type { ApprovalSnapshot } from './snapshot.ts';
import type { TraceNode } from './trace.ts';
import { createTracer } from './tracer.ts';

/** A stored calculation done again. */
export interface Replay<R = CalculationResult> {
  readonly result: R;
  readonly nodes: readonly TraceNode[];
  /** Digest of the steps: equal digests are the same steps from the same records to the same figures. */
  readonly traceDigest: string;
  /** Whether figures and steps are those that were stored, to the cent. */
  readonly same: boolean;
}

/** What of an approval's snapshot a replay needs. */
export type Replayable = Pick<ApprovalSnapshot, 'result' | 'nodes'> & {
  readonly calculation: Calculation;
  readonly proPay: Pick<ApprovalSnapshot['proPay'], 'id'>;
};

/** Does an approved calculation again from its snapshot, by the rules it was approved with (B-6, B-89). */
export function replay(snapshot: Replayable, list = engines): Replay {
  const { calculate } = engineOf(snapshot.nodes, list);
  const tracer = createTracer(snapshot.proPay.id);
  const result = calculate(snapshot.calculation, tracer);
  return replayed(snapshot, result, tracer.nodes);
}

/** A result and its steps beside what was stored of them. */
export function replayed<R>(
  stored: { readonly result: unknown; readonly nodes: readonly TraceNode[] },
  result: R,
  nodes: readonly TraceNode[],
): Replay<R> {
  const traceDigest = hashCanonical(nodes);
  const same = traceDigest === hashCanonical(stored.nodes) && hashCanonical(result) === hashCanonical(stored.result);
  return { result, nodes, traceDigest, same };
}
