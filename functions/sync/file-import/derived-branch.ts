import type { Connection } from '#model/connection.ts';
import type { MappedRecord } from '#model/mapped-record.ts';

const DERIVED = 'account:';

/** The branch of everything that names none (M-28): the file source itself, until a file of branches has come. */
export interface DerivedBranch {
  /** Null where there are branches of their own. */
  readonly derivedBranchId: string | null;
  /** Its record, where it is needed or stands in the mirror already. */
  readonly under: readonly MappedRecord[];
}

/** `branches`: what is mirrored of them, by source id. */
export function derivedBranch(
  { accountName, name, accountId, settings }: Connection,
  branches: Readonly<Record<string, unknown>>,
): DerivedBranch {
  const sourceId = `${DERIVED}${accountId ?? name}`;
  const mirrored = Object.keys(branches);
  const own = mirrored.some((one) => !one.startsWith(DERIVED));
  const isOurs = settings.entities.includes('branch');
  return {
    derivedBranchId: own || !isOurs ? null : sourceId,
    under: isOurs && (!own || mirrored.includes(sourceId)) ? [recordOf(sourceId, accountName ?? name)] : [],
  };
}

function recordOf(sourceId: string, name: string): MappedRecord {
  const fields = { name, code: null, zone: null, city: null, active: true, derived: true };
  const stamps = { sourceUpdatedAt: null, sourceCreatedAt: null, sourceStatus: null };
  return { entity: 'branch', space: 'branch', sourceId, ...stamps, fields };
}
