import { decideHoldAction, listHolds, NOTHING_PENDING, updateSyncStateAction } from '#store/connection-repository.ts';
import { MANAGE_CONNECTIONS } from '../../access.ts';
import { commitFresh } from '../../commit.ts';
import { wholeListOf } from '../../edge.ts';
import { ApiProblem, notFound } from '../../problem.ts';
import { defineAdminRoute } from '../ports.ts';
import { loadConnection } from './load.ts';
import { decisionBody } from './read-runs.ts';
import { holdShape } from './shapes.ts';
import { holdView } from './view.ts';

const ANSWER = {
  status: 200,
  description: 'The holds of the run',
  schema: wholeListOf(holdShape),
};

/** A person's word on deletions that were held back (M-104); the next run carries it out. Confirmed ones become tombstones. */
export const confirmHold = decisionRoute('confirm', 'confirmed', 'Let the held deletions happen');
export const discardHold = decisionRoute('discard', 'discarded', 'Keep the records; everything is read again');

function decisionRoute<const V extends 'confirm' | 'discard'>(verb: V, decision: 'confirmed' | 'discarded', summary: string) {
  return defineAdminRoute({
    method: 'POST',
    path: `/v1/connections/{id}/held-deletes/{runId}/${verb}`,
    group: 'admin',
    summary,
    access: MANAGE_CONNECTIONS,
    idempotency: 'accepted',
    body: decisionBody,
    bodyExample: { entities: ['time_entry'] },
    answer: ANSWER,
    handler: async (request) => {
      const { ports, scope, body, command, actor } = request;
      const { id, runId } = request.params as { readonly id: string; readonly runId: string };
      const { connection } = await loadConnection(request, id);
      const fullRunId = ports.ulid();
      const answer = await commitFresh(command, async () => {
        const ofRun = (await listHolds(ports.table, scope, connection.n)).filter((hold) => hold.runId === runId);
        if (ofRun.length === 0) throw notFound();
        const meant = ofRun.filter((hold) => body.entities === undefined || body.entities.includes(hold.entity));
        const open = meant.filter((hold) => hold.decision === null);
        if (open.length === 0)
          throw new ApiProblem('hold-already-decided', { detail: 'None of these deletions waits any more.' });
        const { sync } = await loadConnection(request, id);
        // Discarded: the misses are forgotten, and a full run looks at everything again. Confirmed: the next run of any kind does it.
        const asksForFull = decision === 'discarded' && sync.pending === null && connection.disconnectedAt === null;
        const pending = {
          runId: fullRunId,
          mode: 'full' as const,
          entities: null,
          requestedBy: actor.id,
          requestedAt: ports.now(),
        };
        const decided = ofRun.map((hold) => (open.includes(hold) ? { ...hold, decision, decidedBy: actor.id } : hold));
        return {
          actions: [
            ...open.map((hold) => decideHoldAction(scope, connection.n, hold, decision, actor.id)),
            ...(asksForFull ? [updateSyncStateAction(scope, connection.n, { pending }, sync.fence, NOTHING_PENDING)] : []),
          ],
          audit: open.map((hold) => ({
            action: `hold.${decision}`,
            entity: 'hold',
            entityId: `${connection.id}.${runId}`,
            before: { entity: hold.entity, count: hold.count, cause: hold.cause, ids: hold.ids.slice(0, 100) },
            after: { decision },
          })),
          answer: { body: { items: decided.map(holdView), nextCursor: null } },
        };
      });
      const { tenantId } = scope;
      await ports.bus.publish('Resync Requested', {
        tenantId,
        connectionId: connection.id,
        provider: connection.provider,
        kind: 'hint',
      });
      return answer;
    },
  });
}
