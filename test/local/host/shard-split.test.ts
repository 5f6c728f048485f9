import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '#local/host/aws/engine.ts';
import { type StreamMapping, type StreamMappingOptions, startStreamMapping } from '#local/host/events/stream-mapping.ts';
import type { Checkpoint } from '#local/host/events/stream-shard.ts';
import type { Journal } from '#local/host/journal.ts';

let mapping: StreamMapping | undefined;
afterEach(() => mapping?.stop());

/** One shard of the stream: its records by name, and whether it takes no more. */
interface Shard {
  readonly parent?: string;
  readonly records: string[];
  closed: boolean;
}

/** A stream whose shards a test splits. An iterator is the shard's name and a place in it. */
function streamOf(shards: Record<string, Shard>): Engine {
  const call = async (target: string, body: Record<string, unknown>) => {
    if (target.endsWith('DescribeStream')) {
      const listed = Object.entries(shards).map(([ShardId, { parent }]) => ({
        ShardId,
        ...(parent === undefined ? {} : { ParentShardId: parent }),
      }));
      return { StreamDescription: { Shards: listed } };
    }
    if (target.endsWith('GetShardIterator')) {
      const after = body.SequenceNumber === undefined ? 0 : Number(String(body.SequenceNumber).split('-')[1]);
      return { ShardIterator: `${body.ShardId} ${after}` };
    }
    const [name, place] = String(body.ShardIterator).split(' ');
    const shard = shards[name!]!;
    const from = Number(place);
    const Records = shard.records.slice(from, from + 2).map((item, at) => ({
      eventID: `${name}-${from + at + 1}`,
      eventName: 'MODIFY',
      dynamodb: {
        Keys: { pk: { S: item.split('/')[0] }, sk: { S: 'x' } },
        NewImage: { text: { S: item } },
        SequenceNumber: `${name}-${from + at + 1}`,
        ApproximateCreationDateTime: 1,
        SizeBytes: 100,
      },
    }));
    const next = from + Records.length;
    const ended = shard.closed && next === shard.records.length;
    return { Records, ...(ended ? {} : { NextShardIterator: `${name} ${next}` }) };
  };
  return { call, forward: () => Promise.reject(new Error('not used')), close: () => undefined } as Engine;
}

function memoryJournal(): Journal<Checkpoint> {
  const live = new Map<string, Checkpoint>();
  return {
    entries: () => live.entries(),
    get: (key) => live.get(key),
    put: (key, value) => void live.set(key, value),
    patch: () => undefined,
    remove: (key) => void live.delete(key),
    close: () => undefined,
  };
}

/** Starts a mapping whose function notes what it gets; `gate` holds its answers back. */
function start(
  engine: Engine,
  notes: string[],
  gate: () => Promise<void> = async () => undefined,
  checkpoints = memoryJournal(),
) {
  const invoke = async (payload: string) => {
    const { Records } = JSON.parse(payload) as { Records: { dynamodb: { NewImage: { text: { S: string } } } }[] };
    notes.push(...Records.map(({ dynamodb }) => dynamodb.NewImage.text.S));
    await gate();
    return { functionError: null, payload: '{}', requestId: 'r' };
  };
  const options = {
    settings: {
      ...{ id: 'm', batchSize: 2, windowMs: 0, lanes: 1, retries: 3, maximumAgeMs: -1, bisects: true, reportsFailures: true },
      ...{ startsAt: 'TRIM_HORIZON', failureArn: null, matches: () => true },
    },
    table: { name: 't', arn: 'table', streamArn: 'stream', partitionKey: 'pk', keyArn: null },
    ...{ streamArn: 'stream', engine, pool: { invoke }, caller: { kind: 'operator' }, iam: { allows: () => true } },
    ...{
      checkpoints,
      clock: { now: () => 1_000 },
      locality: { region: 'us-east-1', accountId: '0' },
      retryMs: 1,
      random: () => 0.5,
    },
    ...{ faults: { redelivers: () => false, shuffles: () => false }, onLost: () => undefined, queues: {} },
  } as unknown as StreamMappingOptions;
  mapping = startStreamMapping(options);
  return mapping;
}

async function until(done: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !done(); tries++) {
    await mapping!.poll();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(done()).toBe(true);
}

const SPLIT = (): Record<string, Shard> => ({
  parent: { records: ['a/1', 'b/1', 'a/2', 'b/2', 'a/3'], closed: true },
  left: { parent: 'parent', records: ['a/4', 'a/5'], closed: false },
  right: { parent: 'parent', records: ['b/3'], closed: false },
});

describe('a shard that splits', () => {
  it('while a batch of it is worked on is read to its end before its children begin, and nothing is lost (fault 56)', async () => {
    const shards = SPLIT();
    const notes: string[] = [];
    let open: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    start(streamOf(shards), notes, () => held);
    await until(() => notes.length === 2);
    for (let polls = 0; polls < 5; polls++) await mapping!.poll();
    // The children stand ready in the stream, but their parent is not done.
    expect(notes).toEqual(['a/1', 'b/1']);
    open();
    await until(() => notes.length === 8);
    expect(notes.slice(0, 5)).toEqual(['a/1', 'b/1', 'a/2', 'b/2', 'a/3']);
    expect(notes.filter((one) => one.startsWith('a'))).toEqual(['a/1', 'a/2', 'a/3', 'a/4', 'a/5']);
    expect(notes.filter((one) => one.startsWith('b'))).toEqual(['b/1', 'b/2', 'b/3']);
    shards.left!.records.push('a/6');
    await until(() => notes.length === 9);
  });

  it('is begun again where it was left after a restart, parent still first (fault 56)', async () => {
    const notes: string[] = [];
    const checkpoints = memoryJournal();
    const never = new Promise<void>(() => undefined);
    start(streamOf(SPLIT()), notes, () => (notes.length > 2 ? never : Promise.resolve()), checkpoints);
    await until(() => notes.length === 4);
    await mapping!.stop();
    const again: string[] = [];
    start(streamOf(SPLIT()), again, undefined, checkpoints);
    await until(() => again.length === 6);
    // What was under way comes again; what was done does not.
    expect(again.slice(0, 3)).toEqual(['a/2', 'b/2', 'a/3']);
    expect([...again.slice(3)].sort()).toEqual(['a/4', 'a/5', 'b/3']);
  });
});
