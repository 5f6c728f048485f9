import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AppliedNow, uncollectedOf, withApplied } from '#bonus/applied-callbacks.ts';
import { afterVoid, decideDifference, nextDifference, standingOf } from '#bonus/commands/source-change.ts';
import { decidePhasedDifference } from '#bonus/phased/source-change.ts';
import { beyondBaseline } from '#bonus/settled.ts';
import { differenceBetween } from '#bonus/source-change.ts';
import type { RoleDifference, SourceDifference } from '#model/difference.ts';
import type { LineItem } from '#model/pay.ts';
import type { Phase } from '#model/phase.ts';
import { SEED } from './arbitraries.ts';

/** What accepted differences book (B-96, B-97, decision 022): toward what the accepted figures say, never beyond, never twice. */

const OF = { proPayId: 'P', approval: 1, branchId: null, seenAt: '2026-03-10T12:00:00.000Z' };
const crew = (workerId: string, differenceCents: number): RoleDifference => ({ workerId, role: 'crew', differenceCents });
const itemOf = (workerId: string, amountCents: number, category: LineItem['category'] = 'propay') =>
  ({
    ...{ workerId, amountCents, category, role: 'crew', type: amountCents > 0 ? 'bonus' : 'deduction', events: [] },
    source: { kind: category === 'adjustment' ? 'adjustment' : 'propay', proPayId: 'P', approval: 1 },
  }) as unknown as LineItem;
const voided = (item: LineItem): LineItem => ({ ...item, events: [{ type: 'void' }] as unknown as LineItem['events'] });

describe('the baseline', () => {
  const baseline = (decided: number, booked: number, uncollected = 0) => ({
    settled: { byWorker: [crew('A', decided)], booked: [crew('A', booked)] },
    uncollected: [crew('A', uncollected)],
  });
  const beyond = (figure: number, ...of: [number, number, number?]) =>
    beyondBaseline([crew('A', figure)], baseline(...of))[0]?.differenceCents ?? 0;

  test('is the decided figure where all of it was booked, and a band down to it where less was', () => {
    expect([-80, -50, -30, 0, 20].map((figure) => beyond(figure, -50, -50))).toEqual([-30, 0, 20, 50, 70]);
    expect([-80, -50, -30, 0, 20].map((figure) => beyond(figure, -50, 0))).toEqual([-30, 0, 0, 0, 20]);
    expect([-80, -50, -30, 0, 20].map((figure) => beyond(figure, -50, -20))).toEqual([-30, 0, 0, 20, 40]);
    // A raise whose item was voided is neither asked back nor given again.
    expect([-10, 0, 30, 50, 60].map((figure) => beyond(figure, 50, 0))).toEqual([-10, 0, 0, 0, 10]);
  });

  test('counts what callbacks could not collect: 75.00 to take, nothing left to take it from', () => {
    expect([-20, 0, 50, 75, 100].map((figure) => beyond(figure, 0, 0, 75))).toEqual([-20, 0, 0, 0, 25]);
  });
});

interface Charged {
  now: number;
  attributed: number;
  collected: number;
  waived: number;
}
/** A callback as the reading of an approval's sources meets it. */
const appliedNow = (workerId: string, { now, attributed, collected, waived }: Charged): AppliedNow => ({
  ...{ secondsDifference: 0, seen: '' },
  parts: [
    { workerId, role: 'crew', differenceCents: attributed, fromReserveCents: 0, deductionCents: collected, waivedCents: waived },
  ],
  fall: {
    ...{ outcome: 'applies', approvedSavingsCents: 0, recomputedSavingsCents: 0, differenceCents: now },
    byWorker: [{ workerId, role: 'crew', differenceCents: now, fromReserveCents: 0, deductionCents: now }],
  },
});
const NOTHING = differenceBetween({ actualSeconds: 0, payouts: [] }, { actualSeconds: 0, payouts: [] });

interface World {
  readonly approved: readonly LineItem[];
  readonly items: LineItem[];
  known: SourceDifference | null;
  /** What the sources say against what was approved, callbacks apart. */
  readonly figures: Map<string, number>;
  /** What callbacks would take now, were to take, and took. */
  readonly callbacks: Map<string, Charged>;
  readonly dismissed: Map<string, number>;
}

const WORKERS = ['A', 'B'];
const worker = fc.constantFrom(...WORKERS);
const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ act: fc.constant('sources' as const), worker, cents: fc.integer({ min: -100, max: 120 }) }),
    },
    { weight: 2, arbitrary: fc.record({ act: fc.constant('sources' as const), worker, cents: fc.constant(0) }) },
    { weight: 5, arbitrary: fc.record({ act: fc.constantFrom('accept' as const, 'dismiss'), only: fc.option(worker) }) },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('void' as const), at: fc.nat(5) }) },
    {
      weight: 1,
      arbitrary: fc.record({ act: fc.constant('callback' as const), worker, cents: fc.nat(100), blocked: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ act: fc.constant('rework' as const), worker, cents: fc.nat(100) }) },
  ),
  { maxLength: 25 },
);
type Step = typeof steps extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

function newWorld(): World {
  const approved = [itemOf('A', 100), itemOf('B', 60)];
  return {
    ...{ approved, items: [...approved], known: null, figures: new Map(), dismissed: new Map() },
    callbacks: new Map(WORKERS.map((id) => [id, { now: 0, attributed: 0, collected: 0, waived: 0 }])),
  };
}

function read(world: World): void {
  const own = { ...NOTHING, byWorker: WORKERS.map((id) => crew(id, world.figures.get(id) ?? 0)) };
  const applied = WORKERS.map((id) => appliedNow(id, world.callbacks.get(id)!));
  const compared = applied.reduce<ReturnType<typeof withApplied>>(withApplied, own);
  const uncollected = uncollectedOf(applied);
  const inputsSeen = JSON.stringify([compared, uncollected]);
  world.known = nextDifference(world.known, { compared, uncollected, inputsSeen, causes: [], records: [], runId: null }, OF);
}

/** What callbacks cost a person: what they took and what they still had to take, more with later rework, less without it. */
function chargeOf({ now, attributed, collected, waived }: Charged): number {
  if (now < collected) return now;
  return Math.max(collected, Math.min(attributed, now) - waived) + Math.max(0, now - attributed);
}

/** What a person's items should come to by what people have accepted: never below zero. */
function due(world: World, id: string): number {
  const lost = world.items
    .slice(0, world.approved.length)
    .filter((item) => item.workerId === id && item.events.length > 0)
    .reduce((sum, { amountCents }) => sum + amountCents, 0);
  const approved = world.approved.filter((item) => item.workerId === id).reduce((sum, { amountCents }) => sum + amountCents, 0);
  const figure = (world.figures.get(id) ?? 0) - chargeOf(world.callbacks.get(id)!);
  return Math.max(0, approved - lost + figure - (world.dismissed.get(id) ?? 0));
}

function decide(world: World, verdict: 'accept' | 'dismiss', only: string | null): void {
  const { known } = world;
  if (known?.state !== 'Open') return;
  const people = known.byWorker.map(({ workerId }) => workerId);
  const workerIds = only === null || !people.includes(only) ? null : [only];
  const before = new Map(WORKERS.map((id) => [id, standingOf(world.items, id)]));
  const { next, decided, adjustments } = decideDifference(known, { verdict, workerIds }, world.items, true);
  world.known = { ...next, revision: next.revision + 1 };
  world.items.push(...adjustments.map(({ workerId, cents }) => itemOf(workerId, cents, 'adjustment')));
  for (const { workerId, differenceCents } of verdict === 'dismiss' ? decided : [])
    world.dismissed.set(workerId, (world.dismissed.get(workerId) ?? 0) + differenceCents);
  for (const id of WORKERS) {
    const [was, is, target] = [before.get(id)!, standingOf(world.items, id), due(world, id)];
    if (verdict === 'dismiss') expect(is).toBe(was);
    else if (was <= target) expect([was <= is, is <= target]).toEqual([true, true]);
    else expect([was >= is, is >= Math.min(was, target)]).toEqual([true, true]);
  }
}

function act(world: World, step: Step): void {
  if (step.act === 'sources') world.figures.set(step.worker, Math.max(step.cents, step.worker === 'A' ? -100 : -60));
  else if (step.act === 'rework') {
    const callback = world.callbacks.get(step.worker)!;
    if (callback.attributed > 0) callback.now = step.cents;
  } else if (step.act === 'callback') {
    const callback = world.callbacks.get(step.worker)!;
    if (callback.attributed > 0) return;
    const collected = step.blocked ? 0 : Math.max(0, Math.min(step.cents, standingOf(world.items, step.worker)));
    const waived = step.blocked ? step.cents : 0;
    Object.assign(callback, { now: step.cents, attributed: step.cents, collected, waived });
    if (collected > 0) world.items.push(itemOf(step.worker, 0 - collected, 'callback'));
  } else if (step.act === 'void') {
    const item = world.items[step.at];
    if (item === undefined || item.events.length > 0 || item.category === 'callback') return;
    world.items[step.at] = voided(item);
    if (world.known !== null) world.known = afterVoid(world.known, item);
  } else {
    decide(world, step.act, step.only);
    return;
  }
  read(world);
}

describe('accepted differences', () => {
  test('move a person’s items toward what the accepted figures say, and never beyond, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const world = newWorld();
        for (const step of list) act(world, step);
      }),
      { numRuns: 3_000, seed: SEED },
    );
  });

  test('without voids and callbacks items are at all times exactly what was accepted', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const world = newWorld();
        for (const step of list.filter((one) => one.act === 'sources' || one.act === 'accept')) {
          act(world, step);
          if (step.act !== 'accept' || world.known?.state !== 'Accepted') continue;
          for (const id of WORKERS) expect(standingOf(world.items, id)).toBe(due(world, id));
        }
      }),
      { numRuns: 1_000, seed: SEED },
    );
  });
});

describe('a phase whose reserve is empty', () => {
  const phase = { proPayId: 'P', id: 'F1', status: 'Approved', approval: { n: 1 } } as unknown as Phase;
  const compared = (cents: number) => ({
    ...differenceBetween({ actualSeconds: 0, payouts: [] }, { actualSeconds: 0, payouts: [] }),
    byWorker: cents === 0 ? [] : [crew('A', cents)],
  });

  test('loses nothing, and gets nothing back for it: 60.00 were drawn by another phase', () => {
    const put = {
      kind: 'approval' as const,
      phaseId: 'F1',
      n: 1,
      shares: [{ workerId: 'A', role: 'crew' as const, cents: 6_000 }],
    };
    const drawn = { ...put, phaseId: 'F2', shares: [{ workerId: 'A', role: 'crew' as const, cents: -6_000 }] };
    const read = (known: SourceDifference | null, cents: number) =>
      nextDifference(
        known,
        { compared: compared(cents), uncollected: [], inputsSeen: `${cents}`, causes: [], records: [], runId: null },
        {
          ...{ ...OF, proPayId: 'P.F1' },
        },
      )!;
    const lowered = read(null, -6_000);
    expect(lowered).toMatchObject({ state: 'Open', deltaCents: -6_000 });
    const on = { phases: [phase], movements: [put, drawn], items: [], deductionsAllowed: true };
    const whole = { ...lowered, proPayId: 'P', parts: [lowered] };
    const [decision] = decidePhasedDifference(whole, { verdict: 'accept', workerIds: null }, on);
    expect(decision).toMatchObject({ moved: [], adjustments: [], next: { state: 'Accepted', settled: { booked: [] } } });
    // Back to what was approved: nothing was taken, so nothing is put in again.
    expect(read(decision!.next, 0)).toMatchObject({ state: 'Accepted', deltaCents: 0, byWorker: [] });
    expect(read(decision!.next, 500)).toMatchObject({ state: 'Open', deltaCents: 500 });
    expect(read(decision!.next, -6_500)).toMatchObject({ state: 'Open', deltaCents: -500 });
  });
});
