/** Keys ordered by the instant at which they fall due (milliseconds). A binary heap: tens of thousands of waiting messages stay cheap. */
export type DueQueue = {
  add(key: string, dueMs: number): void;
  /** Takes out the earliest key that is due at `nowMs`, with its instant, or undefined. */
  take(nowMs: number): { readonly key: string; readonly dueMs: number } | undefined;
  /** The earliest instant, infinity when empty. */
  readonly next: number;
};

/** Starts empty. A key may be in it more than once; whoever takes it checks whether it still means anything. */
export function createDueQueue(): DueQueue {
  const heap: { readonly key: string; readonly dueMs: number }[] = [];
  const before = (a: number, b: number) =>
    (heap[a]?.dueMs ?? Number.POSITIVE_INFINITY) < (heap[b]?.dueMs ?? Number.POSITIVE_INFINITY);
  const swap = (a: number, b: number) => {
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  };

  return {
    add: (key, dueMs) => {
      heap.push({ key, dueMs });
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!before(at, parent)) return;
        swap(at, parent);
        at = parent;
      }
    },
    take: (nowMs) => {
      const [first] = heap;
      if (first === undefined || first.dueMs > nowMs) return undefined;
      const last = heap.pop()!;
      if (heap.length === 0) return first;
      heap[0] = last;
      for (let at = 0; ; ) {
        const left = 2 * at + 1;
        const child = before(left + 1, left) ? left + 1 : left;
        if (!before(child, at)) return first;
        swap(at, child);
        at = child;
      }
    },
    get next() {
      return heap[0]?.dueMs ?? Number.POSITIVE_INFINITY;
    },
  };
}
