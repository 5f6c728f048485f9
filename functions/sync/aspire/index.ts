import type { CheckResult, Connector, OpenOptions } from '#mirror/connector.ts';
import { preview } from '#mirror/preview.ts';
import { SourceError } from '#mirror/source-error.ts';
import { AspireClient } from './client.ts';
import { discover } from './discover.ts';
import { idsOf, Listing } from './listing.ts';
import { LISTS } from './lists.ts';
import { manifest } from './manifest.ts';
import { AspireSession, listsFor } from './session.ts';
import { branchRow } from './wire.ts';

/**
 * The Aspire connector. Credentials: `clientId`, `secret`, and where it is not production, `environment` (`sandbox`, `demo`) or a
 * `baseUrl` on the manifest's list of hosts.
 */
export const aspireConnector: Connector = {
  manifest,
  mappingVersion: 1,
  check,
  discover,
  preview,
  open: async (options) => new AspireSession(await AspireClient.open(options), options),
};

/** Asks each list that the connection needs for one row: a 403 is a scope that was not ticked (M-53, M-111). */
async function check(options: OpenOptions): Promise<CheckResult> {
  const client = await AspireClient.open(options);
  const { entities, importWages } = options.settings;
  const owned = importWages ? entities : entities.filter((entity) => entity !== 'wage_record');
  const missingScopes: string[] = [];
  let branches: readonly unknown[] = [];
  for (const list of listsFor(owned)) {
    try {
      if (list === 'Branches') branches = await new Listing(client, list, null).rest();
      else await client.page({ list, filter: null, top: 1 });
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== 'scope_missing') throw error;
      missingScopes.push(list);
    }
  }
  return {
    accountId: client.accountId,
    accountName: legalName(branches),
    branchSourceIds: idsOf(branches, LISTS.Branches),
    missingScopes,
  };
}

/** The one legal name that all branches share: the only name of the company that the lists hold. */
function legalName(branches: readonly unknown[]): string | null {
  const names = new Set(
    branches.map((raw) => {
      const row = branchRow.safeParse(raw);
      return row.success ? (row.data.LegalName ?? null) : null;
    }),
  );
  const [name] = names;
  return names.size === 1 && name ? name : null;
}
