import type { Condition } from './table.ts';

/** An update that sets the named attributes, and takes away those given as null or undefined. */
export function setAttributes(changes: Readonly<Record<string, unknown>>): Condition {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const set: string[] = [];
  const remove: string[] = [];
  for (const [index, [name, value]] of Object.entries(changes).entries()) {
    names[`#u${index}`] = name;
    if (value === null || value === undefined) remove.push(`#u${index}`);
    else {
      values[`:u${index}`] = value;
      set.push(`#u${index} = :u${index}`);
    }
  }
  const parts = [set.length > 0 ? `SET ${set.join(', ')}` : '', remove.length > 0 ? `REMOVE ${remove.join(', ')}` : ''];
  return { expression: parts.filter((part) => part !== '').join(' '), names, values };
}
