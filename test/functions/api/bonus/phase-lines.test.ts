import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { jobId } from '#test/support/bonus-world.ts';
import { dig, frame, HOUSE, phaseDesk, phasesOn, seedHouse, trim } from '#test/support/phase-world.ts';

/** What people are told of the phases behind a line (B-114, B-115, B-141), and what a phase would be with other inputs (B-6). */

let bench: BonusBench;
let desk: ReturnType<typeof phaseDesk>;
beforeEach(async () => {
  bench = await startBonusBench();
  desk = phaseDesk(bench);
});
afterEach(() => bench.stop());

/** The lines of a statement that are of phases: the week's premiums are beside them. */
const phaseLines = async (statementId: string | null) => {
  const { lines } = (
    await bench.api.call<{ lines: { phase: object | null; reserve?: object }[] }>('GET', `/v1/statements/${statementId}`)
  ).body;
  return lines.filter(({ phase }) => phase !== null);
};

describe('a line', () => {
  it('of a release tells what each phase had put by, what losses drew of it, what was released and what is held back', async () => {
    await phasesOn(bench, 'reserve');
    await seedHouse(bench);
    // 60.00 of the dig and 30.00 of the trim are drawn by the frame: 90.00 of 180.00 are left, and a half is released.
    await desk.approveAll(dig, trim, frame);
    const { lineItems } = (await desk.release({ releaseBp: 5_000 })).body;
    expect(lineItems!.map(({ amount }) => amount)).toEqual(['45.00']);
    await bench.settle();
    expect(await phaseLines(lineItems![0]!.statementId)).toMatchObject([
      {
        jobs: [{ id: jobId('house') }],
        phase: { id: 'reserve', name: null },
        reserve: [{ phaseId: trim, name: 'Visit trim', putIn: '120.00', drawn: '30.00', released: '45.00', heldBack: '45.00' }],
      },
    ]);
  });

  it('of a phase that is paid on its own tells of no reserve', async () => {
    await phasesOn(bench, 'independent');
    await seedHouse(bench);
    const { lineItems } = (await desk.approve(dig)).body;
    await bench.settle();
    const [line] = await phaseLines(lineItems[0]!.statementId);
    expect(line).toMatchObject({ phase: { id: dig, name: 'Visit dig' }, approved: { savings: '60.00' } });
    expect(line).not.toHaveProperty('reserve');
  });
});

describe('a what-if', () => {
  it('is of one phase, open or approved; a phased ProPay has no calculation of its own', async () => {
    await phasesOn(bench, 'independent');
    await seedHouse(bench);
    const preview = (body: object) => bench.api.call('POST', '/v1/propays/preview', { body });
    expect(await preview({ propayId: HOUSE })).toMatchObject({ status: 409, body: { code: 'phased' } });
    expect((await preview({ propayId: HOUSE, phaseId: 'nothing' })).status).toBe(404);
    const overlay = { splitEnabled: true, splitBp: 5_000 };
    const half = { status: 200, body: { base: { workerShare: '60.00' }, result: { workerShare: '30.00' } } };
    expect(await preview({ propayId: HOUSE, phaseId: dig, overlay })).toMatchObject(half);
    await desk.approveAll(dig);
    expect(await preview({ propayId: HOUSE, phaseId: dig, overlay })).toMatchObject(half);
    expect((await desk.phase(dig)).stages.approved).toBe('60.00');
  });
});
