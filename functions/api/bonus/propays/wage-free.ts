import type { TraceNode } from '#bonus/trace.ts';
import type { Viewer } from '../sight.ts';

/** Rules whose steps tell budgets, time, savings, shares and payouts, but nobody's wage and no cost of labour. */
const WAGE_FREE: ReadonlySet<string> = new Set([
  ...['B-4', 'B-9'],
  ...['B-26', 'B-27', 'B-28', 'B-29', 'B-30', 'B-31', 'B-33', 'B-34', 'B-35', 'B-36'],
  ...['B-40', 'B-42', 'B-47'],
  ...['B-50', 'B-51', 'B-53', 'B-54', 'B-57', 'B-58', 'B-59', 'B-60', 'B-61'],
  ...['B-66', 'B-68', 'B-69', 'B-70', 'B-72', 'B-73'],
  ...['B-77', 'B-78', 'B-80', 'B-96', 'B-97', 'B-107', 'B-114', 'B-115', 'B-152', 'B-153'],
]);
/** Formulas whose weights are made of wages or earnings: of their steps only the shares in money tell none. */
const WEIGHED_BY_PAY: ReadonlySet<string> = new Set(['B-67', 'B-71']);
/** The divisor of these remainders is made of wages, so they are left out. */
const REMAINDER_TELLS: ReadonlySet<string> = new Set(['B-51', ...WEIGHED_BY_PAY]);

/** Rules whose steps tell a budget. */
const TELL_BUDGET: ReadonlySet<string> = new Set([
  ...['B-26', 'B-27', 'B-28', 'B-29', 'B-30', 'B-31', 'B-33', 'B-34', 'B-35', 'B-36'],
]);

/** The steps of a trace as a caller may see them: nobody's but for who sees all money, without wages and budgets where these are hidden. */
export function shownNodes(nodes: readonly TraceNode[], { allMoney, budgets, costs }: Viewer): readonly TraceNode[] {
  if (!allMoney) return [];
  const free = costs ? nodes : wageFreeNodes(nodes);
  return budgets ? free : keptOf(free, ({ rule }) => !TELL_BUDGET.has(rule));
}

/**
 * The steps of a trace that a role without sight of wages may see (M-146, B-143). A rule that is not known to be free of wages is left
 * out, and so is every reference to a step that is.
 */
export function wageFreeNodes(nodes: readonly TraceNode[]): readonly TraceNode[] {
  const kept = keptOf(nodes, ({ rule, unit }) => WAGE_FREE.has(rule) || (WEIGHED_BY_PAY.has(rule) && unit === 'cents'));
  return kept.map(({ residue, ...node }) => ({
    ...node,
    ...(residue === undefined || REMAINDER_TELLS.has(node.rule) ? {} : { residue }),
  }));
}

function keptOf(nodes: readonly TraceNode[], keeps: (node: TraceNode) => boolean): readonly TraceNode[] {
  const kept = nodes.filter(keeps);
  const ids = new Set(kept.map(({ id }) => id));
  return kept.map((node) => ({ ...node, inputs: node.inputs.filter((input) => !('node' in input) || ids.has(input.node)) }));
}
