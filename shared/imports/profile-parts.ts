import type { FileEntity } from './columns.ts';
import type { HeaderName, Profile } from './profile.ts';

// What reading a file asks of a profile that was checked before; the grammar itself stays with those who check.

/** Every header that the profile names to read from: of its columns, its identity, its parents and its filters. */
export function namedHeaders(profile: Pick<Profile, 'columns' | 'identity' | 'parents' | 'filters'>): readonly HeaderName[] {
  return [
    ...Object.values(profile.columns).flatMap(({ from }) => from ?? []),
    ...profile.identity,
    ...Object.values(profile.parents).flatMap((one) => one?.by ?? []),
    ...profile.filters.map(({ column: name }) => name),
  ];
}

/** The column whose days a file speaks for; null where it is one list of everything. */
export function windowColumn({ window, entity }: Pick<Profile, 'window' | 'entity'>): string | null {
  return window?.column ?? (entity === 'time_entries' ? 'date' : null);
}

/** What tells one row of a file from another where its rows have no id (M-72); `stable`: none of these columns can be edited. */
const NATURAL_KEYS: { readonly [E in FileEntity]?: { readonly columns: readonly string[]; readonly stable: boolean } } = {
  wages: { columns: ['worker_id', 'effective_date'], stable: true },
  budgets: { columns: ['job_id', 'milestone_id'], stable: true },
  materials: { columns: ['milestone_id', 'item_id'], stable: true },
  time_entries: {
    columns: ['worker_id', 'date', 'start', 'end', 'job_id', 'milestone_id', 'kind', 'pay_code', 'cost_code'],
    stable: false,
  },
};

/** What tells its rows apart where none has an id. */
export function naturalKey(entity: FileEntity): { readonly columns: readonly string[]; readonly stable: boolean } {
  return NATURAL_KEYS[entity] ?? { columns: [], stable: true };
}

/** How the profile of a file with the canonical columns is called. */
export const canonicalName = (entity: FileEntity): string => `canonical-${entity.replaceAll('_', '-')}`;

/** Whether every column of a profile is optional that may be: a canonical file has those that it has. */
export function isCanonical({ profile, entity }: Pick<Profile, 'profile' | 'entity'>): boolean {
  return profile === canonicalName(entity);
}
