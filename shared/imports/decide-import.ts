import type { DateWindow, FileSurvey, ImportRequest } from './outcome.ts';
import type { WindowMode } from './profile.ts';

/** What of a file may be applied, decided before anything is. */
export interface ImportDecision {
  readonly mode: WindowMode;
  /** False: nothing of the file reaches the mirror. */
  readonly apply: boolean;
  /** What the file proves absent (M-102 d); the guard of M-103 comes on top. */
  readonly deletes: DeleteScope;
  /** The file is empty: what it deletes waits for a person, however little it is. */
  readonly held: boolean;
  /** Why something is not done, for people. */
  readonly reasons: readonly ('file_error' | 'too_many_errors' | 'row_errors' | 'mode_upsert' | 'no_window')[];
}

export type DeleteScope =
  | { readonly kind: 'none' }
  /** Records of the file's entity and connection that the window's days name. */
  | { readonly kind: 'window'; readonly window: DateWindow }
  | { readonly kind: 'everything' };

/**
 * The policy for a file (M-71, section 5 and 6 of the file contract): a file error changes nothing, nor do more than a tenth of rows with
 * an error; any row with an error stops deletions, since what stands for it may be among them. An empty file empties its window, once a
 * person has agreed.
 */
export function decideImport(survey: FileSurvey, request: Pick<ImportRequest, 'profile' | 'mode' | 'window'>): ImportDecision {
  const mode = modeOf(request);
  const { records, error } = survey.counts;
  const nothing = { mode, apply: false, deletes: { kind: 'none' }, held: false } as const;
  if (survey.error !== null) return { ...nothing, reasons: ['file_error'] };
  if (error * 10 > records) return { ...nothing, reasons: ['too_many_errors'] };
  const applied = { mode, apply: true, deletes: { kind: 'none' }, held: false } as const;
  if (mode === 'upsert') return { ...applied, reasons: ['mode_upsert'] };
  if (error > 0) return { ...applied, reasons: ['row_errors'] };
  const held = records === 0;
  if (mode === 'full') return { ...applied, deletes: { kind: 'everything' }, held, reasons: [] };
  const window = windowOf(survey, request);
  if (window === null) return { ...applied, reasons: ['no_window'] };
  return { ...applied, deletes: { kind: 'window', window }, held, reasons: [] };
}

/** The mode of an import: as stated in the upload, else the profile's; reference files are whole lists. */
export function modeOf({ mode, profile }: Pick<ImportRequest, 'mode' | 'profile'>): WindowMode {
  return mode ?? profile.window?.mode ?? (profile.entity === 'time_entries' ? 'replace' : 'full');
}

/** The days that a file speaks for: as stated, else from its first day to its last. */
export function windowOf(survey: Pick<FileSurvey, 'span'>, { window }: Pick<ImportRequest, 'window'>): DateWindow | null {
  return window ?? survey.span;
}
