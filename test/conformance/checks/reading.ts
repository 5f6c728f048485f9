import { expect } from 'vitest';
import { canonicalJson } from '#kernel/canonical.ts';
import { SourceError } from '#mirror/source-error.ts';
import { ENTITIES } from '#model/entities.ts';
import type { Check } from '../check.ts';
import { cycleFloor, fullFloor } from '../floor.ts';
import type { World } from '../world.ts';

const credentials: Check = {
  name: 'credentials',
  shows: 'good credentials open one account; bad ones are refused at once and leave nothing but the reason',
  async run({ fresh }) {
    const world = await fresh();
    const found = await world.conformance.connector.check(world.options());
    expect(found.accountId !== null || found.branchSourceIds.length > 0).toBe(true);
    expect(found.missingScopes).toEqual([]);

    const refused = await fresh(false);
    const error = await refused.conformance.connector.check(refused.options(false)).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(SourceError);
    expect((error as SourceError).code).toBe('reauth_required');
    refused.mark();
    const run = await refused.first();
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'reauth_required', who: 'customer' } });
    expect(refused.requests().length, 'calls with credentials that were refused').toBeLessThanOrEqual(2);
    expect((await refused.bench.mirror()).size).toBe(0);
    expect(await refused.bench.state()).toMatchObject({ state: 'failed', cause: 'reauth_required' });
    expect(await refused.bench.run({ tick: refused.now(1_200) })).toEqual({ kind: 'refused', reason: 'not_runnable' });
  },
};

const discovery: Check = {
  name: 'discovery',
  shows: 'the manifest names what can be read, parents first, and every list answers (M-40, M-81)',
  async run({ fresh }) {
    const world = await fresh();
    const { manifest } = world;
    const names = manifest.streams.map(({ stream }) => stream);
    expect(new Set(names).size).toBe(names.length);
    for (const [at, { stream, dependsOn }] of manifest.streams.entries())
      for (const parent of dependsOn) expect(names.slice(0, at), `${stream} after ${parent}`).toContain(parent);
    for (const { touches } of manifest.auxiliary) for (const stream of touches) expect(names).toContain(stream);
    const supplied = new Set(manifest.streams.flatMap(({ entity, also = [] }) => [entity, ...also]));
    expect(ENTITIES.filter((entity) => supplied.has(entity))).toEqual(
      ENTITIES.filter((entity) => manifest.entities.includes(entity)),
    );
    const session = await world.conformance.connector.open(world.options());
    for (const stream of names) await world.readWhole(session, stream);
    expect(new Set(world.requests().map(({ status }) => status))).toEqual(new Set([200]));
  },
};

const firstSync: Check = {
  name: 'first sync',
  shows: 'everything is mirrored in one run, and each row is accounted for in exactly one place (M-125)',
  async run({ shared }) {
    const world = await shared();
    const state = await world.bench.state();
    expect(state).toMatchObject({ state: 'active', firstSyncDone: true, openRun: null, parked: 0, quarantined: 0 });
    const mirror = await world.bench.mirror();
    expect(mirror.size).toBeGreaterThan(0);
    const marked = new Set(
      (await world.bench.items())
        .filter((item) => String(item.sk).startsWith('MARK#'))
        .map((item) => String(item.sk).split('#').at(-1)),
    );
    const session = await world.conformance.connector.open(world.options());
    for (const { stream } of world.manifest.streams)
      for (const row of await world.readWhole(session, stream)) {
        if (row.kind === 'rejected')
          throw new Error(`${stream}: the recording holds a row that cannot be read: ${JSON.stringify(row)}`);
        const { space, sourceId, skip, tombstone } = row.record;
        // What was gone before anybody looked has no place.
        if (tombstone !== undefined) continue;
        const mirrored = mirror.has(`${space}:${sourceId}`);
        expect(mirrored !== marked.has(sourceId), `${stream} ${sourceId}: ${skip?.code ?? 'in scope'}`).toBe(true);
      }
  },
};

const noSilence: Check = {
  name: 'no silence',
  shows: 'every list brings rows, or the manifest says why it may bring none',
  async run({ shared }) {
    const world = await shared();
    const session = await world.conformance.connector.open(world.options());
    const silent: string[] = [];
    for (const { stream, mayBeEmpty } of world.manifest.streams)
      if ((await world.readWhole(session, stream)).length === 0 && mayBeEmpty === undefined) silent.push(stream);
    expect(silent).toEqual([]);
  },
};

const uniqueKeys: Check = {
  name: 'unique keys',
  shows: 'no two rows become one record, also when the source lists one of them twice',
  async run({ fresh }) {
    const world = await fresh();
    const session = await world.conformance.connector.open(world.options());
    const seen = new Map<string, string>();
    for (const { stream } of world.manifest.streams)
      for (const row of await world.readWhole(session, stream)) {
        if (row.kind === 'rejected') continue;
        for (const { space, sourceId } of [row.record, ...row.also]) {
          const key = `${space}:${sourceId}`;
          expect(seen.get(key), key).toBeUndefined();
          seen.set(key, stream);
        }
      }
    const before = await worldOf(world);
    await world.order({ fault: 'duplicateRow', on: true });
    await world.full();
    expect(await world.mirrored()).toEqual(before);
  },
};

/** The mirror after the first sync of a world. */
async function worldOf(world: World): Promise<Record<string, unknown>> {
  await world.first();
  return world.mirrored();
}

const equalReads: Check = {
  name: 'equal reads',
  shows: 'reading everything again gives the same rows and writes no record (A-23)',
  async run({ synced }) {
    const world = await synced();
    const before = await world.mirrored();
    const one = await world.conformance.connector.open(world.options());
    const two = await world.conformance.connector.open(world.options());
    for (const { stream } of world.manifest.streams)
      expect(canonicalJson(await world.readWhole(one, stream)), stream).toBe(canonicalJson(await world.readWhole(two, stream)));
    world.bench.testTable.counters.reset();
    const run = await world.full();
    for (const { stream, counts } of run.streams) {
      const { created, changed, deleted, restored, held } = counts;
      expect({ created, changed, deleted, restored, held }, stream).toEqual({
        created: 0,
        changed: 0,
        deleted: 0,
        restored: 0,
        held: 0,
      });
    }
    expect(await world.mirrored()).toEqual(before);
  },
};

const idleCycle: Check = {
  name: 'idle cycle',
  shows: 'a cycle in which nothing happened writes no record and nothing but its own run (M-94)',
  async run({ synced }) {
    const world = await synced();
    await settle(world);
    world.bench.testTable.counters.reset();
    const run = await world.delta();
    expect(run.outcome).toBe('succeeded');
    // The lease, the run's own entry and the state it leaves.
    expect(world.bench.testTable.counters.total().itemWrites).toBeLessThanOrEqual(3);
  },
};

const sourceCalls: Check = {
  name: 'source calls',
  shows: 'a full reading and an idle cycle make at most 1.05 times the calls that are needed (P3)',
  async run({ fresh }) {
    const world = await fresh();
    world.mark();
    await world.first();
    const full = fullFloor(world);
    expect(full.excess, `the first sync: ${full.told}`).toBeLessThanOrEqual(1.05);
    await settle(world);
    world.mark();
    await world.delta();
    const idle = cycleFloor(world);
    expect(idle.excess, `an idle cycle: ${idle.told}`).toBeLessThanOrEqual(1.05);
  },
};

const NIGHT = 24 * 60;

const audit: Check = {
  name: 'audit',
  shows: 'the nightly audit finds nothing in a quiet source, costs few calls, and puts right what the mirror has wrong',
  async run({ synced }) {
    const world = await synced();
    await settle(world);
    world.mark();
    await world.full();
    const reading = world.requests().length;
    world.mark();
    const quiet = await world.delta(NIGHT);
    expect([quiet.trigger, quiet.outcome, quiet.exceptions]).toEqual(['reconcile', 'succeeded', []]);
    expect(world.requests().length - reading, 'calls of the audit').toBeLessThanOrEqual(60);
    expect(await world.bench.state()).toMatchObject({ state: 'active', drifted: 0 });

    const before = await world.mirrored();
    await spoil(world);
    const found = (await world.delta(NIGHT)).exceptions.filter(({ reason }) => reason === 'drift');
    expect(found.length).toBeGreaterThan(0);
    expect(await world.bench.state()).toMatchObject({ state: 'degraded', cause: 'drift' });
    const after = await world.mirrored();
    for (const { entity, sourceId } of found) {
      const key = [...(await world.bench.mirror())].find(([, one]) => one.entity === entity && one.sourceId === sourceId)![0];
      expect(after[key], key).toEqual(before[key]);
    }
  },
};

/** Has every stored record say that its content is another one, while the fingerprints say that nothing has changed. */
async function spoil({ bench }: World): Promise<void> {
  const update = { expression: 'SET h = :h', values: { ':h': 'the hash of another content' } };
  for (const { pk, sk, h } of await bench.items())
    if (h !== undefined)
      await bench.table.write(bench.scope, [{ kind: 'update', key: { pk: String(pk), sk: String(sk) }, update }]);
}

/** Lets the first hour pass, in which what waits for a parent is asked for in every cycle, and the hourly lists be read. */
async function settle(world: World): Promise<void> {
  for (const minutes of [20, 61]) await world.delta(minutes);
}

export const READING_CHECKS: readonly Check[] = [
  credentials,
  discovery,
  firstSync,
  noSilence,
  uniqueKeys,
  equalReads,
  idleCycle,
  sourceCalls,
  audit,
];
