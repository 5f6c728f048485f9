import { inProject } from '#tools/project.ts';
import { listOf, type PolicyStatement, plain, policiesOf, readResources } from './templates.ts';

/** Where the page is kept: committed, and compared with the templates by a test. */
export const permissionsFile = inProject('docs', 'generated', 'permissions.md');

const INTRO = `# What each function may do

Generated from the synthesized templates by \`npm run stack-docs\`; a test compares it with them. A role has one policy, written out statement by
statement (\`lib/constructs/grants.ts\` and the construct that makes the function). No action and no resource is a pattern, and nobody may Scan. A stage
with traces adds \`xray:PutTelemetryRecords\` and \`xray:PutTraceSegments\`, which know no resources.`;

/** The page as it is committed: each grant with who holds it, then each function with its grants. */
export function permissionsText(folder: string): string {
  const policies = policiesOf(readResources(folder));
  const holders = new Map<string, string[]>();
  for (const [name, statements] of policies)
    for (const row of statements.map(rowOf)) holders.set(row, [...(holders.get(row) ?? []), `\`${name}\``]);
  const whose = (names: readonly string[]) => (names.length === policies.size ? 'all' : names.join(', '));
  return `${[
    INTRO,
    '## Grants',
    [
      '| Grant | Actions | On | Only | Held by |',
      '|---|---|---|---|---|',
      ...[...holders].map(([row, names]) => `${row} ${whose(names)} |`).sort(),
    ].join('\n'),
    '## By function',
    [
      '| Function | Grants |',
      '|---|---|',
      ...[...policies].map(([name, held]) => `| \`${name}\` | ${held.map(({ Sid }) => Sid).join(', ')} |`),
    ].join('\n'),
  ].join('\n\n')}\n`;
}

function rowOf({ Sid, Action, Resource, Condition = {} }: PolicyStatement): string {
  const when = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => `${key} ${operator === 'Null' ? 'given' : listOf(value).map(plain).join(' or ')}`),
  );
  return `| ${Sid} | ${listOf(Action).join(', ')} | ${placeOf(Sid, Resource)} | ${when.join('; ')} |`;
}

/** A function's log group and the queue of its failed events are called after it; what kind they are is all that matters here. */
function placeOf(sid: string, resource: unknown): string {
  if (sid === 'Logs') return 'its log group';
  if (sid === 'FailedEvents') return 'the queue of its failed events';
  return listOf(resource).map(plain).sort().join(', ');
}
