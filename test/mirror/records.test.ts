import { afterEach, describe, expect, it } from 'vitest';
import { inParallel } from '#kernel/in-parallel.ts';
import type { Table } from '#store/table.ts';
import { MINUTE, type ModelBench, NOW, startModelBench } from '#test/support/model-bench.ts';
import { type ModelSource, smallCompany } from '#test/support/model-source.ts';
import type { SyncBenchOptions } from '#test/support/sync-bench.ts';

const benches: ModelBench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.stop();
});

async function start(source: ModelSource, more: Partial<SyncBenchOptions> = {}): Promise<ModelBench> {
  const bench = await startModelBench(source, more);
  benches.push(bench);
  return bench;
}

const HOUR_AGO = NOW - 60 * MINUTE;

describe('a ticket that moves to another job', () => {
  it('takes its budget along, with what changed in it at the same time (X-9)', async () => {
    const source = smallCompany(HOUR_AGO);
    const ticket = { id: 'j1t1', at: HOUR_AGO, fields: { jobId: 'j1', name: 'j1t1' }, budget: { budgetSeconds: 100 } };
    source.put('milestones', ticket);
    const bench = await start(source);
    await bench.runToEnd();
    source.put('milestones', {
      ...ticket,
      at: NOW + MINUTE,
      fields: { jobId: 'j2', name: 'j1t1' },
      budget: { budgetSeconds: 200 },
    });
    await bench.nextRun();
    const j2 = (await bench.mirror()).get('job:j2')!.id;
    const budgets = await bench.itemsOf('bu', 'b:j1t1');
    expect(budgets).toHaveLength(1);
    expect(budgets[0]).toMatchObject({ pk: `T#tenant1#J#${j2}`, s: { j: j2 } });
    expect((await bench.mirror()).get('budget_info:b:j1t1')?.fields).toMatchObject({ jobId: j2, budgetSeconds: 200 });
    expect(String(budgets[0]!.bs).startsWith(j2)).toBe(true);
  });

  it('keeps an override that a person saves while its entries and it are under way (A-36)', async () => {
    const source = smallCompany(HOUR_AGO);
    const override = { at: '', keys: [] as { pk: string; sk: string }[] };
    const bench = await start(source, { wrapTable: (table) => savingOverrides(table, override) });
    await bench.runToEnd();
    const stored = [...(await bench.itemsOf('ms', 'j1t1')), ...(await bench.itemsOf('ti', 'e-j1t1'))];
    override.keys = stored.map((item) => ({ pk: String(item.pk), sk: String(item.sk) }));
    source.put('milestones', { id: 'j1t1', at: NOW + MINUTE, fields: { jobId: 'j2', name: 'j1t1' } });
    await bench.nextRun();
    expect(override.keys).toEqual([]);
    const j2 = (await bench.mirror()).get('job:j2')!.id;
    for (const [mark, id] of [
      ['ms', 'j1t1'],
      ['ti', 'e-j1t1'],
    ] as const) {
      const items = await bench.itemsOf(mark, id);
      expect(items, id).toHaveLength(1);
      expect(items[0], id).toMatchObject({ pk: `T#tenant1#J#${j2}`, o: { note: 'mine' }, or: 1, b: { p: ['p'] } });
    }
  });
});

describe('a time entry that was deleted', () => {
  it('stays one record when it comes back on another ticket and then moves to its first one', async () => {
    const source = smallCompany(HOUR_AGO);
    const bench = await start(source);
    await bench.runToEnd();
    const row = source.rows.times!.get('e-j1t1')!;
    source.remove('times', 'e-j1t1');
    await bench.fullRun();
    await bench.fullRun();
    expect((await bench.itemsOf('ti', 'e-j1t1'))[0]).toMatchObject({ tb: { reason: 'absent' } });
    source.put('times', { ...row, at: bench.clock.now, fields: { ...row.fields, milestoneId: 'j2t2' } });
    const back = await bench.nextRun();
    expect(back.streams.find((one) => one.stream === 'times')?.counts).toMatchObject({ restored: 1, created: 0 });
    expect(await bench.itemsOf('ti', 'e-j1t1')).toHaveLength(1);
    source.put('times', { ...row, at: bench.clock.now + MINUTE });
    await bench.nextRun();
    const items = await bench.itemsOf('ti', 'e-j1t1');
    expect(items).toHaveLength(1);
    expect(items[0]!.tb).toBeUndefined();
    expect((await bench.mirror()).get('time:e-j1t1')?.fields).toMatchObject({ attribution: 'job' });
  });
});

describe('a source id that is used again for another thing (M-95, X-8)', () => {
  it('puts new children under the new generation, and finds, changes and tombstones it like any other', async () => {
    const source = smallCompany(HOUR_AGO);
    const created = NOW - 90 * MINUTE;
    source.put('jobs', { id: 'j9', at: HOUR_AGO, createdAt: created, fields: { name: 'First' }, budget: { budgetSeconds: 1 } });
    const bench = await start(source);
    await bench.runToEnd();
    const [first] = await bench.itemsOf('jb', 'j9');
    source.remove('jobs', 'j9');
    await bench.fullRun();
    await bench.fullRun();
    const again = { id: 'j9', createdAt: bench.clock.now, fields: { name: 'Second' }, budget: { budgetSeconds: 2 } };
    source.put('jobs', { ...again, at: bench.clock.now });
    source.put('milestones', { id: 'j9t1', at: bench.clock.now, fields: { jobId: 'j9', name: 'j9t1' } });
    source.put('times', { id: 'e-j9t1', at: bench.clock.now, fields: { workerId: 'w1', milestoneId: 'j9t1' } });
    await bench.nextRun();
    const jobs = await bench.itemsOf('jb', 'j9');
    expect(jobs).toHaveLength(2);
    const second = jobs.find((item) => item.id !== first!.id)!;
    expect(second).toMatchObject({ g: 2, sr: 1, s: { n: 'Second' } });
    expect(jobs.find((item) => item.id === first!.id)).toMatchObject({ tb: { reason: 'absent' }, s: { n: 'First' } });
    for (const [mark, id] of [
      ['ms', 'j9t1'],
      ['ti', 'e-j9t1'],
      ['bu', 'b:j9'],
    ] as const) {
      const items = await bench.itemsOf(mark, id);
      expect(
        items.filter((item) => item.tb === undefined).map((item) => item.pk),
        id,
      ).toEqual([second.pk]);
    }
    source.put('jobs', { ...again, at: bench.clock.now + MINUTE, fields: { name: 'Second, renamed' } });
    await bench.nextRun();
    expect((await bench.itemsOf('jb', 'j9')).find((item) => item.g === 2)).toMatchObject({ sr: 2, s: { n: 'Second, renamed' } });
    source.remove('jobs', 'j9');
    await bench.fullRun();
    await bench.fullRun();
    expect((await bench.itemsOf('jb', 'j9')).every((item) => item.tb !== undefined)).toBe(true);
    source.put('jobs', { ...again, at: bench.clock.now });
    await bench.nextRun();
    const back = await bench.itemsOf('jb', 'j9');
    expect(back).toHaveLength(2);
    expect(back.find((item) => item.g === 2)!.tb).toBeUndefined();
  });

  it('does so for a ticket too, whose key is not computed from its id', async () => {
    const source = smallCompany(HOUR_AGO);
    source.put('milestones', { id: 't9', at: HOUR_AGO, createdAt: HOUR_AGO, fields: { jobId: 'j1', name: 'First' } });
    const bench = await start(source);
    await bench.runToEnd();
    source.remove('milestones', 't9');
    await bench.fullRun();
    await bench.fullRun();
    const at = bench.clock.now;
    source.put('milestones', { id: 't9', at, createdAt: at, fields: { jobId: 'j2', name: 'Second' } });
    await bench.nextRun();
    source.put('times', { id: 'e-t9', at: bench.clock.now, fields: { workerId: 'w1', milestoneId: 't9' } });
    source.put('milestones', { id: 't9', at: bench.clock.now, createdAt: at, fields: { jobId: 'j1', name: 'Second' } });
    await bench.nextRun();
    const tickets = await bench.itemsOf('ms', 't9');
    expect(tickets).toHaveLength(2);
    const second = tickets.find((item) => item.g === 2)!;
    const j1 = (await bench.mirror()).get('job:j1')!.id;
    expect(second).toMatchObject({ pk: `T#tenant1#J#${j1}`, sr: 2 });
    expect((await bench.mirror()).get('time:e-t9')?.fields).toMatchObject({ jobId: j1, milestoneId: second.id });
  });
});

describe('a record that is no longer ours to keep (M-105, X-31)', () => {
  it('keeps the fields it had, is frozen, and goes on when it is in scope again', async () => {
    const source = smallCompany(HOUR_AGO);
    const employee = { id: 'w1', fields: { displayName: 'Worker w1', employeeNumber: '17', branchId: 'b1' } };
    source.put('workers', { ...employee, at: HOUR_AGO });
    const bench = await start(source);
    await bench.runToEnd();
    const skip = { kind: 'out_of_scope', code: 'not_an_employee', rule: 'connection.employeeContactTypes' } as const;
    source.put('workers', { id: 'w1', at: NOW + MINUTE, fields: { displayName: 'Worker w1' }, skip });
    await bench.nextRun();
    const frozen = (await bench.mirror()).get('worker:w1')!;
    expect(frozen).toMatchObject({ outOfScope: 'not_an_employee', revision: 2, tombstone: null });
    expect(frozen.fields).toMatchObject({ employeeNumber: '17' });
    expect(frozen.fields).toHaveProperty('branchId', (await bench.mirror()).get('branch:b1')!.id);
    source.put('workers', { id: 'w1', at: bench.clock.now, fields: { displayName: 'Renamed' }, skip });
    await bench.nextRun();
    expect((await bench.mirror()).get('worker:w1')).toMatchObject({ revision: 2, fields: { displayName: 'Worker w1' } });
    source.put('workers', { ...employee, at: bench.clock.now });
    await bench.nextRun();
    expect((await bench.mirror()).get('worker:w1')).toMatchObject({
      outOfScope: null,
      revision: 3,
      fields: { employeeNumber: '17' },
    });
  });

  it('says so on a ticket that moved under a job that is not mirrored, and lets it go on when that job is', async () => {
    const source = smallCompany(HOUR_AGO);
    const ticket = { id: 'j1t1', at: HOUR_AGO, fields: { jobId: 'j1', name: 'j1t1' }, budget: { budgetSeconds: 100 } };
    source.put('milestones', ticket);
    const skip = { kind: 'ignored', code: 'draft', rule: 'built-in' } as const;
    source.put('jobs', { id: 'd1', at: HOUR_AGO, fields: { name: 'Draft' }, skip });
    const bench = await start(source);
    await bench.runToEnd();
    const before = (await bench.mirror()).get('milestone:j1t1')!;
    source.put('milestones', { ...ticket, at: NOW + MINUTE, fields: { jobId: 'd1', name: 'moved' } });
    await bench.nextRun();
    let mirror = await bench.mirror();
    expect(mirror.get('milestone:j1t1')).toMatchObject({ outOfScope: 'parent_ignored', fields: before.fields });
    expect(mirror.get('budget_info:b:j1t1')).toMatchObject({ outOfScope: 'parent_ignored' });
    expect(await bench.bookkeeping('MARK#milestone#')).toEqual([]);
    source.put('jobs', { id: 'd1', at: bench.clock.now, fields: { name: 'Won' } });
    await bench.nextRun();
    mirror = await bench.mirror();
    const d1 = mirror.get('job:d1')!.id;
    expect(mirror.get('milestone:j1t1')).toMatchObject({ outOfScope: null, fields: { name: 'moved', jobId: d1 } });
    expect(mirror.get('budget_info:b:j1t1')).toMatchObject({ outOfScope: null, fields: { jobId: d1 } });
    expect(await bench.bookkeeping('PARK#')).toEqual([]);
  });
});

describe('time on a job of an overhead division', () => {
  it('is shop time in the very run that brings the job (M-57)', async () => {
    const source = smallCompany(HOUR_AGO);
    source.put('divisions', { id: 'd0', at: HOUR_AGO, fields: { name: 'Overhead', overhead: true } });
    source.put('jobs', { id: 'j1', at: HOUR_AGO, fields: { name: 'Yard', branchId: 'b1', divisionId: 'd0' } });
    const bench = await start(source);
    await bench.runToEnd();
    const mirror = await bench.mirror();
    expect(mirror.get('time:e-j1t1')?.fields).toMatchObject({ category: 'shop' });
    expect(mirror.get('time:e-j2t1')?.fields).toMatchObject({ category: 'work' });
  });
});

describe('writes at the same time', () => {
  it('begins nothing after the first failure, and waits for what is under way before it fails', async () => {
    const begun: number[] = [];
    const done: number[] = [];
    const items = Array.from({ length: 40 }, (_, n) => n);
    const work = inParallel(items, async (n) => {
      begun.push(n);
      if (n === 0) throw new Error('first');
      await new Promise((resolve) => setTimeout(resolve, 5));
      done.push(n);
    });
    await expect(work).rejects.toThrow('first');
    expect(begun).toHaveLength(16);
    expect(done).toHaveLength(15);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(done).toHaveLength(15);
  });
});

/** A table on which a person saves an override on each named record right before a write that would take the record away. */
function savingOverrides(table: Table, override: { keys: { pk: string; sk: string }[] }): Table {
  return {
    ...table,
    async write(scope, actions, token) {
      const taken = override.keys.filter((key) => actions.some((one) => one.kind === 'delete' && one.key.sk === key.sk));
      override.keys = override.keys.filter((key) => !taken.includes(key));
      for (const key of taken) {
        const update = {
          expression: 'SET o = :o, #or = :n, b = :b',
          names: { '#or': 'or' },
          values: { ':o': { note: 'mine' }, ':n': 1, ':b': { p: ['p'] } },
        };
        await table.write(scope, [{ kind: 'update', key, update }]);
      }
      return table.write(scope, actions, token);
    },
  };
}
