import * as z from 'zod/mini';
import { ENTITIES } from '#model/entities.ts';
import { instantText } from '../edge.ts';

/** What may be asked about. */
export const KINDS = ['worker', 'job', 'milestone', 'propay', 'time_entry'] as const;

const text = z.nullable(z.string());

const verdictFields = {
  verdict: text,
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  /** What stands behind the verdict: run, time, rule, field and value where they are known. */
  evidence: z.record(z.string(), z.unknown()),
  nextAction: z.strictObject({ code: z.string(), detail: z.string(), href: text }),
  nextRunAt: z.nullable(instantText),
  record: z.nullable(z.strictObject({ entity: z.enum(ENTITIES), id: z.string(), href: text })),
};

/** The answer to "why is it missing" (M-122 to M-125). */
export const diagnosisShape = z.strictObject({
  kind: z.enum(KINDS),
  asked: z.strictObject({ sourceId: text, number: text, name: text, connectionId: text, view: text }),
  ...verdictFields,
  parent: z.nullable(z.strictObject({ kind: z.enum(ENTITIES), sourceId: z.string(), ...verdictFields })),
  probe: z.strictObject({ done: z.boolean(), result: text }),
  checklist: z.array(z.strictObject({ step: z.string(), done: z.boolean(), result: z.string() })),
});
