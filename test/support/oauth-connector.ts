import type { Connector, OpenOptions } from '#mirror/connector.ts';
import { SourceError } from '#mirror/source-error.ts';
import type { IntegrationManifest } from '#model/manifest.ts';
import { TEST_OAUTH } from './oauth-desk.ts';

/** An integration that logs in by OAuth and supplies jobs, over the source of test/support/oauth-source.ts. */
export const oauthManifest: IntegrationManifest = {
  provider: 'oauthtest',
  name: 'OAuth test',
  auth: 'oauth',
  oauth: TEST_OAUTH,
  cycles: [20],
  manualResync: true,
  resyncModes: ['delta', 'full'],
  setupSteps: [],
  settings: {},
  allowedHosts: ['login.example.com'],
  requestsPerSecond: 1_000,
  entities: ['job'],
  streams: [],
  auxiliary: [],
};

/** Asks whose token it is, with one new token where the first is refused, as every connector does. */
export const oauthConnector: Connector = {
  manifest: oauthManifest,
  mappingVersion: 1,
  async check(options) {
    const account = await me(options);
    return { accountId: account, accountName: `${account} Ltd`, branchSourceIds: [], missingScopes: [] };
  },
  async open(options) {
    const id = await me(options);
    const nothing = async (): Promise<never> => {
      throw new SourceError('endpoint_gone', 'this source has no lists');
    };
    return { account: { id, name: null }, readPage: nothing, fetch: nothing };
  },
};

async function me({ http, tokens, credentials }: OpenOptions): Promise<string> {
  const ask = (token: string) =>
    http.call({ method: 'GET', url: `${credentials.baseUrl}/me`, headers: { authorization: `Bearer ${token}` } });
  const token = await tokens!.current();
  let answer = await ask(token);
  if (answer.status === 401) answer = await ask(await tokens!.renew(token));
  if (answer.status === 401) throw new SourceError('reauth_required', 'GET /me is refused with a fresh token');
  return (JSON.parse(answer.text) as { account: string }).account;
}
