import * as z from 'zod/mini';
import { ENTITIES } from '#model/entities.ts';
import { UPLOAD_MODES } from '#model/upload.ts';
import { streamCounts } from '../admin/connections/shapes.ts';
import { dateText, idText, instantText } from '../edge.ts';

export const windowShape = z.strictObject({ from: dateText, to: dateText });

const issue = z.strictObject({
  /** Line of the file; the first one is 1. */
  row: z.int(),
  reason: z.string(),
  field: z.nullable(z.string()),
  detail: z.string(),
  value: z.nullable(z.string()),
});

const summary = {
  id: idText,
  connectionId: idText,
  entity: z.enum(ENTITIES),
  mode: z.enum(UPLOAD_MODES),
  window: z.nullable(windowShape),
  /** The window is what the file was found to cover: accepting it confirms that the file is all there is of these days. */
  windowProposed: z.boolean(),
  status: z.enum(['waiting', 'preview', 'accepted', 'refused', 'discarded']),
  profile: z.strictObject({ name: z.string(), version: z.int() }),
  createdAt: instantText,
  createdBy: z.string(),
  expiresAt: instantText,
  runId: z.nullable(z.string()),
};

export const uploadSummaryShape = z.strictObject(summary);

const counted = z.strictObject({
  rows: z.int(),
  ...streamCounts,
  rejected: z.int(),
  warnings: z.int(),
});

export const uploadShape = z.strictObject({
  ...summary,
  file: z.nullable(z.strictObject({ sizeBytes: z.int(), encoding: z.nullable(z.string()) })),
  /** Why the file is refused whole. */
  refusal: z.nullable(z.strictObject({ code: z.string(), detail: z.string(), row: z.nullable(z.int()) })),
  counts: z.nullable(counted),
  rejected: z.array(issue),
  warnings: z.array(issue),
  deletions: z.array(z.strictObject({ entity: z.enum(ENTITIES), id: idText })),
  /** So many at once that they will wait for confirmation instead of happening (M-103). */
  deletionsHeld: z.boolean(),
  latestDate: z.nullable(dateText),
  unknownStatuses: z.array(z.string()),
});
