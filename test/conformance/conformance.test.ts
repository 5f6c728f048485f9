import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { manifests } from '#functions/sync/manifests.ts';
import { integrationPart } from '#tools/integrations.ts';
import type { Conformance } from '../../shared/fake-source/conformance.ts';
import type { Check, Worlds } from './check.ts';
import { CHANGE_CHECKS } from './checks/changes.ts';
import { DELETION_CHECKS } from './checks/deletions.ts';
import { FAULT_CHECKS } from './checks/faults.ts';
import { INCIDENT_CHECKS } from './checks/incidents.ts';
import { READING_CHECKS } from './checks/reading.ts';
import { tableOf, type Verdict } from './table.ts';
import { World } from './world.ts';

/** What every integration has to show, in the order of the table. */
const CHECKS: readonly Check[] = [...READING_CHECKS, ...CHANGE_CHECKS, ...DELETION_CHECKS, ...FAULT_CHECKS, ...INCIDENT_CHECKS];
/** A source of files is never asked for anything: what it shows is in the tests of uploads, over HTTP. */
const asked = manifests.filter(({ auth }) => auth !== 'file');
const integrations = await Promise.all(
  asked.map(async ({ provider }) => ({
    provider,
    conformance: await integrationPart<Conformance>(provider, 'fake/conformance.ts', 'conformance'),
  })),
);
const verdicts = new Map<string, Map<string, Verdict>>(integrations.map(({ provider }) => [provider, new Map()]));

afterAll(() =>
  console.log(
    tableOf(
      CHECKS.map(({ name }) => name),
      verdicts,
    ),
  ),
);

describe.each(integrations)('$provider', ({ provider, conformance }) => {
  const running: World[] = [];
  let shared: Promise<World> | null = null;
  const begin = async (good = true): Promise<World> => {
    const world = await World.start(conformance, good);
    running.push(world);
    return world;
  };
  const read = async (world: World): Promise<World> => {
    expect((await world.first()).outcome).toBe('succeeded');
    return world;
  };
  const worlds: Worlds = {
    fresh: begin,
    synced: async () => read(await begin()),
    shared: () => {
      shared ??= World.start(conformance).then(read);
      return shared;
    },
  };
  afterEach(async () => {
    for (const world of running.splice(0)) await world.stop();
  });
  afterAll(async () => (await shared)?.stop());

  it.each(CHECKS)('$name: $shows', { timeout: 120_000 }, async (check) => {
    const exempt = conformance.exempt?.[check.name];
    verdicts.get(provider)!.set(check.name, exempt === undefined ? 'failed' : 'exempt');
    if (exempt !== undefined) {
      expect(exempt.length, 'the reason').toBeGreaterThan(20);
      return;
    }
    await check.run(worlds);
    verdicts.get(provider)!.set(check.name, 'passed');
  });

  it('is exempt only from checks that there are', () => {
    expect(Object.keys(conformance.exempt ?? {}).filter((name) => !CHECKS.some((check) => check.name === name))).toEqual([]);
  });
});
