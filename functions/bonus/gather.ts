/** Asks for something under a key and waits for the answer. */
export type Ask<T, R> = (key: string, asked: T) => Promise<R>;

/**
 * Serves what is asked under one key together: while one round is under way, further askers wait and are served in the next one. So many
 * at once cost few writes, and they do not get into each other's way. `serve` answers in the order it was asked; its failure is
 * everybody's of the round.
 */
export function gather<T, R>(serve: (key: string, asked: readonly T[]) => Promise<readonly R[]>): Ask<T, R> {
  const waiting = new Map<string, { asked: T; resolve: (value: R) => void; reject: (error: unknown) => void }[]>();
  const work = async (key: string): Promise<void> => {
    for (let round = waiting.get(key)!; round.length > 0; round = waiting.get(key)!) {
      waiting.set(key, []);
      try {
        const answers = await serve(
          key,
          round.map(({ asked }) => asked),
        );
        for (const [index, one] of round.entries()) one.resolve(answers[index]!);
      } catch (error) {
        for (const one of round) one.reject(error);
      }
    }
    waiting.delete(key);
  };
  return (key, asked) =>
    new Promise((resolve, reject) => {
      const round = waiting.get(key);
      if (round !== undefined) round.push({ asked, resolve, reject });
      else {
        waiting.set(key, [{ asked, resolve, reject }]);
        void work(key);
      }
    });
}
