/**
 * Finds the one thing that a person means: by its exact name, by its name without prefix and without the hash that CDK
 * appends, or by words that it is made of, else contains, in any order with the fewest others (`sync-aspire` is `ProtivSync-AspireSyncFunction860403A1`,
 * `api-changes` is not the function of `api-group-changes`). Throws unless exactly one matches.
 */
export function findByName<T>(
  candidates: readonly T[],
  namesOf: (candidate: T) => readonly string[],
  name: string,
  what: string,
): T {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const bare = (text: string) => plain(text.replace(/[0-9A-F]{8}$/, ''));
  const wordsOf = (candidate: string) => (candidate.match(/[A-Z][a-z]+/g) ?? []).map(plain);
  const words = name.split(/[^A-Za-z0-9]+/).map(plain);
  const steps: ((candidate: string) => boolean)[] = [
    (candidate) => candidate === name,
    (candidate) => bare(candidate) === plain(name),
    (candidate) => bare(candidate).endsWith(plain(name)),
    (candidate) => words.every((word) => wordsOf(candidate).includes(word)),
    (candidate) => words.every((word) => bare(candidate).includes(word)),
  ];
  const wordsIn = (candidate: T) => Math.min(...namesOf(candidate).map((text) => text.match(/[A-Z][a-z]+/g)?.length ?? 0));
  const withFewestWords = (found: readonly T[]) => {
    const fewest = Math.min(...found.map(wordsIn));
    return found.filter((candidate) => wordsIn(candidate) === fewest);
  };
  for (const matches of steps) {
    const found = withFewestWords(candidates.filter((candidate) => namesOf(candidate).some(matches)));
    if (found.length === 1) return found[0]!;
    if (found.length > 1) throw new Error(`More than one ${what} ${name}: ${found.map((one) => namesOf(one)[0]).join(', ')}`);
  }
  throw new Error(`No ${what} ${name}; there are ${candidates.map((one) => namesOf(one)[0]).join(', ')}`);
}
