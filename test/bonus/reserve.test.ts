import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  balancesOf,
  lotsOf,
  reserveByWorker,
  sharesOfApproval,
  sharesOfRelease,
  sharesOfUnapproval,
  totalOf,
} from '#bonus/phased/reserve.ts';
import type { ReserveMovement, ReserveShare } from '#model/reserve.ts';
import { SEED } from './arbitraries.ts';

const AT = '2026-03-10T12:00:00.000Z';
const move = (
  kind: ReserveMovement['kind'],
  phaseId: string | null,
  shares: readonly ReserveShare[],
  n = 1,
): ReserveMovement => ({
  ...{ kind, phaseId, n, shares, lineItemIds: [], by: 'me', at: AT },
});
const gain = (...payouts: readonly (readonly [string, number])[]) => ({
  savingsCents: 1,
  workerShareCents: 1,
  payouts: payouts.map(([workerId, cents]) => ({ workerId, role: 'crew' as const, cents })),
});
const loss = (cents: number) => ({ savingsCents: 0 - 2 * cents, workerShareCents: 0 - cents, payouts: [] });
const approve = (movements: readonly ReserveMovement[], phaseId: string, figures: ReturnType<typeof gain>, n = 1) => [
  ...movements,
  move('approval', phaseId, sharesOfApproval(movements, figures), n),
];

describe('a reserve (B-114, B-115)', () => {
  test('fills, is drawn down to nothing and never below, and fills again: 60.00, 0, 120.00', () => {
    let movements = approve([], 'F1', gain(['A', 6_000]));
    expect(totalOf(movements)).toBe(6_000);
    movements = approve(movements, 'F2', loss(9_000));
    expect(totalOf(movements)).toBe(0);
    movements = approve(movements, 'F3', gain(['A', 12_000]));
    expect(reserveByWorker(movements)).toEqual([{ workerId: 'A', cents: 12_000 }]);
  });

  test('releases one percentage of every balance or the person’s own, to the cent, in the roles it is held in', () => {
    const movements = [
      move('approval', 'F1', [
        { workerId: 'A', role: 'crew', cents: 8_001 },
        { workerId: 'A', role: 'crew_lead', cents: 4_000 },
        { workerId: 'B', role: 'crew', cents: 4_000 },
      ]),
    ];
    const released = sharesOfRelease(movements, 5_000, new Map([['B', 10_000]]));
    expect(released).toEqual([
      { workerId: 'A', role: 'crew', cents: 4_001 },
      { workerId: 'A', role: 'crew_lead', cents: 2_000 },
      { workerId: 'B', role: 'crew', cents: 4_000 },
    ]);
    const after = [
      ...movements,
      move(
        'release',
        null,
        released.map((one) => ({ ...one, cents: 0 - one.cents })),
      ),
    ];
    expect(reserveByWorker(after)).toEqual([
      { workerId: 'A', cents: 6_000 },
      { workerId: 'B', cents: 0 },
    ]);
    expect(() => sharesOfRelease(movements, 1, new Map([['C', 1]]))).toThrow('unknown-reference');
  });

  test('an approval can be taken back until something of what it put in has gone, oldest first', () => {
    let movements = approve([], 'F1', gain(['A', 6_000]));
    movements = approve(movements, 'F2', gain(['A', 4_000]));
    movements = approve(movements, 'F3', loss(1_000));
    expect(() => sharesOfUnapproval(movements, 'F1', 1)).toThrow('partly-paid');
    expect(sharesOfUnapproval(movements, 'F2', 1)).toEqual([{ workerId: 'A', role: 'crew', cents: -4_000 }]);
    // The loss goes back, and the first phase is whole again.
    const back = sharesOfUnapproval(movements, 'F3', 1);
    expect(back).toEqual([{ workerId: 'A', role: 'crew', cents: 1_000 }]);
    movements = [...movements, move('unapproval', 'F3', back)];
    expect(lotsOf(movements).map(({ left }) => left)).toEqual([6_000, 4_000]);
    movements = [...movements, move('unapproval', 'F1', sharesOfUnapproval(movements, 'F1', 1))];
    expect(totalOf(movements)).toBe(4_000);
    // Approved anew, it is another approval.
    expect(totalOf(approve(movements, 'F1', gain(['A', 500]), 2))).toBe(4_500);
  });

  test('no cent is lost, whatever is approved, drawn, taken back and released', () => {
    const figures = fc.oneof(
      fc
        .array(fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.integer({ min: 1, max: 90_000 })), { maxLength: 3 })
        .map((list) => gain(...list)),
      fc.nat(60_000).map(loss),
    );
    const step = fc.oneof(
      figures.map((one) => ({ approve: one })),
      fc.nat(10_000).map((bp) => ({ release: bp })),
      fc.nat(5).map((phase) => ({ undo: phase })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let movements: readonly ReserveMovement[] = [];
        let releasedCents = 0;
        for (const [at, one] of steps.entries()) {
          if ('approve' in one) movements = approve(movements, `F${at}`, one.approve);
          else if ('release' in one) {
            const paid = sharesOfRelease(movements, one.release, new Map());
            releasedCents += paid.reduce((sum, { cents }) => sum + cents, 0);
            movements = [
              ...movements,
              move(
                'release',
                null,
                paid.map((share) => ({ ...share, cents: 0 - share.cents })),
                at,
              ),
            ];
          } else {
            const made = movements.filter(({ kind }) => kind === 'approval')[one.undo];
            if (made === undefined || movements.some((m) => m.kind === 'unapproval' && m.phaseId === made.phaseId)) continue;
            try {
              const back = sharesOfUnapproval(movements, made.phaseId!, 1);
              movements = [...movements, move('unapproval', made.phaseId, back)];
            } catch (error) {
              expect(String(error)).toContain('partly-paid');
            }
          }
          for (const { cents } of balancesOf(movements)) expect(cents).toBeGreaterThan(0);
          const lots = lotsOf(movements);
          expect(lots.reduce((sum, { left }) => sum + left, 0)).toBe(totalOf(movements));
          for (const { cents, left, drawn, released } of lots)
            expect(left + drawn + [...released.values()].reduce((sum, part) => sum + part, 0)).toBe(cents);
          expect(lots.reduce((sum, { released }) => sum + [...released.values()].reduce((all, part) => all + part, 0), 0)).toBe(
            releasedCents,
          );
        }
      }),
      { numRuns: 400, seed: SEED },
    );
  });
});
