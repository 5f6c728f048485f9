import { hashCanonical } from '#kernel/hash.ts';
import type { FixedWage } from '#model/propay.ts';
import type { ProPayRecords } from '#model/propay-state.ts';
import type { WageRow } from '../rules/wage-basis.ts';

const REFERENCES = new Set(['ref', 'wageRef', 'weekRef', 'peopleRefs']);

/** A calculation's counted values alone: what an approver saw, whatever records they came from (B-87). */
export function withoutReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutReferences);
  if (typeof value !== 'object' || value === null) return value;
  const bare: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    if (!REFERENCES.has(name)) bare[name] = typeof inner === 'object' ? withoutReferences(inner) : inner;
  }
  return bare;
}

/**
 * Digest of what was read: tells a newer reading with equal figures from an older one, so that the newer one has always written. A
 * wage that is fixed stands for the history it came from, which is not read again.
 */
export function digestOfInputs(
  read: readonly ProPayRecords[],
  contextRevision: number,
  fixed: Readonly<Record<string, FixedWage>>,
  histories: ReadonlyMap<string, readonly WageRow[]>,
): string {
  const seen = read
    .flatMap(({ job, milestones, budgets, materials, entries, drives }) => [
      ...(job === null ? [] : [job]),
      ...milestones,
      ...budgets,
      ...materials,
      ...entries,
      ...drives,
    ])
    .map((record) => `${record.entity} ${record.id} ${record.revision} ${record.own.revision}`);
  const wages = [
    ...Object.entries(fixed).map(([workerId, wage]) => `${workerId} ${wage.recordId} ${wage.revision}`),
    ...[...histories]
      .filter(([workerId]) => fixed[workerId] === undefined)
      .flatMap(([workerId, rows]) => [
        workerId,
        ...rows.map((row) => `${workerId} ${row.ref?.id ?? ''} ${row.ref?.revision ?? ''}`),
      ]),
  ];
  return hashCanonical({ contextRevision, seen: seen.sort(), wages: wages.sort() });
}
