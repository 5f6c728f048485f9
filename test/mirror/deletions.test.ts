import { describe, expect, it } from 'vitest';
import { addSeconds } from '#kernel/instant.ts';
import { type DeletionInput, decideDeletions } from '#mirror/deletions.ts';

const NOW = '2026-03-20T20:00:00.000Z';
const ids = (count: number, prefix = 'r') => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

function input(live: number, missing: readonly string[], more: Partial<DeletionInput> = {}): DeletionInput {
  return {
    liveIds: ids(live),
    missingIds: missing,
    rowsListed: live - missing.length,
    earlier: [],
    applied: [],
    now: NOW,
    runId: 'R2',
    cycleMinutes: 20,
    ...more,
  };
}
const missedBefore = (missed: readonly string[], seconds = 1_200) => [
  { at: addSeconds(NOW, -seconds), runId: 'R1', ids: missed },
];

describe('what a complete listing proves (M-102, M-103)', () => {
  it('remembers a first miss and deletes nothing', () => {
    expect(decideDeletions(input(20, ['r1']))).toEqual({ due: [], hold: null, missed: [{ at: NOW, runId: 'R2', ids: ['r1'] }] });
  });

  it('takes two observations at least one cycle apart', () => {
    expect(decideDeletions(input(20, ['r1'], { earlier: missedBefore(['r1'], 1_199) })).due).toEqual([]);
    expect(decideDeletions(input(20, ['r1'], { earlier: missedBefore(['r1']) }))).toEqual({
      due: ['r1'],
      hold: null,
      missed: [],
    });
  });

  it('forgets the miss of a record that was seen again', () => {
    expect(decideDeletions(input(20, [], { earlier: missedBefore(['r1']) }))).toEqual({ due: [], hold: null, missed: [] });
  });

  it.each([
    [20, 3, [], 3],
    [20, 4, [], 'held'],
    [2, 2, [], 2],
    [20, 3, [{ at: addSeconds(NOW, -3_600), count: 3, liveBefore: 20 }], 'held'],
    [20, 3, [{ at: addSeconds(NOW, -86_400), count: 3, liveBefore: 20 }], 3],
    [100_000, 500, [], 500],
    [100_000, 501, [], 'held'],
  ] as const)('of %i live records %i vanish (A-28)', (live, count, applied, expected) => {
    const missing = ids(count);
    const decision = decideDeletions(
      input(live, missing, { earlier: missedBefore(missing), applied, rowsListed: Math.max(1, live - count) }),
    );
    if (expected === 'held') {
      expect(decision.due).toEqual([]);
      expect(decision.hold).toMatchObject({ cause: 'bound_exceeded', ids: [...missing].sort() });
    } else expect(decision.due).toHaveLength(expected);
  });

  it('holds an empty listing at once where more than two were live (M-104)', () => {
    const decision = decideDeletions(input(3, ids(3), { rowsListed: 0 }));
    expect(decision).toMatchObject({ due: [], hold: { cause: 'empty_listing', ids: ['r0', 'r1', 'r2'] } });
  });
});
