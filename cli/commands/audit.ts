import type { Command } from 'commander';
import { bodyOf } from '#client/client.ts';
import { show, table } from '../output.ts';
import type { Run } from '../run.ts';

interface AuditOptions {
  readonly entity?: string;
  readonly limit: string;
}

/** `audit`: who did what, latest first. */
export function auditCommand(program: Command, run: Run): void {
  program
    .command('audit')
    .description('who did what, latest first')
    .option('--entity <id>', 'only what was done to this record')
    .option('--limit <count>', 'how many entries', '50')
    .action(
      run(async ({ api, output }, { entity, limit }: AuditOptions) => {
        const query = { limit: Number(limit), ...(entity === undefined ? {} : { entityId: entity }) };
        const { items } = await bodyOf(api.GET('/v1/audit', { params: { query } }));
        show(output, items, () =>
          table(
            ['at', 'who', 'did', 'to', 'why', 'request'],
            items.map((one) => [
              ...[one.at, `${one.actor.kind} ${one.actor.id}`, one.action, `${one.entity} ${one.entityId}`],
              ...[one.reason, one.requestId],
            ]),
            'Nothing was done yet.',
          ),
        );
      }),
    );
}
