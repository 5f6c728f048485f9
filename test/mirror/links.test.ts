import { afterEach, describe, expect, it } from 'vitest';
import { mirrorId } from '#model/ids.ts';
import { type Link, linkedId } from '#model/link.ts';
import { listLinks, readLink, saveLinkAction } from '#store/link-repository.ts';
import { BLANK_JOB, BLANK_WORKER } from '#test/support/blank-records.ts';
import { putRecord } from '#test/support/mirror-seed.ts';
import { MINUTE, type ModelBench, NOW, startModelBench } from '#test/support/model-bench.ts';
import { ModelSource } from '#test/support/model-source.ts';

const benches: ModelBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop();
});

/** The connection that supplies people and jobs; the bench's own supplies hours. */
const OTHER = 'tenant1.9';
const AT = NOW - 60 * MINUTE;

/** A source of hours, with people and jobs of its own that nobody here wants. */
function clock(): ModelSource {
  const source = new ModelSource();
  source.put('workers', { id: 'w1', at: AT, fields: { displayName: 'Ann at the clock' } });
  source.put('jobs', { id: 'j1', at: AT, fields: { name: 'Fence at the clock' }, budget: {} });
  source.put('times', { id: 'e1', at: AT, fields: { workerId: 'w1', jobId: 'j1' } });
  return source;
}

async function start(source: ModelSource): Promise<ModelBench> {
  const bench = await startModelBench(source, { settings: { entities: ['time_entry'] } });
  benches.push(bench);
  await putRecord(bench.table, bench.scope, 'worker', 'ann', { ...BLANK_WORKER, displayName: 'Ann' }, { connectionId: OTHER });
  await putRecord(bench.table, bench.scope, 'job', 'fence', { ...BLANK_JOB, name: 'Fence' }, { connectionId: OTHER });
  return bench;
}

async function link(
  bench: ModelBench,
  space: 'worker' | 'job',
  sourceId: string,
  target: string,
  state: Link['state'] = 'confirmed',
) {
  const ownId = linkedId(bench.connection.id, space, sourceId);
  const targetId = mirrorId(OTHER, space, target);
  const read = await readLink(bench.table, bench.scope, 1, ownId);
  const one: Link = {
    id: `${bench.connection.id}.${ownId}`,
    connectionId: bench.connection.id,
    n: 1,
    space,
    sourceId,
    targetId,
    state,
    basis: 'hand',
    at: '2026-03-20T20:00:00.000Z',
    decidedBy: null,
    decidedAt: null,
    revision: (read?.revision ?? 0) + 1,
  };
  expect((await bench.table.write(bench.scope, [saveLinkAction(bench.scope, ownId, one, read)])).applied).toBe(true);
  return targetId;
}

describe('two connections of one tenant (M-43)', () => {
  it('write only what they supply: a parent of another connection is neither asked for nor stored', async () => {
    const source = clock();
    const asked: string[] = [];
    source.onCall = ({ kind, stream }) => void asked.push(`${kind} ${stream}`);
    const bench = await start(source);
    const { run } = await bench.runToEnd();
    expect([...(await bench.mirror()).keys()].sort()).toEqual(['job:fence', 'worker:ann']);
    // Asked for once, to propose links by their numbers; these have none.
    expect(asked.filter((call) => /workers|jobs/.test(call))).toEqual(['fetch workers']);
    expect(run.exceptions).toEqual([
      expect.objectContaining({
        entity: 'time_entry',
        sourceId: 'e1',
        reason: 'unlinked_reference',
        field: 'worker',
        value: 'w1',
      }),
    ]);
    expect((await bench.bookkeeping('MARK#')).map(({ marker }) => (marker as { code: string }).code)).toEqual([
      'unlinked_reference',
    ]);
  });

  it('what came along with rows that are supplied is stored only where it is supplied as well', async () => {
    const source = new ModelSource();
    source.put('jobs', { id: 'j1', at: AT, fields: { name: 'Fence' }, budget: {} });
    const bench = await startModelBench(source, { settings: { entities: ['job'] } });
    benches.push(bench);
    await bench.runToEnd();
    expect([...(await bench.mirror()).keys()]).toEqual(['job:j1']);
    await bench.fullRun();
    expect([...(await bench.mirror()).keys()]).toEqual(['job:j1']);
  });

  it('an entity type given up is kept as it is, never taken for deleted (M-105)', async () => {
    const source = new ModelSource();
    source.put('jobs', { id: 'j1', at: AT, fields: { name: 'Fence' }, budget: {} });
    const bench = await startModelBench(source);
    benches.push(bench);
    await bench.runToEnd();
    const before = (await bench.mirror()).get('budget_info:b:j1');
    expect(before).toBeDefined();
    const settings = { ...bench.connection.settings, entities: ['job'] };
    const update = { expression: 'SET settings = :s', values: { ':s': settings } };
    await bench.table.write(bench.scope, [{ kind: 'update', key: { pk: 'T#tenant1#C', sk: '000001' }, update }]);
    for (let i = 0; i < 3; i++) await bench.fullRun(60);
    expect((await bench.mirror()).get('budget_info:b:j1')).toEqual(before);
  });

  it('a confirmed link lets what waited find its place, under the records of the other connection', async () => {
    const bench = await start(clock());
    await bench.runToEnd();
    const worker = await link(bench, 'worker', 'w1', 'ann');
    await bench.nextRun();
    const waiting = (await bench.mirror()).get('time:e1');
    expect(waiting).toMatchObject({ fields: { workerId: worker, attribution: 'pending' } });
    const job = await link(bench, 'job', 'j1', 'fence');
    await bench.nextRun();
    expect((await bench.mirror()).get('time:e1')).toMatchObject({
      fields: { workerId: worker, jobId: job, attribution: 'job' },
      pendingRefs: [],
    });
    expect(await bench.bookkeeping('PARK#')).toEqual([]);
    expect(await bench.bookkeeping('MARK#')).toEqual([]);
    expect(await bench.state()).toMatchObject({ parked: 0, state: 'active' });
  });

  it('is used by every later row, and two readings of the same source write nothing', async () => {
    const source = clock();
    const bench = await start(source);
    const worker = await link(bench, 'worker', 'w1', 'ann');
    await link(bench, 'job', 'j1', 'fence');
    await bench.runToEnd();
    source.put('times', { id: 'e2', at: NOW, fields: { workerId: 'w1', jobId: 'j1' } });
    await bench.nextRun();
    const mirror = await bench.mirror();
    expect([mirror.get('time:e1')?.fields, mirror.get('time:e2')?.fields]).toEqual([
      expect.objectContaining({ workerId: worker, attribution: 'job' }),
      expect.objectContaining({ workerId: worker, attribution: 'job' }),
    ]);
    await bench.fullRun();
    expect(await bench.mirror()).toEqual(mirror);
  });

  it.each(['proposed', 'discarded'] as const)('a %s link leads nowhere', async (state) => {
    const bench = await start(clock());
    await link(bench, 'worker', 'w1', 'ann', state);
    await bench.runToEnd();
    await bench.nextRun();
    expect((await bench.mirror()).has('time:e1')).toBe(false);
  });

  it('are proposed once where one record of another connection has the same number, and nothing else of it is stored', async () => {
    const source = clock();
    source.put('workers', { id: 'w1', at: AT, fields: { displayName: 'Ann at the clock', employeeNumber: 'E-7' } });
    source.put('jobs', { id: 'j1', at: AT, fields: { name: 'Fence at the clock', number: '4711' }, budget: {} });
    const bench = await start(source);
    const person = { ...BLANK_WORKER, displayName: 'Ann', employeeNumber: 'E-7' };
    const meant = await putRecord(bench.table, bench.scope, 'worker', 'ann', person, { connectionId: OTHER });
    for (const id of ['a', 'b'])
      await putRecord(bench.table, bench.scope, 'job', id, { ...BLANK_JOB, name: id, number: '4711' }, { connectionId: OTHER });
    await bench.runToEnd();
    const found = async () =>
      (await listLinks(bench.table, bench.scope, 1)).map((one) => [one.space, one.sourceId, one.targetId, one.state]);
    expect(await found()).toEqual([['worker', 'w1', meant, 'proposed']]);
    await link(bench, 'worker', 'w1', 'ann', 'discarded');
    await bench.fullRun();
    expect(await found()).toEqual([['worker', 'w1', meant, 'discarded']]);
    expect([...(await bench.mirror()).keys()].filter((key) => key.startsWith('worker:'))).toEqual(['worker:ann']);
  });
});
