import * as z from 'zod/mini';
import type { OverrideField } from '#model/overrides.ts';
import { dateText, idText, instantText } from '../edge.ts';

/** Why somebody overrides, keeps or clears. */
export const reason = z.optional(z.string().check(z.minLength(1), z.maxLength(500)));

const text = z.nullable(z.string());
/** `from`: the record that it was set on, where that one leads here by now. */
const made = { by: z.string(), at: instantText, reason: text, from: z.optional(idText) };
const ofWage = { effectiveFrom: z.optional(z.nullable(dateText)), burdenBp: z.optional(z.nullable(z.int())) };

const override = z.strictObject({
  value: z.unknown(),
  ...made,
  sourceValueWhenSet: z.unknown(),
  sourceValue: z.unknown(),
  conflict: z.boolean(),
  ...ofWage,
  note: z.optional(text),
});

const FIELDS = ['wage', 'role', 'active', 'manager', 'budget'] as const satisfies readonly OverrideField[];

/** The overrides of a record as they stand, and everything that was ever set. */
export const overridesAnswer = {
  status: 200,
  description: 'The overrides of the record, and their history, oldest first',
  schema: z.strictObject({
    overrides: z.partialRecord(z.enum(FIELDS), override),
    history: z.array(
      z.strictObject({
        field: z.enum(FIELDS),
        value: z.unknown(),
        ...made,
        sourceValueWhenSet: z.unknown(),
        clearedBy: text,
        clearedAt: z.nullable(instantText),
        keptBy: text,
        keptAt: z.nullable(instantText),
        ...ofWage,
      }),
    ),
    /** Of a changed role or state: ProPays that wait for the approval of the person (M-144). */
    waitingPropayIds: z.optional(z.array(z.string())),
  }),
};
