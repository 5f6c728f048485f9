import { canonicalJson } from '#kernel/canonical.ts';
import { hashText } from '#kernel/hash.ts';
import { type Instant, msOf } from '#kernel/instant.ts';
import { fingerprintOf, type PlannedRows } from '#model/fingerprint-rows.ts';
import { mirrorId } from '#model/ids.ts';
import type { AuxiliaryManifest, StreamManifest } from '#model/manifest.ts';
import type { AuxiliaryPart, FetchRequest } from './connector.ts';
import type { Leg } from './leg.ts';
import { SourceError } from './source-error.ts';
import { isDue, planAuxiliary, type ReadPlan } from './windows.ts';

/** What the auxiliary lists found: to be remembered only when the run has also read what they touched. */
export interface AuxiliaryReading {
  readonly stream: string;
  readonly watermark: Instant | null;
  readonly digest: string | null;
  readonly planned: readonly PlannedRows[];
  /** True when the far window, or the whole list, was read. */
  readonly far: boolean;
  /** Why it could not be read: its records keep what they have, and the next run asks again. */
  readonly error: SourceError | null;
}

const FETCH_LIMIT = 200;
const MAX_PAGES = 10_000;
const HOUR_MS = 3_600_000;

/**
 * Reads the lists that decide fields of other records, compares them with the last reading, and notes what has to be read again. They
 * have no checkpoint of their own: a delta reads them in each of its legs, and reading them twice does no harm.
 */
export async function readAuxiliary(leg: Leg): Promise<void> {
  // A full run reads everything anyway: these lists are then only the base of later comparisons, taken before what they decide is read.
  if (leg.openRun.mode === 'full' && leg.openRun.leg > 1) return;
  for (const stream of leg.manifest.auxiliary) {
    const state = leg.state.streams[stream.stream];
    const now = leg.ports.now();
    const wanted = stream.touches.some((name) => isWanted(leg, leg.streamOf(name)));
    if (!wanted || !isDue(stream.refresh, state, leg.openRun, now)) continue;
    const far = leg.openRun.mode === 'full' || !state?.lastFullAt || msOf(now) - msOf(state.lastFullAt) >= HOUR_MS;
    const plan = planAuxiliary(stream, state, leg.connection.settings, leg.openRun, leg.ports.today(), far);
    try {
      leg.auxiliary.push({ ...(await readOne(leg, stream, plan)), far, error: null });
    } catch (error) {
      // One list that cannot be read does not stop the others (M-81).
      if (!(error instanceof SourceError) || error.meaning.scope === 'run') throw error;
      leg.auxiliary.push({ stream: stream.stream, watermark: null, digest: null, planned: [], far, error });
    }
  }
}

/** Whether everything that an auxiliary list touches has been read well in this run: only then may its change be forgotten. */
export function wasRead(leg: Leg, reading: AuxiliaryReading): boolean {
  const stream = leg.manifest.auxiliary.find((one) => one.stream === reading.stream);
  const asked = leg.openRun.entities;
  return (stream?.touches ?? []).every((name) => {
    const touched = leg.streamOf(name);
    if (!isWanted({ ...leg, openRun: { entities: null } }, touched)) return true;
    if (asked !== null && !isWanted(leg, touched)) return false;
    const report = leg.done.find((one) => one.stream === name);
    return report === undefined || report.outcome === 'succeeded' || report.outcome === 'succeeded-with-quarantine';
  });
}

/** Only owned entities are read (M-43), and of those only what a resync asked for. */
export function isWanted(
  leg: { connection: Leg['connection']; openRun: Pick<Leg['openRun'], 'entities'> },
  stream: StreamManifest,
): boolean {
  const entities = [stream.entity, ...(stream.also ?? [])];
  const { settings } = leg.connection;
  if (stream.entity === 'wage_record' && !settings.importWages) return false;
  if (!entities.some((entity) => settings.entities.includes(entity))) return false;
  const asked = leg.openRun.entities;
  return asked === null || entities.some((entity) => asked.includes(entity));
}

async function readOne(leg: Leg, stream: AuxiliaryManifest, plan: ReadPlan): Promise<Omit<AuxiliaryReading, 'far' | 'error'>> {
  const parts: AuxiliaryPart[] = [];
  const texts: string[] = [];
  const refetch: FetchRequest[] = [];
  let highWater: Instant | null = null;
  let token: string | null = null;
  // On a first read everything is listed anyway, so nothing has to be fetched again.
  const everythingIsRead = leg.openRun.mode === 'full';
  for (let page = 0; page < MAX_PAGES; page++) {
    leg.mayReadOn();
    const read = await leg.session.readPage({ stream: stream.stream, pageToken: token, since: plan.since, window: plan.window });
    parts.push(...read.parts);
    if (read.digestText !== null) texts.push(read.digestText);
    refetch.push(...read.refetch);
    if (read.highWater !== null && (highWater === null || read.highWater > highWater)) highWater = read.highWater;
    token = read.next;
    if (token === null) break;
  }
  switch (stream.delta.kind) {
    case 'digest': {
      const digest = hashText(texts.sort().join('\n'));
      if (leg.state.streams[stream.stream]?.digest !== digest) for (const name of stream.touches) leg.fullStreams.add(name);
      return { stream: stream.stream, watermark: null, digest, planned: [] };
    }
    case 'watermark': {
      // Rows at the newest stamp stay within the overlap for ever: they are fetched again only when the list itself has moved.
      const digest = hashText(`${highWater}\n${canonicalJson(refetch)}`);
      const known = leg.state.streams[stream.stream]?.digest === digest;
      if (!everythingIsRead && !known) leg.refetch.push(...refetch);
      return { stream: stream.stream, watermark: highWater, digest, planned: [] };
    }
    case 'window':
      return {
        stream: stream.stream,
        watermark: null,
        digest: null,
        planned: await compareParts(leg, stream.stream, stream.delta.parents, parts, plan, everythingIsRead),
      };
  }
}

/** Compares a window's parts, by parent and week, with the last reading; a parent whose parts differ or are gone is touched. */
async function compareParts(
  leg: Leg,
  stream: string,
  touches: AuxiliaryPart['space'],
  parts: readonly AuxiliaryPart[],
  plan: ReadPlan,
  everythingIsRead: boolean,
): Promise<PlannedRows[]> {
  const groups = new Map<string, { part: AuxiliaryPart; texts: string[] }>();
  for (const part of parts) {
    const key = `${part.segment}\n${part.sourceId}`;
    const group = groups.get(key);
    if (group) group.texts.push(part.text);
    else groups.set(key, { part, texts: [part.text] });
  }
  // One row per parent and week: the id is the parent's own with the week in it, so that a parent may stand in several weeks.
  const rows = new Map<string, { segment: string; fingerprint: string; sourceId: string }>();
  for (const { part, texts } of groups.values()) {
    const id = mirrorId(leg.connection.id, touches, `${part.sourceId}\n${part.segment}`);
    rows.set(id, {
      segment: part.segment,
      fingerprint: fingerprintOf(hashText(canonicalJson(texts.sort()))),
      sourceId: part.sourceId,
    });
  }
  const view = await leg.view(stream);
  const bySegment = new Map<string, { id: string; fingerprint: string | null }[]>();
  const touched = new Set<string>();
  const note = (segment: string, id: string, fingerprint: string | null) => {
    const list = bySegment.get(segment) ?? [];
    list.push({ id, fingerprint });
    bySegment.set(segment, list);
  };
  for (const [id, row] of rows) {
    if (view.get(id) === row.fingerprint) continue;
    note(row.segment, id, row.fingerprint);
    touched.add(row.sourceId);
  }
  let vanished = false;
  for (const id of view.ids(plan.segments, 'main')) {
    if (rows.has(id)) continue;
    note(view.segmentOf(id)!, id, null);
    vanished = true;
  }
  const primary = leg.manifest.streams.find((one) => one.space === touches);
  if (primary && !everythingIsRead) {
    leg.refetch.push(...chunked(primary.stream, [...touched].sort()));
    // Which parent a vanished part belonged to is not told by its fingerprint, so the touched stream is read whole once.
    if (vanished) leg.fullStreams.add(primary.stream);
  }
  return [...bySegment].map(([segment, list]) => ({ stream, segment, rows: list }));
}

function chunked(stream: string, ids: readonly string[]): FetchRequest[] {
  const requests: FetchRequest[] = [];
  for (let at = 0; at < ids.length; at += FETCH_LIMIT) requests.push({ stream, ids: ids.slice(at, at + FETCH_LIMIT) });
  return requests;
}
