import type { SourceDataset } from '../../shared/fake-source/dataset.ts';
import { FakeOAuth, OAUTH_DOORS, OAUTH_SWITCHES } from '../../shared/fake-source/oauth.ts';
import { createFakeSource, type FakeSource, type RunningFake } from '../../shared/fake-source/serve.ts';

const EMPTY: SourceDataset = {
  _about: { company: 'Empty', snapshotAt: '2026-03-20T20:00:00Z', timeZone: 'America/New_York' },
  endpoints: {},
  changes: [],
};
/** The product as the source of these tests knows it. */
export const CLIENT = { id: 'product', secret: 'product-secret' } as const;

/** A source with an OAuth server and one door behind it, `GET /me`, which tells whose token it was. */
export interface OAuthTestSource extends RunningFake {
  readonly fake: FakeSource;
  readonly clock: { ms: number };
  /** Calls to the token endpoint so far. */
  tokenCalls(): number;
  set(fault: string, order?: { on?: boolean; times?: number; value?: unknown; entity?: string; tenant?: string }): void;
}

export async function startOAuthSource(): Promise<OAuthTestSource> {
  const clock = { ms: Date.parse('2026-03-10T12:00:00Z') };
  const oauth = new FakeOAuth({
    source: 'test',
    seed: 1,
    authorizePath: '/oauth/authorize',
    tokenPath: '/oauth/token',
    client: CLIENT,
    accessSeconds: 3_600,
    grants: ['authorization_code', 'client_credentials'],
    reply: (tenant) => ({ company_id: tenant }),
  });
  const fake = createFakeSource({
    source: 'test',
    tenants: [
      { id: 'north', dataset: EMPTY },
      { id: 'south', dataset: EMPTY },
    ],
    entities: [],
    switches: OAUTH_SWITCHES,
    doors: [...OAUTH_DOORS, 'me'],
    now: () => clock.ms,
    seed: 1,
    otherDataset: () => EMPTY,
    route: (request, shell) => {
      const own = oauth.route(request, shell);
      if (own !== null || request.path !== '/me') return own;
      const tenant = oauth.tenantOf(request.headers.authorization, shell);
      const respond = () => (tenant === null ? { status: 401, body: 'no' } : { status: 200, body: { account: tenant } });
      return { tenant, entity: 'me', list: false, respond };
    },
  });
  const running = await fake.start();
  return {
    ...running,
    fake,
    clock,
    tokenCalls: () => fake.shell.log.list().filter(({ path }) => path === '/oauth/token').length,
    set(fault, { tenant = 'north', on = true, ...order } = {}) {
      const wrong = fake.shell.switches(tenant).set(fault, { on, ...order });
      if (wrong !== null) throw new Error(wrong);
    },
  };
}
