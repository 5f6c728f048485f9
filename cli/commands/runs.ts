import type { Command } from 'commander';
import { bodyOf } from '#client/client.ts';
import { show, table } from '../output.ts';
import type { Run } from '../run.ts';
import { runText } from '../sync-run-text.ts';

interface RunsOptions {
  readonly exceptions?: boolean;
  readonly limit: string;
}

/** `runs`: the history of a connection, one run, or what a run could not take. */
export function runsCommand(program: Command, run: Run): void {
  program
    .command('runs <connection> [run]')
    .description('the last runs of a connection, or one run by its streams')
    .option('--exceptions', 'the records that the run could not take, with the reason for each')
    .option('--limit <count>', 'how many runs', '20')
    .action(
      run(async ({ api, output }, id: string, runId: string | undefined, { exceptions, limit }: RunsOptions) => {
        if (runId === undefined) {
          const query = { limit: Number(limit) };
          const { items } = await bodyOf(api.GET('/v1/connections/{id}/runs', { params: { path: { id }, query } }));
          show(output, items, () =>
            table(
              ['run', 'trigger', 'mode', 'outcome', 'began', 'ended', 'exceptions'],
              items.map((one) => [
                ...[one.id, one.trigger, one.mode, one.outcome ?? one.status],
                ...[one.startedAt, one.finishedAt, one.exceptionCount],
              ]),
              'There was no run yet.',
            ),
          );
        } else if (exceptions) {
          const { items, total } = await bodyOf(
            api.GET('/v1/connections/{id}/runs/{runId}/exceptions', { params: { path: { id, runId } } }),
          );
          const rest = total > items.length ? `\nand ${total - items.length} more` : '';
          show(
            output,
            items,
            () =>
              table(
                ['entity', 'record', 'reason', 'field', 'value', 'since'],
                items.map((one) => [one.entity, one.sourceId, one.reason, one.field, one.value, one.since]),
                'Every record was taken.',
              ) + rest,
          );
        } else
          show(output, await bodyOf(api.GET('/v1/connections/{id}/runs/{runId}', { params: { path: { id, runId } } })), runText);
      }),
    );
}
