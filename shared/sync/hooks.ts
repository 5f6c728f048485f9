import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, secondsBetween } from '#kernel/instant.ts';
import { waitsForPerson } from '#mirror/connection-state.ts';
import type { Connector } from '#mirror/connector.ts';
import { hintDueAfter, isReplay } from '#mirror/hint.ts';
import { parseConnectionId } from '#model/ids.ts';
import type { HookManifest } from '#model/manifest.ts';
import { scopeOf } from '#model/scope.ts';
import type { HookAnswer, HookCall } from '#model/sync-call.ts';
import { readCiphertext, readConnection, readSyncState, updateSyncStateAction } from '#store/connection-repository.ts';
import { readHookTaken, saveHookAction } from '#store/hook-repository.ts';
import type { Condition, Table } from '#store/table.ts';
import type { ConnectionLogin } from './logins.ts';
import type { OAuthClient } from './oauth/token-endpoint.ts';

/** What a provider's events are taken with. */
export interface HookOptions {
  readonly connector: Connector;
  readonly table: Table;
  readonly oauthClient?: (() => Promise<OAuthClient | null>) | undefined;
  readonly now: () => Instant;
  /** Puts the message of the run on the queue, to be worked off after a delay. */
  enqueue(tenantId: string, connectionId: string, delaySeconds: number): Promise<void>;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

/** A secret that can be guessed proves nothing. */
const SHORTEST_SECRET = 16;
/** Others change the same state: a run that begins or ends, another event. */
const ATTEMPTS = 4;

/**
 * Takes what somebody has posted in the provider's name (M-76). It is believed only with its proof, for a connection that is connected and
 * for the account it was connected to; then it asks for one run soon, together with all other events of the next minutes, and for nothing
 * else: that the app was disconnected, too, the source itself has to say. Answered once what was asked for is kept.
 */
export function createHooks(options: HookOptions) {
  const { connector, table, now, log } = options;
  const { manifest } = connector;

  return async function take({ connectionId, proof, body }: HookCall, login: ConnectionLogin): Promise<HookAnswer> {
    const taken = await isTaken(connectionId, proof, Buffer.from(body, 'base64'), login);
    if (!taken) log({ message: 'event refused', provider: manifest.provider, connectionId });
    return { taken };
  };

  async function isTaken(connectionId: string, proof: string, body: Buffer, login: ConnectionLogin): Promise<boolean> {
    const { tenantId, n } = parseConnectionId(connectionId)!;
    const scope = scopeOf(tenantId);
    if (manifest.hooks === undefined || connector.readHook === undefined) return false;
    const secret = await secretOf(manifest.hooks, async () => {
      const ciphertext = await readCiphertext(table, scope, n);
      return ciphertext === null ? null : ((await login.unseal(ciphertext)).hookSecret ?? null);
    });
    if (!isProven(manifest.hooks, proof, body, secret)) return false;
    const connection = await readConnection(table, scope, n);
    if (connection === null || connection.provider !== manifest.provider || connection.disconnectedAt !== null) return false;
    const event = connector.readHook(body.toString('utf8'));
    if (event === null) return false;
    if (event.accountId !== null && connection.accountId !== null && event.accountId !== connection.accountId) return false;
    if (event.concerns && !isReplay(event.at, now())) await askForRun(tenantId, connectionId, digestOf(body));
    return true;
  }

  function secretOf({ proof }: HookManifest, ofConnection: () => Promise<string | null>): Promise<string | null> {
    if (proof === 'connection_secret') return ofConnection();
    return options.oauthClient?.().then((client) => client?.secret ?? null) ?? Promise.resolve(null);
  }

  /** The message first: a crash in between leaves one that finds nothing to do, never a promise that nobody keeps. */
  async function askForRun(tenantId: string, connectionId: string, digest: string): Promise<void> {
    const { n } = parseConnectionId(connectionId)!;
    const scope = scopeOf(tenantId);
    let isSent = false;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const state = await readSyncState(table, scope, n);
      if (state === null || waitsForPerson(state) || (await readHookTaken(table, scope, n, digest))) return;
      const at = now();
      const due = hintDueAfter(state, at);
      if (due !== null && !isSent) await options.enqueue(tenantId, connectionId, Math.ceil(secondsBetween(at, due)));
      isSent ||= due !== null;
      const asked = due === null ? [] : [updateSyncStateAction(scope, n, { hintDue: due }, state.fence, asRead(state.hintDue))];
      if ((await table.write(scope, [saveHookAction(scope, n, digest, at), ...asked])).applied) return;
    }
    // What could not be noted is found by the next cycle; the provider tells it again as well.
    throw new Error(`the state of ${connectionId} changes under every attempt to note an event`);
  }
}

/** Whether the state still waits for what it waited for. */
function asRead(hintDue: Instant | null): Condition {
  return hintDue === null
    ? { expression: 'attribute_not_exists(hintDue)' }
    : { expression: 'hintDue = :asRead', values: { ':asRead': hintDue } };
}

/** Compares in constant time, digests of both sides, so that not even their length shows. */
function isProven({ proof: kind }: HookManifest, proof: string, body: Buffer, secret: string | null): boolean {
  const known = secret !== null && secret.length >= SHORTEST_SECRET ? secret : null;
  const expected =
    kind === 'connection_secret'
      ? (known ?? '')
      : createHmac('sha256', known ?? '')
          .update(body)
          .digest('base64');
  return timingSafeEqual(sha256(proof), sha256(expected)) && known !== null;
}

function sha256(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}

const digestOf = (body: Buffer): string => sha256(body).toString('base64url');
