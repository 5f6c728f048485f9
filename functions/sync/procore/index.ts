import type { CheckResult, Connector, OpenOptions } from '#mirror/connector.ts';
import { preview } from '#mirror/preview.ts';
import { SourceError } from '#mirror/source-error.ts';
import { ProcoreClient } from './client.ts';
import { discover } from './discover.ts';
import { readHook } from './hooks.ts';
import { idOf, Listing } from './listing.ts';
import { LISTS, type List } from './lists.ts';
import { manifest } from './manifest.ts';
import { ProcoreSession } from './session.ts';
import { companyRow } from './wire.ts';

/**
 * The Procore connector. Credentials beside the authorization: `companyId`, and where it is not production, `environment` (`sandbox`,
 * `monthly`) or a `baseUrl` on the manifest's list of hosts; and where webhooks are set up there, the `hookSecret` that they carry.
 */
export const procoreConnector: Connector = { manifest, mappingVersion: 1, readHook, check, open, discover, preview };

async function open(options: OpenOptions): Promise<ProcoreSession> {
  const client = new ProcoreClient(options);
  return new ProcoreSession(client, options, (await companyOf(client)).name);
}

/** The company as the authorization sees it. Another one, or none, ends everything here (M-42). */
async function companyOf(client: ProcoreClient): Promise<{ readonly name: string | null }> {
  const { path, query } = LISTS.companies();
  const rows = await new Listing(client, path, query).all();
  const row = rows.find((raw) => idOf(raw) === client.companyId);
  if (row === undefined) throw new SourceError('account_mismatch', 'the authorization does not open the company that is named');
  const parsed = companyRow.safeParse(row);
  return { name: parsed.success ? (parsed.data.name ?? null) : null };
}

/** Asks each company-wide list that the connection needs for its first page: a refused one is a permission that is missing. */
async function check(options: OpenOptions): Promise<CheckResult> {
  const client = new ProcoreClient(options);
  const { name } = await companyOf(client);
  const missingScopes: string[] = [];
  for (const [stream, list] of neededLists(options, client.companyId)) {
    try {
      await client.page(list.path, list.query, { page: 1, size: 1 });
    } catch (error) {
      const refused = error instanceof SourceError && (error.code === 'scope_missing' || error.code === 'endpoint_gone');
      if (!refused) throw error;
      if (!missingScopes.includes(stream)) missingScopes.push(stream);
    }
  }
  return { accountId: client.companyId, accountName: name, branchSourceIds: [], missingScopes };
}

function neededLists({ settings, now }: OpenOptions, companyId: string): (readonly [string, List])[] {
  const owns = (...entities: readonly string[]) => settings.entities.some((entity) => entities.includes(entity));
  const today = now().slice(0, 10);
  const lists: (readonly [string, List] | false)[] = [
    owns('branch') && settings.branchFrom === 'office' && ['branches', LISTS.offices(companyId)],
    owns('branch') && settings.branchFrom === 'region' && ['branches', LISTS.regions(companyId)],
    owns('division') && settings.divisionFrom === 'department' && ['departments', LISTS.departments(companyId)],
    owns('worker') && ['people', LISTS.people(companyId)],
    owns('worker') && ['people', LISTS.inactivePeople(companyId)],
    owns('worker') && ['people', LISTS.users(companyId)],
    owns('job', 'milestone') && ['projects', LISTS.stages(companyId)],
    owns('job', 'milestone') && ['projects', LISTS.projects(companyId, {})],
    owns('time_entry', 'drive_time') && ['timecards', LISTS.timecards(companyId, { from: today, to: today })],
  ];
  return lists.filter((one) => one !== false);
}
