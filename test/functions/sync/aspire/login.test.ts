import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aspireConnector } from '#functions/sync/aspire/index.ts';
import { readLogin } from '#functions/sync/aspire/token.ts';
import { SourceError } from '#mirror/source-error.ts';
import { readAll } from '#test/support/mapped-rows.ts';
import { Bench, settings } from './aspire-support.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await new Bench().start();
});
afterEach(() => bench.stop());

const full = (stream: string) => ({ stream, since: null, window: null });

const jwt = (claims: Record<string, unknown>): string =>
  JSON.stringify({ Token: `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`, RefreshToken: 'r' });

describe('reading a login', () => {
  it('renews five minutes before the end, on our clock, however wrong that is (M-53)', () => {
    const iat = 1_700_000_000;
    expect(readLogin(jwt({ iat, exp: iat + 86_400 }), 5_000).renewAtMs).toBe(5_000 + 86_100_000);
    expect(readLogin(jwt({ nbf: iat, exp: iat + 3600 }), 0).renewAtMs).toBe(3_300_000);
  });

  it('takes half of a very short life, and an hour where none is told', () => {
    expect(readLogin(jwt({ iat: 0, exp: 200 }), 0).renewAtMs).toBe(100_000);
    expect(readLogin(jwt({}), 0).renewAtMs).toBe(3_300_000);
    expect(readLogin('{"Token":"opaque"}', 0)).toMatchObject({ accountId: null, renewAtMs: 3_300_000 });
  });

  it('finds the tenant under the names it may have', () => {
    expect(readLogin(jwt({ TenantId: 'acme' }), 0).accountId).toBe('acme');
    expect(readLogin(jwt({ 'http://schemas.example/claims/tenantid': 12 }), 0).accountId).toBe('12');
    expect(readLogin(jwt({ sub: 'x' }), 0).accountId).toBeNull();
  });

  it('is none without a token', () => {
    for (const text of ['{}', '[]', 'null', '{"Token":""}', '{"Token":5}', '<html>'])
      expect(() => readLogin(text, 0)).toThrow(SyntaxError);
  });
});

describe('the token of a run', () => {
  it('is asked for once and used for every call', async () => {
    const session = await aspireConnector.open(bench.options());
    for (const stream of ['branches', 'contacts', 'opportunities']) await readAll(session, full(stream));
    expect(bench.requests().filter((name) => name === 'Authorization')).toHaveLength(1);
    expect(session.account).toEqual({ id: 'fernhill', name: null });
  });

  it('is renewed early', async () => {
    await bench.order({ fault: 'jwtSeconds', on: true, value: 1200 });
    const session = await aspireConnector.open(bench.options());
    bench.nowMs += 899_000;
    await readAll(session, full('branches'));
    expect(bench.requests().filter((name) => name === 'Authorization')).toHaveLength(1);
    bench.nowMs += 2_000;
    await readAll(session, full('divisions'));
    expect(bench.requests().filter((name) => name === 'Authorization')).toHaveLength(2);
  });

  it('is replaced once when a list answers 401, and a second 401 ends the run', async () => {
    const session = await aspireConnector.open(bench.options());
    await bench.order({ fault: 'status', on: true, entity: 'Branches', value: 401, times: 1 });
    expect((await readAll(session, full('branches')))[0]?.rows).toHaveLength(2);
    expect(bench.requests().filter((name) => name === 'Authorization')).toHaveLength(2);
    await bench.order({ fault: 'status', on: true, entity: 'Contacts', value: 401 });
    await expect(readAll(session, full('contacts'))).rejects.toMatchObject({ code: 'reauth_required' });
  });

  it('that names another account ends the run (M-42)', async () => {
    const session = await aspireConnector.open(bench.options());
    await bench.order({ fault: 'otherAccount', on: true, entity: 'Authorization' });
    await expect(readAll(session, full('branches'))).rejects.toMatchObject({ code: 'account_mismatch' });
  });
});

describe('a refused login', () => {
  it.each([[{ clientId: 'client', secret: 'wrong' }], [{ clientId: 'nobody', secret: 'secret' }], [{ clientId: 'client' }]])(
    'is reauth_required, without a word of the credentials',
    async (credentials) => {
      const options = bench.options();
      const open = aspireConnector.open({ ...options, credentials: { ...credentials, baseUrl: bench.url } });
      const error: unknown = await open.catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'reauth_required' });
      expect(String(error)).not.toMatch(/wrong|nobody|secret'/);
    },
  );

  it('is no matter of retries', async () => {
    const options = bench.options();
    await expect(
      aspireConnector.open({ ...options, credentials: { clientId: 'client', secret: 'no', baseUrl: bench.url } }),
    ).rejects.toBeInstanceOf(SourceError);
    expect(options.http.calls).toBe(1);
  });

  it('goes to the allow-listed hosts only', async () => {
    const targets: Record<string, string>[] = [
      { baseUrl: 'https://evil.example' },
      { baseUrl: 'http://10.0.0.1' },
      { environment: 'constructor' },
    ];
    for (const credentials of targets) {
      const open = aspireConnector.open(bench.options({ credentials: { clientId: 'a', secret: 'b', ...credentials } }));
      await expect(open).rejects.toMatchObject({ code: 'host_refused' });
    }
  });
});

describe('check', () => {
  it('names account, company and branches, and no scope when all are ticked', async () => {
    expect(await aspireConnector.check(bench.options())).toEqual({
      accountId: 'fernhill',
      accountName: 'Fernhill Grounds and Site Works',
      branchSourceIds: ['3', '4'],
      missingScopes: [],
    });
  });

  it('names every list that is not ticked (A-3)', async () => {
    await bench.order({ fault: 'scopes', on: true, value: ['Branches', 'Contacts', 'Users', 'WorkTickets'] });
    const owned = { ...settings, entities: ['worker', 'milestone'] as const };
    const { missingScopes } = await aspireConnector.check(bench.options({ settings: owned }));
    expect(missingScopes).toEqual([
      'Routes',
      'Services',
      'ServiceTypes',
      'Opportunities',
      'OpportunityServices',
      'WorkTicketVisits',
    ]);
  });

  it('fails on anything else than a missing scope', async () => {
    await bench.order({ fault: 'status', on: true, entity: 'Users', value: 402 });
    await expect(aspireConnector.check(bench.options())).rejects.toMatchObject({ code: 'source_account_suspended' });
  });
});
