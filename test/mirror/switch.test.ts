import { afterEach, describe, expect, it } from 'vitest';
import type { Connection } from '#model/connection.ts';
import { mirrorId } from '#model/ids.ts';
import type { Link } from '#model/link.ts';
import { initialSyncState } from '#model/sync-item.ts';
import { createConnectionActions } from '#store/connection-repository.ts';
import { listLinks } from '#store/link-repository.ts';
import { BLANK_JOB, BLANK_WORKER } from '#test/support/blank-records.ts';
import { putRecord } from '#test/support/mirror-seed.ts';
import { MINUTE, type ModelBench, NOW, startModelBench } from '#test/support/model-bench.ts';
import { ModelSource } from '#test/support/model-source.ts';
import { SETTINGS } from '#test/support/sync-bench.ts';

const benches: ModelBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop();
});

const OLD = 'tenant1.9';
const AT = NOW - 60 * MINUTE;
const DAY = '2026-03-19T20:00:00.000Z';

/** A bench beside a connection that has brought people and jobs before. */
async function start(source: ModelSource, old: Partial<Connection> = { disconnectedAt: DAY }): Promise<ModelBench> {
  const bench = await startModelBench(source);
  benches.push(bench);
  const former: Connection = { ...bench.connection, id: OLD, n: 9, name: 'Old', ...old };
  await bench.table.write(bench.scope, createConnectionActions(bench.scope, former, initialSyncState(0), null));
  return bench;
}
const oldWorker = (bench: ModelBench, id: string, fields: object) =>
  putRecord(bench.table, bench.scope, 'worker', id, { ...BLANK_WORKER, displayName: id, ...fields }, { connectionId: OLD });
const oldJob = (bench: ModelBench, id: string, fields: object) =>
  putRecord(bench.table, bench.scope, 'job', id, { ...BLANK_JOB, name: id, ...fields }, { connectionId: OLD });
const proposed = async (bench: ModelBench) =>
  (await listLinks(bench.table, bench.scope, 9)).map(({ space, sourceId, targetId, basis }: Link) => [
    space,
    sourceId,
    targetId,
    basis,
  ]);
const own = (space: 'worker' | 'job', id: string) => mirrorId('tenant1.1', space, id);

describe('a system takes over from another one (X-28)', () => {
  it('proposes its people by number, address and phone, its jobs by number and name; the old record leads to the new one', async () => {
    const source = new ModelSource();
    const person = (id: string, fields: object) => source.put('workers', { id, at: AT, fields: { displayName: id, ...fields } });
    person('n1', { employeeNumber: ' E-7', email: 'shared@acme.test' });
    person('n2', { email: 'Bob@Acme.test' });
    person('n3', { phone: '+1 (555) 010-2233' });
    person('n4', { email: 'two@acme.test' });
    source.put('jobs', { id: 'k1', at: AT, fields: { name: 'Fence (new)', number: '4711' } });
    source.put('jobs', { id: 'k2', at: AT, fields: { name: ' elm  Street ' } });
    source.put('jobs', { id: 'k3', at: AT, fields: { name: 'Long done' } });
    const bench = await start(source);
    await oldWorker(bench, 'w1', { employeeNumber: 'e-7' });
    await oldWorker(bench, 'w2', { email: 'bob@acme.test ' });
    await oldWorker(bench, 'w3', { phone: '555.010.2233' });
    for (const id of ['w4', 'w5']) await oldWorker(bench, id, { email: 'two@acme.test' });
    await oldJob(bench, 'j1', { number: '4711', status: 'in_progress' });
    await oldJob(bench, 'j2', { name: 'Elm Street', status: 'pending' });
    await oldJob(bench, 'j3', { name: 'Long done', status: 'completed' });
    await bench.runToEnd();
    expect((await proposed(bench)).sort()).toEqual(
      [
        ['worker', 'w1', own('worker', 'n1'), 'employee_number'],
        ['worker', 'w2', own('worker', 'n2'), 'email'],
        ['worker', 'w3', own('worker', 'n3'), 'phone'],
        ['job', 'j1', own('job', 'k1'), 'number'],
        ['job', 'j2', own('job', 'k2'), 'name'],
      ].sort(),
    );
    // Equality only proposes: nothing is one yet (M-149).
    for (const record of (await bench.mirror()).values()) expect(record.aliasOf).toBeNull();
  });

  it('proposes what comes later in the run that brings it, a delta like any other, and each pair once', async () => {
    const source = new ModelSource();
    source.put('workers', { id: 'n1', at: AT, fields: { displayName: 'Ann' } });
    const bench = await start(source);
    await oldWorker(bench, 'w1', { email: 'ann@acme.test' });
    await oldJob(bench, 'j1', { number: '4711', status: 'in_progress' });
    await bench.runToEnd();
    expect(await proposed(bench)).toEqual([]);
    source.put('jobs', { id: 'k1', at: bench.clock.now, fields: { name: 'Fence', number: '4711' } });
    expect((await bench.nextRun()).mode).toBe('delta');
    expect(await proposed(bench)).toEqual([['job', 'j1', own('job', 'k1'), 'number']]);
    source.put('workers', { id: 'n1', at: bench.clock.now, fields: { displayName: 'Ann', email: 'ann@acme.test' } });
    await bench.nextRun();
    const both = await proposed(bench);
    expect(both).toContainEqual(['worker', 'w1', own('worker', 'n1'), 'email']);
    await bench.fullRun();
    expect(await proposed(bench)).toEqual(both);
  });

  it('counts a type that was given up as left behind, a type that the other one still supplies not', async () => {
    const source = new ModelSource();
    source.put('workers', { id: 'n1', at: AT, fields: { displayName: 'Ann', email: 'ann@acme.test' } });
    source.put('jobs', { id: 'k1', at: AT, fields: { name: 'Fence', number: '4711' } });
    const bench = await start(source, {
      settings: { ...SETTINGS, entities: ['job'] },
      released: { worker: DAY },
    });
    await oldWorker(bench, 'w1', { email: 'ann@acme.test' });
    await oldJob(bench, 'j1', { number: '4711', status: 'in_progress' });
    await bench.runToEnd();
    expect(await proposed(bench)).toEqual([['worker', 'w1', own('worker', 'n1'), 'email']]);
  });

  it('proposes in a full run what a run that was cut has left out', async () => {
    const source = new ModelSource();
    source.put('workers', { id: 'n1', at: AT, fields: { displayName: 'Ann', email: 'ann@acme.test' } });
    const bench = await start(source);
    await bench.runToEnd();
    await oldWorker(bench, 'w1', { email: 'ann@acme.test' });
    await bench.nextRun();
    expect(await proposed(bench)).toEqual([]);
    await bench.fullRun();
    expect(await proposed(bench)).toEqual([['worker', 'w1', own('worker', 'n1'), 'email']]);
  });
});
