import type { CheckResult, Connector, OpenOptions } from '#mirror/connector.ts';
import { preview } from '#mirror/preview.ts';
import { readAccount } from './account.ts';
import { QuickBooksTimeClient } from './client.ts';
import { discover } from './discover.ts';
import { manifest } from './manifest.ts';
import { QuickBooksTimeSession } from './session.ts';

/** The QuickBooks Time connector. Tokens are the engine's; of the credentials it reads which company the grant was for. */
export const quickBooksTimeConnector: Connector = {
  manifest,
  mappingVersion: 1,
  check,
  discover,
  preview,
  async open(options) {
    const client = new QuickBooksTimeClient(options);
    return new QuickBooksTimeSession(client, await readAccount(client, options), options);
  },
};

/** Asks whose account it is; the source knows no scopes that could be missing. */
async function check(options: OpenOptions): Promise<CheckResult> {
  const account = await readAccount(new QuickBooksTimeClient(options), options);
  return { accountId: account.id, accountName: account.name, branchSourceIds: [], missingScopes: [] };
}
