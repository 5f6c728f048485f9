import type { OverrideField } from '#model/overrides.ts';
import type { OverrideAct } from '#store/override-repository.ts';
import { rateOf } from '../edge.ts';
import { budgetText } from '../mirror/override-views.ts';

/** One value that was set, and how it ended. */
export interface HistoryEntry extends Omit<OverrideAct, 'act' | 'effectiveFrom' | 'burdenBp'> {
  readonly clearedBy: string | null;
  readonly clearedAt: string | null;
  readonly keptBy: string | null;
  readonly keptAt: string | null;
  readonly effectiveFrom?: string | null;
  readonly burdenBp?: number | null;
}

/**
 * What was set of a record, oldest first, each with who ended it (M-116): whoever cleared it, or set the next value in its place. Dated
 * wages stand beside each other; one takes another's place on the same day.
 */
export function historyOf(acts: readonly OverrideAct[]): readonly HistoryEntry[] {
  const entries: HistoryEntry[] = [];
  for (const act of acts) {
    const { by, at } = act;
    const change = act.act === 'kept' ? { keptBy: by, keptAt: at } : { clearedBy: by, clearedAt: at };
    for (const [index, entry] of entries.entries())
      if (entry.field === act.field && entry.clearedAt === null && concerns(act, entry)) entries[index] = { ...entry, ...change };
    if (act.act === 'set') entries.push(entryOf(act));
  }
  return entries;
}

function concerns(act: OverrideAct, entry: HistoryEntry): boolean {
  return act.field !== 'wage' || act.act === 'cleared' || act.effectiveFrom === entry.effectiveFrom;
}

function entryOf({ act: _act, effectiveFrom, burdenBp, ...act }: OverrideAct): HistoryEntry {
  const text = TEXTS[act.field] ?? ((value: unknown) => value);
  return {
    ...act,
    value: text(act.value as never),
    sourceValueWhenSet: text(act.sourceValueWhenSet as never),
    clearedBy: null,
    clearedAt: null,
    keptBy: null,
    keptAt: null,
    ...(act.field === 'wage' ? { effectiveFrom, burdenBp } : {}),
  };
}

const TEXTS: Partial<Record<OverrideField, (value: never) => unknown>> = { wage: rateOf, budget: budgetText };
