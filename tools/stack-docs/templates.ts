import { readdirSync, readFileSync } from 'node:fs';

/** One resource of a synthesized template; `stack` is the stack's id. */
export interface TemplateResource {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** One statement of a function's policy, as the template has it. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Every resource of the templates in a folder. */
export function readResources(folder: string): readonly TemplateResource[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.template.json'));
  return files.flatMap((file) => {
    const template: { Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }> } = JSON.parse(
      readFileSync(`${folder}/${file}`, 'utf8'),
    );
    const stack = file.replace('.template.json', '');
    return Object.entries(template.Resources).map(([id, { Type, Properties = {} }]) => ({
      stack,
      id,
      type: Type,
      properties: Properties,
    }));
  });
}

/** The statements of each function, by its name. Throws on a policy that is not a function's: a page would leave it out. */
export function policiesOf(resources: readonly TemplateResource[]): ReadonlyMap<string, readonly PolicyStatement[]> {
  const found = resources.flatMap(({ type, properties }): [string, readonly PolicyStatement[]][] =>
    type === 'AWS::IAM::ManagedPolicy'
      ? [[functionOf(properties), (properties.PolicyDocument as { Statement: PolicyStatement[] }).Statement]]
      : [],
  );
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The function that a policy is for: its description says so. */
export function functionOf(policy: Readonly<Record<string, unknown>>): string {
  const name = /^What the function (\S+) may do$/.exec(String(policy.Description))?.[1];
  if (name === undefined) throw new Error(`a policy that is not a function's: ${String(policy.Description)}`);
  return name;
}

/** A value as a list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** A reference in words: the name of what it points to, without the hashes that the CDK appends. Throws on one that it does not know. */
export function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[kind, argument] = ['', null]] = Object.entries(value as Record<string, unknown>);
  switch (kind) {
    case 'Ref':
      return bare(String(argument).replace('AWS::', '').toLowerCase());
    case 'Fn::GetAtt':
      return bare((argument as string[])[0]!);
    case 'Fn::ImportValue':
      return (
        /ExportsOutput(?:FnGetAtt|Ref)(\w+?)[0-9A-F]{8}(?:Arn|StreamArn)?[0-9A-F]{8}$/.exec(String(argument))?.[1] ??
        String(argument)
      );
    case 'Fn::Join':
      return (argument as [string, unknown[]])[1].map(plain).join((argument as [string])[0]);
    default:
      throw new Error(`a reference of a kind that is not known: ${JSON.stringify(value)}`);
  }
}

function bare(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, '');
}
