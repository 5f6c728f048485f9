import { afterEach, describe, expect, it } from 'vitest';
import { jobberConnector } from '#functions/sync/jobber/index.ts';
import { procoreConnector } from '#functions/sync/procore/index.ts';
import type { Connector } from '#mirror/connector.ts';
import { parseConnectionId } from '#model/ids.ts';
import { readCiphertext } from '#store/connection-repository.ts';
import { type SourceDesk, startSourceDesk } from '#test/support/source-desk.ts';

let desk: SourceDesk;
afterEach(() => desk.stop());

async function connected(provider: string, connector: Connector): Promise<string> {
  desk = await startSourceDesk(provider, connector);
  await desk.connect();
  expect((await desk.run())?.outcome).toBe('succeeded');
  return `/v1/connections/${desk.connectionId}`;
}

async function disconnect(path: string) {
  const { headers } = await desk.api.call('GET', path);
  return desk.api.call('DELETE', path, { headers: { 'if-match': headers.etag! } });
}

const credentialsLeft = () => readCiphertext(desk.api.table, desk.api.scope, parseConnectionId(desk.connectionId)!.n);

describe('disconnecting (M-112)', () => {
  it('gives tokens back where the source takes them, and destroys the credentials', async () => {
    const path = await connected('procore', procoreConnector);
    const asked = desk.requests();
    const answer = await disconnect(path);
    expect([answer.status, answer.body.state, answer.body.tokensRevoked]).toEqual([200, 'disconnected', true]);
    // A service account has an access token alone.
    expect(desk.requests() - asked).toBe(1);
    expect(await credentialsLeft()).toBeNull();
    expect(JSON.stringify(desk.api.outside.calls.at(-1))).not.toContain('procore-secret');
    expect((await disconnect(path)).body.tokensRevoked).toBeNull();
  });

  it.each([500, 401])('disconnects all the same where the source answers %d, and says so', async (value) => {
    const path = await connected('procore', procoreConnector);
    await desk.order({ fault: 'status', on: true, entity: 'token', value });
    const answer = await disconnect(path);
    expect([answer.status, answer.body.state, answer.body.tokensRevoked]).toEqual([200, 'disconnected', false]);
    expect(await credentialsLeft()).toBeNull();
    expect(desk.api.logs).toContainEqual(expect.objectContaining({ message: 'tokens not given back', code: expect.any(String) }));
    expect(await desk.state()).toMatchObject({ state: 'disconnected', lease: null, openRun: null, pending: null });
    const before = desk.requests();
    for (const kind of ['tick', 'hint', 'manual'] as const) expect(await desk.run(kind)).toBeNull();
    expect(desk.requests()).toBe(before);
  });

  it('tells where the source takes no tokens back', async () => {
    const path = await connected('jobber', jobberConnector);
    const asked = desk.requests();
    expect((await disconnect(path)).body).toMatchObject({ state: 'disconnected', tokensRevoked: null });
    expect(desk.requests()).toBe(asked);
    expect(await credentialsLeft()).toBeNull();
  });
});
