import type { CheckResult, Connector, OpenOptions } from '#mirror/connector.ts';
import { __Name__Client } from './client.ts';
import { manifest } from './manifest.ts';
import { __Name__Session } from './session.ts';

/** The __Title__ connector. Credentials: `key`, and a `baseUrl` on the manifest's list of hosts. */
export const __name__Connector: Connector = {
  manifest,
  mappingVersion: 1,
  check,
  open: async (options) => {
    const client = new __Name__Client(options);
    return new __Name__Session(client, await client.account());
  },
};

/** Whose account the credentials open (M-42, M-111). */
async function check(options: OpenOptions): Promise<CheckResult> {
  const { id, name } = await new __Name__Client(options).account();
  return { accountId: id, accountName: name, branchSourceIds: [], missingScopes: [] };
}
