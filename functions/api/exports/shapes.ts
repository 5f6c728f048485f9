import * as z from 'zod/mini';
import { EXPORT_STATUSES } from '#model/payroll-export.ts';
import { EXPORT_MODES, EXPORT_TARGETS } from '#model/settings.ts';
import { currencyCode, idText, instantText, moneyText } from '../edge.ts';

const text = z.nullable(z.string());

/** The files of an export: what payroll reads, what goes by hand, and what both of them are. */
export const FILE_PARTS = ['file', 'worksheet', 'manifest'] as const;

/** One finding of preflight. */
export const problemSchema = z.strictObject({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  /** Who has to act: an admin on settings and people here, a manager on pay and hours, whoever runs payroll there. */
  who: z.enum(['admin', 'manager', 'payroll']),
  statementId: text,
  workerId: text,
  /** The week, earning or column in question. */
  subject: text,
  detail: z.string(),
});

const checksum = z.string().check(z.regex(/^[0-9a-f]{64}$/));

const fileSchema = z.strictObject({
  part: z.enum(['file', 'worksheet']),
  name: z.string(),
  lineCount: z.int(),
  total: moneyText,
  checksum,
  href: z.string(),
});

/** A payroll export as lists give it. */
export const exportRowSchema = z.strictObject({
  id: idText,
  reference: z.string(),
  target: z.enum(EXPORT_TARGETS),
  mode: z.enum(EXPORT_MODES),
  status: z.enum(EXPORT_STATUSES),
  statementIds: z.array(idText),
  lineCount: z.int(),
  total: moneyText,
  currency: currencyCode,
  /** The layout: of a Draft the one its file would be made with. */
  templateVersion: z.int(),
  /** SHA-256 of the file; null until it is made. */
  checksum: z.nullable(checksum),
  files: z.array(fileSchema),
  accepted: z.array(z.strictObject({ code: z.string(), reason: z.string() })),
  events: z.array(z.strictObject({ status: z.enum(EXPORT_STATUSES), at: instantText, by: z.string(), reason: text })),
  replaces: z.array(idText),
  replacedBy: text,
});

/** A payroll export with what preflight finds. */
export const exportSchema = z.extend(exportRowSchema, { preflight: z.array(problemSchema) });
