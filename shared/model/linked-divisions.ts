/** The local divisions that a synced one took the place of (M-141): by the id that was given up. One may lead to another in its turn. */
export type LinkedDivisions = Readonly<Record<string, string>>;

/** The division that stands for another one: itself, or the last one that it leads to. */
export function presentDivision(linked: LinkedDivisions, id: string): string {
  let present = id;
  for (let next = linked[present]; next !== undefined; next = linked[present]) present = next;
  return present;
}

/**
 * Settings with one division in place of another, wherever it is named: as a value, as a key, and in a pair `<branch>|<division>`. What the
 * other one has of its own stands, and a list names it once.
 */
export function withDivisionMoved<T>(settings: T, from: string, to: string): T {
  return moved(settings, from, to) as T;
}

function moved(value: unknown, from: string, to: string): unknown {
  const renamed = (text: string): string => {
    if (text === from) return to;
    return text.endsWith(`|${from}`) ? `${text.slice(0, -from.length)}${to}` : text;
  };
  if (typeof value === 'string') return renamed(value);
  if (Array.isArray(value)) {
    const items = value.map((one) => moved(one, from, to));
    return items.filter((one, at) => typeof one !== 'string' || items.indexOf(one) === at);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, renamed(name), moved(inner, from, to)] as const);
  // Where both are named the one that stays has the last word.
  const inOrder = [...entries.filter(([name, next]) => name !== next), ...entries.filter(([name, next]) => name === next)];
  return Object.fromEntries(inOrder.map(([, name, inner]) => [name, inner]));
}
