import { ExactNumber } from '#kernel/decimal.ts';
import type { SourceValue, ValueKind } from '#model/source-values.ts';
import { isWireObject } from './offline.ts';
import { SourceError } from './source-error.ts';

/** What was found at a source that settings may name; `unreadable`: kinds whose lists we may not see. */
export interface Discovery {
  readonly values: readonly SourceValue[];
  readonly unreadable: readonly ValueKind[];
}

/** As many as a person needs to recognise a value. */
const SAMPLES = 5;
const LONGEST_SAMPLE = 100;

/** Collects values as they come by, each once, with a few samples of how it is used. */
export class ValueCollector {
  readonly #values = new Map<string, { -readonly [K in keyof SourceValue]: SourceValue[K] }>();
  readonly #unreadable = new Set<ValueKind>();

  /** Notes a value; without an id it is none. */
  add(
    kind: ValueKind,
    id: string | null,
    more: {
      readonly name?: string | null;
      readonly parentId?: string | null;
      readonly sample?: string | null;
      readonly rollsUpInto?: string | null;
    } = {},
  ): void {
    if (id === null || id === '') return;
    const key = `${kind}\n${id}`;
    const value = this.#values.get(key) ?? { kind, id, name: null, parentId: null, samples: [] };
    value.name ??= more.name ?? null;
    value.parentId ??= more.parentId ?? null;
    if (more.rollsUpInto) value.rollsUpInto = more.rollsUpInto;
    const sample = more.sample?.trim().slice(0, LONGEST_SAMPLE) ?? '';
    if (sample !== '' && !value.samples.includes(sample) && value.samples.length < SAMPLES)
      value.samples = [...value.samples, sample];
    this.#values.set(key, value);
  }

  /** Reads a list for these kinds. One that we may not see says so; any other failure ends the search: it never counts as "none" (M-90). */
  async read(kinds: readonly ValueKind[], rows: () => Promise<readonly unknown[]>, take: (row: unknown) => void): Promise<void> {
    try {
      for (const row of await rows()) take(row);
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== 'scope_missing') throw error;
      for (const kind of kinds) this.#unreadable.add(kind);
    }
  }

  get found(): Discovery {
    return { values: [...this.#values.values()], unreadable: [...this.#unreadable] };
  }
}

/** A plain value of a raw row as text, along a path of fields; null where there is none. */
export function rawText(row: unknown, ...path: readonly string[]): string | null {
  let value: unknown = row;
  for (const field of path) value = isWireObject(value) ? value[field] : undefined;
  if (value instanceof ExactNumber) return value.text;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
