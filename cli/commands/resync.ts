import type { Command } from 'commander';
import { bodyOf, type ProtivClient } from '#client/client.ts';
import type {
  PostConnectionsByIdResyncsRequest as Resync,
  GetConnectionsByIdRunsItem as SyncRun,
} from '#client/generated/api.ts';
import { show } from '../output.ts';
import type { CommandContext, Run } from '../run.ts';
import { runLine, runText } from '../sync-run-text.ts';

interface ResyncOptions {
  readonly full?: boolean;
  readonly entities?: string;
  readonly reason?: string;
  readonly wait: boolean;
}

const ASK_AGAIN_MS = 1_000;

/** `resync`: asks for a run now and shows how it goes until it ends. */
export function resyncCommand(program: Command, run: Run): void {
  program
    .command('resync <connection>')
    .description('sync now, and wait until the run ends; exit code 1 where it did not succeed')
    .option('--full', 'read everything, not only what changed')
    .option('--entities <list>', 'only these, with commas between: job,time_entry')
    .option('--reason <text>', 'why, for the audit log')
    .option('--no-wait', 'do not wait for the end')
    .action(
      run(async (context, connection: string, options: ResyncOptions) => {
        const { api, output } = context;
        const params = { path: { id: connection } };
        const asked = api.POST('/v1/connections/{id}/resyncs', { params, body: bodyFor(options) });
        const { runId, alreadyRunning } = await bodyOf(asked);
        if (!output.json) output.print(alreadyRunning ? `Run ${runId} is on its way already.` : `Run ${runId} was asked for.`);
        const last = options.wait ? await watch(context, connection, runId) : await readRun(api, connection, runId);
        show(output, last, runText);
        if (last.outcome === 'failed' || last.outcome === 'interrupted') context.fail();
      }),
    );
}

function bodyFor({ full, entities, reason }: ResyncOptions): Resync {
  return {
    mode: full ? 'full' : 'delta',
    ...(entities === undefined ? {} : { entities: entities.split(',') as NonNullable<Resync['entities']> }),
    ...(reason === undefined ? {} : { reason }),
  };
}

async function watch({ api, output, sleep }: CommandContext, connection: string, runId: string): Promise<SyncRun> {
  for (;;) {
    const now = await readRun(api, connection, runId);
    output.progress(now.status === 'finished' ? '' : runLine(now));
    if (now.status === 'finished') return now;
    await sleep(ASK_AGAIN_MS);
  }
}

function readRun(api: ProtivClient, id: string, runId: string): Promise<SyncRun> {
  return bodyOf(api.GET('/v1/connections/{id}/runs/{runId}', { params: { path: { id, runId } } }));
}
