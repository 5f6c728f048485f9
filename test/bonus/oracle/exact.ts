/** An exact figure of the second reading: a pair of big integers until its rounding point. It shares no code with the engine. */
export type Ratio = readonly [numerator: bigint, denominator: bigint];

/** n / d. */
export const ratio = (n: number | bigint, d: number | bigint = 1): Ratio => [BigInt(n), BigInt(d)];
/** The product of all. */
export const product = (...list: readonly Ratio[]): Ratio => list.reduce((a, b) => [a[0] * b[0], a[1] * b[1]], ratio(1));
/** a + b. */
export const plus = (a: Ratio, b: Ratio): Ratio => [a[0] * b[1] + b[0] * a[1], a[1] * b[1]];
/** Basis points as a fraction. */
export const bp = (value: number): Ratio => ratio(value, 10_000);

/** sign(x) · floor(|x| + ½) of B-2. */
export function round([n, d]: Ratio): number {
  const size = Number((2n * (n < 0n ? -n : n) + d) / (2n * d));
  return n < 0n ? 0 - size : size;
}

/** Ids by code point, without the engine's own comparison. */
export function byCodePoint(a: string, b: string): number {
  const left = [...a].map((character) => character.codePointAt(0)!);
  const right = [...b].map((character) => character.codePointAt(0)!);
  const at = left.findIndex((point, index) => point !== right[index]);
  if (at < 0) return left.length - right.length;
  return right[at] === undefined ? 1 : left[at]! - right[at];
}

/** B-3 read unit by unit: the whole shares first, then one unit at a time to the largest claim. */
export function share(amount: number, weights: ReadonlyMap<string, bigint>): Map<string, number> {
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0n);
  const size = BigInt(Math.abs(amount));
  const shares = new Map([...weights.keys()].map((id) => [id, 0n]));
  if (size > 0n) for (const [id, weight] of weights) shares.set(id, (size * weight) / total);
  const given = [...shares.values()].reduce((sum, cents) => sum + cents, 0n);
  const claims = [...weights].map(([id, weight]) => ({ id, claim: total === 0n ? 0n : (size * weight) % total }));
  claims.sort((a, b) => (a.claim === b.claim ? byCodePoint(a.id, b.id) : a.claim > b.claim ? -1 : 1));
  for (const { id } of claims.slice(0, Number(size - given))) shares.set(id, shares.get(id)! + 1n);
  return new Map([...shares].map(([id, cents]) => [id, amount < 0 ? 0 - Number(cents) : Number(cents)]));
}
