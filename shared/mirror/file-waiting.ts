import type { LocalDate } from '#kernel/instant.ts';
import { mirrorId } from '#model/ids.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { MappedRow } from '#model/mapped-record.ts';
import type { Waiting } from '#model/sync-items.ts';
import type { AcceptedFile } from '#model/upload.ts';
import { type FileRunPorts, reportOf } from './file-run.ts';
import type { Leg } from './leg.ts';
import { applyPage } from './page.ts';

/** A parent brings children that may themselves be waited for. */
const ROUNDS = 5;
const ROWS_AT_ONCE = 1_000;

/** Keeps the rows of a batch that wait for a parent, as they stand in this file: nobody can be asked for them later (M-101). */
export async function keepWaiting(leg: Leg, ports: FileRunPorts, batch: readonly MappedRow[]): Promise<void> {
  for (const row of batch) {
    if (row.kind === 'rejected') continue;
    const waits = await leg.waiting.of(row.record);
    if (waits.length === 0) continue;
    const text = JSON.stringify(row);
    for (const one of waits) {
      if (one.row === text) continue;
      leg.guard();
      await ports.keepRow({ ...one, row: text });
      await leg.waiting.note({ ...one, row: text });
    }
  }
}

/** Applies the kept rows whose parents have arrived; what a later file has taken away since is not brought back. */
export async function settleKeptRows(leg: Leg, ports: FileRunPorts): Promise<void> {
  const applied = new Set<Waiting>();
  for (let round = 0; round < ROUNDS; round++) {
    const ready = (await readyRows(leg)).filter((one) => !applied.has(one));
    if (ready.length === 0) return;
    for (const one of ready) applied.add(one);
    for (const [name, waiting] of byStream(ready)) await applyKept(leg, ports, leg.streamOf(name), waiting);
  }
}

/** A row that waited inside of what a newer file speaks of, and that the newer file does not show, waits no more. */
export async function dropAbsentWaiting(
  leg: Leg,
  stream: StreamManifest,
  { mode, window }: AcceptedFile,
  seen: ReadonlySet<string>,
): Promise<void> {
  if (mode === 'upsert') return;
  for (const one of await leg.waiting.all()) {
    if (one.stream !== stream.stream || !one.parked || seen.has(idOf(leg, one))) continue;
    if (mode === 'replace' && (window === null || !isWithin(one, window))) continue;
    await drop(leg, one);
  }
}

async function readyRows(leg: Leg): Promise<Waiting[]> {
  const kept = (await leg.waiting.all()).filter((one) => one.row !== undefined);
  const unknown = kept.filter(({ parent }) => leg.targets.get(parent.id)?.kind !== 'mirrored');
  const parents = new Map(unknown.map(({ parent }) => [parent.id, parent]));
  if (parents.size > 0) for (const [id, state] of await leg.ports.store.lookUp([...parents.values()])) leg.targets.set(id, state);
  return kept.filter(({ parent }) => leg.targets.get(parent.id)?.kind === 'mirrored');
}

async function applyKept(leg: Leg, ports: FileRunPorts, stream: StreamManifest, waiting: readonly Waiting[]): Promise<void> {
  leg.beginStream(stream.stream);
  for (let at = 0; at < waiting.length; at += ROWS_AT_ONCE) {
    leg.mayReadOn();
    const rows = new Map<string, MappedRow>();
    for (const one of waiting.slice(at, at + ROWS_AT_ONCE)) {
      if (!one.parked && (await isGone(leg, stream, one))) await drop(leg, one);
      else rows.set(idOf(leg, one), JSON.parse(one.row!) as MappedRow);
    }
    await applyPage(leg, stream, [...rows.values()], true);
    // Time finds its worker first and waits for its job after that.
    await keepWaiting(leg, ports, [...rows.values()]);
  }
  if (!leg.done.some((report) => report.stream === stream.stream))
    leg.done.push({ ...reportOf(leg, stream, 0), complete: false, far: false });
}

async function isGone(leg: Leg, stream: StreamManifest, one: Waiting): Promise<boolean> {
  const stored = await leg.ports.store.findRecord([stream.entity, ...(stream.also ?? [])], idOf(leg, one));
  return stored !== null && stored.record.tombstone !== null;
}

async function drop(leg: Leg, one: Waiting): Promise<void> {
  leg.guard();
  if (one.parked) await leg.ports.store.removeMarker(one.space, one.sourceId);
  await leg.waiting.remove(one);
}

function isWithin({ row }: Waiting, window: { readonly from: LocalDate; readonly to: LocalDate }): boolean {
  const kept = row === undefined ? null : (JSON.parse(row) as MappedRow);
  const { workDate } = (kept?.kind === 'record' ? kept.record.fields : {}) as { workDate?: LocalDate };
  return workDate !== undefined && workDate >= window.from && workDate <= window.to;
}

const idOf = (leg: Leg, { space, sourceId }: Waiting): string => mirrorId(leg.connection.id, space, sourceId);

function byStream(waiting: readonly Waiting[]): Map<string, Waiting[]> {
  const streams = new Map<string, Waiting[]>();
  for (const one of waiting) {
    const own = streams.get(one.stream);
    if (own) own.push(one);
    else streams.set(one.stream, [one]);
  }
  return streams;
}
