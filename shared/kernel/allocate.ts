import { refuse } from './errors.ts';
import { type Fraction, fraction } from './fraction.ts';
import { compareCodePoints } from './ids.ts';

/** One receiver: a unique id, which breaks ties, and a non-negative integer weight. */
export type Weight = { readonly id: string; readonly weight: bigint | number };

/** One receiver's share. `residue` is the given amount less the exact one: above zero when a leftover unit was added. */
export type Share = { readonly id: string; readonly amount: number; readonly residue: Fraction };

const NONE: Fraction = fraction(0);

/** Up to this many receivers are put in order faster by insertion than by the engine's sort. */
const SMALL = 16;

/**
 * Divides an integer amount (cents or seconds) by weights, exactly, and says what each rounding gave or took (B-3). The shares keep
 * the input order and add up to the amount; the leftover units go to the largest remainders, ties to the lower id in code-point
 * order; a negative amount is the mirror image of the positive one; weight 0 gets 0.
 * Refuses `invalid-weight` (not an integer, or negative), `duplicate-id`, `no-weight` (amount but no weight at all) and
 * `invalid-number` (the amount is no safe integer).
 */
export function allocate(amount: number, weights: readonly Weight[]): Share[] {
  const amounts = allocateAmounts(amount, weights);
  let total = 0n;
  for (const item of weights) total += BigInt(item.weight);
  const whole = BigInt(amount);
  return weights.map(({ id, weight }, index) => {
    const given = amounts[index]!;
    return { id, amount: given, residue: total === 0n ? NONE : fraction(BigInt(given) * total - whole * BigInt(weight), total) };
  });
}

/** The shares of `allocate` as bare amounts in input order, for callers that keep no trace. Refuses the same inputs. */
export function allocateAmounts(amount: number, weights: readonly Weight[]): number[] {
  if (!Number.isSafeInteger(amount)) refuse('invalid-number', { field: 'amount', detail: 'must be an integer' });
  const small = smallWeights(weights);
  checkUniqueIds(weights);
  const magnitude = Math.abs(amount);
  if (magnitude === 0) return new Array<number>(weights.length).fill(0);
  let total = 0;
  if (small !== null) for (let index = 0; index < small.length; index += 1) total += small[index]!;
  // Doubles hold every product here exactly as long as amount · total stays a safe integer; beyond that big integers give the same.
  const shares =
    small !== null && magnitude * total <= Number.MAX_SAFE_INTEGER
      ? divideNumbers(magnitude, small, total, weights)
      : divideBigInts(magnitude, weights);
  if (amount < 0) for (let index = 0; index < shares.length; index += 1) shares[index] = 0 - shares[index]!;
  return shares;
}

/** The weights as numbers, checked; null when one of them needs a big integer. */
function smallWeights(weights: readonly Weight[]): number[] | null {
  const small = new Array<number>(weights.length);
  let fits = true;
  for (let index = 0; index < weights.length; index += 1) {
    const { id, weight } = weights[index]!;
    if (!(typeof weight === 'bigint' ? weight >= 0n : Number.isSafeInteger(weight) && weight >= 0)) {
      refuse('invalid-weight', { field: `weights[${index}].weight`, detail: 'must be an integer of at least 0', data: { id } });
    }
    const value = Number(weight);
    if (value > Number.MAX_SAFE_INTEGER) fits = false;
    small[index] = value;
  }
  return fits ? small : null;
}

function checkUniqueIds(weights: readonly Weight[]): void {
  if (areInOrder(weights)) return;
  const seen = new Set<string>();
  for (const { id } of weights) {
    if (seen.has(id)) refuse('duplicate-id', { field: 'weights', data: { id } });
    seen.add(id);
  }
}

/** Receivers mostly come in order of their ids, and then no two of them are equal. */
function areInOrder(weights: readonly Weight[]): boolean {
  for (let index = 1; index < weights.length; index += 1) if (weights[index - 1]!.id >= weights[index]!.id) return false;
  return true;
}

/** Number path: amount · total is a safe integer, and so is every amount · weight. */
function divideNumbers(amount: number, small: readonly number[], total: number, weights: readonly Weight[]): number[] {
  if (total === 0) refuse('no-weight', { field: 'weights' });
  const shares = new Array<number>(small.length);
  const remainders = new Array<number>(small.length);
  let leftover = amount;
  for (let index = 0; index < small.length; index += 1) {
    const product = amount * small[index]!;
    let base = Math.floor(product / total);
    let remainder = product - base * total;
    // The division may have rounded up to the next integer; the exact remainder tells.
    if (remainder < 0) {
      base -= 1;
      remainder += total;
    }
    shares[index] = base;
    remainders[index] = remainder;
    leftover -= base;
  }
  handOut(shares, remainders, leftover, weights);
  return shares;
}

/** Big-integer path for amounts and weights of any size; the same steps. */
function divideBigInts(amount: number, weights: readonly Weight[]): number[] {
  let total = 0n;
  for (const { weight } of weights) total += BigInt(weight);
  if (total === 0n) refuse('no-weight', { field: 'weights' });
  const whole = BigInt(amount);
  const remainders: bigint[] = [];
  let given = 0n;
  const shares = weights.map(({ weight }) => {
    const product = whole * BigInt(weight);
    const base = product / total;
    remainders.push(product - base * total);
    given += base;
    return Number(base);
  });
  handOut(shares, remainders, Number(whole - given), weights);
  return shares;
}

/**
 * Adds one unit each to the `leftover` largest remainders. The remainders add up to leftover · total and each is below total, so a
 * receiver with remainder 0 (such as one of weight 0) is never reached.
 */
function handOut<R extends number | bigint>(
  shares: number[],
  remainders: readonly R[],
  leftover: number,
  weights: readonly Weight[],
): void {
  if (leftover === 0) return;
  const goesFirst = (a: number, b: number): boolean => {
    const left = remainders[a]!;
    const right = remainders[b]!;
    return left === right ? compareCodePoints(weights[a]!.id, weights[b]!.id) < 0 : left > right;
  };
  const order = shares.map((_, index) => index);
  if (order.length > SMALL) order.sort((a, b) => (goesFirst(a, b) ? -1 : 1));
  else sortFew(order, goesFirst);
  for (let rank = 0; rank < leftover; rank += 1) shares[order[rank]!]! += 1;
}

/** Insertion sort: for a handful of receivers, mostly given in order of id already, it compares least. */
function sortFew(order: number[], goesFirst: (a: number, b: number) => boolean): void {
  for (let end = 1; end < order.length; end += 1) {
    const item = order[end]!;
    let slot = end;
    while (slot > 0 && goesFirst(item, order[slot - 1]!)) {
      order[slot] = order[slot - 1]!;
      slot -= 1;
    }
    order[slot] = item;
  }
}
