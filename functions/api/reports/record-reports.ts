import { type ListName, listPartition, overriddenPartition } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { findRecords } from '../mirror/find.ts';
import { overrideViews } from '../mirror/override-views.ts';
import { readPage } from '../pages.ts';
import type { ReportDefinition } from './report.ts';
import { mirrorSight, textOf } from './sight.ts';

/** What a record is called, where it has a name. */
function nameOf({ fields }: MirrorRecord): string | null {
  const { displayName, name } = fields as { readonly displayName?: string; readonly name?: string };
  return displayName ?? name ?? null;
}

/** Values that people gave in place of the source’s, and where the source says something else since (M-116, M-118). */
export const overrides: ReportDefinition = {
  filters: [],
  paged: true,
  columns: [
    ...['entity', 'id', 'name', 'field', 'value', 'sourceValueWhenSet', 'sourceValue', 'conflict'],
    ...['effectiveFrom', 'by', 'at', 'reason'],
  ],
  read: async (inputs) => {
    const { request } = inputs;
    const { ports, scope } = request;
    const page = await readPage(request, [{ partition: overriddenPartition(scope) }]);
    const marked = page.items.map(({ sk }) => sk.split('#') as ['worker' | 'job' | 'milestone', string]);
    const { mirror, sight } = mirrorSight(inputs);
    const idsOf = (kind: string) => marked.filter(([entity]) => entity === kind).map(([, id]) => id);
    const kinds = ['worker', 'job', 'milestone'] as const;
    const found = await Promise.all(kinds.map((kind) => findRecords(ports.table, scope, kind, idsOf(kind))));
    const seen = await sight.filter(found.flat());
    const items = seen.flatMap((record) =>
      Object.entries(overrideViews(record, mirror, sight.properties)).map(([field, view]) => ({
        ...{ entity: record.entity, id: record.id, name: nameOf(record), field },
        value: textOf(view.value),
        sourceValueWhenSet: textOf(view.sourceValueWhenSet),
        sourceValue: textOf(view.sourceValue),
        conflict: view.conflict,
        effectiveFrom: view.effectiveFrom ?? null,
        ...{ by: view.by, at: view.at, reason: view.reason },
      })),
    );
    return { items, ids: seen.map(({ id }) => id), nextCursor: page.nextCursor };
  },
};

/** Lists whose deleted records have a range of their own. */
const LISTS: readonly ListName[] = ['BUDGET', 'CLIENT', 'JOB', 'MATERIAL', 'MS', 'WAGE', 'WORKER'];

/** Records that are gone at their source, with the proof and the run that brought it. */
export const tombstones: ReportDefinition = {
  filters: [],
  paged: true,
  columns: ['entity', 'id', 'name', 'sourceId', 'connectionId', 'deletedAt', 'proof', 'runId'],
  read: async (inputs) => {
    const { request } = inputs;
    const ranges = LISTS.map((name) => ({ name, index: 'by' as const, partition: listPartition(request.scope, name, true) }));
    const page = await readPage(request, ranges);
    const records = page.items.map((item) => decodeMirrorRecord(item));
    const seen = await mirrorSight(inputs).sight.filter(records);
    const items = seen.flatMap((record) => {
      const { entity, id, sourceId, connectionId, tombstone } = record;
      if (tombstone === null) return [];
      const { at: deletedAt, reason: proof, runId } = tombstone;
      return [{ entity, id, name: nameOf(record), sourceId, connectionId, deletedAt, proof, runId }];
    });
    return { items, ids: items.map(({ id }) => id), nextCursor: page.nextCursor };
  },
};
