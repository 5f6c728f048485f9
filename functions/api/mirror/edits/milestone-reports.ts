import * as z from 'zod/mini';
import { refuse } from '#kernel/errors.ts';
import { milestoneKey } from '#model/keys.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { OwnFacts } from '#model/own-facts.ts';
import { readMaterials } from '#store/propay-inputs.ts';
import { blocksAction } from '#store/propay-repository.ts';
import { allow } from '../../access.ts';
import { commitFresh } from '../../commit.ts';
import { e4Of, idText, rateText } from '../../edge.ts';
import { ApiProblem, invalidField, notFound } from '../../problem.ts';
import { type ApiAnswer, type ApiRequest, defineRoute } from '../../route.ts';
import { readOnlyMirror } from '../read-only.ts';
import { reportsShape } from '../shapes.ts';
import { reportsView } from '../views.ts';
import { type SeenRecord, seenRecord } from './seen-record.ts';

const answer = {
  status: 200,
  description: 'What people reported of the milestone, and how far along it is by the latest report',
  schema: z.strictObject({ milestoneId: idText, ...reportsShape }),
};

/** E-8: how far along a milestone is. The latest of report and source counts; what the source calls completed is complete. */
export const putProgress = defineRoute({
  method: 'PUT',
  path: '/v1/milestones/{id}/progress',
  group: 'mirror',
  summary: 'Report how far along a milestone is',
  access: allow('A', 'A', 'S', 'C', 'O', '-'),
  body: z.strictObject({ progressBp: z.number() }),
  bodyExample: { progressBp: 4500 },
  answer,
  handler: (request) => {
    const { progressBp } = request.body;
    if (!Number.isInteger(progressBp) || progressBp < 0 || progressBp > 10_000)
      refuse('invalid-percentage', { field: 'progressBp', detail: 'must be whole basis points from 0 to 10000' });
    return report(request, 'milestone.progress_reported', async ({ record: { fields, own } }, made) => ({
      ...own,
      progress: { progressBp, sourceBp: fields.percentBp, ...made },
    }));
  },
});

/** E-9: how much of a material is installed, where the source does not say (M-8). */
export const putInstalled = defineRoute({
  method: 'PUT',
  path: '/v1/milestones/{id}/installed/{itemId}',
  group: 'mirror',
  summary: 'Report how much of a material is installed',
  access: allow('A', 'A', 'S', 'C', '-', '-'),
  body: z.strictObject({ quantity: rateText }),
  bodyExample: { quantity: '12.5' },
  answer,
  handler: (request) => {
    const { itemId } = request.params;
    const quantityE4 = e4Of(request.body.quantity, '/quantity');
    if (quantityE4 < 0) throw invalidField('/quantity', 'must not be negative');
    return report(request, 'milestone.installed_reported', async ({ record }, made) => {
      await requireOpenItem(request, record, itemId);
      return { ...record.own, installed: { ...record.own.installed, [itemId]: { quantityE4, ...made } } };
    });
  },
});

type ReportRequest = Pick<ApiRequest<'/{id}'>, 'ports' | 'scope' | 'actor' | 'reach' | 'command' | 'params'>;
type Seen = SeenRecord<'milestone'>;

/** Keeps a report on a milestone that the caller sees. The stream recalculates what rests on it. */
function report(
  request: ReportRequest,
  action: string,
  change: (seen: Seen, made: { readonly by: string; readonly at: string }) => Promise<OwnFacts>,
): Promise<ApiAnswer> {
  const { ports, scope, actor, command, params } = request;
  return commitFresh(command, async () => {
    const seen = await seenRecord(request, 'milestone', params.id);
    if (seen === null) throw notFound();
    await requireOwnWork(request, seen);
    const { record } = seen;
    const next = await change(seen, { by: actor.id, at: ports.now() });
    const after = { ...record, own: next };
    return {
      actions: [blocksAction(milestoneKey(scope, record.fields.jobId, record.id), { own: { seen: record.own, next } })],
      audit: {
        action,
        entity: 'milestone',
        entityId: record.id,
        before: reportsView(record),
        after: reportsView(after),
        reason: null,
      },
      answer: { body: { milestoneId: record.id, ...reportsView(after) } },
    };
  });
}

/** A worker reports on milestones clocked in on (M-145); being assigned to one is not enough. */
async function requireOwnWork({ reach }: ReportRequest, { record, sight }: Seen): Promise<void> {
  if (reach === 'O' && !(await sight.own()).milestoneIds.has(record.id))
    throw new ApiProblem('forbidden', { detail: 'Only who has time on a milestone reports its progress.' });
}

/** The item is allocated to the milestone, and the source does not say itself how much of it is installed. */
async function requireOpenItem(request: ReportRequest, { id, fields }: MirrorRecord<'milestone'>, itemId: string): Promise<void> {
  const materials = await readMaterials(request.ports.table, request.scope, fields.jobId, id);
  const [material] = materials.filter((one) => one.tombstone === null && one.fields.item === itemId);
  if (material === undefined) throw notFound();
  if (material.fields.installedE4 !== null) await readOnlyMirror({ ...request, params: {} }, 'material_allocation');
}
