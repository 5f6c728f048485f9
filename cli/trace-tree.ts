import type { GetPropaysByIdExplainAnswer } from '#client/generated/api.ts';

type Node = GetPropaysByIdExplainAnswer['nodes'][number];

/** The steps of a trace as the lines of a tree: the results first, under each what it was made from. A step met again is only named. */
export function treeOf(
  nodes: readonly Node[],
  { workerId, depth }: { readonly workerId: string | null; readonly depth: number },
): readonly string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const used = new Set(nodes.flatMap(({ inputs }) => inputs.flatMap((input) => ('node' in input ? [input.node] : []))));
  const roots = nodes.filter(({ id }) => !used.has(id) && (workerId === null || id.includes(workerId)));
  const told = new Set<string>();
  const lines: string[] = [];
  const tell = (node: Node, indent: string): void => {
    lines.push(`${indent}${nodeText(node)}${told.has(node.id) ? ' (above)' : ''}`);
    if (told.has(node.id)) return;
    told.add(node.id);
    if (indent.length >= 2 * depth) return;
    for (const input of node.inputs) {
      const below = 'node' in input ? byId.get(input.node) : undefined;
      if (below !== undefined) tell(below, `${indent}  `);
      else if ('record' in input) lines.push(`${indent}  ${input.record} ${input.recordId} (revision ${input.revision})`);
    }
  };
  for (const root of roots) tell(root, '');
  return lines;
}

function nodeText({ rule, id, value, unit, outcome, reason, missing, residue }: Node): string {
  const subject = id.includes(':') ? ` ${id.slice(id.indexOf(':') + 1)}` : '';
  const said =
    outcome === 'applies' ? `${value} ${unit}` : `${outcome}${missing === undefined ? '' : `, missing ${missing.join(', ')}`}`;
  return `${rule}${subject} = ${said}${residue === undefined ? '' : ` (rounded by ${residue})`}${reason === undefined ? '' : `: ${reason}`}`;
}
