import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunMessage } from '#mirror/start.ts';
import { scopeOf } from '#model/scope.ts';
import { minuteOfCycle, openSlots, type Slots } from '#store/slots.ts';
import { dispatchTick, minutesOfCycle, nextRunAt } from '#sync/dispatch.ts';
import { messageOfRequest, parseRunMessage, parseSyncCall } from '#sync/messages.ts';
import { localClientConfig, startTestTable, type TestTable } from '#test/support/dynamodb.ts';

const MANIFEST = { provider: 'aspire', cycles: [20, 60] };
const at = (minute: number) => new Date(Date.UTC(2026, 2, 20, 12, minute)).toISOString();

describe('the schedule’s tick', () => {
  let testTable: TestTable;
  let slots: Slots;
  beforeAll(async () => {
    testTable = await startTestTable();
    slots = openSlots({
      client: DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(testTable.endpoint))),
      tableName: testTable.tableName,
    });
    for (let n = 1; n <= 30; n++) await slots.occupy('aspire', n % 3 === 0 ? 60 : 20, scopeOf(`tenant${n}`), 1);
  });
  afterAll(() => testTable.stop());

  async function tick(minute: number): Promise<string[]> {
    const sent: RunMessage[] = [];
    await dispatchTick(slots, MANIFEST, at(minute), async (messages) => void sent.push(...messages));
    return sent.map((message) => message.connectionId).sort();
  }

  it('starts every connection once in its cycle, in its own minute, and nothing when it comes twice (fault 1)', async () => {
    await tick(0);
    const started: string[] = [];
    for (let minute = 1; minute <= 60; minute++) {
      started.push(...(await tick(minute)));
      expect(await tick(minute)).toEqual([]);
    }
    for (let n = 1; n <= 30; n++)
      expect(
        started.filter((id) => id === `tenant${n}.1`),
        `tenant${n}`,
      ).toHaveLength(n % 3 === 0 ? 1 : 3);
  });

  it('makes up for lost ticks, at most one cycle of them (fault 3)', async () => {
    const started = await tick(60 + 45);
    // Every 20-minute connection is due once, and the 60-minute ones of the 45 minutes that were lost.
    for (let n = 1; n <= 30; n++) {
      const expected = n % 3 !== 0 || (minuteOfCycle(`tenant${n}.1`, 60) >= 1 && minuteOfCycle(`tenant${n}.1`, 60) <= 45) ? 1 : 0;
      expect(
        started.filter((id) => id === `tenant${n}.1`),
        `tenant${n}`,
      ).toHaveLength(expected);
    }
    expect(minutesOfCycle(0, 1_000, 20)).toHaveLength(20);
  });

  it('frees the slot of a connection that is gone (fault 9)', async () => {
    await slots.free('aspire', 20, scopeOf('tenant1'), 1);
    expect(await slots.due('aspire', 20, minuteOfCycle('tenant1.1', 20))).not.toContain('tenant1.1');
  });

  it('tells when a connection’s minute comes next', () => {
    expect(nextRunAt(at(3), 20, 5)).toBe(at(5));
    expect(nextRunAt(at(5), 20, 5)).toBe(at(25));
    expect(nextRunAt(at(59), 20, 0)).toBe(at(60));
  });
});

describe('starts of 100,000 connections (P13, fault 4)', () => {
  it('spread over the cycle: the fullest minute holds at most 5 % more than the mean', () => {
    const counts = new Array<number>(20).fill(0);
    for (let n = 0; n < 100_000; n++) counts[minuteOfCycle(`t${n.toString(36).padStart(6, '0')}.1`, 20)]! += 1;
    expect(Math.max(...counts) / 5_000).toBeLessThanOrEqual(1.05);
  });
});

describe('messages from outside (fault 10)', () => {
  const good = { v: 1, tenantId: 'tenant1', connectionId: 'tenant1.1', kind: 'tick', tick: at(0) };
  it('are taken only when whole, and only for the tenant that the connection belongs to', () => {
    expect(parseRunMessage(JSON.stringify(good))).toEqual(good);
    const bad = [
      { ...good, tenantId: 'tenant2' },
      { ...good, connectionId: 'tenant1#C.1' },
      { ...good, more: 1 },
      { ...good, kind: 'full' },
      { ...good, leg: -1 },
      null,
      7,
    ];
    for (const body of [...bad.map((one) => JSON.stringify(one)), 'not json', '', '{"v":1'])
      expect(parseRunMessage(body)).toBeNull();
    expect(messageOfRequest({ tenantId: 'tenant2', connectionId: 'tenant1.1' })).toBeNull();
    expect(messageOfRequest({ tenantId: 'tenant1', connectionId: 'tenant1.1', fence: 9 })).toEqual({
      v: 1,
      tenantId: 'tenant1',
      connectionId: 'tenant1.1',
      kind: 'manual',
    });
    expect(parseSyncCall({ type: 'probe', connectionId: 'x', entity: 'job', sourceId: '1' })).toBeNull();
  });
});
