/**
 * How many single characters have to be put in, taken out or replaced to turn one text into the other. Characters are code points. Takes
 * time of a · b.
 */
export function editDistance(a: string, b: string): number {
  const [from, to] = [[...a], [...b]];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, character] of from.entries()) {
    const next = [i + 1];
    for (const [j, other] of to.entries())
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (character === other ? 0 : 1)));
    row = next;
  }
  return row[to.length]!;
}
