import { expect } from 'vitest';
import { addDays, addSeconds } from '#kernel/instant.ts';
import type { StreamManifest } from '#model/manifest.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import type { Row } from '../../../shared/fake-source/dataset.ts';
import type { Check } from '../check.ts';
import { MINUTE, type World } from '../world.ts';

interface Pick {
  readonly row: Row;
  readonly record: MirrorRecord;
}

/** The row of a stream that a cycle surely looks at: the latest day's within the days it reads again, and no running clock. */
async function latest(world: World, stream: string): Promise<Pick | undefined> {
  const { delta } = world.stream(stream);
  const dayOf = ({ record }: Pick): string => {
    const { workDate, scheduledDate } = record.fields as { workDate?: string; scheduledDate?: string | null };
    return workDate ?? scheduledDate ?? '';
  };
  const isRead = (day: string): boolean =>
    delta.kind !== 'window' || (day >= addDays(world.today, delta.nearDays[0]) && day <= addDays(world.today, delta.nearDays[1]));
  const closed = (await world.live(stream)).filter(
    (pick) => isRead(dayOf(pick)) && !('open' in pick.record.fields && pick.record.fields.open),
  );
  return closed.sort((a, b) => (dayOf(a) < dayOf(b) ? -1 : 1)).at(-1);
}

/** The row of a stream that the source changed least recently. */
async function oldest(world: World, stream: string): Promise<Pick> {
  const stampOf = ({ record }: Pick): string => record.sourceUpdatedAt ?? '';
  const [first] = (await world.live(stream))
    .filter(({ record }) => !('open' in record.fields && record.fields.open))
    .sort((a, b) => (stampOf(a) < stampOf(b) ? -1 : 1));
  if (first === undefined) throw new Error(`${stream} has no live row`);
  return first;
}

const keyOf = ({ space, sourceId }: MirrorRecord): string => `${space}:${sourceId}`;

/** Keys of the records whose content differs between two pictures of the mirror. */
function differing(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])).sort();
}

/** Streams with a modified stamp, the busiest first. */
async function stamped(world: World): Promise<readonly (StreamManifest & { delta: { kind: 'watermark' } })[]> {
  const streams: { stream: StreamManifest & { delta: { kind: 'watermark' } }; rows: number }[] = [];
  for (const stream of world.manifest.streams)
    if (isStamped(stream)) streams.push({ stream, rows: (await world.live(stream.stream)).length });
  return streams
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows)
    .map(({ stream }) => stream);
}

function isStamped(stream: StreamManifest): stream is StreamManifest & { delta: { kind: 'watermark' } } {
  return stream.delta.kind === 'watermark' && stream.refresh === 'cycle';
}

const incremental: Check = {
  name: 'incremental',
  shows: 'one changed row of each list changes its own record and no other, when its class of freshness is due (M-81)',
  async run({ synced }) {
    const world = await synced();
    let before = await world.mirrored();
    const edited = new Map<StreamManifest['refresh'], string[]>();
    world.bench.clock.now += MINUTE;
    for (const { stream, refresh } of world.manifest.streams) {
      const pick = await latest(world, stream);
      if (pick === undefined) continue;
      await world.put(stream, [world.work(stream).change(pick.row, 1)]);
      edited.set(refresh, [...(edited.get(refresh) ?? []), keyOf(pick.record)]);
    }
    const expectChanged = async (due: readonly StreamManifest['refresh'][]) => {
      const after = await world.mirrored();
      const expected = due.flatMap((refresh) => edited.get(refresh) ?? []);
      const found = differing(before, after);
      for (const key of expected) expect(found, `${key}, read every ${due.join(' or ')}`).toContain(key);
      const others = [...edited.values()].flat();
      expect(found.filter((key) => !others.includes(key))).toEqual([]);
    };
    await world.delta();
    await expectChanged(['cycle']);
    await world.delta(61);
    await expectChanged(['cycle', 'hourly']);
    await world.full();
    await expectChanged(['cycle', 'hourly', 'daily']);
    before = await world.mirrored();
    await world.delta();
    expect(differing(before, await world.mirrored())).toEqual([]);
  },
};

/** Rows that all carry one stamp: more than a page holds, and some that show up only after the watermark stands on it. */
const TIED = 300;
const TIED_LATER = 5;

const ties: Check = {
  name: 'ties',
  shows: `${TIED} rows with one stamp across the borders of pages and of the window: none lost, none doubled (A-29)`,
  async run({ synced }) {
    const world = await synced();
    const stream = await multiplied(world);
    const { copy, list } = world.work(stream);
    const { row } = (await latest(world, stream))!;
    const at = world.now(600);
    const copies = Array.from({ length: TIED + TIED_LATER }, (_, n) => copy!(row, n));
    const ids = copies.map((one) => world.sourceIdOf(stream, one));
    const held = async () => {
      const mirrored = (await world.live(stream)).map(({ record }) => record.sourceId);
      return ids.filter((id) => mirrored.filter((one) => one === id).length === 1);
    };
    await world.put(stream, copies.slice(0, TIED), at);
    await world.order({ fault: 'shortPage', on: true, entity: list, value: 70 });
    await world.delta();
    expect(await held()).toEqual(ids.slice(0, TIED));
    if (isStamped(world.stream(stream))) expect(await world.watermark(stream)).toBe(at);
    await world.put(stream, copies.slice(TIED), at);
    const run = await world.delta();
    expect(await held()).toEqual(ids);
    expect(run.streams.find((one) => one.stream === stream)?.counts).toMatchObject({ created: TIED_LATER, changed: 0 });
  },
};

/** The busiest stream of each cycle whose rows can be multiplied: one with a stamp, where there is any. */
async function multiplied(world: World): Promise<string> {
  const all = [...(await stamped(world)), ...world.manifest.streams.filter(({ refresh }) => refresh === 'cycle')];
  const found = all.find(({ stream }) => world.work(stream).copy !== undefined);
  if (found === undefined) throw new Error('no list of a cycle can be multiplied');
  return found.stream;
}

const lateEdits: Check = {
  name: 'late edits',
  shows: 'what the source writes late is seen by the overlap, what it dates far back by the daily reconciliation (M-82, A-31)',
  async run({ synced }) {
    const world = await synced();
    await world.delta();
    const back = new Map<string, MirrorRecord>();
    for (const { stream, delta } of await stamped(world)) {
      const watermark = await world.watermark(stream);
      if (watermark === null) throw new Error(`${stream} has no watermark after its first reading`);
      const late = await oldest(world, stream);
      await world.put(
        stream,
        [world.work(stream).change(late.row, 2)],
        addSeconds(watermark, -Math.floor(delta.overlapSeconds / 2)),
      );
      await world.delta();
      const seen = (await world.live(stream)).find(({ record }) => record.id === late.record.id);
      expect(seen?.record.revision, `${stream}: within the overlap`).toBe(late.record.revision + 1);

      const { row, record } = await oldest(world, stream);
      const stamp = addSeconds(record.sourceUpdatedAt ?? watermark, 1);
      await world.put(stream, [world.work(stream).change(row, 3)], stamp);
      back.set(stream, record);
    }
    await world.delta(24 * 60);
    for (const [stream, { id, revision }] of back) {
      const now = (await world.live(stream)).find(({ record }) => record.id === id);
      expect(now?.record.revision, `${stream}: dated far back`).toBe(revision + 1);
    }
  },
};

const futureStamps: Check = {
  name: 'future stamps',
  shows: 'a stamp ahead of the clock neither drags the watermark along nor outlives a later edit (M-88)',
  async run({ synced }) {
    const world = await synced();
    const [first] = await stamped(world);
    if (first === undefined) return;
    const { stream } = first;
    const work = world.work(stream);
    const { row, record } = (await latest(world, stream))!;
    await world.put(stream, [work.change(row, 4)], world.now(2 * 3_600));
    await world.delta();
    expect(Date.parse((await world.watermark(stream))!)).toBeLessThanOrEqual(world.bench.clock.now);
    const revisions = async () => new Map((await world.live(stream)).map((one) => [one.record.id, one.record.revision]));
    expect((await revisions()).get(record.id)).toBe(record.revision + 1);
    const other = await oldest(world, stream);
    world.bench.clock.now += MINUTE;
    await world.put(stream, [work.change(other.row, 5)]);
    await world.put(stream, [work.change(row, 6)]);
    await world.delta();
    const after = await revisions();
    expect(after.get(other.record.id), 'a row changed after the one with the future stamp').toBe(other.record.revision + 1);
    expect(after.get(record.id), 'the row with the future stamp itself').toBe(record.revision + 2);
  },
};

const resumed: Check = {
  name: 'resumed',
  shows: 'a run cut into legs, and one that died, end in the same mirror and miss nothing (A-26, A-34)',
  async run({ fresh, shared }) {
    const expected = await (await shared()).mirrored();
    const total = (await shared()).source.fake.shell.log.list().length;
    const world = await fresh();
    // A source that is read in a few calls is made to answer in small pages.
    if (total < 20) await world.order({ fault: 'shortPage', on: true, value: 3 });
    let asked = 0;
    // Every fourth look at the clock says that the leg is over.
    const inLegs = { remainingMs: () => (++asked % 4 === 0 ? 0 : 180_000) };
    const run = await world.first(inLegs);
    expect(run.legs).toBeGreaterThan(2);
    expect(await world.mirrored()).toEqual(expected);
    for (let sweep = 0; sweep < 2; sweep++) await world.full(21, inLegs);
    expect(await world.mirrored()).toEqual(expected);

    const dying = await fresh();
    for (const calls of [Math.ceil(total / 3), Math.ceil((total * 2) / 3)]) {
      await dying.first({ openHttp: () => dyingAfter(dying, calls) }).catch(() => undefined);
      dying.bench.clock.now += 3 * MINUTE;
    }
    await dying.delta(1);
    expect(await dying.mirrored()).toEqual(expected);
  },
};

function dyingAfter(world: World, calls: number): ReturnType<World['http']> {
  const http = world.http();
  return {
    get calls() {
      return http.calls;
    },
    close: () => http.close(),
    call: async (request) => {
      if (http.calls >= calls) throw new Error('died');
      return http.call(request);
    },
  };
}

export const CHANGE_CHECKS: readonly Check[] = [incremental, ties, lateEdits, futureStamps, resumed];
