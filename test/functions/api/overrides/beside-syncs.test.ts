import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EntityFields } from '#model/entities.ts';
import { jobKey, workerKey } from '#model/keys.ts';
import { decodeMirrorRecord } from '#model/mirror-item.ts';
import type { MirrorRecord } from '#model/mirror-record.ts';
import { WORKER_ROLES, WORKER_STATES, workerState } from '#model/overrides.ts';
import { mirrorRecordStore } from '#store/mirror-record-store.ts';
import type { Table } from '#store/table.ts';
import { BLANK_JOB, BLANK_WORKER } from '#test/support/blank-records.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putJob, putWorker, workerId } from '#test/support/bonus-world.ts';
import { overrideDesk } from '#test/support/override-desk.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
});
afterEach(() => bench.stop());

/** The store that runs write through; `between` happens once, after the next reading of a record and before its writing. */
function syncStore() {
  const { table, scope } = bench;
  return mirrorRecordStore({ table, scope, n: 1, holdsFence: (): never => expect.unreachable('nothing is deleted here') });
}

/** What a run does with a changed record: read, write, and read again where somebody else was quicker (M-96). */
async function sync(
  entity: 'worker' | 'job',
  id: string,
  change: (fields: EntityFields['worker'] & EntityFields['job']) => object,
  between: () => Promise<unknown> = async () => {},
): Promise<number> {
  const store = syncStore();
  for (let attempt = 1; attempt <= 10; attempt++) {
    const stored = (await store.findRecord([entity], id))!;
    if (attempt === 1) await between();
    const { record } = stored;
    const next = { ...record, revision: record.revision + 1, contentHash: `h${record.revision}`.padEnd(43, 'x') };
    const fields = change(record.fields as never) as never;
    if ((await store.changeRecord(stored, { ...next, fields } as MirrorRecord, stored.jobId)).kind === 'written') return attempt;
  }
  throw new Error('the record is never written');
}

const storedWorker = async (name: string) => {
  const item = (await bench.table.get(bench.scope, workerKey(bench.scope, workerId(name))))!;
  return { item, record: decodeMirrorRecord<'worker'>(item) };
};
const desk = (name: string) => overrideDesk(bench, `/v1/workers/${workerId(name)}`);

/** Lets something happen between what a request reads and what it writes, once. */
function beforeTheNextWrite(act: () => Promise<unknown>): void {
  const ports = bench.api.ports as { table: Table };
  const { table } = ports;
  let happened: Promise<unknown> | null = null;
  ports.table = {
    ...table,
    write: async (...args: Parameters<Table['write']>) => {
      ports.table = table;
      happened ??= act();
      await happened;
      return table.write(...args);
    },
  } as Table;
}

describe('an override and a sync at the same moment both survive (A-36, M-96)', () => {
  it('an override between the reading and the writing of a run', async () => {
    await putWorker(bench, 'ann', null);
    await putJob(bench, 'deck');
    const attempts = await sync(
      'worker',
      workerId('ann'),
      (fields) => ({ ...fields, displayName: 'Renamed', sourceActive: false }),
      () => desk('ann').set('active', { value: 'archived' }),
    );
    const { item, record } = await storedWorker('ann');
    expect(attempts).toBe(2);
    expect([record.fields.displayName, workerState(record)]).toEqual(['Renamed', 'archived']);
    expect(item.bs).toBe(`${idOf('branch', 'b1')}#archived#Renamed#${workerId('ann')}`);
    // Where no key depends on people, the run does not even notice.
    const job = overrideDesk(bench, `/v1/jobs/${jobId('deck')}`);
    const once = await sync(
      'job',
      jobId('deck'),
      (fields) => ({ ...fields, name: 'Renamed' }),
      () => job.set('manager', { value: workerId('ann') }, {}).then(() => job.set('budget', { budgetSeconds: 60 })),
    );
    expect(once).toBe(1);
    const deck = decodeMirrorRecord<'job'>((await bench.table.get(bench.scope, jobKey(bench.scope, jobId('deck'))))!);
    expect([deck.fields.name, deck.own.overrides.budget?.value]).toEqual(['Renamed', { budgetSeconds: 60 }]);
  });

  it('a run between the reading and the writing of an override', async () => {
    await putWorker(bench, 'ann', null);
    for (const [field, body] of [
      ['active', { value: 'deactivated' }],
      ['role', { value: 'manager' }],
      ['wage', { wage: '30', effectiveFrom: '2026-03-01' }],
    ] as const) {
      const headers = { 'if-match': (await desk('ann').read()).headers.etag! };
      beforeTheNextWrite(() => sync('worker', workerId('ann'), (fields) => ({ ...fields, displayName: `After ${field}` })));
      expect((await desk('ann').set(field, body, { headers })).status).toBe(200);
      const { item, record } = await storedWorker('ann');
      expect(record.fields.displayName).toBe(`After ${field}`);
      expect(item.bs).toBe(`${idOf('branch', 'b1')}#deactivated#After ${field}#${workerId('ann')}`);
    }
    expect(Object.keys((await desk('ann').read()).body.overrides)).toEqual(['wage', 'role', 'active']);
  });

  it('whatever the order: in the end the source is the last run’s, and every override the last person’s', async () => {
    const dice = diceOf(20_260_310);
    await putWorker(bench, 'max', null);
    for (let history = 0; history < 12; history++) {
      const name = `w${history}`;
      await bench.put('worker', name, { ...BLANK_WORKER, displayName: name });
      await bench.put('job', name, { ...BLANK_JOB, name });
      const last: { active: string | null; role: string | null; sourceActive: boolean; acts: number } = {
        ...{ active: null, role: null, sourceActive: true, acts: 0 },
      };
      for (let step = 0; step < 8; step++) {
        const sourceActive = dice(2) === 0;
        const field = dice(2) === 0 ? 'active' : 'role';
        const values = field === 'active' ? WORKER_STATES : WORKER_ROLES;
        const value = [...values, null][dice(values.length + 1)]!;
        const running = sync('worker', workerId(name), (fields) => ({ ...fields, sourceActive, displayName: `${name} ${step}` }));
        const editing = value === null ? desk(name).clear(field) : desk(name).set(field, { value });
        const [, edited] = await Promise.all([running, editing]);
        expect(edited.status).toBe(200);
        // Clearing what is not there is no act.
        if (value !== null || last[field] !== null) last.acts += 1;
        last.sourceActive = sourceActive;
        last[field] = value;
      }
      const { item, record } = await storedWorker(name);
      const state = last.active ?? (last.sourceActive ? 'active' : 'deactivated');
      expect([workerState(record), record.fields.sourceActive]).toEqual([state, last.sourceActive]);
      expect(record.own.overrides.role?.value ?? null).toBe(last.role);
      expect(String(item.bs)).toBe(`-#${state}#${name} 7#${workerId(name)}`);
      expect([record.revision, record.own.revision]).toEqual([9, last.acts]);
      expect((await desk(name).read()).body.history.length).toBeLessThanOrEqual(last.acts);
    }
  });
});

/** Whole numbers below a bound that look random and are the same in every run. */
function diceOf(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 16) % sides;
  };
}
