import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDays } from '#kernel/instant.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import {
  idOf,
  jobId,
  putBranch,
  putBudget,
  putDrive,
  putJob,
  putTime,
  putVisit,
  putWorker,
  visitId,
  workerId,
} from '#test/support/bonus-world.ts';
import { deskOfJob, proPayDesk, saveArea } from '#test/support/propay-desk.ts';

let bench: BonusBench;
beforeEach(async () => {
  bench = await startBonusBench();
  await bench.context((context) => ({
    ...context,
    pools: context.pools.map((pool) => ({ ...pool, splitEnabled: false, crewBp: 10_000, crewLeadBp: 0, managerBp: 0 })),
  }));
  await putBranch(bench);
  await bench.settle();
});
afterEach(() => bench.stop());

const DONE = { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' } as const;
const ANN = workerId('ann');

/** A finished job with a labour budget of 1,000.00. */
async function putHall(): Promise<void> {
  await saveArea(bench, 'incentives', { budgetType: 'labor_budget' });
  await putJob(bench, 'hall', DONE);
  await putBudget(bench, 'hall', null, 0, { budgetSeconds: null, laborAmountCents: 100_000 });
}

/** Ten hours of ann on a day of March. */
const work = (job: string | null, day: string, more: object = {}) =>
  putTime(bench, { id: `${job}/${day}`, worker: 'ann', job, hours: 10, date: `2026-03-${day}` }, more);

const putBurden = (bp: number | null, from = '2026-01-01') =>
  bench.put('wage_record', `ann/${from}`, { workerId: ANN, effectiveFrom: from, rateE4: 250_000, currency: 'USD', burdenBp: bp });

describe('burden in the cost (B-44, B-48)', () => {
  it('raises the cost of the budget types that include it, never the distribution, and is excluded where a ProPay says so', async () => {
    await putWorker(bench, 'ann', null);
    await putBurden(3_000);
    await putHall();
    for (const day of ['02', '03']) await work('hall', day);
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    expect(await hall.get()).toMatchObject({ burden: false, result: { actualCost: '500.00' } });
    await saveArea(bench, 'bonus', { burdenBudgetTypes: ['labor_budget'] });
    await bench.settle();
    // 20 h at 25.00 and 30% are 20 h at 32.50.
    expect(await hall.get()).toMatchObject({
      burden: true,
      result: { actualCost: '650.00', blendedWage: '32.50', savings: '350.00' },
    });
    const { nodes } = await hall.explain();
    const burden = nodes.find((node) => node.rule === 'B-44');
    expect(burden?.inputs).toContainEqual({
      record: 'wage_record',
      recordId: idOf('wage_record', 'ann/2026-01-01'),
      revision: 1,
    });
    expect((await hall.patch({ burden: false })).body).toMatchObject({ burden: false, result: { actualCost: '500.00' } });
    expect((await hall.patch({ burden: null })).body).toMatchObject({ burden: true, result: { actualCost: '650.00' } });
  });

  it('unknown is never guessed: the ProPay waits for it, and keeps its wage when the burden comes (B-4, M-119)', async () => {
    await putWorker(bench, 'ann', null);
    await putBurden(null);
    await putHall();
    await work('hall', '02');
    await saveArea(bench, 'bonus', { burdenBudgetTypes: ['labor_budget'] });
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    expect(await hall.get()).toMatchObject({ ready: false, result: { outcome: 'cannot-tell', missing: [`burden:${ANN}`] } });
    expect((await hall.approve()).body).toMatchObject({ code: 'cannot-tell', missing: [`burden:${ANN}`] });
    await putBurden(2_000);
    await bench.settle();
    expect(await hall.get()).toMatchObject({ ready: true, result: { actualCost: '300.00' } });
    expect((await bench.state({ jobId: jobId('hall'), milestoneId: null })).result?.wages[ANN]).toMatchObject({
      wageE4: 250_000,
      revision: 1,
      burden: { bp: 2_000, revision: 2 },
    });
  });

  it('is locked by the first approval: refused afterwards, also after an unapproval and whatever the tenant says', async () => {
    await putWorker(bench, 'ann', null);
    await putBurden(3_000);
    await putHall();
    for (const day of ['02', '03']) await work('hall', day);
    await saveArea(bench, 'bonus', { burdenBudgetTypes: ['labor_budget'] });
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    expect((await hall.approve()).body.lineItems).toMatchObject([{ amount: '350.00' }]);
    for (const choice of [{ burden: false }, { overtimeCost: true }]) {
      const refused = await hall.patch(choice);
      expect([refused.status, refused.body.code]).toEqual([409, 'locked-choice']);
    }
    await hall.post('unapprove', { reason: 'hours are being corrected' });
    expect((await hall.patch({ burden: null })).body.code).toBe('locked-choice');
    await saveArea(bench, 'bonus', { burdenBudgetTypes: [], overtimeInCost: true });
    await bench.settle();
    expect(await hall.get()).toMatchObject({
      status: 'Active',
      burden: true,
      overtimeCost: false,
      result: { actualCost: '650.00' },
    });
  });
});

describe('overtime in the cost (B-45)', () => {
  const allHours = () => saveArea(bench, 'pay-law', { hoursSource: 'all' });
  /** Thirty hours on the hall and twenty on the shed, in the week of 2 March: ten of overtime. */
  async function seedWeek(): Promise<void> {
    await putWorker(bench, 'ann', 250_000);
    await putHall();
    await putJob(bench, 'shed');
    for (const day of ['02', '03', '04']) await work('hall', day);
    for (const day of ['05', '06']) await work('shed', day);
  }

  it('spreads the premium of a whole week over all its time, wherever it was worked, and leads to every entry of it', async () => {
    await seedWeek();
    await allHours();
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    expect(await hall.get()).toMatchObject({ overtimeCost: false, result: { actualCost: '750.00' } });
    // 1 + ½ · 10 / 50: a tenth more.
    expect((await hall.patch({ overtimeCost: true })).body.result).toMatchObject({ actualCost: '825.00', savings: '175.00' });
    const factor = (await hall.explain()).nodes.find((node) => node.rule === 'B-45');
    expect(factor).toMatchObject({ value: '11/10' });
    expect(factor?.inputs).toHaveLength(5);
    expect(factor?.inputs).toContainEqual({ record: 'time_entry', recordId: idOf('time', 'shed/05'), revision: 1 });
    expect((await hall.approve()).body.lineItems).toMatchObject([{ amount: '175.00' }]);
  });

  it('follows the tenant’s choice, and time on other jobs, on none, and of other days of the week', async () => {
    await seedWeek();
    await allHours();
    await saveArea(bench, 'bonus', { overtimeInCost: true });
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    expect(await hall.get()).toMatchObject({ overtimeCost: true, result: { actualCost: '825.00' } });
    await work(null, '07', { category: 'shop' });
    await bench.settle();
    // 60 hours, 20 of them overtime: 750.00 · 7/6.
    expect((await hall.get()).result).toMatchObject({ actualCost: '875.00' });
    await work('shed', '05', { durationSeconds: 0 });
    await bench.settle();
    expect((await hall.get()).result).toMatchObject({ actualCost: '825.00' });
    await work('shed', '05', { durationSeconds: 0, workDate: '2026-03-12' });
    await work('shed', '06', {});
    await bench.settle();
    expect((await hall.get()).result).toMatchObject({ actualCost: '825.00' });
    expect((await hall.patch({ overtimeCost: false })).body.result).toMatchObject({ actualCost: '750.00' });
    await work(null, '08', { category: 'shop' });
    await bench.settle();
    expect((await hall.get()).result).toMatchObject({ actualCost: '750.00' });
  });

  it.each([
    ['the time data does not hold all hours', async () => {}],
    [
      'a clock runs in it',
      async () => {
        await allHours();
        await putTime(bench, { id: 'open', worker: 'ann', job: 'shed', hours: null, date: '2026-03-07' });
      },
    ],
  ])('a week is not complete while %s: it cannot be told', async (_, make) => {
    await seedWeek();
    await saveArea(bench, 'bonus', { overtimeInCost: true });
    await make();
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    const missing = [`week-hours:${ANN}:2026-03-02`];
    expect((await hall.get()).result).toMatchObject({ outcome: 'cannot-tell', missing });
    expect((await hall.approve()).body).toMatchObject({ code: 'cannot-tell', missing });
  });

  it('a week that is not over is not complete either; once it is, the ProPay can be told', async () => {
    await putWorker(bench, 'ann', 250_000);
    await putHall();
    await work('hall', '09');
    await allHours();
    await saveArea(bench, 'bonus', { overtimeInCost: true });
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    expect((await hall.get()).result).toMatchObject({ missing: [`week-hours:${ANN}:2026-03-09`] });
    bench.api.pass(7 * 86_400);
    expect((await hall.post('recalculate')).body.result).toMatchObject({ outcome: 'applies', actualCost: '250.00' });
  });

  it('goes by the law of the worker’s branch: daily overtime in California', async () => {
    await seedWeek();
    await allHours();
    await saveArea(bench, 'pay-law', {
      branches: {
        [idOf('branch', 'b1')]: {
          premiumPolicy: null,
          workweekStart: null,
          stateRule: 'california',
          deductionPolicy: null,
          minimumWages: [],
        },
      },
    });
    await saveArea(bench, 'bonus', { overtimeInCost: true });
    await bench.settle();
    // Two hours beyond eight on each of five days: the same ten as by the week.
    expect((await deskOfJob(bench, 'hall').get()).result).toMatchObject({ actualCost: '825.00' });
    await putTime(bench, { id: 'hall/04', worker: 'ann', job: 'hall', hours: 14, date: '2026-03-04' });
    await bench.settle();
    // 54 h: 12 h of overtime and 2 h of double time: 34 h · 25.00 · (1 + (6 + 2) / 54).
    expect((await deskOfJob(bench, 'hall').get()).result).toMatchObject({ actualCost: '975.93' });
  });

  it('time that reaches into the next workweek belongs to both by the instant', async () => {
    await putWorker(bench, 'ann', 250_000);
    await putHall();
    await allHours();
    await saveArea(bench, 'bonus', { overtimeInCost: true });
    // Sunday 22:00 to Monday 06:00 in Denver; fifty hours of shop in the second week.
    await putTime(
      bench,
      { id: 'night', worker: 'ann', job: 'hall', hours: 8, date: '2026-02-22' },
      { start: '2026-02-23T05:00:00.000Z', end: '2026-02-23T13:00:00.000Z' },
    );
    for (let day = 0; day < 5; day++) {
      const date = addDays('2026-02-23', day);
      await putTime(bench, { id: `shop${day}`, worker: 'ann', job: null, hours: 10, date }, { category: 'shop' });
    }
    await bench.settle();
    // 2 h without overtime and 6 h of a week of 56: 2 · 25 + 6 · 25 · (1 + 8/56).
    expect((await deskOfJob(bench, 'hall').get()).result).toMatchObject({ actualSeconds: 28_800, actualCost: '221.43' });
    const { workers } = await deskOfJob(bench, 'hall').explain();
    expect(workers[0]?.leaves.map((leaf) => leaf.id)).toEqual([idOf('time', 'night')]);
  });

  it('an approval stands still when time comes late on another job, and tells the difference (B-96)', async () => {
    await seedWeek();
    await allHours();
    await saveArea(bench, 'bonus', { overtimeInCost: true });
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    expect((await hall.approve()).body.lineItems).toMatchObject([{ amount: '175.00' }]);
    await work('shed', '07');
    await bench.settle();
    expect(await hall.get()).toMatchObject({ status: 'Approved', sourceChange: { state: 'Open', delta: '-50.00' } });
    // Settings acted until the approval: a later change of them is no difference.
    await work('shed', '07', { durationSeconds: 0 });
    await saveArea(bench, 'pay-law', { hoursSource: 'jobs_only' });
    await work('shed', '08', { durationSeconds: 0 });
    await bench.settle();
    expect((await hall.get()).sourceChange).toBeNull();
  });
});

describe('drive time of overhead (B-46, B-47)', () => {
  /** An hour and a half of driving for the yard on a day with four, two and a half, and one hour of work. */
  async function seedDay(): Promise<void> {
    await putWorker(bench, 'ann', 250_000);
    await saveArea(bench, 'incentives', { budgetType: 'labor_budget' });
    await putJob(bench, 'yard', { serviceType: 'Yard' });
    for (const [job, hours] of [
      ['a', 4],
      ['b', 2.5],
      ['c', 1],
    ] as const) {
      await putJob(bench, job, DONE);
      await putBudget(bench, job, null, 0, { budgetSeconds: null, laborAmountCents: 100_000 });
      await putTime(bench, { id: `work-${job}`, worker: 'ann', job, hours });
    }
    await putDrive(bench, { id: 'd1', worker: 'ann', job: 'yard', hours: 1 });
    await putDrive(bench, { id: 'd2', worker: 'ann', job: 'yard', hours: 0.5 });
  }
  const rules = (changes: object) =>
    saveArea(bench, 'org', {
      nonBillableRules: { jobIds: [], clientIds: [], serviceTypes: [], spreadDriveTime: false, ...changes },
    });
  const secondsOf = async (job: string) => (await deskOfJob(bench, job).get()).result.actualSeconds;

  it('is spread over the jobs of the day by counted work: 48, 30 and 12 minutes (drive-spread)', async () => {
    await seedDay();
    await bench.settle();
    await rules({ serviceTypes: ['yard'], spreadDriveTime: true });
    await saveArea(bench, 'propay', { launchDate: '2026-01-01', driveTimeInCost: true });
    await bench.settle();
    expect([await secondsOf('a'), await secondsOf('b'), await secondsOf('c')]).toEqual([
      4 * 3_600 + 48 * 60,
      2.5 * 3_600 + 30 * 60,
      3_600 + 12 * 60,
    ]);
    const a = deskOfJob(bench, 'a');
    expect((await a.get()).result).toMatchObject({ actualCost: '120.00', savings: '880.00' });
    const { nodes, workers } = await a.explain();
    const spread = nodes.filter((node) => node.rule === 'B-47');
    // 48 minutes of an hour and a half, of which the first record is two thirds.
    expect(spread.map((node) => node.value).sort()).toEqual([1_920, 960].sort());
    expect(spread[0]?.inputs).toContainEqual({ record: 'time_entry', recordId: idOf('time', 'work-b'), revision: 1 });
    expect(spread[0]?.inputs).toContainEqual({ record: 'setting', recordId: 'org', revision: 1 });
    expect(workers[0]?.leaves.map(({ id, entity }) => [entity, id]).sort()).toEqual(
      [
        ['drive_time', idOf('time', 'd1')],
        ['drive_time', idOf('time', 'd2')],
        ['time_entry', idOf('time', 'work-a')],
      ].sort(),
    );
    expect((await a.approve()).body.lineItems).toMatchObject([{ amount: '880.00' }]);
  });

  it('acts at once on Active ProPays, back and forth, and follows time and places of the day', async () => {
    await seedDay();
    await saveArea(bench, 'propay', { launchDate: '2026-01-01', driveTimeInCost: true });
    await rules({ spreadDriveTime: true });
    await bench.settle();
    expect(await secondsOf('a')).toBe(4 * 3_600);
    await rules({ jobIds: [jobId('yard')], spreadDriveTime: true });
    await bench.settle();
    expect(await secondsOf('a')).toBe(4 * 3_600 + 2_880);
    // Without the work on b, 90 minutes fall to four hours and one.
    await putTime(bench, { id: 'work-b', worker: 'ann', job: 'b', hours: 0 });
    await bench.settle();
    expect([await secondsOf('a'), await secondsOf('c')]).toEqual([4 * 3_600 + 72 * 60, 3_600 + 18 * 60]);
    await putDrive(bench, { id: 'd2', worker: 'ann', job: 'yard', hours: 0 });
    await bench.settle();
    expect(await secondsOf('a')).toBe(4 * 3_600 + 48 * 60);
    expect((await deskOfJob(bench, 'a').patch({ driveTimeInCost: false })).body.result.actualSeconds).toBe(4 * 3_600);
    await rules({ jobIds: [jobId('yard')] });
    await bench.settle();
    expect(await secondsOf('c')).toBe(3_600);
  });

  it('a job that becomes overhead by its service moves the day’s other jobs', async () => {
    await seedDay();
    await saveArea(bench, 'propay', { launchDate: '2026-01-01', driveTimeInCost: true });
    await rules({ serviceTypes: ['Yard'], spreadDriveTime: true });
    await bench.settle();
    await putJob(bench, 'yard', { serviceType: 'Lawn' });
    await bench.settle();
    expect(await secondsOf('a')).toBe(4 * 3_600);
    await putJob(bench, 'yard', { serviceType: 'Yard' });
    await bench.settle();
    expect(await secondsOf('a')).toBe(4 * 3_600 + 2_880);
  });

  it('within a recurring job it goes on by visit; on a day without work it falls to nobody', async () => {
    await seedDay();
    await saveArea(bench, 'propay', { launchDate: '2026-01-01', driveTimeInCost: true });
    await rules({ serviceTypes: ['Yard'], spreadDriveTime: true });
    await putJob(bench, 'mow', { recurring: true });
    for (const [visit, hours] of [
      ['v1', 1.5],
      ['v2', 1],
    ] as const) {
      await putVisit(bench, 'mow', visit, { status: 'completed' });
      await putBudget(bench, 'mow', visit, 0, { budgetSeconds: null, laborAmountCents: 50_000 });
      await putTime(bench, { id: `mow-${visit}`, worker: 'ann', job: 'mow', visit, hours });
    }
    // The same day: 90 minutes over 4, 2.5, 1 and together 2.5 hours.
    await putDrive(bench, { id: 'd9', worker: 'ann', job: 'yard', hours: 2, date: '2026-03-04' });
    await bench.settle();
    expect([await secondsOf('a'), await secondsOf('b'), await secondsOf('c')]).toEqual([
      4.6 * 3_600,
      2.875 * 3_600,
      1.15 * 3_600,
    ]);
    const visits = await Promise.all(
      ['v1', 'v2'].map(
        async (visit) => (await proPayDesk(bench, `${jobId('mow')}.${visitId(visit)}.1`).get()).result.actualSeconds,
      ),
    );
    // 22.5 minutes, three fifths and two.
    expect(visits).toEqual([1.5 * 3_600 + 810, 3_600 + 540]);
  });

  it('time on overhead enters no ProPay, and the job gets none; an Active one of it runs dry', async () => {
    await putWorker(bench, 'ann', 250_000);
    await putHall();
    await work('hall', '02');
    await bench.settle();
    const hall = deskOfJob(bench, 'hall');
    expect((await hall.get()).result).toMatchObject({ actualCost: '250.00' });
    await rules({ jobIds: [jobId('hall')] });
    await bench.settle();
    expect(await hall.get()).toMatchObject({ result: { actualSeconds: 0 }, blockers: [{ code: 'no-actual-time' }] });
    await rules({});
    await bench.settle();
    expect((await hall.get()).result).toMatchObject({ actualCost: '250.00' });
  });

  it('names jobs and clients that are there', async () => {
    expect((await rules({ jobIds: ['AAAAAAAAAAAAAAAA'] })).body.code).toBe('unknown-reference');
    expect((await rules({ clientIds: ['AAAAAAAAAAAAAAAA'] })).body.code).toBe('unknown-reference');
  });
});
