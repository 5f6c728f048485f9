import * as z from 'zod/mini';
import { localDateOf } from '#kernel/zone.ts';
import { accepted } from '#mirror/connection-state.ts';
import type { Connection, SyncState } from '#model/connection.ts';
import { openSetupSteps } from '#model/provider-settings.ts';
import { applyConnection } from '#model/tenant-context.ts';
import { listConnections, saveConnectionAction, updateSyncStateAction } from '#store/connection-repository.ts';
import { saveContextAction } from '#store/settings-repository.ts';
import { MANAGE_CONNECTIONS } from '../../access.ts';
import { commitFresh, refuseStale, requireUnchanged } from '../../commit.ts';
import { requireContext } from '../../context.ts';
import { invalidField } from '../../problem.ts';
import { defineAdminRoute } from '../ports.ts';
import { withProfile } from './create-connection.ts';
import { loadConnection } from './load.ts';
import { changeSettings, releasedBy, requireImportWindow, requireManagers, takesTime, takingOver } from './settings.ts';
import { connectionShape, fileProfileChange, settingsChange } from './shapes.ts';
import { connectionView, manifestOf } from './view.ts';

export const changeConnection = defineAdminRoute({
  method: 'PATCH',
  path: '/v1/connections/{id}',
  group: 'admin',
  summary: 'Change name or settings of a connection',
  bodyExample: { name: 'Main office' },
  access: MANAGE_CONNECTIONS,
  ifMatch: true,
  body: z.strictObject({
    name: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
    profile: z.optional(fileProfileChange),
    settings: z.optional(settingsChange),
  }),
  answer: { status: 200, description: 'The connection', schema: connectionShape },
  handler: async (request) => {
    const { ports, scope, params, ifMatch, command } = request;
    const body = withProfile(request.body);
    const before = (await loadConnection(request, params.id)).connection;
    const { provider, n } = before;
    const cycleMinutes = body.settings?.cycleMinutes ?? before.settings.cycleMinutes;
    await requireManagers(ports.table, scope, body.settings ?? {});
    const connectedOn = localDateOf(before.createdAt, (await requireContext(request)).zone);
    requireImportWindow(body.settings ?? {}, connectedOn, ports.longestImportDays);
    const moved = cycleMinutes !== before.settings.cycleMinutes && before.disconnectedAt === null;
    let ready = false;
    const answer = await commitFresh(command, async () => {
      const { connection, sync } = await loadConnection(request, params.id);
      requireUnchanged(connection, ifMatch);
      const takes = takesTime(connection.settings, body.settings ?? {});
      const chosen = body.settings?.timeImportFrom !== undefined;
      if (chosen && !takes && sync.firstSyncStartedAt !== null)
        throw invalidField('/settings/timeImportFrom', 'can be set before the first run only');
      const others = (await listConnections(ports.table, scope)).filter((one) => one.n !== n);
      const context = await requireContext(request);
      const changed = changeSettings(connection.settings, body.settings ?? {}, manifestOf(provider), others);
      const settings = takes && !chosen ? takingOver(changed, others, context.zone) : changed;
      const named = { ...connection, name: body.name ?? connection.name, revision: connection.revision + 1 };
      const next: Connection = { ...named, settings, ...releasedBy(connection, settings, ports.now()) };
      const setUp = setUpBy(next, sync);
      ready = setUp !== null && setUp.cause === null;
      const gaveUp = connection.settings.entities.some((entity) => !settings.entities.includes(entity));
      const changes = { ...setUp, ...(gaveUp ? { fence: sync.fence + 1, lease: null, openRun: null } : {}) };
      return {
        actions: [
          saveConnectionAction(scope, next, ifMatch),
          // A run under way reads what has been given up no further: its fence is not the connection's any more.
          ...(Object.keys(changes).length === 0 ? [] : [updateSyncStateAction(scope, n, changes, sync.fence)]),
          saveContextAction(scope, applyConnection(context, next, connection)),
        ],
        audit: {
          action: 'connection.changed',
          entity: 'connection',
          entityId: connection.id,
          before: { name: connection.name, settings: connection.settings },
          after: { name: next.name, settings: next.settings },
        },
        answer: {
          body: connectionView(next, { ...sync, ...changes }, ports.now(), ports.resyncQuota, true),
          revision: next.revision,
        },
        ifLost: refuseStale,
      };
    });
    if (moved) {
      // The new slot first: between the two a connection may be due twice, which a run refuses, but never not at all.
      await ports.slots.occupy(provider, cycleMinutes, scope, n);
      await ports.slots.free(provider, before.settings.cycleMinutes, scope, n);
    }
    if (ready) {
      const { tenantId } = scope;
      await ports.bus.publish('Resync Requested', { tenantId, connectionId: before.id, provider, kind: 'hint' });
    }
    return answer;
  },
});

/** What a change makes of a connection that waits for its set-up; null where it does not wait. The first run follows its last step. */
function setUpBy({ provider, settings }: Connection, { cause }: SyncState): ReturnType<typeof accepted> | null {
  return cause === 'setup_incomplete' ? accepted(openSetupSteps(manifestOf(provider), settings)) : null;
}
