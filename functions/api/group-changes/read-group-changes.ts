import type { SourceDifference } from '#model/difference.ts';
import { SEE_PROPAYS } from '../access.ts';
import { type GroupRequest, type LoadedGroup, loadGroup } from '../bonus/groups/load.ts';
import { viewerOfGroup } from '../bonus/sight.ts';
import { groupChangesSchema, sourceChangesView } from '../changes/source-changes/shapes.ts';
import { defineRoute } from '../route.ts';

/** What is said of a group's difference to who asks. */
export function groupChangesView(request: GroupRequest, loaded: LoadedGroup, difference: SourceDifference | null) {
  const { desk, group, result } = loaded;
  const viewer = viewerOfGroup(request, desk, loaded);
  const approved = { inputsVersion: result.inputsVersion, currency: desk.context.currency };
  return { groupId: group.id, ...sourceChangesView(approved, difference, viewer) };
}

/** What has changed at the sources of a group's members since it was approved, compared as a group (B-96). */
export const readGroupChanges = defineRoute({
  method: 'GET',
  path: '/v1/groups/{id}/source-changes',
  group: 'group-changes',
  summary: 'What the sources of a group say now against what was approved',
  access: SEE_PROPAYS,
  answer: { status: 200, description: 'The difference', schema: groupChangesSchema },
  handler: async (request) => {
    const loaded = await loadGroup(request, request.params.id);
    return { body: groupChangesView(request, loaded, loaded.difference) };
  },
});
