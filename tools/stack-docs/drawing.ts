import { inProject } from '#tools/project.ts';
import { functionOf, listOf, plain, policiesOf, readResources, type TemplateResource } from './templates.ts';

/** Where the page is kept: committed, and compared with the templates by a test. */
export const drawingFile = inProject('docs', 'generated', 'architecture.md');

const INTRO = `# The architecture, as the templates have it

Drawn from the synthesized templates by \`npm run stack-docs\`; a test compares it with them. Integrations are all made alike and drawn once, and so are the groups of
routes. An arrow is an event that wakes, a message that is sent or a call that is made; failure queues are left out.`;

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly says: string;
}

/** The page as it is committed: what wakes, feeds and calls what, as a Mermaid flowchart. */
export function drawingText(folder: string): string {
  const resources = readResources(folder);
  const providers = [...policiesOf(resources).keys()].flatMap((name) => /^sync-(.+)$/.exec(name)?.[1] ?? []);
  const draw = (arrow: Arrow) => ({ ...arrow, from: folded(arrow.from, providers), to: folded(arrow.to, providers) });
  const arrows = [...events(resources), ...messages(resources), ...requests(resources)].map(draw);
  const lines = [...new Set(arrows.map(({ from, to, says }) => `  ${nodeOf(from)} -->|"${says}"| ${nodeOf(to)}`))].sort();
  return `${INTRO}\n\n\`\`\`mermaid\nflowchart LR\n${lines.join('\n')}\n\`\`\`\n`;
}

/** What streams, queues and rules wake. */
function events(resources: readonly TemplateResource[]): Arrow[] {
  const names = functionNames(resources);
  return resources.flatMap(({ type, properties }): Arrow[] => {
    if (type === 'AWS::Lambda::EventSourceMapping') {
      const from = plain(properties.EventSourceArn);
      return [{ from, to: names(plain(properties.FunctionName)), says: from === 'MirrorTable' ? 'stream' : 'messages' }];
    }
    if (type !== 'AWS::Events::Rule') return [];
    const schedule = properties.ScheduleExpression;
    return listOf(properties.Targets).map((target) => ({
      from: schedule === undefined ? 'Events' : 'Schedule',
      to: names(plain((target as { Arn: unknown }).Arn)),
      says: schedule === undefined ? 'events' : String(schedule),
    }));
  });
}

/** Where functions write, whom they tell and whom they ask, as far as their grants say. */
function messages(resources: readonly TemplateResource[]): Arrow[] {
  const names = functionNames(resources);
  return [...policiesOf(resources)].flatMap(([from, statements]) =>
    statements.flatMap(({ Sid, Action, Resource }): Arrow[] => {
      const actions = listOf(Action);
      const says = actions.includes('dynamodb:PutItem')
        ? 'reads and writes'
        : actions.includes('sqs:SendMessage') && Sid !== 'FailedEvents'
          ? 'messages'
          : actions.includes('events:PutEvents')
            ? 'requests'
            : actions.includes('lambda:InvokeFunction')
              ? 'asks'
              : actions.includes('ses:SendEmail')
                ? 'mails'
                : null;
      if (says === null) return [];
      if (says === 'mails') return [{ from, to: 'SES', says }];
      return listOf(Resource).map((target) => ({ from, to: says === 'asks' ? names(plain(target)) : plain(target), says }));
    }),
  );
}

function requests(resources: readonly TemplateResource[]): Arrow[] {
  const names = functionNames(resources);
  return resources.flatMap(({ type, properties }): Arrow[] => {
    if (type === 'AWS::ApiGatewayV2::Authorizer') return [{ from: 'HTTP API', to: 'api-authorizer', says: 'who is it' }];
    if (type !== 'AWS::ApiGatewayV2::Integration') return [];
    return [{ from: 'HTTP API', to: names(plain(properties.IntegrationUri)), says: 'requests' }];
  });
}

/** Leads from a function's id in the template, lower-cased or not, to its name: by the policy of its role. */
function functionNames(resources: readonly TemplateResource[]): (id: string) => string {
  const find = (stack: string, id: string, type: string) =>
    resources.find((each) => each.stack === stack && each.type === type && each.id.replace(/[0-9A-F]{8}$/, '') === id);
  const known = new Map(
    resources
      .filter(({ type }) => type === 'AWS::Lambda::Function')
      .map(({ stack, id, properties }) => {
        const role = find(stack, plain(properties.Role), 'AWS::IAM::Role');
        const [policy] = listOf(role?.properties.ManagedPolicyArns) as { Ref: string }[];
        const name = functionOf(resources.find((each) => each.stack === stack && each.id === policy?.Ref)?.properties ?? {});
        return [id.replace(/[0-9A-F]{8}$/, '').toLowerCase(), name] as const;
      }),
  );
  return (id) => {
    const name = known.get(id.replace(/[0-9A-Fa-f]{8}$/, '').toLowerCase()) ?? known.get(id.toLowerCase());
    if (name === undefined) throw new Error(`no function ${id} in the templates`);
    return name;
  };
}

/** One name for what all integrations have, and one for the groups of routes. */
function folded(name: string, providers: readonly string[]): string {
  for (const provider of providers) {
    const pascal = provider.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase());
    if (name === `sync-${provider}`) return 'sync of each integration';
    if (name.startsWith(pascal)) return `${name.slice(pascal.length)} of each integration`;
  }
  return /^api-(?!authorizer)/.test(name) ? 'api of each group' : name;
}

function nodeOf(name: string): string {
  const id = name.replaceAll(/[^A-Za-z0-9]+/g, '_');
  if (name === 'MirrorTable') return `${id}[(table)]`;
  return name.includes('Queue') ? `${id}[[${name}]]` : `${id}[${name}]`;
}
