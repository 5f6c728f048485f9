import { assemble, gather } from '#bonus/assemble.ts';
import { calculate } from '#bonus/calculate.ts';
import { newProPay } from '#bonus/creation.ts';
import type { WageHistories } from '#bonus/inputs/wages.ts';
import { workOutProPay } from '#bonus/work-out.ts';
import type { ProPayState } from '#model/propay-state.ts';
import { POOL_DEFAULTS } from '#model/tenant-context.ts';
import { context as newContext, record } from '#test/bonus/mirror-records.ts';
import type { TenantPass } from './tenant.ts';

/*
 * One cold pass over the reference tenant (P8), in a process of its own: 2,000 jobs with their budgets, 5,000 entries of 50 workers,
 * as they come decoded out of the table. Prints the CPU time of the pass. `calculate` measures the calculations alone, `whole` also
 * what is picked from the records, the digests and the figures as they are stored.
 */
const WORKERS = 50;
const JOBS = 2000;
const ENTRIES = 5000;

const workerOf = (index: number): string => `wk_${String(index % WORKERS).padStart(3, '0')}`;

function stateOfJob(index: number): ProPayState {
  const jobId = `jb_${index}`;
  const own = Math.floor(ENTRIES / JOBS) + (index % 2);
  return {
    target: { jobId, milestoneId: null },
    records: {
      job: record('job', jobId, {
        managerId: workerOf(0),
        crewLeadId: workerOf(index),
        status: index % 4 === 0 ? 'in_progress' : 'completed',
      }),
      milestones: [record('milestone', `ms_${index}`, { jobId, percentBp: 5000 })],
      budgets: [record('budget_info', `bu_${index}`, { jobId, milestoneId: `ms_${index}`, budgetSeconds: 40_000 + index })],
      materials: [],
      entries: Array.from({ length: own }, (_, at) =>
        record('time_entry', `ti_${index}_${at}`, {
          jobId,
          workerId: workerOf(index * 7 + at * 3),
          durationSeconds: 9000 + ((index * 131 + at) % 9000),
        }),
      ),
      drives: [],
    },
    proPay: null,
    result: null,
    verdict: null,
    proPays: [],
    callbacks: [],
    phases: [],
    parent: null,
  };
}

const histories: WageHistories = new Map(
  Array.from({ length: WORKERS }, (_, index) => [
    workerOf(index),
    [
      {
        origin: 'source' as const,
        effectiveFrom: '2026-01-01',
        wageE4: 200_000 + 1000 * index,
        ref: { entity: 'wage_record', id: `wg_${index}`, revision: 1 },
      },
    ],
  ]),
);
const pool = {
  ...POOL_DEFAULTS,
  id: 'pool',
  name: 'Standard',
  default: true,
  crewBp: 7000,
  crewLeadBp: 2000,
  managerBp: 1000,
  otherBp: 0,
  companyBp: 0,
};
const nowhere = { jobs: new Map(), milestones: new Map() };
const now = '2026-03-10T12:00:00.000Z';
const further = { histories, times: new Map(), places: nowhere, now };
const readers = {
  now,
  wages: async (ids: readonly string[]): Promise<WageHistories> => new Map(ids.map((id) => [id, histories.get(id)!])),
  rework: async () => [],
  workerTimes: async () => new Map(),
  workPlaces: async () => nowhere,
};
const context = newContext({ pools: [pool] });
const states = Array.from({ length: JOBS }, (_, index) => stateOfJob(index));
const made = { n: 1, createdAt: '2026-03-10T12:00:00.000Z', createdBy: 'system', listDate: '2026-03-10' };
const proPays = states.map((state, index) => newProPay(state, context, { ...made, id: `pp_${index}`, reference: `PP ${index}` }));
const mode = process.argv[2];
const inputs =
  mode === 'calculate'
    ? states.map((state, index) => structuredClone(assemble(gather(state, proPays[index]!, context, null), further).calculation))
    : [];
const start = process.cpuUsage();
const outcomes = mode === 'calculate' ? inputs.map((input) => calculate(input).outcome) : await wholePass();
const { user, system } = process.cpuUsage(start);
if (outcomes.length !== JOBS || outcomes.some((outcome) => outcome !== 'applies')) throw new Error('every ProPay can be told');
const entries = states.reduce((sum, { records }) => sum + records.entries.length, 0);
const pass: TenantPass = { proPays: JOBS, entries, cpuMs: (user + system) / 1000 };
console.log(JSON.stringify(pass));

async function wholePass(): Promise<string[]> {
  const found: string[] = [];
  for (const [index, state] of states.entries()) {
    const worked = await workOutProPay(state, proPays[index]!, context, readers);
    found.push(worked.result.outcome);
  }
  return found;
}
