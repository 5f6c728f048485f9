import type { EventData, FeedEvent } from '#events/event.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import type { EntityFields } from '#model/entities.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { PlanPage } from '#model/sync-items.ts';
import type { RunPorts } from './leg.ts';
import type { RunStore } from './run-store.ts';

/** A run's store that remembers what was written, for the change feed. */
export interface AnnouncingStore extends RunStore {
  /** Tells what was written since it was told last. */
  tell(): Promise<void>;
  /** Remembers what was written under plan pages of legs that have not come to their end, and perhaps not told. */
  recall(pages: readonly PlanPage[]): Promise<void>;
}

/** Events that are told together, at the latest; as many as a page of the feed holds. */
const TOGETHER = 200;

/**
 * A store whose writes are announced (M-158): at the end of a leg or run at the latest. What a leg that died has not told is found again
 * under its plan pages, which name everything before it is written. Told twice is harmless: an event's id is the record's with its revision.
 */
export function announcing({ store, connector }: Pick<RunPorts, 'store' | 'connector'>): AnnouncingStore {
  let untold: FeedEvent[] = [];
  const note = (happened: Happened, record: MirrorRecord, changed: readonly string[] = [], place = '') =>
    untold.push(eventOf(happened, record, changed, place));
  /** What hangs on a milestone is under its job without a revision of its own. */
  const noteChildren = async ({ id, entity, fields }: MirrorRecord) => {
    if (entity !== 'milestone') return;
    const { jobId } = fields as EntityFields['milestone'];
    for (const child of await store.readChildren(jobId, id)) note('changed', child.record, ['jobId'], `.${jobId}`);
  };
  async function tell(): Promise<void> {
    const telling = untold;
    untold = [];
    if (telling.length > 0) await store.announce(telling);
  }
  const afterTelling =
    <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await tell();
      return act(...args);
    };
  return {
    ...store,
    tell,
    async recall(pages) {
      for (const { runId, stream, rows } of pages.flatMap(({ runId: by, planned }) =>
        planned.map((part) => ({ ...part, runId: by })),
      )) {
        // What is only compared, such as an auxiliary list, holds no records.
        const of = connector.manifest.streams.find((one) => one.stream === stream);
        if (of === undefined) continue;
        await inParallel(rows, async ({ id }) => {
          const stored = await store.findRecord([of.entity, ...(of.also ?? [])], id);
          if (stored?.record.lastChangedRunId !== runId) return;
          const { tombstone, revision } = stored.record;
          note(tombstone !== null ? 'deleted' : revision === 1 ? 'created' : 'changed', stored.record);
          if (revision > 1) await noteChildren(stored.record);
        });
      }
    },
    async createRecord(record, jobId, predecessor) {
      const result = await store.createRecord(record, jobId, predecessor);
      if (result.kind === 'written') note('created', record);
      return result;
    },
    async changeRecord(stored, record, jobId) {
      const result = await store.changeRecord(stored, record, jobId);
      if (result.kind !== 'written') return result;
      const isBack = stored.record.tombstone !== null && record.tombstone === null;
      const changed = changedFields(stored.record, record);
      note(isBack ? 'restored' : 'changed', record, changed);
      if (changed.includes('jobId')) await noteChildren(record);
      return result;
    },
    async tombstone(fence, stored, record) {
      const result = await store.tombstone(fence, stored, record);
      if (result.kind === 'written') note('deleted', record);
      return result;
    },
    async writePlan(fence, page) {
      if (untold.length >= TOGETHER) await tell();
      return store.writePlan(fence, page);
    },
    dropPlans: afterTelling(store.dropPlans),
    check: afterTelling(store.check),
    finish: afterTelling(store.finish),
  };
}

type Happened = 'created' | 'changed' | 'deleted' | 'restored';
function eventOf(happened: Happened, record: MirrorRecord, changedFields: readonly string[], place: string): FeedEvent {
  const { id, entity, sourceId, generation, revision: rev, tombstone, lastChangedRunId: runId } = record;
  const proof: EventData = tombstone === null ? {} : { proof: tombstone.reason };
  return {
    id: `${id}.${rev}${place}`,
    type: `mirror.${happened}`,
    occurredAt: record.lastChangedAt,
    subject: { entity, id },
    actor: { kind: 'system', id: runId },
    data: { entity, id, sourceId, generation, rev, changedFields, runId, ...proof },
  };
}

/** Names of the fields that differ, never their values. */
function changedFields(before: MirrorRecord, after: MirrorRecord): readonly string[] {
  const [old, next] = [before, after].map((record): Readonly<Record<string, unknown>> => {
    const { fields, sourceStatus, sourceIgnored, outOfScope, pendingRefs } = record;
    return { ...fields, sourceStatus, sourceIgnored, outOfScope, pendingRefs };
  });
  return Object.keys(next!)
    .filter((name) => JSON.stringify(old![name]) !== JSON.stringify(next![name]))
    .sort();
}
