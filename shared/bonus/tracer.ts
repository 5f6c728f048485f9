import { AppError } from '#kernel/errors.ts';
import { fractionText } from '#kernel/fraction.ts';
import type { TraceNode, Tracer } from './trace.ts';
import { traceCalculation } from './trace-calculation.ts';

/** A node while it is being made. */
type NewNode = { -readonly [Name in keyof TraceNode]: TraceNode[Name] };

/** A calculation beyond this many nodes could not be stored or shown; no job of a real crew comes near it. */
const MAX_NODES = 500_000;

/**
 * A tracer for one calculation. Node ids are `rule/scope/subject`, so the same inputs give the same ids; `scope` names what is
 * calculated, such as the ProPay's id. Throws `trace-too-large` beyond the bound and `duplicate-node` when a step is traced twice.
 */
export function createTracer(scope: string): Tracer {
  const nodes: TraceNode[] = [];
  const ids = new Set<string>();
  const tracer: Tracer = {
    nodes,
    calculation: (input, workings) => traceCalculation(tracer, input, workings),
    add(rule, subject, { inputs, value, unit, residue, outcome, reason, missing }) {
      const id = `${rule.id}/${scope}/${subject}`;
      if (nodes.length >= MAX_NODES) throw new AppError('trace-too-large', { data: { scope } });
      ids.add(id);
      if (ids.size === nodes.length) throw new AppError('duplicate-node', { data: { id } });
      const node: NewNode = { id, rule: rule.id, version: rule.version, inputs, value, unit, outcome: outcome ?? 'applies' };
      if (residue !== undefined && residue.n !== 0n) node.residue = fractionText(residue);
      if (reason !== undefined) node.reason = reason;
      if (missing !== undefined && missing.length > 0) node.missing = missing;
      nodes.push(node);
      return { node: id };
    },
  };
  return tracer;
}
