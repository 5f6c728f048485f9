import { SEE_PROPAYS } from '../../access.ts';
import { defineRoute } from '../../route.ts';
import { viewerOfGroup } from '../sight.ts';
import { type GroupRequest, type LoadedGroup, loadGroup } from './load.ts';
import { groupSchema } from './shapes.ts';
import { wholeGroupView } from './views.ts';

/** A group as the caller may see it. */
export function viewOfGroup(request: GroupRequest, loaded: LoadedGroup) {
  return wholeGroupView(loaded, viewerOfGroup(request, loaded.desk, loaded));
}

/** One group ProPay with its members and everything that stands in the way of its approval. */
export const getGroup = defineRoute({
  method: 'GET',
  path: '/v1/groups/{id}',
  group: 'groups',
  summary: 'A group ProPay',
  access: SEE_PROPAYS,
  answer: { status: 200, description: 'The group', schema: groupSchema },
  handler: async (request) => {
    const loaded = await loadGroup(request, request.params.id);
    return { body: viewOfGroup(request, loaded), revision: loaded.group.revision };
  },
});
