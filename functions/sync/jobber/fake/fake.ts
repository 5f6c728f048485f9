import type { SourceDataset } from '../../../../shared/fake-source/dataset.ts';
import { bent, HookPosts, hookTarget, type SentEvent } from '../../../../shared/fake-source/hook-posts.ts';
import { FakeOAuth, OAUTH_DOORS } from '../../../../shared/fake-source/oauth.ts';
import { TokenPress } from '../../../../shared/fake-source/oauth-tokens.ts';
import { createFakeSource, type FakeOptions, type FakeSource } from '../../../../shared/fake-source/serve.ts';
import type { Shell } from '../../../../shared/fake-source/source.ts';
import type { Edit, TenantData } from '../../../../shared/fake-source/tenant-data.ts';
import { manifest } from '../manifest.ts';
import { JOBBER_LISTS } from './entities.ts';
import { GraphDoor, IDENTITY_DOOR } from './graph-door.ts';
import { createLiveChanges } from './live-changes.ts';
import { secondTenantDataset } from './second-tenant.ts';
import { JOBBER_SWITCHES } from './switches.ts';
import { eventOf, signed } from './webhooks.ts';

/** An account of the fake, with its data when they differ from the common ones. */
export type JobberTenant = { readonly id: string; readonly dataset?: SourceDataset };

/** The product as Jobber knows it: one app for all accounts. */
export type JobberApp = { readonly id: string; readonly secret: string };

/** How a fake Jobber is made. */
export type JobberFakeOptions = FakeOptions<JobberTenant> & { readonly app: JobberApp };

/** A fake Jobber with what only code in the same process may ask of it. */
export type JobberFake = FakeSource & {
  /** An access token of an account, as the token door would issue it. */
  accessToken(tenant: string): string;
  /** Takes the events of edits that nobody has registered for since the last call, bent as the `webhooks` switch says. */
  takeEvents(tenant: string): readonly SentEvent[];
  /** Settles when all events so far have been posted to whoever has registered. */
  posted(): Promise<void>;
};

/** A receiver has to answer within a second. */
const POST_MS = 1_000;

/** What the token endpoint says in Jobber's own words. */
const REFUSALS: Readonly<Record<string, string>> = { invalid_grant: 'The provided refresh token is not valid.' };

/**
 * A fake Jobber over HTTP on loopback: authorize page, token door, the GraphQL endpoint, and the control door at `/__control`. It listens
 * once `start()` is called. For tests and the local host only; shipped code must not import it.
 */
export function createJobberFake(options: JobberFakeOptions): JobberFake {
  const { seed, app } = options;
  const { authorizePath, tokenPath, accessSeconds } = manifest.oauth!;
  const oauth = new FakeOAuth({
    source: 'jobber',
    seed,
    authorizePath,
    tokenPath,
    client: app,
    accessSeconds,
    // The life of a token stands in the token alone.
    withoutExpiresIn: true,
    refusal: (error) => ({ status: 401, body: error in REFUSALS ? { message: REFUSALS[error] } : { message: error, error } }),
  });
  const press = new TokenPress('jobber', seed);
  const door = new GraphDoor(oauth);
  const events = new Map<string, SentEvent[]>();
  const posts = new HookPosts(POST_MS);
  const fake = createFakeSource(
    {
      source: 'jobber',
      tenants: options.tenants.map(({ id, dataset }) => ({ id, dataset: dataset ?? options.dataset })),
      entities: JOBBER_LISTS,
      switches: JOBBER_SWITCHES,
      doors: [...OAUTH_DOORS, IDENTITY_DOOR],
      now: options.now,
      seed,
      statePath: options.statePath ?? null,
      otherDataset: secondTenantDataset,
      afterEdit: (edit, _at, data, shell) => noteEvent({ events, posts, app }, edit, data, shell),
      liveChange: createLiveChanges(seed),
      route: (request, shell) => {
        if (request.path === '/api/graphql') return door.route(request, shell);
        return oauth.route(request, shell);
      },
    },
    options.live,
  );
  return {
    ...fake,
    accessToken: (tenant) => press.issue('access', tenant, options.now(), accessSeconds),
    takeEvents: (tenant) => {
      const how = fake.shell.switches(tenant).peek('webhooks', null);
      const sent = events.get(tenant) ?? [];
      events.delete(tenant);
      return bent(sent, how);
    },
    posted: () => posts.idle(),
  };
}

type Outgoing = { readonly events: Map<string, SentEvent[]>; readonly posts: HookPosts; readonly app: JobberApp };

function noteEvent({ events, posts, app }: Outgoing, edit: Edit, data: TenantData, shell: Shell): void {
  const how = shell.switches(data.id).peek('webhooks', null);
  const [account] = data.rows(data.entityAt('account')!);
  const body = eventOf(edit, {
    appId: app.id,
    accountId: String(account?.id),
    zone: data.dataset._about.timeZone,
    atMs: shell.spec.now(),
    oldSpelling: how === 'oldSpelling',
  });
  if (body === null) return;
  const event = signed(body, how === 'badHmac' ? 'another secret' : app.secret);
  const target = hookTarget(shell.switches(data.id).peek('hookTarget', null));
  if (target !== null) posts.post(target, event, how);
  else events.set(data.id, [...(events.get(data.id) ?? []), event]);
}
