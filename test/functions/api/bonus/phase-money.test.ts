import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startBonusBench } from '#test/support/bonus-bench.ts';
import { putTime } from '#test/support/bonus-world.ts';
import { dig, frame, HOUSE_PATH, phaseDesk, phaseKey, phasesOn, seedHouse, trim } from '#test/support/phase-world.ts';

/** Whatever people do with the phases of a ProPay and in whatever order, no cent comes from nowhere or gets lost (B-112 to B-116, B-97). */

const PHASES = [dig, frame, trim];
const HOURS = { [dig]: ['dig', 2], [frame]: ['frame', 3], [trim]: ['trim', 4] } as const;
const centsOf = (text: string) => Number(text.replace('.', ''));

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('approve' as const), phase: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom('unapprove' as const, 'exclude', 'include'), phase: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('release' as const), releaseBp: fc.constantFrom(3_333, 5_000, 10_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('hours' as const), phase: fc.nat(2), hours: fc.integer({ min: 6, max: 24 }) }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('decide' as const), verdict: fc.constantFrom('accept', 'dismiss') }) },
);

it.each(['independent', 'reserve'] as const)(
  'money of %s phases is conserved over any sequence of commands',
  async (mode) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
        const bench = await startBonusBench();
        try {
          await phasesOn(bench, mode);
          await seedHouse(bench);
          const desk = phaseDesk(bench);
          for (const one of steps) {
            if (one.act === 'hours') {
              const [name, day] = HOURS[PHASES[one.phase]!]!;
              const date = `2026-03-0${day}`;
              await putTime(bench, { id: name, worker: 'ann', job: 'house', visit: name, hours: one.hours, date });
            } else if (one.act === 'release') await desk.release({ releaseBp: one.releaseBp });
            else if (one.act === 'approve') await desk.approve(PHASES[one.phase]!);
            else if (one.act === 'decide') {
              const path = `${HOUSE_PATH}/source-changes`;
              const { inputsVersion } = (await bench.api.call<{ inputsVersion: string }>('GET', path)).body;
              await bench.api.call('POST', `${path}/${one.verdict}`, {
                body: { inputsVersion, reason: 'seen' },
                headers: phaseKey(),
              });
            } else await desk.act(PHASES[one.phase]!, one.act, { reason: 'because' });
            await bench.settle();
            const { reserve, items } = await desk.read();
            const moved = (reserve?.movements ?? [])
              .flatMap(({ byWorker }) => byWorker)
              .reduce((sum, { amount }) => sum + centsOf(amount), 0);
            const held = reserve === null ? 0 : centsOf(reserve.total);
            expect(held).toBe(moved);
            expect(held).toBeGreaterThanOrEqual(0);
            const standing = (await desk.items()).filter(
              ({ source, status }) => source.propayId !== undefined && status !== 'Voided',
            );
            const paidOut = standing.reduce((sum, { amount }) => sum + centsOf(amount), 0);
            const shown = items.reduce((sum, { stages }) => sum + centsOf(stages.approved) + centsOf(stages.paid), 0);
            expect(shown).toBe(paidOut);
            expect(items.reduce((sum, { stages }) => sum + centsOf(stages.reserve), 0)).toBe(held);
          }
        } finally {
          await bench.stop();
        }
      }),
      { numRuns: 8, seed: 115 },
    );
  },
  120_000,
);
