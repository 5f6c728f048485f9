import { describe, expect, it } from 'vitest';
import { dataOf, EVENT_TYPES, fieldsOf, isEventType } from '#events/catalogue.ts';

describe('the catalogue of events', () => {
  it('has no field for wages, contact data or secrets (M-158)', () => {
    const fields = EVENT_TYPES.flatMap((type) => fieldsOf(type).map(({ name }) => name));
    expect(fields.filter((name) => /rate|wage|phone|mail|secret|token|password|address/i.test(name))).toEqual([]);
    expect(fields.filter((name) => /^(before|after|fields_|value)$/.test(name))).toEqual([]);
  });

  it('names a field of a type once', () => {
    for (const type of EVENT_TYPES) {
      const names = fieldsOf(type).map(({ name }) => name);
      expect([type, new Set(names).size]).toEqual([type, names.length]);
    }
  });

  it('takes of what is known what a type has a field for: the rest stays out, what is missing is null, what may be missing is left out', () => {
    const known = { ruleId: 'r1', type: 'job_type', rateE4: 250_000, email: 'ann@example.com' };
    expect(dataOf('exclusion_rule.saved', known)).toEqual({ ruleId: 'r1', type: 'job_type', by: null });
    expect(dataOf('job.excluded', { jobId: 'j', type: 'manual', by: 'u' })).toEqual({ jobId: 'j', type: 'manual', by: 'u' });
  });

  it('knows its names', () => {
    expect(isEventType('mirror.created')).toBe(true);
    expect(isEventType('toString')).toBe(false);
    expect(isEventType('mirror.renamed')).toBe(false);
  });
});
