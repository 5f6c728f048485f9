import { refuse } from '#kernel/errors.ts';
import { MAX_CENTS } from '#kernel/money.ts';
import type { GoalEntry, GoalResults, GoalTerms } from '#model/pro-goal.ts';
import { integerAt } from '../check.ts';
import { safeNumber } from '../exact.ts';

/** One goal asks this many people at most: their results are one item, their approval one command. */
export const MAX_PARTICIPANTS = 2_000;

/** Checks results as somebody enters them: refuses `duplicate-id`, `invalid-number`, `invalid-amount` and `invalid-body`. */
export function assertEntries(entries: readonly GoalEntry[], terms: GoalTerms): void {
  const seen = new Set<string | null>();
  for (const [index, entry] of entries.entries()) {
    const field = `values[${index}]`;
    if (seen.has(entry.workerId)) refuse('duplicate-id', { field: `${field}.workerId` });
    seen.add(entry.workerId);
    if (entry.workerId === null && entry.excluded !== null)
      refuse('invalid-body', { field: `${field}.excluded`, detail: 'leaves out one person, not everybody' });
    assertValue(entry.value, terms, `${field}.value`);
    for (const { key } of entry.disqualifiers) requireKey(key, terms.disqualifiers, `${field}.disqualifiers`);
    for (const penalty of entry.penalties) assertPenalty(penalty, terms, `${field}.penalties`);
  }
}

function assertValue(value: number | null, { metric }: GoalTerms, field: string): void {
  if (value === null) return;
  if (metric.source === 'builtin') refuse('invalid-body', { field, detail: 'this figure is worked out, nobody enters it' });
  integerAt(value, field, -MAX_CENTS, MAX_CENTS);
}

function assertPenalty({ key, count, amountCents }: GoalEntry['penalties'][number], terms: GoalTerms, field: string): void {
  const definition = requireKey(key, terms.penalties, field);
  integerAt(count, `${field}.count`, 0, 1_000);
  if (amountCents === null) return;
  if (definition.kind === 'fixed') refuse('invalid-body', { field: `${field}.amount`, detail: 'this penalty has its amount' });
  integerAt(amountCents, `${field}.amount`, 1, MAX_CENTS, 'invalid-amount');
}

function requireKey<T extends { readonly id: string }>(key: string, definitions: readonly T[], field: string): T {
  const found = definitions.find(({ id }) => id === key);
  return found ?? refuse('invalid-body', { field, detail: `${key} does not belong to this goal` });
}

/** One value of an uploaded list. */
export interface ImportedValue {
  readonly workerId: string;
  readonly value: number;
}

const QUOTED = /^"(.*)"$/;
const INTEGER = /^-?\d{1,13}$/;

/**
 * Reads an uploaded list, one `worker id,value` a line (B-163). A first line without a number is its heading; empty lines are passed
 * over. Refuses `invalid-number` and `invalid-body` naming the line.
 */
export function parseImport(csv: string): readonly ImportedValue[] {
  const values: ImportedValue[] = [];
  for (const [index, line] of csv
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    if (line.trim() === '') continue;
    const cells = line.split(',').map((cell) => cell.trim().replace(QUOTED, '$1'));
    const [workerId = '', value = ''] = cells;
    if (index === 0 && !INTEGER.test(value)) continue;
    if (cells.length !== 2 || workerId === '')
      refuse('invalid-body', { field: 'csv', detail: `line ${index + 1} is not a worker id and a value` });
    if (!INTEGER.test(value)) refuse('invalid-number', { field: 'csv', detail: `line ${index + 1} has no whole number` });
    values.push({ workerId, value: safeNumber(BigInt(value)) });
  }
  return values;
}

/** Results with an uploaded list in place of their values; what is said of people otherwise stays. */
export function withImport(results: GoalResults | null, imported: readonly ImportedValue[]): readonly GoalEntry[] {
  const kept = new Map<string | null, GoalEntry>();
  for (const entry of results?.entries ?? [])
    if (entry.excluded !== null || entry.disqualifiers.length + entry.penalties.length > 0)
      kept.set(entry.workerId, { ...entry, value: null });
  const entries = imported.map(({ workerId, value }) => ({ ...(kept.get(workerId) ?? NOTHING_SAID), workerId, value }));
  const named = new Set<string | null>(imported.map(({ workerId }) => workerId));
  return [...[...kept.values()].filter(({ workerId }) => !named.has(workerId)), ...entries];
}

/** What is known of somebody of whom nothing was said but a value. */
export const NOTHING_SAID: Omit<GoalEntry, 'workerId' | 'value'> = { excluded: null, disqualifiers: [], penalties: [] };
