import { createHash } from 'node:crypto';
import { addSeconds } from '#kernel/instant.ts';
import type { Connection } from '#model/connection.ts';
import { parseConnectionId } from '#model/ids.ts';
import type { IntegrationManifest } from '#model/manifest.ts';
import { type Credentials, grantOf } from '#model/oauth-tokens.ts';
import type { Actor } from '#model/people.ts';
import { type Authorization, saveAuthorizationAction } from '#store/authorization-repository.ts';
import type { WriteAction } from '#store/table.ts';
import { invalidField } from '../../problem.ts';
import type { AdminPorts } from '../ports.ts';
import { refusedBySource } from './check.ts';

/** Where the source sends people back to. */
export const CALLBACK_PATH = '/v1/oauth/callback';
const OPEN_SECONDS = 600;
const SECRET_BYTES = 32;

/** Whether these credentials have to be approved by a person at the source's own page. Refuses a grant that the source does not offer. */
export function needsApproval(manifest: IntegrationManifest, credentials: Credentials): boolean {
  if (manifest.oauth === undefined) return false;
  const grant = grantOf(manifest.oauth, credentials);
  if (grant === null) throw invalidField('/credentials/grant', `${manifest.name} offers ${manifest.oauth.grants.join(', ')}`);
  return grant === 'authorization_code';
}

/** An approval that was opened: where the person goes, and what remembers it. */
export interface OpenedApproval {
  readonly authorizeUrl: string;
  readonly action: WriteAction;
}

/** Opens an approval of this connection for the caller. The secret in the `state` proves tenant, connection and caller to the callback. */
export async function openApproval(
  request: {
    readonly ports: Pick<AdminPorts, 'sync' | 'now' | 'randomBytes'>;
    readonly scope: Parameters<typeof saveAuthorizationAction>[0];
    readonly actor: Actor;
    readonly origin: string;
  },
  connection: Connection,
  credentials: Credentials,
): Promise<OpenedApproval> {
  const { ports, scope, actor, origin } = request;
  const secret = Buffer.from(ports.randomBytes(SECRET_BYTES)).toString('base64url');
  const answer = await ports.sync.authorize(connection.provider, {
    type: 'authorize',
    connectionId: connection.id,
    credentials,
    redirectUri: `${origin}${CALLBACK_PATH}`,
    state: `${connection.id}.${secret}`,
  });
  if (!answer.ok) throw refusedBySource(answer);
  const authorization: Authorization = {
    secretHash: hashOf(secret),
    sealed: answer.sealed,
    by: { kind: actor.kind, id: actor.id },
    expiresAt: addSeconds(ports.now(), OPEN_SECONDS),
  };
  return { authorizeUrl: answer.authorizeUrl, action: saveAuthorizationAction(scope, connection.n, authorization) };
}

/** The connection that a `state` names, and the hash of its secret; null for text of any other form. */
export function readState(state: string): { readonly tenantId: string; readonly n: number; readonly secretHash: string } | null {
  const cut = state.lastIndexOf('.');
  const place = parseConnectionId(state.slice(0, Math.max(cut, 0)));
  return place === null ? null : { ...place, secretHash: hashOf(state.slice(cut + 1)) };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
