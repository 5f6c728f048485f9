import { hashCanonical, hashText } from '#kernel/hash.ts';
import { inParallel } from '#kernel/in-parallel.ts';
import type { EntityName } from '#model/entities.ts';
import { fingerprintOf } from '#model/fingerprint-rows.ts';
import { mirrorId } from '#model/ids.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import type { StoredRecord } from '#model/sync-items.ts';
import { erasedValues, withKept } from './custom-fields.ts';
import type { FingerprintView } from './fingerprints.ts';
import type { Leg } from './leg.ts';
import { applyPage } from './page.ts';
import { OutOfTime, SourceError } from './source-error.ts';
import { clampStamps } from './windows.ts';

/** Records of a stream that one night compares: one question, where the source is asked by id. */
const SAMPLE = 20;
/** Once this many calls were made no further stream is asked for: it comes first in one of the next nights. */
const ENOUGH_CALLS = 30;
/** With less than this left to the function the rest waits for another night. */
const LEAST_MS = 60_000;

/**
 * The nightly audit: of each stream that was read, a sample of what is mirrored is asked for by id and compared with what is stored.
 * Lists and fingerprints say what has changed; this asks whether what they made is true. What differs is told in the run's history as
 * `drift`, makes the connection degraded (M-111), and is put right. It never fails a run: a source that does not answer is asked nothing
 * more, and absence by id is not its affair (M-102).
 */
export async function auditDrift(leg: Leg): Promise<void> {
  if (leg.openRun.trigger !== 'reconcile') return;
  const before = leg.http.calls;
  for (const stream of streamsOfTonight(leg)) {
    if (leg.ports.remainingMs() < LEAST_MS || leg.http.calls - before >= ENOUGH_CALLS) return;
    try {
      await auditStream(leg, stream);
    } catch (error) {
      if (error instanceof OutOfTime) return;
      if (!(error instanceof SourceError)) throw error;
      if (error.meaning.scope === 'run') return;
    }
  }
}

/**
 * Streams that were read to their end, beginning with another one every night. Lists other than those of each cycle are read whole every
 * hour, and some of them a connector makes up itself.
 */
function streamsOfTonight(leg: Leg): StreamManifest[] {
  const read = new Set(leg.done.flatMap(({ stream, outcome }) => (outcome === 'failed' ? [] : [stream])));
  const streams = leg.manifest.streams.filter(({ stream, refresh }) => refresh === 'cycle' && read.has(stream));
  const first = numberOf(leg.openRun.runId) % Math.max(1, streams.length);
  return [...streams.slice(first), ...streams.slice(0, first)];
}

async function auditStream(leg: Leg, stream: StreamManifest): Promise<void> {
  const view = await leg.view(stream.stream);
  const sample = sampleOf(view.ids({ from: '', to: '\u{10ffff}' }, 'main'), SAMPLE, leg.openRun.runId);
  const entities = [stream.entity, ...(stream.also ?? [])];
  const stored = await readLive(leg, entities, sample);
  if (stored.size === 0) return;
  const asked = [...stored.values()].map(({ record }) => record.sourceId);
  const page = await leg.session.fetch({ stream: stream.stream, ids: asked });
  const rows = clampStamps(page.rows, leg.openRun.sourceStartedAt);
  const along = rows.flatMap((row) => (row.kind === 'record' ? row.also.map((record) => idOf(leg, record)) : []));
  for (const [id, one] of await readLive(leg, entities, along)) stored.set(id, one);

  const missing = await leg.knownMissingFields();
  const drifted = rows.filter((row) => {
    const records = recordsOf(row).filter((record) => isDrift(leg, record, missing, stored.get(idOf(leg, record)), view));
    for (const { entity, sourceId } of records)
      leg.except({ entity, sourceId, reason: 'drift', field: null, value: null, since: leg.ports.now() });
    return records.length > 0;
  });
  leg.noteAudit(drifted.length);
  if (drifted.length === 0) return;
  leg.beginStream(stream.stream);
  await applyPage(leg, stream, drifted, true);
}

const idOf = (leg: Leg, { space, sourceId }: MappedRecord): string => mirrorId(leg.connection.id, space, sourceId);

const recordsOf = (row: MappedRow): readonly MappedRecord[] => (row.kind === 'record' ? [row.record, ...row.also] : []);

/** What is stored of these ids, live and ours to keep, by mirror id. */
async function readLive(leg: Leg, entities: readonly EntityName[], ids: readonly string[]): Promise<Map<string, StoredRecord>> {
  const found = new Map<string, StoredRecord>();
  await inParallel(ids, async (id) => {
    const stored = await leg.ports.store.findRecord(entities, id);
    if (stored !== null && stored.record.tombstone === null && stored.record.outOfScope === null) found.set(id, stored);
  });
  return found;
}

/**
 * Whether what is stored is not what the source has. A record that was changed or left out since the list was read is news for the next
 * run, and an answer older than what is stored proves nothing (M-95). Without a stamp only what list and answer agree on is proof.
 */
function isDrift(
  leg: Leg,
  record: MappedRecord,
  missing: readonly string[],
  stored: StoredRecord | undefined,
  view: FingerprintView,
): boolean {
  if (stored === undefined || record.skip !== undefined || record.tombstone !== undefined) return false;
  const { contentHash } = withKept(record, erasedValues(leg.connection.settings, missing, record, stored));
  if (contentHash === stored.record.contentHash) return false;
  if (record.sourceUpdatedAt === null) return view.get(idOf(leg, record)) === fingerprintOf(hashCanonical(record.fields));
  return record.sourceUpdatedAt === stored.record.sourceUpdatedAt;
}

/** At most `count` ids, spread over all of them; every night begins elsewhere. Pure. */
export function sampleOf(ids: readonly string[], count: number, night: string): string[] {
  if (ids.length <= count) return [...ids];
  const start = numberOf(night) % ids.length;
  return Array.from({ length: count }, (_, at) => ids[(start + Math.floor((at * ids.length) / count)) % ids.length]!);
}

function numberOf(night: string): number {
  return Buffer.from(hashText(night), 'base64url').readUInt32BE(0);
}
