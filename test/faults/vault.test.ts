import { afterEach, describe, expect, it } from 'vitest';
import { aspireConnector } from '#functions/sync/aspire/index.ts';
import { jobberConnector } from '#functions/sync/jobber/index.ts';
import { procoreConnector } from '#functions/sync/procore/index.ts';
import { quickBooksTimeConnector } from '#functions/sync/quickbooks-time/index.ts';
import type { Connector } from '#mirror/connector.ts';
import { type SourceDesk, startSourceDesk } from '#test/support/source-desk.ts';

const CONNECTORS: readonly (readonly [string, Connector])[] = [
  ['aspire', aspireConnector],
  ['jobber', jobberConnector],
  ['procore', procoreConnector],
  ['quickbooks-time', quickBooksTimeConnector],
];

let desk: SourceDesk;
afterEach(() => desk.stop());

describe('while the key service cannot be reached (fault 40)', () => {
  it.each(CONNECTORS)(
    'a run of %s fails closed, and the next one goes on where it is back',
    { timeout: 60_000 },
    async (provider, connector) => {
      desk = await startSourceDesk(provider, connector);
      await desk.connect();
      expect((await desk.run())?.outcome).toBe('succeeded');
      const mirrored = await desk.mirror();
      const asked = desk.requests();
      const opened = desk.keys.opened;
      desk.pass(1_200);

      desk.keys.down = true;
      expect(await desk.run()).toBeNull();
      // The message comes back by itself; nothing was asked, nothing was written, nothing was taken out of a memory.
      expect(desk.givenBack).toMatchObject([{ kind: 'tick', connectionId: desk.connectionId }]);
      expect([desk.requests(), desk.keys.opened]).toEqual([asked, opened]);
      expect(await desk.mirror()).toEqual(mirrored);
      expect(await desk.state()).toMatchObject({ state: 'active', cause: null });
      expect(desk.lines).toContainEqual(expect.objectContaining({ message: 'run failed', error: 'vault-unavailable' }));
      expect(JSON.stringify(desk.lines)).not.toMatch(/secret|token-|refresh/);

      const path = `/v1/connections/${desk.connectionId}`;
      expect((await desk.api.call('GET', path)).status).toBe(200);
      expect((await desk.api.call('GET', '/v1/jobs')).status).toBe(200);
      await expect(desk.api.call('POST', `${path}/check`)).resolves.toMatchObject({
        status: expect.toSatisfy((status: number) => status >= 500),
      });

      desk.keys.down = false;
      desk.pass(130);
      expect(await desk.run()).toMatchObject({ outcome: 'succeeded' });
      expect(desk.keys.opened).toBeGreaterThan(opened);
      expect((await desk.mirror()).size).toBe(mirrored.size);
    },
  );
});
