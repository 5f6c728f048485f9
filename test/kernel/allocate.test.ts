import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocate, allocateAmounts, type Weight } from '#kernel/allocate.ts';
import { Refusal } from '#kernel/errors.ts';
import { add, compare, fraction, sum } from '#kernel/fraction.ts';
import { compareCodePoints } from '#kernel/ids.ts';
import './fixed-seed.ts';

/** The allocator as the rule words it, in big integers and without any short cut. */
function allocateByTheBook(amount: bigint, weights: readonly { id: string; weight: bigint }[]): bigint[] {
  const total = weights.reduce((so, { weight }) => so + weight, 0n);
  const magnitude = amount < 0n ? -amount : amount;
  const shares = weights.map(({ weight }) => (magnitude * weight) / total);
  let left = magnitude - shares.reduce((so, share) => so + share, 0n);
  const order = weights
    .map(({ id, weight }, index) => ({ id, index, remainder: (magnitude * weight) % total }))
    .sort((a, b) => (a.remainder === b.remainder ? compareCodePoints(a.id, b.id) : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of order) {
    if (left === 0n) break;
    shares[index]! += 1n;
    left -= 1n;
  }
  return amount < 0n ? shares.map((share) => -share) : shares;
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'nothing was refused';
}

const equal = (...ids: string[]): Weight[] => ids.map((id) => ({ id, weight: 1 }));

describe('the published cases of B-3', () => {
  test.each([
    {
      name: 'thirds give the odd cent to the lowest id',
      amount: 10000,
      weights: equal('A', 'B', 'C'),
      shares: [3334, 3333, 3333],
    },
    { name: 'a negative amount mirrors it', amount: -10000, weights: equal('A', 'B', 'C'), shares: [-3334, -3333, -3333] },
    {
      name: 'a zero weight gets zero, never a leftover cent',
      amount: 101,
      weights: [
        { id: 'A', weight: 1 },
        { id: 'B', weight: 0 },
        { id: 'C', weight: 1 },
      ],
      shares: [51, 0, 50],
    },
    {
      name: 'ties go by id while the output keeps the input order',
      amount: 200,
      weights: equal('C', 'B', 'A'),
      shares: [66, 67, 67],
    },
  ])('$name', ({ amount, weights, shares }) => {
    expect(allocateAmounts(amount, weights)).toEqual(shares);
    expect(allocate(amount, weights).map((share) => share.amount)).toEqual(shares);
    expect(allocate(amount, weights).map((share) => share.id)).toEqual(weights.map(({ id }) => id));
  });

  test.each([
    { weight: -1, code: 'invalid-weight' },
    { weight: 0.5, code: 'invalid-weight' },
    { weight: Number.NaN, code: 'invalid-weight' },
    { weight: 2 ** 53, code: 'invalid-weight' },
    { weight: -1n, code: 'invalid-weight' },
    { weight: 0, code: 'no-weight' },
    { weight: 0n, code: 'no-weight' },
  ])('refuses weight $weight as $code', ({ weight, code }) => {
    expect(codeOf(() => allocate(100, [{ id: 'A', weight }]))).toBe(code);
    expect(codeOf(() => allocateAmounts(100, [{ id: 'A', weight }]))).toBe(code);
  });

  test('refuses an id given twice, in short and in long lists', () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ id: `w${index % 39}`, weight: 1 }));
    expect(codeOf(() => allocate(100, equal('A', 'B', 'A')))).toBe('duplicate-id');
    expect(codeOf(() => allocateAmounts(100, many))).toBe('duplicate-id');
  });

  test('refuses an amount that is no integer', () => {
    expect(codeOf(() => allocateAmounts(0.5, equal('A')))).toBe('invalid-number');
    expect(codeOf(() => allocate(Number.NaN, equal('A')))).toBe('invalid-number');
    expect(codeOf(() => allocate(2 ** 53, equal('A')))).toBe('invalid-number');
  });

  test('divides nothing into zeros even without weight, and nobody into an empty list', () => {
    expect(allocateAmounts(0, [{ id: 'A', weight: 0 }])).toEqual([0]);
    expect(allocate(-0, equal('A', 'B')).map(({ amount }) => Object.is(amount, 0))).toEqual([true, true]);
    expect(allocateAmounts(0, [])).toEqual([]);
    expect(codeOf(() => allocateAmounts(1, []))).toBe('no-weight');
  });

  test('states the residue of each share as given less exact', () => {
    expect(allocate(100, equal('A', 'B', 'C')).map(({ residue }) => residue)).toEqual([
      fraction(2, 3),
      fraction(-1, 3),
      fraction(-1, 3),
    ]);
  });

  test('breaks ties in code-point order where UTF-16 order differs', () => {
    // U+FB01 comes before U+1F600 by code point, after it by UTF-16 unit.
    expect(allocateAmounts(1, equal('\u{1F600}', '\uFB01'))).toEqual([0, 1]);
  });

  test('never returns minus zero', () => {
    const shares = allocateAmounts(-1, [
      { id: 'A', weight: 1 },
      { id: 'B', weight: 1 },
      { id: 'C', weight: 0 },
    ]);
    expect(shares.map((share) => Object.is(share, -0))).toEqual([false, false, false]);
  });
});

const idArbitrary = fc.string({ unit: 'binary', maxLength: 6 });
const weightArbitrary = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 5 }),
  fc.nat(),
  fc.maxSafeNat(),
  fc.bigInt({ min: 0n, max: 10n ** 40n }),
);
const amountArbitrary = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: -1_000_000, max: 1_000_000 }),
  fc.maxSafeInteger(),
);
const weightsArbitrary = fc
  .uniqueArray(fc.record({ id: idArbitrary, weight: weightArbitrary }), { minLength: 1, maxLength: 30, selector: ({ id }) => id })
  .filter((weights) => weights.some(({ weight }) => weight > 0));

describe('allocation in general (B-3)', () => {
  test('gives what the rule gives, number for number', () => {
    fc.assert(
      fc.property(amountArbitrary, weightsArbitrary, (amount, weights) => {
        const book = allocateByTheBook(
          BigInt(amount),
          weights.map(({ id, weight }) => ({ id, weight: BigInt(weight) })),
        );
        expect(allocateAmounts(amount, weights).map(BigInt)).toEqual(book);
      }),
      { numRuns: 1000 },
    );
  });

  test('shares add up to the amount and carry no wrong sign', () => {
    fc.assert(
      fc.property(amountArbitrary, weightsArbitrary, (amount, weights) => {
        const shares = allocateAmounts(amount, weights);
        expect(shares.reduce((so, share) => so + BigInt(share), 0n)).toBe(BigInt(amount));
        for (const share of shares) expect(share === 0 || Math.sign(share) === Math.sign(amount)).toBe(true);
      }),
    );
  });

  test('weight 0 gets 0', () => {
    fc.assert(
      fc.property(amountArbitrary, weightsArbitrary, (amount, weights) => {
        const shares = allocateAmounts(amount, weights);
        weights.forEach(({ weight }, index) => {
          if (weight === 0 || weight === 0n) expect(shares[index]).toBe(0);
        });
      }),
    );
  });

  test('the opposite amount gives the opposite shares', () => {
    fc.assert(
      fc.property(amountArbitrary, weightsArbitrary, (amount, weights) => {
        const mirrored = allocateAmounts(-amount, weights).map((share) => 0 - share);
        expect(mirrored).toEqual(allocateAmounts(amount, weights));
      }),
    );
  });

  test('the order of the receivers changes nobody’s share', () => {
    const shuffled = weightsArbitrary.chain((weights) =>
      fc.tuple(fc.constant(weights), fc.shuffledSubarray(weights, { minLength: weights.length })),
    );
    fc.assert(
      fc.property(amountArbitrary, shuffled, (amount, [weights, other]) => {
        const byId = (list: readonly Weight[]) => new Map(allocate(amount, list).map((share) => [share.id, share] as const));
        expect(byId(other)).toEqual(byId(weights));
      }),
    );
  });

  test('a common factor changes nothing, which also makes the number path equal the big-integer path', () => {
    const factors = fc.constantFrom(1n, 2n, 7n, 10n ** 18n, 10n ** 60n);
    fc.assert(
      fc.property(amountArbitrary, weightsArbitrary, factors, (amount, weights, factor) => {
        const scaled = weights.map(({ id, weight }) => ({ id, weight: BigInt(weight) * factor }));
        expect(allocateAmounts(amount, scaled)).toEqual(allocateAmounts(amount, weights));
      }),
      { numRuns: 500 },
    );
  });

  test('agrees with the rule where amount times total weight crosses 2^53', () => {
    const near = fc.tuple(fc.integer({ min: 2, max: 2 ** 26 }), fc.integer({ min: -3, max: 3 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(near, ([amount, off, parts]) => {
        const total = Math.floor(Number.MAX_SAFE_INTEGER / amount) + off;
        const weights = Array.from({ length: parts }, (_, index) => ({
          id: `w${index}`,
          weight: Math.floor(total / parts) + index,
        }));
        const book = allocateByTheBook(
          BigInt(amount),
          weights.map(({ id, weight }) => ({ id, weight: BigInt(weight) })),
        );
        expect(allocateAmounts(amount, weights).map(BigInt)).toEqual(book);
      }),
      { numRuns: 500 },
    );
  });

  test('no share is off by a whole unit, and the residues cancel out', () => {
    fc.assert(
      fc.property(amountArbitrary, weightsArbitrary, (amount, weights) => {
        const shares = allocate(amount, weights);
        const total = weights.reduce((so, { weight }) => so + BigInt(weight), 0n);
        shares.forEach(({ amount: share, residue }, index) => {
          const exact = fraction(BigInt(amount) * BigInt(weights[index]!.weight), total);
          expect(add(exact, residue)).toEqual(fraction(share));
          expect(compare(residue, fraction(1))).toBe(-1);
          expect(compare(residue, fraction(-1))).toBe(1);
        });
        expect(sum(shares.map(({ residue }) => residue))).toEqual(fraction(0));
      }),
    );
  });
});
