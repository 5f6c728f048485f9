import { hashCanonical } from '#kernel/hash.ts';
import type { ProPayRecords, WorkerTimes, WorkPlaces } from '#model/propay-state.ts';
import { type FixedWages, unfixedWorkers, type WageHistories } from './wages.ts';

const REFERENCES = new Set([
  'ref',
  'wageRef',
  'weekRef',
  'burdenRef',
  'spreadRef',
  'personRef',
  'leadPayRef',
  'peopleRefs',
  'excludedRefs',
]);

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
  fixed: FixedWages,
  further: {
    readonly histories: WageHistories;
    readonly times: WorkerTimes;
    readonly places: WorkPlaces;
    readonly burden: boolean;
  },
): string {
  const { histories, times, places, burden } = further;
  const seen = [
    ...read.flatMap(({ job, milestones, budgets, materials, entries, drives }) => [
      ...(job === null ? [] : [job]),
      ...milestones,
      ...budgets,
      ...materials,
      ...entries,
      ...drives,
    ]),
    ...[...times.values()].flatMap((time) => time.records),
    ...places.jobs.values(),
    ...places.milestones.values(),
  ].map((record) => `${record.entity} ${record.id} ${record.revision} ${record.own.revision}`);
  const wages = [
    ...Object.entries(fixed).map(
      ([workerId, wage]) =>
        `${workerId} ${wage.recordId} ${wage.revision} ${wage.burden?.recordId ?? ''} ${wage.burden?.revision ?? ''}`,
    ),
    ...[...histories]
      .filter(([workerId]) => unfixedWorkers([workerId], { fixed, burden, since: null }).length > 0)
      .flatMap(([workerId, rows]) => [
        workerId,
        ...rows.map((row) => `${workerId} ${row.ref?.id ?? ''} ${row.ref?.revision ?? ''}`),
      ]),
  ];
  const people = [...times].map(([workerId, { branchId }]) => `${workerId} ${branchId}`);
  return hashCanonical({ contextRevision, seen: [...new Set(seen)].sort(), wages: wages.sort(), people: people.sort() });
}
