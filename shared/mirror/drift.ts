import { hashCanonical, hashText } from '#kernel/hash.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import type { EntityName } from '#model/entities.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import type { StoredRecord } from '#model/sync-items.ts';
import type { Leg } from './leg.ts';
import { applyPage } from './page.ts';
import { SourceError } from './source-error.ts';
import { clampStamps } from './windows.ts';

/** Records of a stream that one night compares: one call where the source is asked by id. */
const SAMPLE = 20;
/** With less than this left to the function the audit waits for the next night. */
const LEAST_MS = 60_000;

/**
 * The nightly audit: of each stream that was read, a sample of what is mirrored is asked for by id and compared with what is stored.
 * Lists and fingerprints say what has changed; this asks whether what they made is true. What differs is told in the run's history as
 * `drift` and put right. It never fails a run, and absence by id is not its affair (M-102).
 */
export async function auditDrift(leg: Leg): Promise<void> {
  if (leg.openRun.trigger !== 'reconcile') return;
  for (const { stream, outcome } of leg.done) {
    const manifest = leg.manifest.streams.find((one) => one.stream === stream);
    // Other lists are read whole each hour, and some of them a connector makes up itself.
    if (manifest?.refresh !== 'cycle' || outcome === 'failed' || leg.ports.remainingMs() < LEAST_MS) continue;
    try {
      await auditStream(leg, manifest);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
    }
  }
}

async function auditStream(leg: Leg, stream: StreamManifest): Promise<void> {
  const view = await leg.view(stream.stream);
  const ids = sampleOf(view.ids({ from: '', to: '\u{10ffff}' }, 'main'), SAMPLE, leg.openRun.runId);
  const stored = await readSample(leg, stream, ids);
  if (stored.size === 0) return;
  const page = await leg.session.fetch({ stream: stream.stream, ids: [...stored.keys()] });
  const drifted = clampStamps(page.rows, leg.openRun.sourceStartedAt).filter((row) => differs(row, stored));
  if (drifted.length === 0) return;
  leg.beginStream(stream.stream);
  for (const row of drifted) {
    if (row.kind !== 'record') continue;
    const { entity, sourceId } = row.record;
    leg.except({ entity, sourceId, reason: 'drift', field: null, value: null, since: leg.ports.now() });
  }
  await applyPage(leg, stream, drifted, true);
}

/** Records of the sample that are live and ours to keep, by source id. */
async function readSample(leg: Leg, stream: StreamManifest, ids: readonly string[]): Promise<ReadonlyMap<string, StoredRecord>> {
  const entities: readonly EntityName[] = [stream.entity, ...(stream.also ?? [])];
  const found = new Map<string, StoredRecord>();
  await inParallel(ids, async (id) => {
    const stored = await leg.ports.store.findRecord(entities, id);
    if (stored !== null && stored.record.tombstone === null && stored.record.outOfScope === null)
      found.set(stored.record.sourceId, stored);
  });
  return found;
}

/** Whether what the source says now is not what is stored, though the source says that it is no newer. */
function differs(row: MappedRow, stored: ReadonlyMap<string, StoredRecord>): boolean {
  if (row.kind !== 'record') return false;
  const { sourceId, sourceUpdatedAt, skip, tombstone, fields } = row.record;
  const record = stored.get(sourceId)?.record;
  if (record === undefined || skip !== undefined || tombstone !== undefined) return false;
  // Changed since this run has read the list: that is news for the next run.
  const isNews = (sourceUpdatedAt ?? '') > (record.sourceUpdatedAt ?? '');
  return !isNews && hashCanonical(fields) !== record.contentHash;
}

/** At most `count` ids, spread over all of them; every night begins elsewhere. Pure. */
export function sampleOf(ids: readonly string[], count: number, night: string): string[] {
  if (ids.length <= count) return [...ids];
  const start = Buffer.from(hashText(night), 'base64url').readUInt32BE(0) % ids.length;
  return Array.from({ length: count }, (_, at) => ids[(start + Math.floor((at * ids.length) / count)) % ids.length]!);
}
