import { canonicalJson } from '#kernel/canonical.ts';
import type { Item } from '#store/table.ts';

/**
 * The stored attributes of each kind of input that can change eligibility or money, by their short names in `s`. Everything else (a
 * running clock's times, a phone number, what the bonus layer itself keeps in `b`) wakes nobody.
 */
const COUNTED: Readonly<Record<string, readonly string[] | 'all'>> = {
  jb: ['n', 'pp', 'pj', 'ct', 'b', 'd', 'r', 'mg', 'cl', 's', 'rc', 'st', 'it', 'sd', 'cm', 'cp', 'cf'],
  ms: ['s', 'sc', 'cm', 'r', 'cl', 'as', 'st', 'it', 'pt'],
  bu: ['bs', 'la', 'cp', 'ls', 're', 'q', 'ta'],
  ma: ['m', 'im', 'al', 'in', 'uv'],
  ti: ['w', 'at', 'wd', 'du', 'op', 'cg'],
  dr: ['w', 'at', 'wd', 'du', 'op'],
  wk: ['b'],
  wg: ['w', 'ef', 're', 'cu', 'bb'],
  re: ['n', 'z', 'a', 'ov', 'b', 'cl', 'mg'],
  cx: 'all',
};

/** What an item contributes to calculations, as comparable text; null for an absent item and a kind that contributes nothing. */
export function countedText(item: Item | null): string | null {
  if (item === null) return null;
  const counted = COUNTED[String(item.et)];
  if (counted === undefined) return null;
  if (counted === 'all') return String(item.digest ?? item.revision);
  const stored = (item.s ?? {}) as Readonly<Record<string, unknown>>;
  const fields = Object.fromEntries(counted.flatMap((name) => (stored[name] === undefined ? [] : [[name, stored[name]]])));
  const standing = {
    gone: item.tb !== undefined,
    alias: item.al ?? null,
    ...(item.sf === undefined ? {} : { standsFor: item.sf }),
    out: item.oo ?? null,
    ignored: item.ig ?? false,
    o: item.o ?? null,
  };
  return canonicalJson({ fields, standing });
}
