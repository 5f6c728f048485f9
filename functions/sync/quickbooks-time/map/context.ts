import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { ImportScope } from '#mirror/import-scope.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { QuarantineReason } from '#model/mapped-record.ts';
import type { JobcodeNodes } from '../jobcode-tree.ts';

/** What mapping one row may depend on besides the row. */
export interface MapContext extends ImportScope {
  readonly settings: ConnectionSettings;
  /** The tenant's zone: the source has no branches with zones of their own (M-35). */
  readonly zone: string;
  readonly currency: string;
  /** Source id of the branch that everything without another belongs to (M-28). */
  readonly accountBranchId: string;
  readonly joins: Joins;
}

/** A project: the status and dates of the jobcode it stands on. */
export interface Project {
  readonly id: string;
  readonly status: string | null;
  readonly startDate: LocalDate | null;
  readonly dueDate: LocalDate | null;
  readonly completedDate: LocalDate | null;
}

/** Rows of other lists that decide fields. */
export interface Joins {
  readonly nodes: JobcodeNodes;
  /** Jobcode → its live project, or why that cannot be read (M-90). */
  readonly projects: ReadonlyMap<string, Project | QuarantineReason>;
  /** Project → estimated seconds. */
  readonly estimates: ReadonlyMap<string, number | QuarantineReason>;
  /** Item name → branch id, of the custom field that branches come from. */
  readonly branchItems: ReadonlyMap<string, string>;
}

/** Which list branches come from (M-150 `branchFrom`); anything else is the one derived branch. */
export type BranchSource =
  | { readonly kind: 'account' }
  | { readonly kind: 'group' }
  | { readonly kind: 'field'; readonly id: string };

const FIELD_PREFIX = 'custom_field:';

export function branchSource({ branchFrom }: Pick<ConnectionSettings, 'branchFrom'>): BranchSource {
  if (branchFrom === 'group') return { kind: 'group' };
  if (branchFrom?.startsWith(FIELD_PREFIX)) return { kind: 'field', id: branchFrom.slice(FIELD_PREFIX.length) };
  return { kind: 'account' };
}

/** The stamps that every row of the source has. */
export interface Stamps {
  readonly sourceUpdatedAt: Instant | null;
  readonly sourceCreatedAt: Instant | null;
}
