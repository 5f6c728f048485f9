import type { LocalDate } from '#kernel/instant.ts';
import type { ConnectionSettings } from '#model/connection.ts';
import type { SkipReason } from '#model/mapped-record.ts';
import { BEFORE_IMPORT } from './decide.ts';

/** What decides how far back a row may lie: the connection's settings, and whether the row was asked for by its own id. */
export interface ImportScope {
  readonly settings: Pick<ConnectionSettings, 'timeImportFrom' | 'ignoredStatuses'>;
  /** True for rows read by their own ids: an old record that something refers to is wanted (M-78). */
  readonly byId: boolean;
}

/** Comparison form of names that people type into settings: outer blanks and case do not count. */
export function sameName(name: string): string {
  return name.trim().toLowerCase();
}

/** The mark of a record that was finished before the window of the first import (M-78); none when it was asked for by id. */
export function beforeImportWindow(context: ImportScope, finished: LocalDate | null): SkipReason | undefined {
  return context.byId || finished === null ? undefined : beforeTimeImport(context, finished);
}

/** The mark of time worked before the window of the first import, also where it was asked for by id (M-78). */
export function beforeTimeImport(context: ImportScope, workDate: LocalDate): SkipReason | undefined {
  return workDate >= context.settings.timeImportFrom ? undefined : BEFORE_IMPORT_WINDOW;
}

const BEFORE_IMPORT_WINDOW: SkipReason = {
  kind: 'out_of_scope',
  code: BEFORE_IMPORT,
  rule: 'connection.timeImportFrom',
};

/** Whether a raw status stands on the connection's list of ignored ones (M-45). */
export function ignoredStatus(context: ImportScope, statuses: readonly (string | null)[]): SkipReason | undefined {
  const ignored = new Set(context.settings.ignoredStatuses.map(sameName));
  const listed = statuses.some((status) => status !== null && ignored.has(sameName(status)));
  return listed ? { kind: 'ignored', code: 'ignored_status', rule: 'connection.ignoredStatuses' } : undefined;
}
