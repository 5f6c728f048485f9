import type { Instant, LocalDate } from '#kernel/instant.ts';
import type { Period } from '#kernel/period.ts';
import { exportKey, type Key } from './keys.ts';
import type { LegalBasis } from './pay.ts';
import { fieldsOf } from './propay-item.ts';
import type { TenantScope } from './scope.ts';
import type { ExportEarning, ExportMode, ExportTargetName, ExportTemplateSettings } from './settings.ts';

const ITEM_VERSION = 1;

export const EXPORT_STATUSES = ['Draft', 'Exported', 'Confirmed', 'Canceled'] as const;
export type ExportStatus = (typeof EXPORT_STATUSES)[number];

/** One amount of a statement on its way to payroll; never 0. `weekStart`: the workweek it was earned in, where the mode tells weeks. */
export interface ExportLine {
  readonly earning: ExportEarning;
  readonly legalBasis: LegalBasis | null;
  readonly weekStart: LocalDate | null;
  readonly cents: number;
}

/** What a paid statement sends, worked out when the export was prepared and never again. */
export interface ExportedStatement {
  readonly statementId: string;
  readonly reference: string;
  readonly workerId: string;
  readonly branchId: string | null;
  readonly period: Period;
  readonly payableCents: number;
  readonly lines: readonly ExportLine[];
  /** Workweeks whose premium these lines settle, or leave to payroll (B-221). */
  readonly weeks: readonly LocalDate[];
  /** Weeks of premiums among the lines that were issued on hours that may not be all (B-205). */
  readonly incompleteWeeks: readonly LocalDate[];
  /** What the payment counted of premiums, and what the export sends of them. */
  readonly premiumPaidCents: number;
  readonly premiumSentCents: number;
}

/** Who a line is about, as payroll knows them. */
export interface ExportedPerson {
  readonly displayName: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly payrollId: string | null;
  readonly division: string | null;
}

/** Everything that the bytes of a file follow from. */
export interface ExportFileInput {
  readonly reference: string;
  readonly target: ExportTargetName;
  readonly mode: ExportMode;
  readonly templateVersion: number;
  readonly currency: string;
  readonly codes: Readonly<Partial<Record<ExportEarning, string>>>;
  readonly template: ExportTemplateSettings;
  readonly statements: readonly ExportedStatement[];
  readonly people: Readonly<Record<string, ExportedPerson>>;
  readonly branches: Readonly<Record<string, string>>;
}

/** The name under which something large of an export is kept: the digest of its text. */
export interface ExportPart {
  readonly digest: string;
  readonly chunks: number;
}

/** A file as it was made: its bytes follow from the export's input and fit the checksum for ever. */
export interface ExportedFile {
  readonly name: string;
  /** SHA-256 of the bytes, hexadecimal. */
  readonly checksum: string;
  readonly lineCount: number;
  readonly totalCents: number;
}

/** One step of an export's life. */
export interface ExportEvent {
  readonly status: ExportStatus;
  readonly at: Instant;
  readonly by: string;
  readonly reason: string | null;
}

/** A batch of paid statements on its way to one payroll (B-222). What it sends never changes; only its status does. */
export interface PayrollExport {
  readonly id: string;
  /** `EX-<n>`. */
  readonly reference: string;
  readonly target: ExportTargetName;
  readonly mode: ExportMode;
  readonly status: ExportStatus;
  readonly statementIds: readonly string[];
  /** Branches of its statements: who manages all of them sees it. */
  readonly branchIds: readonly (string | null)[];
  readonly lineCount: number;
  readonly totalCents: number;
  /** Statements of the same period that were not paid when it was prepared. */
  readonly unpaid: readonly { readonly statementId: string; readonly workerId: string }[];
  /** Its statements with their lines. */
  readonly content: ExportPart;
  /** What its files are made of, and the files; null until they are made. */
  readonly made: {
    readonly input: ExportPart;
    readonly templateVersion: number;
    readonly file: ExportedFile;
    /** Lines that the file has no place for, to be entered by hand; null where there are none. */
    readonly worksheet: ExportedFile | null;
    readonly accepted: readonly { readonly code: string; readonly reason: string }[];
  } | null;
  readonly events: readonly ExportEvent[];
  /** Exports that this one took the place of, and the one that took its place. */
  readonly replaces: readonly string[];
  readonly replacedBy: string | null;
  readonly revision: number;
}

/** An export in its stored form. */
export function encodeExport(scope: TenantScope, one: PayrollExport): Key & Readonly<Record<string, unknown>> {
  return { ...exportKey(scope, one.id), et: 'ex', v: ITEM_VERSION, ...one };
}

/** Reads a stored export back. */
export function decodeExport(item: Readonly<Record<string, unknown>>): PayrollExport {
  return fieldsOf(item, 'ex') as unknown as PayrollExport;
}
