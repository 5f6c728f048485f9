import { canonicalJson } from '#kernel/canonical.ts';
import { addDays, type LocalDate } from '#kernel/instant.ts';
import { localDateOf } from '#kernel/zone.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { MappedRecord, MappedRow } from '#model/mapped-record.ts';
import type { PreviewSample, StreamPreview } from '#model/sync-call.ts';
import type { Connector, OpenOptions } from './connector.ts';
import { mappingsOf } from './mappings.ts';
import { OutOfTime, SourceError } from './source-error.ts';

/** Samples shown of each stream. */
const SAMPLES = 5;
/** Of time, the last days are looked at. */
const DAYS = 14;

/**
 * What other settings would make of the first page of every stream that they touch: read and mapped twice, stored nowhere. Of a long list it
 * shows a part only, and says so.
 */
export async function preview(
  connector: Connector,
  options: OpenOptions,
  next: ConnectionSettings,
): Promise<readonly StreamPreview[]> {
  const before = mappingsOf(connector, options.settings);
  const after = mappingsOf(connector, next);
  const isOwned = ({ entity, also = [] }: StreamManifest) => [entity, ...also].some((one) => next.entities.includes(one));
  const touched = connector.manifest.streams.filter(
    (stream) => before.get(stream.stream) !== after.get(stream.stream) && isOwned(stream),
  );
  if (touched.length === 0) return [];
  const [now, then] = [await connector.open(options), await connector.open({ ...options, settings: next })];
  const today = localDateOf(options.now(), options.zone);
  const previews: StreamPreview[] = [];
  for (const stream of touched) {
    const request = { stream: stream.stream, pageToken: null, since: null, window: windowOf(stream, today) };
    try {
      const [one, two] = [await now.readPage(request), await then.readPage(request)];
      previews.push(compare(stream, one.rows, two.rows, one.next === null && two.next === null));
    } catch (error) {
      // Somebody waits for the answer: what time or the source's limit left no room for is shown as not looked at.
      if (!(error instanceof OutOfTime) && !(error instanceof SourceError && error.code === 'rate_limited')) throw error;
      previews.push(compare(stream, [], [], false));
    }
  }
  return previews;
}

function windowOf(
  { deletes, delta }: StreamManifest,
  today: LocalDate,
): { readonly from: LocalDate; readonly to: LocalDate } | null {
  const isDated = deletes.kind === 'window_sweep' || delta.kind === 'window';
  return isDated ? { from: addDays(today, -DAYS), to: today } : null;
}

/** What a row becomes: a record, or the reason why it becomes none. */
interface Outcome {
  readonly entity: string;
  readonly sourceId: string | null;
  readonly record: MappedRecord | null;
  /** It could not be mapped; without record and this it is left out on purpose. */
  readonly isRejected: boolean;
  readonly reason: string | null;
}

function compare(
  stream: StreamManifest,
  before: readonly MappedRow[],
  after: readonly MappedRow[],
  whole: boolean,
): StreamPreview {
  const [was, becomes] = [outcomesOf(stream, before), outcomesOf(stream, after)];
  const counts = { same: 0, changed: 0, added: 0, dropped: 0, rejected: 0 };
  const samples: PreviewSample[] = [];
  for (const key of new Set([...was.keys(), ...becomes.keys()])) {
    const [old, fresh] = [was.get(key), becomes.get(key)];
    const kind = kindOf(old, fresh);
    counts[kind] += 1;
    if (kind !== 'same' && samples.length < SAMPLES) samples.push(sampleOf(old, fresh));
  }
  return { stream: stream.stream, entity: stream.entity, rows: after.length, whole, ...counts, samples };
}

function kindOf(old: Outcome | undefined, fresh: Outcome | undefined): 'same' | 'changed' | 'added' | 'dropped' | 'rejected' {
  const [before, after] = [old?.record ?? null, fresh?.record ?? null];
  if (before === null && after === null) return fresh?.isRejected === true && old?.isRejected !== true ? 'rejected' : 'same';
  if (before === null) return 'added';
  if (after === null) return fresh?.isRejected === true ? 'rejected' : 'dropped';
  return canonicalJson(before.fields) === canonicalJson(after.fields) && before.entity === after.entity ? 'same' : 'changed';
}

function outcomesOf(stream: StreamManifest, rows: readonly MappedRow[]): ReadonlyMap<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  const put = (space: string, one: Outcome) => outcomes.set(`${space}\n${one.sourceId}`, one);
  for (const row of rows) {
    if (row.kind === 'rejected') {
      const { sourceId, reason } = row.rejected;
      put(stream.space, { entity: stream.entity, sourceId, record: null, isRejected: true, reason });
      continue;
    }
    for (const one of row.refused ?? [])
      put(one.space, { entity: one.entity, sourceId: one.sourceId, record: null, isRejected: true, reason: one.reason });
    const { skip } = row.record;
    for (const record of [row.record, ...row.also])
      put(record.space, {
        entity: record.entity,
        sourceId: record.sourceId,
        record: skip === undefined ? record : null,
        isRejected: false,
        reason: skip?.code ?? null,
      });
  }
  return outcomes;
}

/** The fields that differ, as they are and as they would be. */
function sampleOf(old: Outcome | undefined, fresh: Outcome | undefined): PreviewSample {
  const [before, after] = [fieldsOf(old), fieldsOf(fresh)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => canonicalJson(before[name] ?? null) !== canonicalJson(after[name] ?? null),
  );
  const some = (fields: Readonly<Record<string, unknown>>, has: boolean) =>
    has ? Object.fromEntries(names.map((name) => [name, fields[name] ?? null])) : null;
  const name = after.name ?? before.name ?? after.displayName ?? before.displayName;
  return {
    entity: (fresh ?? old)?.entity ?? '',
    sourceId: (fresh ?? old)?.sourceId ?? null,
    name: typeof name === 'string' ? name : null,
    before: some(before, old?.record != null),
    after: some(after, fresh?.record != null),
    reason: fresh?.reason ?? null,
  };
}

function fieldsOf(outcome: Outcome | undefined): Readonly<Record<string, unknown>> {
  return outcome?.record == null ? {} : { ...outcome.record.fields };
}
