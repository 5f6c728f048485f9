import { expect } from 'vitest';
import type { Run, StreamReport } from '#model/connection.ts';
import type { Check } from '../check.ts';
import type { World } from '../world.ts';

export const reportOf = (run: Run, stream: string): StreamReport => {
  const report = run.streams.find((one) => one.stream === stream);
  if (report === undefined) throw new Error(`${stream} was not read`);
  return report;
};

/** Reports of the manifest's own streams; entities that come along with them are reported beside. */
const ownReports = (world: World, run: Run): StreamReport[] =>
  run.streams.filter((report) => world.manifest.streams.some(({ stream }) => stream === report.stream));

/** Streams that have rows, with the name of their list; several may share one. */
export async function filled(world: World): Promise<readonly { stream: string; list: string; rows: number }[]> {
  const streams: { stream: string; list: string; rows: number }[] = [];
  for (const { stream } of world.manifest.streams) {
    const rows = (await world.live(stream)).length;
    if (rows > 0) streams.push({ stream, list: world.work(stream).list, rows });
  }
  return streams;
}

/** Most attempts for one call: the first and three retries (M-91). */
const ATTEMPTS = 4;

const rateLimits: Check = {
  name: 'rate limits',
  shows: 'the manifest’s rate is kept; a limit is waited out as told; a lasting one ends the run after few calls (M-91)',
  async run({ fresh }) {
    const world = await fresh();
    await world.order({ fault: 'status', on: true, times: 1, value: { code: 429, retryAfter: '7' } });
    const run = await world.first();
    expect(run.outcome).toBe('succeeded');
    expect(Math.max(...world.waits), 'the wait that was asked for').toBeGreaterThanOrEqual(7_000);
    const times = world.requests().map(({ at }) => Date.parse(at));
    const { requestsPerSecond, requestBurst = requestsPerSecond } = world.manifest;
    const spanMs = (requestBurst / requestsPerSecond) * 1_000;
    for (const [at, time] of times.entries())
      expect(
        times.slice(at).filter((one) => one < time + spanMs).length,
        'requests within the span of a burst',
      ).toBeLessThanOrEqual(requestBurst);

    const last = (await filled(world)).at(-1)!;
    const { list } = last;
    // Something to read, where a source tells beforehand that nothing has changed.
    const { row } = (await world.live(last.stream)).at(-1)!;
    await world.put(last.stream, [world.work(last.stream).change(row, 1)]);
    await world.order({ fault: 'status', on: true, entity: list, value: { code: 429, retryAfter: '20' } });
    world.mark();
    world.bench.clock.now += 20 * 60_000;
    const limited = await world.bench.run();
    const refused = world.requests().filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length, 'calls while limited').toBeLessThanOrEqual(ATTEMPTS);
    const gaps = refused.slice(1).map(({ at }, n) => Date.parse(at) - Date.parse(refused[n]!.at));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(20_000);
    expect(limited.kind).toBe('continues');
    world.calm();
    expect((await world.delta()).outcome).toBe('succeeded');
  },
};

const badRow: Check = {
  name: 'bad row',
  shows: 'one spoilt row of a list is quarantined alone; its last good version stays, and it heals by itself (M-98, M-99)',
  async run({ synced }) {
    const world = await synced();
    const before = await world.mirrored();
    const quarantined: string[] = [];
    for (const { stream, list } of await filled(world)) {
      await world.order({ fault: 'poisonRow', on: true, entity: list, times: 1, value: world.work(stream).poison ?? 'types' });
      const run = await world.full();
      world.calm();
      for (const other of ownReports(world, run))
        if (world.work(other.stream).list !== list) expect(other.outcome, `${other.stream} beside ${list}`).not.toBe('failed');
      if (reportOf(run, stream).counts.quarantined > 0) quarantined.push(stream);
      expect(reportOf(run, stream).counts.quarantined, stream).toBeLessThanOrEqual(1);
      expect(await world.mirrored(), list).toEqual(before);
    }
    expect(quarantined.length, 'lists whose spoilt row was noticed').toBeGreaterThan(0);
    const run = await world.full();
    expect(run.outcome).toBe('succeeded');
    expect(await world.bench.state()).toMatchObject({ quarantined: 0, state: 'active' });
  },
};

const drift: Check = {
  name: 'schema drift',
  shows: 'a list whose rows have all changed shape fails alone: nothing of it is lost, and the others are read (M-99)',
  async run({ synced }) {
    const world = await synced();
    const before = await world.mirrored();
    // One row a page, each of them spoilt: few enough to be read one by one, enough to be told from a single bad row.
    const drifting = (await filled(world)).find(({ rows }) => rows >= 20 && rows <= 150);
    if (drifting === undefined) throw new Error('no list has between 20 and 150 rows');
    const { stream, list } = drifting;
    const watermark = await world.watermark(stream);
    await world.order({ fault: 'shortPage', on: true, entity: list, value: 1 });
    await world.order({ fault: 'poisonRow', on: true, entity: list, value: world.work(stream).poison ?? 'types' });
    const run = await world.full();
    world.calm();
    expect(reportOf(run, stream)).toMatchObject({ outcome: 'failed', error: { code: 'schema_drift', who: 'us' } });
    // Others may read the same list, or depend on what could not be read.
    const dependents = new Set(world.manifest.streams.map((one) => one.stream).filter((name) => world.work(name).list === list));
    for (const one of world.manifest.streams) if (one.dependsOn.some((name) => dependents.has(name))) dependents.add(one.stream);
    for (const report of ownReports(world, run))
      if (!dependents.has(report.stream)) expect(report.outcome, report.stream).not.toBe('failed');
    expect(await world.watermark(stream)).toBe(watermark);
    expect(await world.mirrored()).toEqual(before);
    await world.full();
    expect(await world.mirrored()).toEqual(before);
    expect(await world.bench.state()).toMatchObject({ quarantined: 0, state: 'active' });
  },
};

/** What a list may answer instead of rows, and what that is to be called. */
const BROKEN: readonly { readonly fault: string; readonly value?: unknown; readonly code: string }[] = [
  { fault: 'html', code: 'bad_response' },
  { fault: 'truncated', value: 'cut', code: 'bad_response' },
  { fault: 'status', value: 403, code: 'scope_missing' },
  { fault: 'status', value: 404, code: 'endpoint_gone' },
  { fault: 'status', value: 500, code: 'source_unavailable' },
];

const brokenList: Check = {
  name: 'broken list',
  shows: 'a list that cannot be read is never an empty one: it fails alone or stops the run, and deletes nothing (M-90, M-91)',
  async run({ synced }) {
    const world = await synced();
    const before = await world.mirrored();
    const lists = await filled(world);
    const { stream, list } = lists[lists.length - 1]!;
    for (const { fault, value, code } of BROKEN) {
      await world.order({ fault, on: true, entity: list, ...(value === undefined ? {} : { value }) });
      const run = await world.full();
      world.calm();
      const report = run.streams.find((one) => one.stream === stream);
      expect(report?.error?.code ?? run.error?.code, `${fault} ${value ?? ''}`).toBe(code);
      expect(['failed', 'interrupted']).toContain(run.outcome);
      expect(await world.mirrored(), `${fault} ${value ?? ''}`).toEqual(before);
    }
    await world.full();
    expect((await world.full()).outcome).toBe('succeeded');
    expect(await world.mirrored()).toEqual(before);
  },
};

const account: Check = {
  name: 'account',
  shows: 'credentials that open another account stop the run before anything is written (M-42)',
  async run({ synced }) {
    const world = await synced();
    const { accountId } = await world.conformance.connector.check(world.options());
    await world.connectedTo(accountId);
    const before = await world.mirrored();
    await world.order({ fault: 'otherAccount', on: true });
    const run = await world.full();
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'account_mismatch', who: 'customer' } });
    expect(await world.mirrored()).toEqual(before);
    expect(await world.bench.state()).toMatchObject({ state: 'failed', cause: 'account_mismatch' });
    world.calm();
    expect((await world.full()).outcome).toBe('succeeded');
    expect(await world.mirrored()).toEqual(before);
  },
};

export const FAULT_CHECKS: readonly Check[] = [rateLimits, badRow, drift, brokenList, account];
