import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Table } from '#store/table.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { READS, type SightWorld, seedSightWorld, sightCallers } from '#test/support/sight-world.ts';

type Callers = Awaited<ReturnType<typeof sightCallers>>;

let bench: BonusBench;
let table: Table;
let world: SightWorld;
let callers: Callers;
beforeAll(async () => {
  bench = await startBonusBench();
  world = await seedSightWorld(bench);
  callers = await sightCallers(bench);
  table = bench.api.ports.table;
}, 60_000);
afterAll(() => bench.stop());

const READERS = ['get', 'batchGet', 'query', 'queryAll'] as const;

/** Reads that are under way. */
let open = 0;

/** Lets one read fail, the first being 0, and counts all. */
function failing(at: number | null): { readonly table: Table; count(): number } {
  let count = 0;
  const guarded = (read: (...given: never[]) => Promise<unknown>) => {
    return async (...given: never[]) => {
      const own = count++;
      if (own === at) throw Object.assign(new Error('the store is out of reach'), { name: 'ServiceUnavailable' });
      open += 1;
      return read(...given).finally(() => {
        open -= 1;
      });
    };
  };
  const readers = Object.fromEntries(READERS.map((name) => [name, guarded(table[name].bind(table) as never)]));
  return { table: { ...table, ...readers } as Table, count: () => count };
}

/** Reads that went out beside the one that failed come to their end, with those that follow from them. */
async function atRest(): Promise<void> {
  for (let quiet = 0; quiet < 3; quiet = open === 0 ? quiet + 1 : 0) await wait(5);
}

async function ask(path: string, tokenId: string, at: number | null) {
  const { table: failed, count } = failing(at);
  Object.assign(bench.api.ports, { table: failed });
  const [address, query = ''] = path.split('?');
  try {
    const options = { tokenId, query: Object.fromEntries(new URLSearchParams(query)) as never };
    const { status } = await bench.api.call('GET', address!, options);
    await atRest();
    return { status, reads: count(), failed: at !== null && count() > at };
  } finally {
    Object.assign(bench.api.ports, { table });
  }
}

it.each(['auditor', 'mo'] as const)(
  'a read that fails is an error for %s, and never stands for nothing there',
  async (caller) => {
    const told: (readonly unknown[])[] = [];
    for (const paths of Object.values(READS)) {
      const path = paths(world)[0]!;
      const { reads } = await ask(path, callers[caller], null);
      expect(reads).toBeGreaterThan(1);
      for (let at = 0; at < reads; at++) {
        const { status, failed } = await ask(path, callers[caller], at);
        expect([path, at, failed]).toEqual([path, at, true]);
        if (status < 500) told.push([path, at, status]);
      }
    }
    expect(told).toEqual([]);
  },
  120_000,
);
