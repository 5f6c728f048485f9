import { statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { integerOf, objectOf, textOf } from '../json.ts';
import type { Resolved, Template } from '../template/template.ts';

/** One Lambda function of the templates. */
export type FunctionDefinition = {
  /** Physical name. */
  readonly name: string;
  readonly arn: string;
  readonly logicalId: string;
  readonly roleArn: string;
  /** URL of the module with the handler. */
  readonly file: string;
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly reservedConcurrency: number | null;
  readonly variables: Readonly<Record<string, string>>;
  readonly logGroup: string;
  /** ARN of the queue for asynchronous events that could not be handled, if the function has one. */
  readonly deadLetterArn: string | null;
};

const MODULES = ['.mjs', '.js', '.cjs'];

/** Reads the functions and finds each one's bundle among the assets of its stack. */
export function readFunctions(template: Template): FunctionDefinition[] {
  return template.of('AWS::Lambda::Function').map((resource) => {
    const { properties, id } = resource;
    const [module = '', handler = ''] = textOf(properties.Handler, `Handler of ${id}`).split('.');
    const variables = objectOf(objectOf(properties.Environment, `Environment of ${id}`).Variables, `Variables of ${id}`);
    const logGroup = objectOf(properties.LoggingConfig, `LoggingConfig of ${id}`).LogGroup;
    const deadLetter = objectOf(properties.DeadLetterConfig, `DeadLetterConfig of ${id}`).TargetArn;
    return {
      name: resource.ref,
      arn: resource.attribute('Arn'),
      logicalId: id,
      roleArn: textOf(properties.Role, `Role of ${id}`),
      file: moduleUrl(resource, module),
      handler,
      timeoutMs: integerOf(properties.Timeout, 3, `Timeout of ${id}`) * 1000,
      memoryMb: integerOf(properties.MemorySize, 128, `MemorySize of ${id}`),
      reservedConcurrency:
        properties.ReservedConcurrentExecutions === undefined
          ? null
          : integerOf(properties.ReservedConcurrentExecutions, 0, `concurrency of ${id}`),
      variables: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])),
      logGroup: typeof logGroup === 'string' ? logGroup : `/aws/lambda/${resource.ref}`,
      deadLetterArn: deadLetter === undefined ? null : textOf(deadLetter, `DeadLetterConfig of ${id}`),
    };
  });
}

function moduleUrl({ properties, id, stack }: Resolved, module: string): string {
  const key = textOf(objectOf(properties.Code, `Code of ${id}`).S3Key, `S3Key of ${id} (inline code has no bundle)`);
  const folder = stack.assets.get(key);
  if (folder === undefined) throw new Error(`No asset ${key} for function ${id} in the assembly`);
  for (const extension of MODULES) {
    const path = join(folder, module + extension);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return pathToFileURL(path).href;
  }
  throw new Error(`Function ${id}: no module ${module} (${MODULES.join(', ')}) in ${folder}`);
}
