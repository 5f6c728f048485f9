import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { putTime, putWorker, workerId } from '#test/support/bonus-world.ts';
import { dig, frame, HOUSE_PATH, phaseDesk, phaseKey, phasesOn, seedHouse, trim } from '#test/support/phase-world.ts';

/** Where each payout of a phase and each movement of a reserve came from (B-5, B-113 to B-115). */

let bench: BonusBench;
let desk: ReturnType<typeof phaseDesk>;
beforeEach(async () => {
  bench = await startBonusBench();
  desk = phaseDesk(bench);
});
afterEach(() => bench.stop());

interface Worker {
  readonly workerId: string;
  readonly amount: string;
  readonly leaves: readonly { readonly entity: string; readonly sourceId: string | null; readonly amount: string }[];
}
interface Explained {
  readonly replay: string | null;
  readonly nodes: readonly {
    readonly id: string;
    readonly value: unknown;
    readonly inputs: readonly { readonly node?: string }[];
  }[];
  readonly workers: readonly Worker[];
  readonly adjustments: readonly { readonly workerId: string; readonly amount: string; readonly node: string }[];
  readonly phases: readonly {
    readonly phaseId: string;
    readonly approval: number | null;
    readonly basis: string;
    readonly replay: string | null;
    readonly workers: readonly Worker[];
  }[];
  readonly reserve:
    | null
    | readonly {
        readonly kind: string;
        readonly phaseId: string | null;
        readonly lineItemIds: readonly string[];
        readonly byWorker: readonly {
          readonly workerId: string;
          readonly amount: string;
          readonly node: string;
          readonly from: readonly { readonly phaseId: string; readonly amount: string }[];
        }[];
      }[];
}

const [ann, bob] = [workerId('ann'), workerId('bob')];
const centsOf = (text: string) => Number(text.replace('.', ''));
const sum = (texts: readonly string[]) => texts.reduce((total, text) => total + centsOf(text), 0);
const explain = (options = {}) => bench.api.call<Explained>('GET', `${HOUSE_PATH}/explain`, options);

/** Every step rests on steps that are there; every payout is the sum of its records; every share of a movement is its step's value. */
async function explained(options = {}): Promise<Explained> {
  const { status, body } = await explain(options);
  expect(status).toBe(200);
  const values = new Map(body.nodes.map(({ id, value }) => [id, value]));
  for (const { id, inputs } of body.nodes)
    for (const { node } of inputs) if (node !== undefined) expect(values.has(node), `${id} rests on ${node}`).toBe(true);
  for (const { amount, leaves } of [...body.workers, ...body.phases.flatMap(({ workers }) => workers)])
    expect(sum(leaves.map((leaf) => leaf.amount))).toBe(centsOf(amount));
  for (const { byWorker } of body.reserve ?? [])
    for (const { node, amount } of byWorker) if (values.size > 0) expect(values.get(node)).toBe(centsOf(amount));
  return body;
}

describe('phases paid one by one', () => {
  beforeEach(async () => {
    await phasesOn(bench, 'independent');
    await seedHouse(bench);
  });

  it('are explained phase by phase, from their approvals or as they are now', async () => {
    await desk.approveAll(dig);
    const { phases, workers, reserve, replay } = await explained();
    expect(reserve).toBeNull();
    expect(replay).toBe('same');
    expect(phases.map(({ phaseId, approval, basis, replay: same }) => [phaseId, approval, basis, same])).toEqual([
      [dig, 1, 'final', 'same'],
      [frame, null, 'final', null],
      [trim, null, 'final', null],
    ]);
    expect(phases.map((one) => one.workers.map(({ amount, leaves }) => [amount, leaves.length]))).toEqual([
      [['60.00', 1]],
      [],
      [['120.00', 1]],
    ]);
    expect(workers).toMatchObject([{ workerId: ann, amount: '180.00' }]);
  });

  it('one is explained alone, and by an approval that was taken back', async () => {
    await desk.approveAll(dig);
    await desk.unapprove(dig);
    await bench.settle();
    const { phases } = await explained({ query: { phaseId: dig, approval: '1' } });
    expect(phases).toMatchObject([{ phaseId: dig, approval: 1, replay: 'same', workers: [{ amount: '60.00' }] }]);
    expect((await explained({ query: { phaseId: dig } })).phases).toMatchObject([{ approval: null, basis: 'final' }]);
    expect((await explain({ query: { phaseId: dig, approval: '2' } })).status).toBe(404);
    expect((await explain({ query: { phaseId: 'nothing' } })).status).toBe(404);
    expect((await explain({ query: { approval: '1' } })).status).toBe(404);
  });

  it('with what was accepted later', async () => {
    await desk.approveAll(dig);
    await putTime(bench, { id: 'dig', worker: 'ann', job: 'house', visit: 'dig', hours: 7, date: '2026-03-02' });
    await bench.settle();
    const changes = await bench.api.call<{ inputsVersion: string }>('GET', `${HOUSE_PATH}/source-changes`);
    const accepted = await bench.api.call('POST', `${HOUSE_PATH}/source-changes/accept`, {
      body: { inputsVersion: changes.body.inputsVersion, reason: 'confirmed' },
      headers: phaseKey(),
    });
    expect(accepted.status).toBe(200);
    const { adjustments, nodes } = await explained();
    expect(adjustments).toMatchObject([{ workerId: ann, amount: '30.00' }]);
    expect(nodes.map(({ id }) => id)).toContain(adjustments[0]!.node);
  });
});

describe('a reserve', () => {
  beforeEach(async () => {
    await phasesOn(bench, 'reserve');
    await seedHouse(bench);
  });

  it('leads from what was released back to the phases that put it in', async () => {
    await desk.approveAll(dig, frame, trim);
    const { body } = await desk.release({ releaseBp: 5_000 });
    const { reserve, phases } = await explained();
    expect(phases.map(({ replay }) => replay)).toEqual(['same', 'same', 'same']);
    expect(reserve!.map(({ kind, phaseId, byWorker }) => [kind, phaseId, byWorker.map(({ amount }) => amount)])).toEqual([
      ['approval', dig, ['60.00']],
      ['approval', frame, ['-60.00']],
      ['approval', trim, ['120.00']],
      ['release', null, ['-60.00']],
    ]);
    const released = reserve!.at(-1)!;
    expect(released.lineItemIds).toEqual(body.lineItems!.map(({ id }) => id));
    expect(released.byWorker[0]!.from).toEqual([{ phaseId: trim, amount: '60.00' }]);
  });

  it('tells no more of what an approval did once it was taken back', async () => {
    await desk.approveAll(dig, frame);
    await desk.unapprove(frame);
    expect((await explained()).reserve!.map(({ phaseId, kind }) => [phaseId, kind])).toEqual([[dig, 'approval']]);
  });

  it('tells a worker of the own part alone', async () => {
    await putWorker(bench, 'bob', 300_000);
    await putTime(bench, { id: 'dig-bob', worker: 'bob', job: 'house', visit: 'dig', hours: 1, date: '2026-03-02' });
    await bench.settle();
    await desk.approveAll(dig);
    const { body } = await desk.release({ releaseBp: 10_000 });
    expect(new Set(body.lineItems!.map((item) => item.workerId))).toEqual(new Set([ann, bob]));
    const own = await explained({ tokenId: await bench.api.grant('worker', { workerId: bob }) });
    const told = [own.workers, own.phases.flatMap(({ workers }) => workers), own.reserve!.flatMap(({ byWorker }) => byWorker)];
    for (const one of told) expect(new Set(one.map((each) => each.workerId))).toEqual(new Set([bob]));
    expect(own.reserve!.flatMap(({ lineItemIds }) => lineItemIds)).toHaveLength(1);
    expect(own.nodes).toEqual([]);
  });
});
