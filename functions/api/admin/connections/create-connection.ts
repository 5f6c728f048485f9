import * as z from 'zod/mini';
import { manifests } from '#functions/sync/manifests.ts';
import { localDateOf } from '#kernel/zone.ts';
import { accepted, TO_BE_AUTHORIZED } from '#mirror/connection-state.ts';
import type { Connection } from '#model/connection.ts';
import { connectionId } from '#model/ids.ts';
import type { IntegrationManifest } from '#model/manifest.ts';
import type { Credentials } from '#model/oauth-tokens.ts';
import { openSetupSteps } from '#model/provider-settings.ts';
import type { TenantContext } from '#model/settings.ts';
import { initialSyncState } from '#model/sync-item.ts';
import { applyConnection } from '#model/tenant-context.ts';
import { createConnectionActions, listConnections } from '#store/connection-repository.ts';
import { saveContextAction } from '#store/settings-repository.ts';
import { MANAGE_CONNECTIONS } from '../../access.ts';
import { commitFresh } from '../../commit.ts';
import { requireContext } from '../../context.ts';
import { ApiProblem, invalidField } from '../../problem.ts';
import { defineAdminRoute } from '../ports.ts';
import { needsApproval, openApproval } from './authorization.ts';
import { type Checked, checkOrRefuse } from './check.ts';
import { changeSettings, defaultSettings, requireImportWindow, requireManagers, type SettingsChange } from './settings.ts';
import { approvableConnectionShape, credentialsShape, fileProfileChange, settingsChange } from './shapes.ts';
import { connectionView } from './view.ts';

/** Longest a check of credentials may take; a twin of the request waits as long. */
const CHECK_SECONDS = 28;

/**
 * Connects a source account: tries the credentials, or opens the approval that a person gives at the source's own page. An approval makes
 * the connection at once, so that it is there to come back to; it makes no call before the approval is given.
 */
export const createConnection = defineAdminRoute({
  method: 'POST',
  path: '/v1/connections',
  group: 'admin',
  summary: 'Connect a source account',
  bodyExample: { provider: 'aspire', name: 'Main office', credentials: { clientId: 'client', secret: 'secret' } },
  access: MANAGE_CONNECTIONS,
  idempotency: 'accepted',
  body: z.strictObject({
    provider: z.string().check(z.maxLength(40)),
    name: z.string().check(z.minLength(1), z.maxLength(100)),
    credentials: z.optional(credentialsShape),
    /** Of a source of files: the layout of its files (M-74), the same as the setting `fileProfile`. */
    profile: z.optional(fileProfileChange),
    settings: z.optional(settingsChange),
  }),
  answer: { status: 201, description: 'The connection', schema: approvableConnectionShape },
  handler: async (request) => {
    const { ports, scope, command } = request;
    const body = withProfile(request.body);
    const manifest = manifests.find((one) => one.provider === body.provider);
    if (manifest === undefined) throw invalidField('/provider', 'is not an integration; see GET /v1/integrations');
    const approval = needsApproval(manifest, body.credentials ?? {});
    const credentials = credentialsOf(manifest, body);
    if (credentials === undefined && !approval) throw invalidField('/credentials', `${manifest.name} needs credentials`);
    const earlier = await command.claim(CHECK_SECONDS);
    if (earlier !== null) return earlier;
    const settingsGiven = body.settings ?? {};
    await requireManagers(ports.table, scope, settingsGiven);
    const tenant = await requireContext(request);
    requireImportWindow(settingsGiven, localDateOf(ports.now(), tenant.zone), ports.longestImportDays);
    const first = await draftOf({ ...request, body }, manifest, tenant);
    // Credentials and approvals are sealed for this very connection, so its number is settled before.
    const opened = approval ? await openApproval(request, first, body.credentials ?? {}) : null;
    const checked = opened === null ? await checkOrRefuse(request, first, credentials, tenant) : null;
    const answer = await commitFresh(command, async () => {
      const context = await requireContext(request);
      const others = await listConnections(ports.table, scope);
      if (others.some(({ n }) => n === first.n))
        throw new ApiProblem('store-conflict', { detail: 'Another connection was made at the same moment. Try again.' });
      const connection: Connection = checked === null ? first : { ...first, ...accountOf(manifest, first, checked) };
      const initial = initialSyncState(context.epoch);
      const state = accepted(openSetupSteps(manifest, connection.settings));
      const sync =
        checked === null ? { ...initial, ...TO_BE_AUTHORIZED } : { ...initial, ...state, missingScopes: checked.missingScopes };
      return {
        actions: [
          ...createConnectionActions(scope, connection, sync, checked?.ciphertext ?? null),
          ...(opened === null ? [] : [opened.action]),
          saveContextAction(scope, applyConnection(context, connection)),
        ],
        audit: {
          action: 'connection.created',
          entity: 'connection',
          entityId: connection.id,
          before: null,
          after: {
            provider: connection.provider,
            name: connection.name,
            accountId: connection.accountId,
            settings: connection.settings,
          },
        },
        answer: {
          body: {
            ...connectionView(connection, sync, ports.now(), ports.resyncQuota, true),
            ...(opened === null ? {} : { authorizeUrl: opened.authorizeUrl }),
          },
          headers: { location: `/v1/connections/${connection.id}` },
          revision: connection.revision,
        },
      };
    });
    if (opened !== null) return answer;
    // The slot comes after the record it names, and the first run is nudged at once; if the nudge is lost, the slot's minute brings it.
    await ports.slots.occupy(manifest.provider, first.settings.cycleMinutes, scope, first.n);
    await ports.bus.publish('Resync Requested', {
      tenantId: scope.tenantId,
      connectionId: first.id,
      provider: manifest.provider,
      kind: 'hint',
    });
    return answer;
  },
});

/** `profile` is another way to say the setting `fileProfile`. */
export function withProfile<
  B extends { readonly profile?: SettingsChange['fileProfile']; readonly settings?: SettingsChange | undefined },
>(body: B): B {
  return body.profile === undefined ? body : { ...body, settings: { ...body.settings, fileProfile: body.profile } };
}

/** What is given to log in with; a source of files has nothing to log in to. */
function credentialsOf(manifest: IntegrationManifest, { credentials }: { readonly credentials?: Credentials | undefined }) {
  if (manifest.auth !== 'file') return credentials;
  if (credentials !== undefined) throw invalidField('/credentials', `${manifest.name} has no credentials`);
  return {};
}

/** Whose account it is: the source tells, or of a source of files its name does (M-40). */
function accountOf(manifest: IntegrationManifest, { name }: Connection, { accountId, accountName }: Checked) {
  return manifest.auth === 'file' ? { accountId: name, accountName: name } : { accountId, accountName };
}

type CreateRequest = Parameters<typeof requireContext>[0];

async function draftOf(
  request: CreateRequest & {
    readonly ports: { now(): string };
    readonly body: { readonly name: string; readonly settings?: z.infer<typeof settingsChange> | undefined };
  },
  manifest: IntegrationManifest,
  tenant: TenantContext,
): Promise<Connection> {
  const { ports, scope, body } = request;
  const now = ports.now();
  const others = await listConnections(ports.table, scope);
  const n = Math.max(0, ...others.map((one) => one.n)) + 1;
  const defaults = defaultSettings(manifest, others, now, tenant.zone);
  return {
    id: connectionId(scope.tenantId, n),
    n,
    provider: manifest.provider,
    name: body.name,
    accountId: null,
    accountName: null,
    settings: changeSettings(defaults, body.settings ?? {}, manifest, others),
    disconnectedAt: null,
    disconnectedBy: null,
    createdAt: now,
    revision: 1,
  };
}
