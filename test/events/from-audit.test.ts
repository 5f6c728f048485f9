import { describe, expect, it } from 'vitest';
import { fieldsOf, isEventType } from '#events/catalogue.ts';
import { eventOfAudit } from '#events/from-audit.ts';
import type { AuditEntry } from '#model/people.ts';

const entry = (action: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
  id: '01JPAUDIT00000000000000001',
  at: '2026-03-10T12:00:00.000Z',
  actor: { kind: 'user', id: 'ann' },
  action,
  entity: 'propay',
  entityId: 'AAAAAAAAAAAAAAAA.-.1',
  before: null,
  after: null,
  reason: null,
  requestId: 'r',
  source: 'API',
  ...more,
});

describe('the event of an audit entry (B-184)', () => {
  it('has the entry’s id, so that what is told twice is recognised', () => {
    const event = eventOfAudit(
      entry('propay.approved', { after: { status: 'Approved', totalCents: 12_345, approvalDate: '2026-03-10' } }),
    );
    expect(event).toEqual({
      id: '01JPAUDIT00000000000000001',
      type: 'propay.approved',
      occurredAt: '2026-03-10T12:00:00.000Z',
      subject: { entity: 'propay', id: 'AAAAAAAAAAAAAAAA.-.1' },
      actor: { kind: 'user', id: 'ann' },
      data: {
        propayId: 'AAAAAAAAAAAAAAAA.-.1',
        snapshotId: null,
        approvalDate: '2026-03-10',
        totalCents: 12_345,
        by: 'ann',
      },
    });
  });

  it('carries nothing that the catalogue has no field for, whatever the entry holds', () => {
    const secrets = { rateE4: 250_000, email: 'ann@example.com', token: 's3cret', values: { a: 1 } };
    for (const action of [
      'settings.changed',
      'override.set',
      'connection.created',
      'division.changed',
      'exclusion_rule.created',
    ]) {
      const event = eventOfAudit(entry(action, { entity: 'worker', before: secrets, after: secrets }))!;
      const allowed = fieldsOf(event.type).map(({ name }) => name);
      expect(Object.keys(event.data).filter((name) => !allowed.includes(name))).toEqual([]);
      expect(JSON.stringify(event)).not.toMatch(/250000|example\.com|s3cret/);
    }
  });

  it('is none for what is no event, and for line items, which tell themselves', () => {
    expect(eventOfAudit(entry('api_token.created'))).toBeNull();
    expect(eventOfAudit(entry('line_item.created'))).toBeNull();
  });

  it('tells a cancellation by the source apart from one by people', () => {
    expect(eventOfAudit(entry('propay.canceled', { actor: { kind: 'system', id: 'bonus' } }))?.type).toBe(
      'propay.canceled_by_source',
    );
    expect(eventOfAudit(entry('propay.canceled'))).toBeNull();
  });

  it('names every renamed event as the catalogue does', () => {
    for (const action of [
      'hold.confirmed',
      'link.confirmed',
      'division.deleted',
      'propay.reserve_released',
      'statement.answered',
    ])
      expect(isEventType(eventOfAudit(entry(action))!.type)).toBe(true);
  });
});
