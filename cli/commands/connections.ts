import type { Command } from 'commander';
import { bodyOf } from '#client/client.ts';
import { show, table } from '../output.ts';
import type { Run } from '../run.ts';

/** `connections`: the tenant's integrations and how they stand. */
export function connectionsCommand(program: Command, run: Run): void {
  program
    .command('connections')
    .description('the connections with their state, last sync and next run')
    .action(
      run(async ({ api, output }) => {
        const { items } = await bodyOf(api.GET('/v1/connections'));
        show(output, items, () =>
          table(
            ['id', 'provider', 'name', 'state', 'last sync', 'data as of', 'next run', 'what to do'],
            items.map((one) => [
              ...[one.id, one.provider, one.name, one.cause === null ? one.state : `${one.state} (${one.cause})`],
              ...[one.lastSuccessfulAt, one.dataAsOf, one.nextRunAt, one.fix],
            ]),
            'Nothing is connected yet.',
          ),
        );
      }),
    );
}

/** `me`: who asks, as the API sees it. */
export function meCommand(program: Command, run: Run): void {
  program
    .command('me')
    .description('who asks: tenant, role and scope')
    .action(
      run(async ({ api, output }) => {
        show(output, await bodyOf(api.GET('/v1/me')), ({ tenant, role, workerId }) =>
          [`${tenant.name} (${tenant.id}), ${role}`, ...(workerId === null ? [] : [`worker ${workerId}`])].join('\n'),
        );
      }),
    );
}
