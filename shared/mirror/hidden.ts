import { inParallel } from '#kernel/in-parallel.ts';
import type { EntityName } from '#model/entities.ts';
import { mirrorId } from '#model/ids.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { StoredRecord } from '#model/sync-items.ts';
import { type Leg, Superseded } from './leg.ts';

/** A record that the source shows no more because it does not show its job. */
export interface Hidden {
  /** The id it was missed by. */
  readonly id: string;
  readonly stored: StoredRecord;
  /** Why its job is out of scope. */
  readonly code: string;
}

const PARENT_IGNORED = 'parent_ignored';
const ATTEMPTS = 4;

/** Of the missing records those under a job that is out of scope: their absence tells nothing about them (M-66, M-105). */
export async function hiddenRecords(leg: Leg, stream: StreamManifest, ids: readonly string[]): Promise<Hidden[]> {
  const entities: readonly EntityName[] = [stream.entity, ...(stream.also ?? [])];
  const jobs = new Map<string, Promise<string | null>>();
  const hidden: Hidden[] = [];
  await inParallel(ids, async (id) => {
    const stored = await leg.ports.store.findRecord(entities, id);
    if (stored === null || stored.record.tombstone !== null) return;
    const code = stored.record.outOfScope ?? (await codeOfJob(leg, stored, jobs));
    if (code !== null) hidden.push({ id, stored, code });
  });
  return hidden;
}

/** Why the job of a record is not shown; null where it is in scope, or the record belongs to no job. */
async function codeOfJob(leg: Leg, { record }: StoredRecord, jobs: Map<string, Promise<string | null>>): Promise<string | null> {
  const fields = record.fields as { readonly jobId?: string | null; readonly attribution?: string };
  if (fields.attribution === 'outside_scope') return PARENT_IGNORED;
  const slash = record.sourceId.indexOf('/');
  const prefixed = slash < 0 ? null : mirrorId(leg.connection.id, 'job', record.sourceId.slice(0, slash));
  const jobId = fields.jobId ?? prefixed;
  if (jobId === null) return null;
  const known = jobs.get(jobId) ?? readCode(leg, jobId);
  jobs.set(jobId, known);
  return known;
}

async function readCode(leg: Leg, jobId: string): Promise<string | null> {
  const job = await leg.ports.store.findRecord(['job'], jobId);
  return job === null ? PARENT_IGNORED : job.record.outOfScope;
}

/** Marks a record as out of scope; everything else of it stays as it was last kept. A write that loses is made again on what is there. */
export async function hide(leg: Leg, { stored, code }: Hidden): Promise<void> {
  let current: StoredRecord | null = stored;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (current === null || current.record.tombstone !== null || current.record.outOfScope !== null) return;
    if (current.record.fence > leg.fence) throw new Superseded();
    leg.guard();
    const { record }: StoredRecord = current;
    const result = await leg.ports.store.changeRecord(current, hiddenRecord(leg, record, code), current.jobId);
    if (result.kind === 'written') {
      leg.countOf(record.entity).changed += 1;
      return;
    }
    current = result.current;
  }
  throw new Error('a record that is hidden changed under every attempt to say so');
}

function hiddenRecord(leg: Leg, record: MirrorRecord, outOfScope: string): MirrorRecord {
  const change = { revision: record.revision + 1, fence: leg.fence };
  return { ...record, ...change, outOfScope, lastChangedRunId: leg.openRun.runId, lastChangedAt: leg.ports.now() };
}
