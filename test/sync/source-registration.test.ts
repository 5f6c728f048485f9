import { describe, expect, it } from 'vitest';
import { sourceRegistration } from '#sync/source-registration.ts';
import { memoryVault } from '#test/support/memory-vault.ts';

const vault = memoryVault();
const CLIENT = { id: 'product', secret: 'product-secret' };

describe('the product’s own client', () => {
  it('is opened from what the stack holds sealed, for this provider only', async () => {
    const sealed = await vault.encrypt({ tenantId: '-', connectionId: 'oauth.jobber' }, CLIENT);
    expect(await sourceRegistration('jobber', vault, { OAUTH_CLIENT: sealed }).oauthClient()).toEqual(CLIENT);
    await expect(sourceRegistration('procore', vault, { OAUTH_CLIENT: sealed }).oauthClient()).rejects.toThrow();
  });

  it('is none until an operator has set it up, and an error where it is only half of one', async () => {
    for (const environment of [{}, { OAUTH_CLIENT: '' }])
      expect(await sourceRegistration('jobber', vault, environment).oauthClient()).toBeNull();
    const half = await vault.encrypt({ tenantId: '-', connectionId: 'oauth.jobber' }, { id: 'product' });
    await expect(sourceRegistration('jobber', vault, { OAUTH_CLIENT: half }).oauthClient()).rejects.toMatchObject({
      code: 'oauth-client-incomplete',
    });
  });

  it('comes from the running fakes on the local host, and from nowhere else there', async () => {
    const PROTIV_SOURCES = JSON.stringify({ jobber: { url: 'http://127.0.0.1:9', client: CLIENT } });
    const local = sourceRegistration('jobber', vault, { PROTIV_LOOPBACK: '1', PROTIV_SOURCES });
    expect([local.localSource, await local.oauthClient()]).toEqual(['http://127.0.0.1:9', CLIENT]);
    const deployed = sourceRegistration('jobber', vault, { PROTIV_SOURCES });
    expect([deployed.localSource, await deployed.oauthClient()]).toEqual([undefined, null]);
  });
});
