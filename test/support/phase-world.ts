import { addDays } from '#kernel/instant.ts';
import { firstProPayId } from '#model/propay-item.ts';
import type { PhaseMode, PhaseRule } from '#model/settings.ts';
import { type BonusBench, POOL } from './bonus-bench.ts';
import { jobId, putBudget, putJob, putTime, putVisit, putWorker, visitId } from './bonus-world.ts';

/** A phase as the API shows it, as far as the stories look at it. */
export interface ShownPhase {
  id: string;
  name: string;
  status: string;
  ready: boolean;
  settled: boolean;
  inputsVersion: string;
  blockers: { code: string }[];
  stages: { projected: string; reserve: string; approved: string; paid: string };
  result: { savings: string; payouts: { workerId: string; role: string; amount: string }[]; missing: string[] };
  sourceChange: { state: string; delta: string; deltaSeconds: number } | null;
  lineItemIds: string[];
  lineItems: ShownItem[];
  approval: { total: string } | null;
  [field: string]: unknown;
}
export interface ShownItem {
  id: string;
  workerId: string;
  type: string;
  category: string;
  role: string;
  part: string;
  amount: string;
  status: string;
  approvalDate: string;
  statementId: string | null;
  source: Record<string, string>;
}
export interface ShownPhases {
  mode: string;
  status: string;
  jobNet: string | null;
  payouts: string;
  unassignedSeconds: number;
  reserve: null | {
    total: string;
    ended: boolean;
    byWorker: { workerId: string; amount: string }[];
    movements: { kind: string; phaseId: string | null; byWorker: { amount: string }[] }[];
  };
  items: ShownPhase[];
  lineItems?: ShownItem[];
}

export const HOUSE = firstProPayId({ jobId: jobId('house'), milestoneId: null });
export const HOUSE_PATH = `/v1/propays/${HOUSE}`;
/** The milestones of the published example, by name. */
export const [dig, frame, trim] = ['dig', 'frame', 'trim'].map(visitId) as [string, string, string];

let keys = 0;
/** A fresh idempotency key. */
export const phaseKey = () => ({ 'idempotency-key': `ph-${++keys}` });

/** The commands of phases as a foreman's office gives them. */
export function phaseDesk(bench: BonusBench) {
  const read = async (options = {}) => (await bench.api.call<ShownPhases>('GET', `${HOUSE_PATH}/phases`, options)).body;
  const phase = async (id: string) => (await read()).items.find((one) => one.id === id)!;
  const act = (id: string, action: string, body: object = {}, options = {}) =>
    bench.api.call<ShownPhase>('POST', `${HOUSE_PATH}/phases/${id}/${action}`, { body, headers: phaseKey(), ...options });
  const approve = async (id: string, more: object = {}, options = {}) =>
    act(id, 'approve', { inputsVersion: (await phase(id)).inputsVersion, ...more }, options);
  return {
    read,
    phase,
    act,
    approve,
    unapprove: (id: string, options = {}) => act(id, 'unapprove', { reason: 'again' }, options),
    release: (body: object, options = {}) =>
      bench.api.call<ShownPhases>('POST', `${HOUSE_PATH}/release-reserve`, { body, headers: phaseKey(), ...options }),
    /** Approves several, one after the other, and lets everything follow. */
    approveAll: async (...ids: string[]) => {
      const answers = [];
      for (const id of ids) answers.push(await approve(id));
      await bench.settle();
      return answers;
    },
    proPay: async () =>
      (await bench.api.call<Record<string, unknown> & { inputsVersion: string; result: ShownPhase['result'] }>('GET', HOUSE_PATH))
        .body,
    items: async () =>
      (
        await bench.api.call<{ items: ShownItem[] }>('GET', '/v1/line-items', {
          query: { propayId: HOUSE, limit: '100' } as never,
        })
      ).body.items,
    statuses: async () => (await read()).items.map(({ status }) => status),
    pay: async (statementId: string) => {
      const answer = await bench.api.call('POST', `/v1/statements/${statementId}/pay`, {
        body: {
          payDate: addDays(statementId.split('.').at(-1)!, 11),
          accept: ['period-open', 'premium-incomplete'].map((code) => ({ code, reason: 'early' })),
        },
        headers: phaseKey(),
      });
      await bench.settle();
      return answer;
    },
  };
}

/** Turns phases on; all money to the crew. */
export const phasesOn = (bench: BonusBench, mode: PhaseMode, more: { rules?: readonly PhaseRule[]; pool?: object } = {}) =>
  bench.context((context) => ({
    ...context,
    phases: { mode, branches: {}, rules: more.rules ?? [] },
    pools: [{ ...POOL, crewBp: 10_000, crewLeadBp: 0, managerBp: 0, splitEnabled: false, ...more.pool }],
  }));

/** The published example: 10/8, 20/23 and 16/12 h at 30.00, three finished phases of one finished job. */
export async function seedHouse(bench: BonusBench, worker = 'ann'): Promise<void> {
  await putWorker(bench, worker, 300_000);
  await putJob(bench, 'house', { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z' });
  for (const [sequence, [name, budget, hours]] of (
    [
      ['dig', 10, 8],
      ['frame', 20, 23],
      ['trim', 16, 12],
    ] as const
  ).entries()) {
    await putVisit(bench, 'house', name, { status: 'completed', completedAt: '2026-03-08T20:00:00.000Z', sequence });
    await putBudget(bench, 'house', name, budget);
    await putTime(bench, { id: name, worker, job: 'house', visit: name, hours, date: `2026-03-0${sequence + 2}` });
  }
  await bench.settle();
}
