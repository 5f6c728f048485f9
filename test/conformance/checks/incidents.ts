import { expect } from 'vitest';
import type { Check } from '../check.ts';
import type { World } from '../world.ts';
import { filled, reportOf } from './faults.ts';

/** A list with few rows, so that a reading row by row stays short; and the list's last stream, which all others come before. */
async function pick(world: World): Promise<{ readonly stream: string; readonly list: string; readonly rows: number }> {
  const lists = (await filled(world)).filter(({ rows }) => rows >= 2);
  return lists.reduce((least, one) => (one.rows <= least.rows ? one : least));
}

/** What a connection may do instead of answering (faults 12, 13, 14, 33), each answered in time by giving up. */
const SILENT: readonly { readonly fault: string; readonly value?: unknown }[] = [
  { fault: 'truncated', value: 'abort' },
  { fault: 'truncated', value: 'empty' },
  { fault: 'status', value: 410 },
  { fault: 'status', value: 302 },
  { fault: 'slowDrip', value: 1_500 },
];

const noAnswer: Check = {
  name: 'no answer',
  shows:
    'an answer that breaks off, drips, moves away or is gone for good ends its list or the run; nothing is lost (faults 12 to 14, 31, 33, 34)',
  async run({ synced }) {
    const world = await synced();
    const before = await world.mirrored();
    const { stream, list } = await pick(world);
    for (const { fault, value } of SILENT) {
      await world.order({ fault, on: true, entity: list, ...(value === undefined ? {} : { value }) });
      world.mark();
      const run = await world.full();
      world.calm();
      const error = run.streams.find((one) => one.stream === stream)?.error ?? run.error;
      expect(error, `${fault} ${value}`).not.toBeNull();
      expect(['failed', 'interrupted'], `${fault} ${value}`).toContain(run.outcome);
      // Nobody is sent on to where the source points.
      expect(world.requests().every(({ path }) => !path.includes('elsewhere'))).toBe(true);
      expect(await world.mirrored(), `${fault} ${value}`).toEqual(before);
    }
    expect((await world.full()).outcome).toBe('succeeded');
    expect(await world.mirrored()).toEqual(before);
  },
};

const paging: Check = {
  name: 'paging',
  shows:
    'pages of any length are followed to the end; one that repeats for ever ends the reading after few calls (faults 16, 17, 19)',
  async run({ synced }) {
    const world = await synced();
    const before = await world.mirrored();
    const { stream, list, rows } = await pick(world);
    await world.order({ fault: 'shortPage', on: true, entity: list, value: 1 });
    await world.order({ fault: 'duplicateRow', on: true, entity: list });
    expect((await world.full()).outcome).toBe('succeeded');
    expect(await world.mirrored()).toEqual(before);
    world.calm();

    await world.order({ fault: 'shortPage', on: true, entity: list, value: 1 });
    await world.order({ fault: 'loopPage', on: true, entity: list });
    world.mark();
    const looped = await world.full();
    world.calm();
    const { outcome, counts } = reportOf(looped, stream);
    // Either it is noticed, or what repeats is taken for the whole of it: then the guard holds what seems to be gone.
    expect(outcome === 'failed' || counts.deleted === 0).toBe(true);
    expect(world.requests().length, 'calls').toBeLessThanOrEqual(200 + 20 * rows);
    expect(await world.mirrored()).toEqual(before);
    await world.full();
    await world.full();
    expect(await world.mirrored()).toEqual(before);
    expect(await world.bench.state()).toMatchObject({ state: 'active', openHolds: 0 });
  },
};

/** Values that no field of a contractor's system should hold, and that one does (faults 28, 29, 30). */
const POISON = ['types', 'huge', 'emoji', 'control', 'prototype', 'extreme', 'null'] as const;

const poison: Check = {
  name: 'poison',
  shows:
    'odd values are stored exactly or quarantined alone; no other record changes, no run fails for good (faults 28 to 30, X-34)',
  async run({ synced }) {
    const world = await synced();
    const before = await world.mirrored();
    for (const value of POISON) {
      for (const { list } of await filled(world))
        await world.order({ fault: 'poisonRow', on: true, entity: list, times: 1, value });
      const run = await world.full();
      world.calm();
      const during = await world.mirrored();
      const changed = Object.keys(before).filter((key) => JSON.stringify(during[key]) !== JSON.stringify(before[key]));
      const lists = new Set(world.manifest.streams.map(({ stream }) => world.work(stream).list)).size;
      // One row of each list, with what comes along with it and what refers to it.
      expect(changed.length, value).toBeLessThanOrEqual(lists * 5);
      expect(run.outcome, value).not.toBe('interrupted');
      await world.full();
    }
    await world.full();
    expect(await world.mirrored()).toEqual(before);
    expect(await world.bench.state()).toMatchObject({ state: 'active', quarantined: 0 });
  },
};

export const INCIDENT_CHECKS: readonly Check[] = [noAnswer, paging, poison];
