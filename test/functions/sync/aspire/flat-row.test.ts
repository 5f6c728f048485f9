import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { readFlatRow } from '#functions/sync/aspire/map/flat-row.ts';
import * as wire from '#functions/sync/aspire/wire.ts';
import { ExactNumber } from '#kernel/decimal.ts';

const SCHEMAS = Object.entries(wire).filter(([name]) => name.endsWith('Row')) as [string, z.ZodMiniType][];
/** Rows with fields the schema does not name hold what never may reach a mapping (M-25). */
const value = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(null, undefined, 0, 7, 1.5, '', 'text', true, false, new ExactNumber('9007199254740993')),
  },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 12n, [], {}, [{}]) },
);

it.each(SCHEMAS)('%s: a flat row is read as the schema reads it, or left to the schema', (_name, schema) => {
  const fields = schema instanceof z.ZodMiniObject ? Object.keys(schema.shape) : [];
  const flat = readFlatRow(schema, {}) !== null;
  const rows = fc.dictionary(fc.constantFrom(...fields, 'PIN', 'BaseHourlyRate'), value, { noNullPrototype: true });
  fc.assert(
    fc.property(rows, (row) => {
      const parsed = schema.safeParse(row);
      const read = readFlatRow(schema, row);
      if (read !== null) expect({ success: true, data: read }).toEqual(parsed);
      else if (flat) expect(parsed.success).toBe(false);
    }),
    { numRuns: 300, seed: 20260301 },
  );
});
