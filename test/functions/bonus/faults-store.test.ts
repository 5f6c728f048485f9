import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, QueryCommand, type QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { timeEntryKey } from '#model/keys.ts';
import { firstProPayId } from '#model/propay-item.ts';
import { openTable, type Table, type WriteAction } from '#store/table.ts';
import { type BonusBench, startBonusBench } from '#test/support/bonus-bench.ts';
import { idOf, jobId, putTime, seedFence, workerId } from '#test/support/bonus-world.ts';
import { localClientConfig } from '#test/support/dynamodb.ts';

let bench: BonusBench;
let client: DynamoDBDocumentClient;
beforeEach(async () => {
  bench = await startBonusBench();
  client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(bench.api.db.endpoint)));
});
afterEach(async () => {
  client.destroy();
  await bench.stop();
});

const target = { jobId: jobId('fence'), milestoneId: null };
const id = firstProPayId(target);
const ENTRIES = 300;

/** Puts so many hours of work on the fence, each entry some 5 KB large: together more than one page of a Query. */
async function putManyEntries(): Promise<void> {
  await putTime(bench, { id: 'model', worker: 'ann', job: 'fence', hours: 1 }, {}, { sourceStatus: 's'.repeat(5_000) });
  const place = { jobId: target.jobId, workerId: workerId('ann'), milestoneId: null };
  const model = (await bench.table.get(bench.scope, timeEntryKey(bench.scope, { ...place, id: idOf('time', 'model') })))!;
  const actions = Array.from({ length: ENTRIES - 1 }, (_, n): WriteAction => {
    const copy = JSON.parse(JSON.stringify(model).replaceAll(idOf('time', 'model'), idOf('time', `copy${n}`)));
    return { kind: 'put', item: { ...copy, x: `copy${n}` } };
  });
  for (let at = 0; at < actions.length; at += 100) await bench.table.write(bench.scope, actions.slice(at, at + 100));
}

/**
 * The table as a service may show it: every Query begins with a page that holds nothing and says that there is more, every further page is
 * preceded by such a one, and a page has at most so many items.
 */
function hesitant(most: number): { table: Table; pages: () => { full: number; empty: number } } {
  const counted = { full: 0, empty: 0 };
  const send = async (command: unknown): Promise<unknown> => {
    if (!(command instanceof QueryCommand)) return client.send(command as never);
    const { ExclusiveStartKey: from, Limit, ...input } = command.input;
    if (from?.waited !== true) {
      counted.empty += 1;
      return { Items: [], Count: 0, LastEvaluatedKey: { waited: true, from } };
    }
    counted.full += 1;
    const answer: QueryCommandOutput = await client.send(
      new QueryCommand({
        ...input,
        Limit: Math.min(most, Limit ?? most),
        ...(from.from === undefined ? {} : { ExclusiveStartKey: from.from }),
      }),
    );
    return answer;
  };
  const table = openTable({
    client: { send } as unknown as DynamoDBDocumentClient,
    tableName: bench.api.db.tableName,
    now: bench.api.now,
    sleep: async () => {},
    random: () => 0.5,
  });
  return { table, pages: () => counted };
}

const seconds = async () => (await bench.state(target)).result!.figures!.actualSeconds;

describe('a Query that ends before its set does', () => {
  it('at 1 MB is followed: a recalculation uses all entries of the job, and so does an approval (fault 49)', async () => {
    await seedFence(bench);
    await bench.settle();
    await putManyEntries();
    const { after } = await bench.table.query(bench.scope, { partition: `T#acme1#J#${target.jobId}` });
    expect(after).not.toBeNull();
    await bench.settle();
    expect(await seconds()).toBe((60 + ENTRIES) * 3_600);
    const { inputsVersion } = (await bench.api.call<{ inputsVersion: string }>('GET', `/v1/propays/${id}`)).body;
    const approved = await bench.api.call<{ result: { actualHours: string } }>('POST', `/v1/propays/${id}/approve`, {
      body: { inputsVersion },
      headers: { 'idempotency-key': 'many' },
    });
    expect(approved).toMatchObject({ status: 200, body: { status: 'Approved' } });
    expect((await bench.state(target)).result!.figures!.actualSeconds).toBe((60 + ENTRIES) * 3_600);
  });

  it('with nothing on a page is followed as well (fault 49)', async () => {
    const { table, pages } = hesitant(3);
    Object.assign(bench.ports, { table });
    await seedFence(bench);
    await bench.settle();
    expect(await seconds()).toBe(60 * 3_600);
    await putTime(bench, { id: 'late', worker: 'bob', job: 'fence', hours: 5, date: '2026-03-06' });
    await bench.settle();
    expect(await seconds()).toBe(65 * 3_600);
    expect((await bench.state(target)).result!.figures!.payouts).toHaveLength(4);
    expect(pages().empty).toBeGreaterThan(10);
    expect(pages().full).toBeGreaterThan(10);
  });
});
