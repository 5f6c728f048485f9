import { Argument, type Command } from 'commander';
import { bodyOf } from '#client/client.ts';
import type { GetDiagnoseAnswer as Diagnosis } from '#client/generated/api.ts';
import { show } from '../output.ts';
import type { Run } from '../run.ts';
import { UsageError } from '../session.ts';

interface DiagnoseOptions {
  readonly sourceId?: string;
  readonly number?: string;
  readonly name?: string;
  readonly connection?: string;
}

/** `diagnose`: why a record or its ProPay is missing. */
export function diagnoseCommand(program: Command, run: Run): void {
  program
    .command('diagnose')
    .description('why a record, or the ProPay of a job, is missing, and what to do about it')
    .addArgument(new Argument('<kind>').choices(['worker', 'job', 'milestone', 'propay', 'time_entry']))
    .option('--source-id <id>', 'its id at the source')
    .option('--number <number>', 'its number, where the id is not known')
    .option('--name <name>', 'its name, where neither is known')
    .option('--connection <id>', 'only this connection')
    .action(
      run(async ({ api, output }, kind: Diagnosis['kind'], { sourceId, number, name, connection }: DiagnoseOptions) => {
        if ([sourceId, number, name].filter((one) => one !== undefined).length !== 1)
          throw new UsageError('Give exactly one of --source-id, --number and --name.');
        const query = defined({ kind, sourceId, number, name, connectionId: connection });
        show(output, await bodyOf(api.GET('/v1/diagnose', { params: { query } })), diagnosisText);
      }),
    );
}

function diagnosisText({ verdict, code, title, detail, evidence, nextAction, record, parent }: Diagnosis): string {
  const facts = Object.entries(evidence).map(
    ([name, value]) => `  ${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  return [
    `${verdict ?? ''} ${code}: ${title}`.trim(),
    detail,
    ...facts,
    `next: ${nextAction.detail}${nextAction.href === null ? '' : ` (${nextAction.href})`}`,
    ...(record === null ? [] : [`record ${record.id}`]),
    ...(parent === null ? [] : [`its ${parent.kind} ${parent.sourceId}: ${parent.code}, ${parent.detail}`]),
  ].join('\n');
}

/** The members that are there: an absent parameter is not sent. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
