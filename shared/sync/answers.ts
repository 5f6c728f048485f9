import { randomBytes } from 'node:crypto';
import type { Instant } from '#kernel/instant.ts';
import type { Connector, OpenOptions, SourceHttp, TokenSource } from '#mirror/connector.ts';
import { OutOfTime, SourceError } from '#mirror/source-error.ts';
import { parseConnectionId } from '#model/ids.ts';
import type { Credentials } from '#model/oauth-tokens.ts';
import { scopeOf } from '#model/scope.ts';
import type {
  AuthorizeAnswer,
  AuthorizeCall,
  CheckAnswer,
  CheckCall,
  DiscoverAnswer,
  ExchangeCall,
  HookAnswer,
  HookCall,
  PreviewAnswer,
  ProbeAnswer,
  RevokeAnswer,
  SyncCall,
} from '#model/sync-call.ts';
import { openRunStore } from '#store/mirror-run-store.ts';
import type { Table } from '#store/table.ts';
import type { ConnectionLogin, Logins } from './logins.ts';
import type { Approval } from './oauth/desk.ts';
import { probe } from './probe.ts';
import { tenantOf } from './tenant-of.ts';

const PROBE_MS = 5_000;
const CHECK_MS = 20_000;
const CALLS_PER_QUESTION = 40;
/** A preview reads lists twice, some of them project by project. */
const CALLS_PER_PREVIEW = 300;
const NOTHING_FOUND = { values: [], unreadable: [] };

type SyncAnswer = CheckAnswer | AuthorizeAnswer | ProbeAnswer | HookAnswer | DiscoverAnswer | PreviewAnswer | RevokeAnswer;

/** What the questions of the API are answered with. */
export interface AnswerOptions {
  readonly connector: Connector;
  readonly table: Table;
  readonly logins: Logins;
  /** Left out where the source sends no events. */
  readonly takeHook: ((call: HookCall, login: ConnectionLogin) => Promise<HookAnswer>) | undefined;
  readonly now: () => Instant;
  openHttp(maxCalls: number, deadline: () => number): SourceHttp & { close(): void };
}

/** Makes what answers the API's questions to an integration: try credentials, open and end an approval, look for one record, take an event. */
export function createAnswers(options: AnswerOptions) {
  const { connector, table, now } = options;

  return async function answer(call: SyncCall, remainingMs: () => number): Promise<SyncAnswer> {
    const { tenantId, n } = parseConnectionId(call.connectionId)!;
    const scope = scopeOf(tenantId);
    const login = options.logins({ scope, n, connectionId: call.connectionId }, remainingMs);
    const store = openRunStore({ table, scope, n, decrypt: login.handed });
    /** What the connector is opened with, as the connection stands. */
    const storedOptions = async (): Promise<Omit<OpenOptions, 'http'>> => {
      const connection = await store.readConnection();
      if (connection === null) throw new SourceError('reauth_required', 'there is no such connection');
      const { settings } = connection;
      const credentials = await store.readCredentials();
      const tenant = await tenantOf(table, scope);
      return { credentials, settings, ...tenant, ...withTokenSource(login.tokens), now };
    };
    switch (call.type) {
      case 'authorize':
        return asAnswer(() => authorize(call, login));
      case 'exchange':
        return asAnswer(() => exchange(call, login));
      case 'revoke':
        return asAnswer(async () => ({ revoked: (await login.desk?.revoke(await login.unseal(call.sealed))) ?? false }));
      case 'hook':
        return (await options.takeHook?.(call, login)) ?? { taken: false };
      case 'check': {
        const { credentials } = call;
        if (credentials !== undefined) return asAnswer(() => tryNew(call, login, login.take(credentials), null));
        return asAnswer(async () => ({ ...(await check(call, await store.readCredentials(), login.tokens)), ciphertext: null }));
      }
      case 'discover':
        return asAnswer(async () => {
          const options = await storedOptions();
          return asked(CHECK_MS, async (http) => (await connector.discover?.({ ...options, http })) ?? NOTHING_FOUND);
        });
      case 'preview':
        return asAnswer(async () => {
          const options = await storedOptions();
          return asked(
            CHECK_MS,
            async (http) => ({ streams: (await connector.preview?.(connector, { ...options, http }, call.settings)) ?? [] }),
            CALLS_PER_PREVIEW,
          );
        });
      case 'probe': {
        const connection = await store.readConnection();
        if (connection === null || connection.disconnectedAt !== null)
          return { result: 'failed', code: 'connection_not_runnable' };
        const options = await storedOptions();
        return asked(PROBE_MS, (http) => probe(connector, { ...options, http }, call));
      }
    }
  };

  async function authorize(call: AuthorizeCall, login: ConnectionLogin) {
    const credentials = login.take(call.credentials);
    const verifier = randomBytes(32).toString('base64url');
    const { redirectUri, state } = call;
    const authorizeUrl = await deskOf(login).authorize(credentials, { redirectUri, state, verifier });
    return { authorizeUrl, sealed: await login.seal({ ...credentials, redirectUri, verifier }) };
  }

  async function exchange(call: ExchangeCall, login: ConnectionLogin) {
    const { redirectUri = '', verifier = '', ...credentials } = await login.unseal(call.sealed);
    return tryNew(call, login, credentials, { code: call.code, redirectUri, verifier });
  }

  /** Logs in for the first time where the source wants that, tries what it gave, and seals it. */
  async function tryNew(call: CheckCall | ExchangeCall, login: ConnectionLogin, given: Credentials, approval: Approval | null) {
    if (login.desk === null) {
      const found = await check(call, given, null);
      return { ...found, ciphertext: await login.seal(given) };
    }
    const credentials = await login.desk.firstTokens(given, approval);
    const ciphertext = await login.seal(credentials);
    const found = await check(call, await login.handed(ciphertext), login.desk.given(credentials));
    return { ...found, ciphertext };
  }

  function check(call: CheckCall | ExchangeCall, credentials: Credentials, tokens: TokenSource | null) {
    const { settings, zone, currency } = call;
    return asked(CHECK_MS, (http) =>
      connector.check({ credentials, settings, zone, currency, ...withTokenSource(tokens), http, now }),
    );
  }

  async function asked<T>(ms: number, ask: (http: SourceHttp) => Promise<T>, calls = CALLS_PER_QUESTION): Promise<T> {
    const until = Date.parse(now()) + ms;
    const http = options.openHttp(calls, () => until - Date.parse(now()));
    try {
      return await ask(http);
    } finally {
      http.close();
    }
  }
}

function withTokenSource(tokens: TokenSource | null): Pick<OpenOptions, 'tokens'> {
  return tokens === null ? {} : { tokens };
}

function deskOf({ desk }: ConnectionLogin): NonNullable<ConnectionLogin['desk']> {
  if (desk === null) throw new SourceError('request_rejected', 'this source has no authorize page');
  return desk;
}

/** What a source refuses is an answer; a failing store or vault is not. */
async function asAnswer<T extends object>(
  ask: () => Promise<T>,
): Promise<({ readonly ok: true } & T) | { readonly ok: false; readonly code: string; readonly detail: string }> {
  try {
    return { ok: true, ...(await ask()) };
  } catch (error) {
    if (error instanceof OutOfTime) return { ok: false, code: 'source_unavailable', detail: 'the source did not answer in time' };
    if (!(error instanceof SourceError)) throw error;
    return { ok: false, code: error.code, detail: error.detail };
  }
}
