import type { CheckResult, Connector, OpenOptions } from '#mirror/connector.ts';
import { preview } from '#mirror/preview.ts';
import { SourceError } from '#mirror/source-error.ts';
import { isObject } from './answer.ts';
import { JobberClient } from './client.ts';
import { discover } from './discover.ts';
import { readHook } from './hooks.ts';
import { manifest } from './manifest.ts';
import { branchIdOf } from './map/context.ts';
import { type ListName, pageQuery } from './queries.ts';
import { JobberSession } from './session.ts';

/** The Jobber connector. It logs in by OAuth; the only credential of its own is a `baseUrl` on the manifest's list of hosts, for tests. */
export const jobberConnector: Connector = {
  manifest,
  mappingVersion: 1,
  readHook,
  check,
  discover,
  preview,
  async open(options) {
    const client = new JobberClient(options);
    return new JobberSession(client, options, await readAccount(client));
  },
};

/** Which entities a list is read for. */
const NEEDED: Readonly<Record<ListName, readonly string[]>> = {
  clients: ['client'],
  properties: ['client'],
  users: ['worker'],
  jobs: ['job', 'budget_info'],
  visits: ['milestone'],
  timeSheetEntries: ['time_entry', 'drive_time'],
};

/** Asks each list that the connection needs for one row: a refusal of one root field is a scope the app was not given (M-111). */
async function check(options: OpenOptions): Promise<CheckResult> {
  const client = new JobberClient(options);
  const account = await readAccount(client);
  const missingScopes: string[] = [];
  for (const list of Object.keys(NEEDED) as ListName[]) {
    if (!NEEDED[list].some((entity) => options.settings.entities.some((owned) => owned === entity))) continue;
    try {
      await client.ask({
        kind: `check ${list}`,
        text: pageQuery(list, 'id'),
        roots: [list],
        variables: (first) => ({ first }),
        first: 1,
        rowCost: 1,
      });
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== 'scope_missing') throw error;
      missingScopes.push(list);
    }
  }
  return {
    accountId: account.id,
    accountName: account.name,
    branchSourceIds: [branchIdOf({ accountId: account.id })],
    missingScopes,
  };
}

/** Whose account the authorization opens (M-42). */
async function readAccount(client: JobberClient): Promise<{ readonly id: string; readonly name: string | null }> {
  const { data } = await client.ask({
    kind: 'account',
    text: 'query Account { account { id name } }',
    roots: ['account'],
    variables: () => ({}),
    first: 1,
    rowCost: 2,
  });
  const account = isObject(data.account) ? data.account : {};
  if (typeof account.id !== 'string' || account.id === '')
    throw new SourceError('bad_response', 'the source does not say whose account it is');
  return { id: account.id, name: typeof account.name === 'string' ? account.name : null };
}
