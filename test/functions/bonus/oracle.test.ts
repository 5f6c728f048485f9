import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideCreation, todayOf } from '#bonus/creation.ts';
import { countsDriveTime } from '#bonus/inputs/choices.ts';
import { workOutProPay } from '#bonus/work-out.ts';
import type { ProPayTarget } from '#model/propay-state.ts';
import { inputReaders } from '#store/input-readers.ts';
import { readProPayState } from '#store/propay-inputs.ts';
import { readContext } from '#store/settings-repository.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import {
  jobId,
  putBranch,
  putBudget,
  putDrive,
  putJob,
  putTime,
  putVisit,
  putWage,
  putWorker,
  visitId,
  workerId,
} from '#test/support/bonus-world.ts';

let bench: BonusBench;
const visit = (name: string): ProPayTarget => ({ jobId: jobId('mow'), milestoneId: visitId(name) });

function shuffled<T>(list: readonly T[], seed: number): T[] {
  return fc.sample(fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length }), { numRuns: 1, seed })[0]!;
}

describe('oracle', () => {
  it('after any changes in any order, every ProPay is what its records say and nothing is missing (I15)', async () => {
    const names = ['v1', 'v2'];
    const workers = ['ann', 'bob', 'cyd'];
    const change = fc.oneof(
      fc.record({
        kind: fc.constant('time' as const),
        n: fc.nat(5),
        worker: fc.constantFrom(...workers),
        visit: fc.constantFrom(...names),
        hours: fc.constantFrom(0, 1, 2.5, 6, null),
      }),
      fc.record({
        kind: fc.constant('gone' as const),
        n: fc.nat(5),
        worker: fc.constantFrom(...workers),
        visit: fc.constantFrom(...names),
      }),
      fc.record({
        kind: fc.constant('budget' as const),
        visit: fc.constantFrom(...names),
        hours: fc.integer({ min: 0, max: 20 }),
      }),
      fc.record({
        kind: fc.constant('visit' as const),
        visit: fc.constantFrom(...names),
        status: fc.constantFrom('scheduled' as const, 'in_progress' as const, 'completed' as const),
        percent: fc.constantFrom(null, 2_500, 10_000),
      }),
      fc.record({
        kind: fc.constant('wage' as const),
        worker: fc.constantFrom(...workers),
        rate: fc.integer({ min: 150_000, max: 400_000 }),
        from: fc.constantFrom('2026-02-01', '2026-03-04'),
      }),
      fc.record({ kind: fc.constant('manager' as const), worker: fc.constantFrom(...workers) }),
      fc.record({
        kind: fc.constant('drive' as const),
        worker: fc.constantFrom(...workers),
        visit: fc.constantFrom(...names),
        on: fc.boolean(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), fc.integer(), async (changes, seed) => {
        bench = await startBonusBench();
        try {
          await putBranch(bench);
          for (const name of workers) await putWorker(bench, name, null);
          await putJob(bench, 'mow', { recurring: true });
          for (const name of names) await putVisit(bench, 'mow', name);
          for (const [index, one] of changes.entries()) {
            await apply(one);
            // Some batches wait, so that several changes meet in one, in any order and partly twice.
            if (index % 3 === 2) await bench.feed(shuffled(await bench.inputs(), seed));
          }
          const rest = await bench.inputs();
          await bench.feed(shuffled([...rest, ...rest.slice(0, 2)], seed + 1));
          await bench.settle();
          for (const name of names) await check(visit(name));
        } finally {
          await bench.stop();
        }
      }),
      { numRuns: 12, seed: 20260310 },
    );

    async function apply(one: typeof change extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
      switch (one.kind) {
        case 'time':
          await putTime(bench, {
            id: `t${one.n}-${one.visit}`,
            worker: one.worker,
            job: 'mow',
            visit: one.visit,
            hours: one.hours,
            date: `2026-03-0${one.n + 2}`,
          });
          return;
        case 'gone':
          await putTime(
            bench,
            { id: `t${one.n}-${one.visit}`, worker: one.worker, job: 'mow', visit: one.visit, hours: 1 },
            {},
            { tombstone: { at: '2026-03-10T11:00:00.000Z', runId: 'R', reason: 'absent' } },
          );
          return;
        case 'budget':
          await putBudget(bench, 'mow', one.visit, one.hours);
          return;
        case 'visit':
          await putVisit(bench, 'mow', one.visit, { status: one.status, percentBp: one.percent });
          return;
        case 'wage':
          await putWage(bench, one.worker, one.rate, one.from);
          return;
        case 'manager':
          await putJob(bench, 'mow', { recurring: true, managerId: workerId(one.worker) });
          return;
        case 'drive':
          await putDrive(bench, { id: `d-${one.visit}`, worker: one.worker, job: 'mow', visit: one.visit, hours: 1 });
          await bench.context((context) => ({ ...context, driveTimeInCost: one.on }));
      }
    }

    /** The brute-force side: everything from scratch, but for the wages that B-41 has fixed. */
    async function check(target: ProPayTarget): Promise<void> {
      const context = (await readContext(bench.table, bench.scope))!;
      const state = await readProPayState(bench.table, bench.scope, target, (proPay) => countsDriveTime(proPay, context));
      if (state.proPay === null) {
        const decision = decideCreation(state, context, null, todayOf(bench.api.now(), context, state));
        expect(decision).toMatchObject({ create: false, code: state.verdict?.code });
        return;
      }
      const worked = await workOutProPay(state, state.proPay, context, inputReaders(bench.table, bench.scope, bench.api.now()));
      const { calcRev: _calcRev, calculatedAt: _calculatedAt, contextRevision: _c, inputsSeen: _i, ...stored } = state.result!;
      const { contextRevision: _c2, inputsSeen: _i2, ...fresh } = worked.result;
      expect(stored).toEqual(fresh);
    }
  }, 60_000);
});
