import { expect } from 'vitest';
import type { StreamManifest } from '#model/manifest.ts';
import type { Row } from '../../../shared/fake-source/dataset.ts';
import type { Check } from '../check.ts';
import type { World } from '../world.ts';

/** Keys of tombstoned records. */
async function tombstoned(world: World): Promise<string[]> {
  const mirror = await world.bench.mirror();
  return [...mirror]
    .filter(([, { tombstone }]) => tombstone !== null)
    .map(([key]) => key)
    .sort();
}

const deletes: Check = {
  name: 'deletes',
  shows:
    'a row that is gone is tombstoned by proof, after two reconciliations at the latest; where absence proves nothing, never (M-102)',
  async run({ synced }) {
    const world = await synced();
    const gone: { stream: StreamManifest; key: string }[] = [];
    for (const stream of world.manifest.streams) {
      const last = (await world.live(stream.stream)).at(-1);
      if (last === undefined) continue;
      await world.remove(stream.stream, [last.row]);
      gone.push({ stream, key: `${last.record.space}:${last.record.sourceId}` });
    }
    await world.full();
    await world.full();
    const found = await tombstoned(world);
    for (const { stream, key } of gone)
      expect(found.includes(key), `${stream.stream} (${stream.deletes.kind}) ${key}`).toBe(
        stream.deletes.kind !== 'inactive_flag',
      );
    const own = gone.map(({ key }) => key.slice(key.indexOf(':') + 1));
    // Budgets and the like go with the row that brought them.
    expect(found.filter((key) => !own.some((id) => key.slice(key.indexOf(':') + 1).includes(id)))).toEqual([]);
  },
};

const storm: Check = {
  name: 'delete storm',
  shows:
    'most of a list vanishing, or all of it, is held for a person and deletes nothing; what comes back leaves the hold (M-103, M-104)',
  async run({ synced }) {
    const world = await synced();
    const lists: { stream: string; rows: readonly Row[] }[] = [];
    for (const { stream, deletes } of world.manifest.streams) {
      if (deletes.kind === 'inactive_flag') continue;
      lists.push({ stream, rows: (await world.live(stream)).map(({ row }) => row) });
    }
    const { stream, rows } = lists.sort((a, b) => b.rows.length - a.rows.length)[0]!;
    const vanished = rows.slice(0, Math.ceil(rows.length * 0.6));
    await world.remove(stream, vanished);
    for (let sweep = 0; sweep < 2; sweep++) await world.full();
    expect(await tombstoned(world)).toEqual([]);
    expect((await world.bench.state()).openHolds).toBeGreaterThan(0);

    const before = await world.mirrored();
    // A list of one or two rows may truly become empty.
    for (const { stream: name, rows: own } of lists)
      if (own.length > 2) await world.order({ fault: 'emptyList', on: true, entity: world.work(name).list });
    for (let sweep = 0; sweep < 2; sweep++) await world.full();
    expect(await tombstoned(world)).toEqual([]);
    world.calm();
    await world.put(stream, vanished);
    await world.full();
    expect(await world.mirrored()).toEqual(before);
    expect(await world.bench.state()).toMatchObject({ openHolds: 0, state: 'active' });
  },
};

export const DELETION_CHECKS: readonly Check[] = [deletes, storm];
