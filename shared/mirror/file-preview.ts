import { inParallel } from '#kernel/in-parallel.ts';
import { type Connection, NO_COUNTS, type RunCounts, type SyncState } from '#model/connection.ts';
import { mirrorId } from '#model/ids.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { MappedRecord } from '#model/mapped-record.ts';
import type { TargetRef, TargetState } from '#model/sync-items.ts';
import type { AcceptedFile, UploadDeletion } from '#model/upload.ts';
import { absentFromFile, holdOfFile } from './file-absence.ts';
import type { FileBatch } from './file-run.ts';
import { FingerprintView } from './fingerprints.ts';
import type { Incoming } from './incoming.ts';
import { toIncoming } from './page.ts';
import { type Resolution, resolve, targetsOf } from './resolve.ts';
import type { RunStore } from './run-store.ts';

/** What a preview reads of the mirror; it writes nothing. */
export interface PreviewPorts {
  readonly store: Pick<RunStore, 'readSegments' | 'readPlans' | 'lookUp' | 'findRecord'>;
  readonly connection: Connection;
  readonly state: Pick<SyncState, 'deletions'>;
  readonly now: string;
}

/** What a file would do: to each kind of record of its own entity, and which records it no longer shows. */
export interface FilePreview {
  readonly rows: number;
  readonly rejected: number;
  readonly counts: RunCounts;
  readonly deletions: readonly UploadDeletion[];
  readonly deletionsHeld: boolean;
}

/** New records that are looked for among deleted ones; beyond it all count as created. */
const RESTORED_LOOKED_FOR = 5_000;

/**
 * Compares a file with the mirror as a run would, without a write (M-71): by fingerprints, so a file of a million rows costs as many reads
 * as one of ten. Whether a new row brings a deleted record back is looked up for the first 5,000 of them.
 */
export async function previewFile(
  ports: PreviewPorts,
  stream: StreamManifest,
  file: Pick<AcceptedFile, 'mode' | 'window'>,
  batches: AsyncIterable<FileBatch>,
): Promise<FilePreview> {
  const { store } = ports;
  const [segments, plans] = await Promise.all([store.readSegments(stream.stream, true), store.readPlans(true)]);
  const view = FingerprintView.of(stream.stream, segments, plans);
  const counting = new Counting(ports, stream, view);
  for await (const batch of batches) await counting.take(batch);
  const { rows, rejected, seen, gone, counts } = counting;
  await counting.lookForRestored();
  const snapshot = rejected > 0 ? { ...file, mode: 'upsert' as const } : file;
  const absent = await absentFromFile(store, view, stream, snapshot, seen);
  const deleted = { ...absent, main: [...new Set([...absent.main, ...(rejected > 0 ? [] : gone)])].sort() };
  const held = holdOfFile(deleted, rows, view, ports.state.deletions[stream.entity] ?? [], ports.now);
  if (held === null) counts.deleted += deleted.main.length;
  else counts.held += deleted.main.length;
  const deletions = deleted.main.map((id) => ({ entity: stream.entity, id }));
  return { rows, rejected, counts: { ...counts, quarantined: rejected }, deletions, deletionsHeld: held !== null };
}

type Counts = { -readonly [K in keyof RunCounts]: RunCounts[K] };

class Counting {
  rows = 0;
  rejected = 0;
  readonly seen = new Set<string>();
  /** Live records that the file itself says are gone. */
  readonly gone: string[] = [];
  readonly counts: Counts = { ...NO_COUNTS };
  readonly #ports: PreviewPorts;
  readonly #stream: StreamManifest;
  readonly #view: FingerprintView;
  readonly #targets = new Map<string, TargetState>();
  readonly #created: Incoming[] = [];

  constructor(ports: PreviewPorts, stream: StreamManifest, view: FingerprintView) {
    this.#ports = ports;
    this.#stream = stream;
    this.#view = view;
  }

  async take({ parents, rows: batch }: FileBatch): Promise<void> {
    const connectionId = this.#ports.connection.id;
    for (const { space, sourceId } of parents) {
      const id = mirrorId(connectionId, space, sourceId);
      this.seen.add(id);
      this.#targets.set(id, { kind: 'mirrored', id, jobId: null });
    }
    this.rows += batch.length;
    const incoming: Incoming[] = [];
    for (const row of batch) {
      if (row.kind === 'rejected') {
        this.rejected += 1;
        continue;
      }
      for (const along of row.also) this.seen.add(mirrorId(connectionId, along.space, along.sourceId));
      incoming.push(toIncoming(connectionId, this.#stream, row.record, null, () => false));
    }
    const changed = incoming.filter((one) => this.#view.get(one.id) !== one.fingerprint);
    await this.#lookUp(changed.map(({ record }) => record));
    for (const one of incoming) this.#count(one);
  }

  #count(one: Incoming): void {
    const { record, id } = one;
    const { counts } = this;
    const known = this.#view.get(id);
    if (record.tombstone !== undefined) {
      if (known !== null) this.gone.push(id);
      return;
    }
    this.seen.add(id);
    if (record.skip && (known === null || known === one.fingerprint)) {
      if (record.skip.kind === 'ignored') counts.skippedByStatus += 1;
      else counts.skippedByScope += 1;
      return;
    }
    if (known === one.fingerprint) {
      counts.unchanged += 1;
      return;
    }
    switch (this.#resolution(record).kind) {
      case 'parked':
        counts.parked += 1;
        return;
      case 'parent_skipped':
        counts.skippedByScope += 1;
        return;
      case 'stored':
        if (known !== null) counts.changed += 1;
        else {
          counts.created += 1;
          if (this.#created.length < RESTORED_LOOKED_FOR) this.#created.push(one);
        }
        // What stands further down in the file may name it.
        this.#targets.set(id, { kind: 'mirrored', id, jobId: null });
    }
  }

  async lookForRestored(): Promise<void> {
    const entities = [this.#stream.entity, ...(this.#stream.also ?? [])];
    await inParallel(this.#created, async ({ id }) => {
      const stored = await this.#ports.store.findRecord(entities, id);
      if (stored === null || stored.record.tombstone === null) return;
      this.counts.created -= 1;
      this.counts.restored += 1;
    });
  }

  async #lookUp(records: readonly MappedRecord[]): Promise<void> {
    const wanted = new Map<string, TargetRef>();
    for (const record of records) {
      for (const target of targetsOf(record, this.#ports.connection.id))
        if (target.required && !this.#targets.has(target.id)) wanted.set(target.id, target);
    }
    if (wanted.size === 0) return;
    for (const [id, state] of await this.#ports.store.lookUp([...wanted.values()])) this.#targets.set(id, state);
  }

  #resolution(record: MappedRecord): Resolution {
    return resolve(record, this.#ports.connection.id, {
      stateOf: (target) => this.#targets.get(target.id) ?? { kind: 'unknown' },
    });
  }
}
