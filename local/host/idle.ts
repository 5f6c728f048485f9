import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for quiet, reads the streams once more for what was written meanwhile, and is done if it is quiet still. */
export async function untilIdle(busy: () => string[], readStreams: () => Promise<unknown>, timeoutMs: number): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    const working = busy();
    if (working.length === 0) {
      await readStreams();
      if (busy().length === 0) return;
    } else if (performance.now() - startedAt > timeoutMs) {
      throw new Error(`Not idle after ${timeoutMs} ms: ${working.join(', ')}`);
    }
    await sleep(5);
  }
}
