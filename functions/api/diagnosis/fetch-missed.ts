import type { Diagnosis } from '#mirror/diagnose.ts';
import type { EntityName } from '#model/entities.ts';
import { parseConnectionId } from '#model/ids.ts';
import { NOTHING_PENDING, updateSyncStateAction } from '#store/connection-repository.ts';
import { auditAction } from '#store/ledger.ts';
import type { AdminPorts } from '../admin/ports.ts';
import type { ApiRequest } from '../route.ts';

type Fetching = Pick<ApiRequest<string, never, unknown, AdminPorts>, 'ports' | 'scope' | 'actor' | 'requestId'>;

/**
 * A record that we should have and do not (V-18) is fetched at once: a full reading of its entity is asked for, and an audit item is
 * opened whose id is the reference for support. While such a run waits or is under way, asking again opens no second item.
 */
export async function fetchMissed(
  request: Fetching,
  verdict: Diagnosis,
  entity: EntityName,
  sourceId: string,
): Promise<Diagnosis> {
  const { ports, scope, actor, requestId } = request;
  const { connectionId, sync } = verdict.supplier!;
  const waiting = sync.pending?.runId ?? sync.openRun?.runId;
  if (waiting !== undefined) return { ...verdict, evidence: { ...verdict.evidence, fetchedByRunId: waiting } };
  const at = ports.now();
  const runId = ports.ulid();
  const reference = ports.ulid();
  const pending = { runId, mode: 'full' as const, entities: [entity], requestedBy: actor.id, requestedAt: at };
  const written = await ports.table.write(scope, [
    updateSyncStateAction(scope, parseConnectionId(connectionId)!.n, { pending }, sync.fence, NOTHING_PENDING),
    auditAction(scope, {
      id: reference,
      at,
      actor: { kind: actor.kind, id: actor.id },
      action: 'record.missed',
      entity,
      entityId: `${connectionId}/${entity}/${sourceId}`,
      before: null,
      after: { runId, evidence: verdict.evidence },
      reason: null,
      requestId,
      source: 'API',
    }),
  ]);
  // Somebody else has asked for a run in the same moment: that one reads it as well.
  if (!written.applied) return verdict;
  const { tenantId } = scope;
  const { provider } = verdict.supplier!;
  await ports.bus.publish('Resync Requested', { tenantId, connectionId, provider, kind: 'manual' });
  return { ...verdict, evidence: { ...verdict.evidence, fetchedByRunId: runId, reference } };
}
