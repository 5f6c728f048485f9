// dynalite takes FALSE and the empty string for "no value" in attribute_type, IN and BETWEEN. Parsed conditions and
// filters are rewritten into forms it gets right, before they are evaluated.
import type { Body } from './wire.ts';

type Node = { readonly type: string; readonly name?: string; readonly args: readonly unknown[] };

const FALSY: Readonly<Record<string, unknown>> = { BOOL: { BOOL: false }, S: { S: '' }, B: { B: '' } };

/** Rewrites the parsed condition and filter of a validated request in place. */
export function correctConditions(data: Body): void {
  for (const part of [data._condition, data._filter] as ({ expression: unknown } | undefined)[]) {
    if (part !== undefined) part.expression = corrected(part.expression);
  }
}

function corrected(node: unknown): unknown {
  if (!isNode(node)) return node;
  if (node.type === 'and' || node.type === 'or' || node.type === 'not') return { ...node, args: node.args.map(corrected) };
  const [subject, ...rest] = node.args;
  if (node.type === 'in')
    return rest.map((value) => equal(subject, value)).reduce((left, right) => ({ type: 'or', args: [left, right] }));
  if (node.type === 'between') {
    const [low, high] = rest;
    return {
      type: 'and',
      args: [
        { type: '>=', args: [subject, low] },
        { type: '<=', args: [subject, high] },
      ],
    };
  }
  const type = node.name === 'attribute_type' ? (rest[0] as { S?: string } | undefined)?.S : undefined;
  const falsy = type === undefined ? undefined : FALSY[type];
  return falsy === undefined ? node : { type: 'or', args: [node, equal(subject, falsy)] };
}

function equal(left: unknown, right: unknown): Node {
  return { type: '=', args: [left, right] };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'args' in value;
}
