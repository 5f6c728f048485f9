import { createHash } from 'node:crypto';

/** A repeatable source of chance: the same seed gives the same sequence. */
export type SeededRandom = {
  /** Number in [0, 1). */
  next(): number;
  /** Whole number in [low, high]. */
  between(low: number, high: number): number;
  /** Hex text of the given number of bytes, for tokens and ids. */
  hex(bytes: number): string;
};

/** Makes a repeatable random source from a seed; a fake must never draw from the machine's own. */
export function seededRandom(seed: string | number): SeededRandom {
  let state = createHash('sha256').update(String(seed)).digest().readUInt32LE(0);
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    hex: (bytes) =>
      Array.from({ length: bytes }, () =>
        Math.floor(next() * 256)
          .toString(16)
          .padStart(2, '0'),
      ).join(''),
  };
}
