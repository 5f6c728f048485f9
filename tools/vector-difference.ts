import { ExactNumber } from '#kernel/decimal.ts';

/** Where a result departs from what was expected; values are JSON text. */
export type Difference = { readonly field: string; readonly expected: string; readonly actual: string };

/**
 * The first field of `expected` that the result does not equal, deeply (B-190), or null. Arrays compare in order and length. Further
 * fields of the result are ignored at the top only: a part named in `expected` must be that part and nothing more. Numbers may
 * differ by the tolerance.
 */
export function firstDifference(expected: unknown, actual: unknown, tolerance: number, field = ''): Difference | null {
  if (typeof expected === 'number' && typeof actual === 'number') {
    return Math.abs(expected - actual) <= tolerance ? null : differ(field, expected, actual);
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return differ(field, expected, actual);
    for (const [index, item] of expected.entries()) {
      const difference = firstDifference(item, actual[index], tolerance, `${field}[${index}]`);
      if (difference !== null) return difference;
    }
    return null;
  }
  if (isObject(expected) && !(expected instanceof ExactNumber)) {
    if (!isObject(actual) || Array.isArray(actual)) return differ(field, expected, actual);
    for (const [name, value] of Object.entries(expected)) {
      const place = field === '' ? name : `${field}.${name}`;
      const difference = firstDifference(value, Object.hasOwn(actual, name) ? actual[name] : undefined, tolerance, place);
      if (difference !== null) return difference;
    }
    if (field === '') return null;
    const extra = Object.keys(actual).find((name) => !Object.hasOwn(expected, name));
    return extra === undefined ? null : differ(`${field}.${extra}`, undefined, actual[extra]);
  }
  return expected === actual ? null : differ(field, expected, actual);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function differ(field: string, expected: unknown, actual: unknown): Difference {
  return { field, expected: textOf(expected), actual: textOf(actual) };
}

function textOf(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
