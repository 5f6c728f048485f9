import { afterEach, describe, expect, it } from 'vitest';
import type { EventEnvelope } from '#events/event.ts';
import { mirrorId } from '#model/ids.ts';
import { syncStateKey } from '#model/keys.ts';
import { appendEvents, listFeedPages } from '#store/feed-repository.ts';
import type { Table } from '#store/table.ts';
import { MINUTE, type ModelBench, NOW, startModelBench } from '#test/support/model-bench.ts';
import { smallCompany } from '#test/support/model-source.ts';
import type { SyncBenchOptions } from '#test/support/sync-bench.ts';

const benches: ModelBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop();
});

async function start(source = smallCompany(NOW - 60 * MINUTE), more: Partial<SyncBenchOptions> = {}) {
  const bench = await startModelBench(source, more);
  benches.push(bench);
  return { source, bench };
}

async function eventsOf(bench: ModelBench): Promise<readonly EventEnvelope[]> {
  const { pages } = await listFeedPages(bench.table, bench.scope, 0, 1_000);
  return pages.flatMap(({ events }) => events);
}

/** What was told since, as type and source id. */
async function toldBy(bench: ModelBench, act: () => Promise<unknown>): Promise<readonly EventEnvelope[]> {
  const before = (await eventsOf(bench)).length;
  await act();
  return (await eventsOf(bench)).slice(before);
}
const short = (events: readonly EventEnvelope[]) => events.map(({ type, data }) => `${type} ${String(data.sourceId)}`).sort();

describe('what a run announces (M-158)', () => {
  it('tells each record that it creates, in one page for all of them', async () => {
    const { bench } = await start();
    await bench.runToEnd();
    const events = await eventsOf(bench);
    expect(events.length).toBe((await bench.mirror()).size);
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['mirror.created']));
    const job = (await bench.mirror()).get('job:j1')!;
    expect(events.find(({ subject }) => subject.id === job.id)).toEqual({
      id: `${job.id}.1`,
      type: 'mirror.created',
      version: 1,
      tenantId: bench.scope.tenantId,
      occurredAt: job.lastChangedAt,
      sequence: expect.any(Number),
      subject: { entity: 'job', id: job.id },
      actor: { kind: 'system', id: job.lastChangedRunId },
      data: { entity: 'job', id: job.id, sourceId: 'j1', generation: 1, rev: 1, changedFields: [], runId: job.lastChangedRunId },
    });
    expect((await listFeedPages(bench.table, bench.scope, 0, 10)).pages).toHaveLength(1);
  });

  it('is silent where nothing has changed', async () => {
    const { bench } = await start();
    await bench.runToEnd();
    expect(await toldBy(bench, () => bench.nextRun())).toEqual([]);
    expect(await toldBy(bench, () => bench.fullRun())).toEqual([]);
  });

  it('names the fields that a change has changed, and no value of them', async () => {
    const { source, bench } = await start();
    await bench.runToEnd();
    source.put('workers', {
      id: 'w1',
      at: NOW + MINUTE,
      fields: { displayName: 'Ann', branchId: 'b1', email: 'ann@example.com' },
    });
    const [event, ...others] = await toldBy(bench, () => bench.nextRun());
    expect(others).toEqual([]);
    expect(event).toMatchObject({ type: 'mirror.changed', data: { rev: 2, changedFields: ['displayName', 'email'] } });
    expect(JSON.stringify(event)).not.toMatch(/ann/i);
  });

  it('tells a deletion with its proof, and that a record is back', async () => {
    const { source, bench } = await start();
    for (let n = 0; n < 30; n++) source.put('workers', { id: `x${n}`, at: NOW - 60 * MINUTE, fields: { displayName: `X ${n}` } });
    await bench.runToEnd();
    const row = source.rows.workers!.get('x3')!;
    source.rows.workers!.delete('x3');
    const gone = await toldBy(bench, async () => {
      await bench.fullRun();
      await bench.fullRun();
    });
    expect(short(gone)).toEqual(['mirror.deleted x3']);
    expect(gone[0]!.data).toMatchObject({ rev: 2, proof: 'absent' });
    source.put('workers', { ...row, at: bench.clock.now });
    expect(short(await toldBy(bench, () => bench.nextRun()))).toEqual(['mirror.restored x3']);
  });

  it('tells what hangs on a ticket that moves to another job, in spite of having no revision of its own', async () => {
    const { source, bench } = await start();
    await bench.runToEnd();
    source.put('milestones', { id: 'j1t1', at: NOW + MINUTE, fields: { jobId: 'j2', name: 'j1t1' } });
    const told = await toldBy(bench, () => bench.nextRun());
    expect(short(told)).toEqual(['mirror.changed e-j1t1', 'mirror.changed j1t1']);
    expect(told.every(({ data }) => (data.changedFields as readonly string[]).includes('jobId'))).toBe(true);
    expect((await bench.mirror()).get('time:e-j1t1')!.fields).toMatchObject({
      jobId: mirrorId(bench.connection.id, 'job', 'j2'),
    });
    const ids = (await eventsOf(bench)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('tells what a leg wrote before somebody disconnected, although that leg is superseded', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    let disconnect = async () => undefined as unknown;
    const { bench } = await start(source, { wrapTable: (table) => afterFirstRecord(table, () => disconnect()) });
    disconnect = () => stop(bench);
    expect(await bench.run()).toEqual({ kind: 'superseded' });
    const mirrored = [...(await bench.mirror()).values()].map(({ id }) => id).sort();
    expect(mirrored.length).toBeGreaterThan(0);
    expect((await eventsOf(bench)).map(({ subject }) => subject.id).sort()).toEqual(mirrored);
  });

  it('tells what a leg wrote that died, and was disconnected before another one took over', async () => {
    const source = smallCompany(NOW - 60 * MINUTE);
    const { bench } = await start(source, {
      wrapTable: (table) =>
        afterFirstRecord(table, () => {
          throw new Error('died');
        }),
    });
    await expect(bench.run()).rejects.toThrow('died');
    await stop(bench);
    expect(await eventsOf(bench)).toEqual([]);
    bench.clock.now += 3 * MINUTE;
    const state = { expression: 'SET #s = :s REMOVE cause', names: { '#s': 'state' }, values: { ':s': 'pending' } };
    await bench.table.write(bench.scope, [{ kind: 'update', key: syncStateKey(bench.scope, 1), update: state }]);
    await bench.fullRun();
    const mirrored = [...(await bench.mirror()).values()];
    expect(mirrored.map(({ sourceId }) => sourceId).sort()).toEqual(
      expect.arrayContaining(['b1', 'w1', 'w2', 'j1', 'j2', 'e-j1t1']),
    );
    const told = (await eventsOf(bench)).map(({ subject }) => subject.id);
    expect(mirrored.filter(({ id }) => !told.includes(id))).toEqual([]);
  });

  it('shares the feed with whoever else appends to it, without a gap', async () => {
    const { bench } = await start();
    const [first] = await eventsOf(bench);
    expect(first).toBeUndefined();
    const others = Array.from({ length: 12 }, (_, n) => ({
      id: `o${n}`,
      type: 'settings.changed' as const,
      occurredAt: new Date(NOW).toISOString(),
      subject: { entity: 'settings', id: 'pay' },
      actor: { kind: 'user' as const, id: 'u' },
      data: { key: 'pay', by: 'u' },
    }));
    await Promise.all([bench.runToEnd(), ...others.map((one) => appendEvents(bench.table, bench.scope, [one], one.occurredAt))]);
    const { pages } = await listFeedPages(bench.table, bench.scope, 0, 1_000);
    expect(pages.map(({ page }) => page - pages[0]!.page)).toEqual(pages.map((_, index) => index));
    expect(pages.flatMap(({ events }) => events)).toHaveLength((await bench.mirror()).size + others.length);
  });
});

/** What disconnecting writes into the sync state. */
async function stop(bench: ModelBench): Promise<void> {
  const update = {
    expression: 'SET #s = :s ADD fence :one REMOVE lease, openRun, pending',
    names: { '#s': 'state' },
    values: { ':s': 'disconnected', ':one': 1 },
  };
  await bench.table.write(bench.scope, [{ kind: 'update', key: syncStateKey(bench.scope, 1), update }]);
}

/** Does something once, right after the first record was written. */
function afterFirstRecord(table: Table, act: () => unknown): Table {
  let done = false;
  return {
    ...table,
    write: async (scope, actions, token) => {
      const outcome = await table.write(scope, actions, token);
      if (!done && actions.some((one) => one.kind === 'put' && one.item.en !== undefined)) {
        done = true;
        await act();
      }
      return outcome;
    },
  };
}
