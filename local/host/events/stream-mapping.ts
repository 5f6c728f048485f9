import type { Engine } from '../aws/engine.ts';
import type { Clock } from '../clock.ts';
import type { Access, Caller, Iam } from '../iam/iam.ts';
import type { Journal } from '../journal.ts';
import type { Pool } from '../lambda/pool.ts';
import { type TableDefinition, tableKeyAccess } from '../tables.ts';
import type { Locality } from '../template/locality.ts';
import type { Queues } from './sqs.ts';
import { deliverBatch } from './stream-batch.ts';
import { giveUp } from './stream-failure.ts';
import { laneOf, type StreamEntry, shuffleAcrossItems, toEntry } from './stream-record.ts';
import type { StreamSettings } from './stream-settings.ts';
import { type Checkpoint, listShards, readShard, type ShardReader } from './stream-shard.ts';

/** A table's stream that wakes a function. */
export type StreamMapping = {
  /** Whether records are read and not yet done. */
  readonly busy: boolean;
  /** Reads everything that is in the stream now. */
  poll(): Promise<void>;
  stop(): Promise<void>;
};

export type StreamMappingOptions = {
  readonly settings: StreamSettings;
  readonly table: TableDefinition;
  /** The stream's ARN in the engine. */
  readonly streamArn: string;
  readonly engine: Engine;
  readonly pool: Pool;
  readonly caller: Caller;
  readonly iam: Iam;
  readonly queues: Queues;
  readonly checkpoints: Journal<Checkpoint>;
  readonly clock: Clock;
  readonly locality: Locality;
  readonly retryMs: number;
  readonly random: () => number;
  readonly faults: { redelivers(): boolean; shuffles(): boolean };
  readonly onLost: (what: string) => void;
};

type Lane = { readonly waiting: StreamEntry[]; running: boolean; since: number; timer: NodeJS.Timeout | undefined };
type OpenShard = {
  readonly id: string;
  readonly key: string;
  readonly reader: ShardReader;
  readonly lanes: readonly Lane[];
  readonly open: StreamEntry[];
  ended: boolean;
  reached: string | null;
};

const POLL_MS = 250;
const SHARDS_MS = 5_000;
const BATCH_LIMIT_BYTES = 6 * 1024 * 1024;
const REQUIRED = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'];

/** Starts to read a stream for a function from its checkpoint. Throws where the role may not read the stream. */
export function startStreamMapping(options: StreamMappingOptions): StreamMapping {
  const { settings, table, streamArn, engine, pool, checkpoints, clock, faults, random } = options;
  checkGrants(options);
  const shards = new Map<string, OpenShard>();
  const deliveries = new Set<Promise<void>>();
  let shardsReadAt = Number.NEGATIVE_INFINITY;
  let polling: Promise<void> | null = null;
  const ending = new AbortController();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const checkpointKey = (shardId: string) => `${settings.id} ${streamArn} ${shardId}`;
  const isFinished = (shardId: string) => checkpoints.get(checkpointKey(shardId))?.finished === true;

  /** Opens shards whose parent is done: only so are an item's records read in order. */
  const openShards = async () => {
    const listed = await listShards(engine, streamArn);
    shardsReadAt = performance.now();
    for (const { id, parentId } of listed) {
      const parentOpen = parentId !== null && listed.some((shard) => shard.id === parentId) && !isFinished(parentId);
      if (shards.has(id) || isFinished(id) || parentOpen) continue;
      const key = checkpointKey(id);
      const after = checkpoints.get(key)?.sequenceNumber ?? null;
      const onTrimmed = () => options.onLost(`${settings.id}: records of shard ${id} were trimmed before they were read`);
      const reader = readShard({ engine, streamArn, shardId: id, after, startsAt: settings.startsAt, onTrimmed });
      const lanes = Array.from(
        { length: settings.lanes },
        (): Lane => ({ waiting: [], running: false, since: 0, timer: undefined }),
      );
      shards.set(id, { id, key, reader, lanes, open: [], ended: false, reached: after });
    }
  };

  /** Moves the checkpoint over everything done at the front; what is done behind an open record may come again after a crash. */
  const advance = (shard: OpenShard) => {
    const open = shard.open.findIndex((entry) => !entry.done);
    const done = shard.open.splice(0, open === -1 ? shard.open.length : open);
    const reached = done.at(-1)?.sequenceNumber ?? shard.reached;
    const finished = shard.ended && shard.open.length === 0;
    if (stopped || (reached === shard.reached && !finished)) return;
    shard.reached = reached;
    checkpoints.put(shard.key, { sequenceNumber: reached, finished });
    if (finished) {
      shards.delete(shard.id);
      shardsReadAt = Number.NEGATIVE_INFINITY;
    }
  };

  const invoke = (entries: readonly StreamEntry[]) =>
    pool.invoke(JSON.stringify({ Records: entries.map(({ event }) => event) }), 'event');

  const start = (shard: OpenShard, lane: Lane) => {
    clearTimeout(lane.timer);
    lane.timer = undefined;
    lane.running = true;
    const waiting = faults.shuffles() ? shuffleAcrossItems(lane.waiting.splice(0), random) : lane.waiting;
    const batch = waiting.splice(0, fitting(waiting, settings.batchSize));
    if (waiting !== lane.waiting) lane.waiting.push(...waiting);
    const delivery = deliverBatch(batch, {
      settings,
      clock,
      retryMs: options.retryMs,
      invoke,
      giveUp: (entries, reason, result, invocations) => giveUp(options, shard.id, entries, reason, result, invocations),
      repeats: () => faults.redelivers(),
      signal: ending.signal,
    }).finally(() => {
      deliveries.delete(delivery);
      lane.running = false;
      lane.since = performance.now();
      advance(shard);
      wake(shard, lane);
    });
    deliveries.add(delivery);
  };

  /** Starts a lane's next batch when it is full or its window is over. */
  const wake = (shard: OpenShard, lane: Lane) => {
    if (stopped || lane.running || lane.waiting.length === 0) return;
    const full = fitting(lane.waiting, settings.batchSize) < lane.waiting.length || lane.waiting.length >= settings.batchSize;
    const waitMs = lane.since + settings.windowMs - performance.now();
    if (full || waitMs <= 0) start(shard, lane);
    else lane.timer ??= setTimeout(() => start(shard, lane), waitMs);
  };

  const take = (shard: OpenShard, records: readonly unknown[]) => {
    for (const record of records) {
      const entry = toEntry(record, table.partitionKey, table.streamArn, options.locality.region);
      shard.open.push(entry);
      entry.done = !settings.matches(entry.event);
      if (entry.done) continue;
      const lane = shard.lanes[laneOf(entry.partition, settings.lanes)]!;
      if (lane.waiting.length === 0 && !lane.running) lane.since = performance.now();
      lane.waiting.push(entry);
    }
    advance(shard);
    for (const lane of shard.lanes) wake(shard, lane);
  };

  const readAll = async () => {
    if (performance.now() - shardsReadAt > SHARDS_MS) await openShards();
    for (const shard of [...shards.values()]) {
      // A slow function must not fill the memory: the stream keeps what is not read.
      while (!stopped && !shard.ended && shard.open.length < 10 * settings.batchSize * settings.lanes) {
        const { records, ended } = await shard.reader.read();
        shard.ended = ended;
        take(shard, records);
        if (records.length === 0) break;
      }
    }
  };

  const poll = async (): Promise<void> => {
    while (polling !== null) await polling;
    if (stopped) return;
    polling = readAll().finally(() => {
      polling = null;
    });
    await polling;
  };

  const loop = () => {
    timer = setTimeout(
      () =>
        void poll()
          .catch(report)
          .then(() => (stopped ? undefined : loop())),
      POLL_MS,
    );
  };
  // The engine may be gone for a moment (stopping, or a fault): the next poll tries again.
  const report = (error: unknown) =>
    stopped ? undefined : options.onLost(`${settings.id}: the stream could not be read: ${String(error)}`);
  loop();

  return {
    get busy() {
      return [...shards.values()].some(({ open }) => open.length > 0);
    },
    poll,
    stop: async () => {
      stopped = true;
      ending.abort();
      clearTimeout(timer);
      for (const { lanes } of shards.values()) for (const lane of lanes) clearTimeout(lane.timer);
      await polling?.catch(report);
    },
  };
}

/** How many entries from the front fit into one event: at least one. */
function fitting(entries: readonly StreamEntry[], batchSize: number): number {
  let bytes = 0;
  const over = entries.findIndex((entry, index) => {
    bytes += entry.bytes;
    return index >= batchSize || (index > 0 && bytes > BATCH_LIMIT_BYTES);
  });
  return over === -1 ? entries.length : over;
}

function checkGrants({ settings, table, caller, iam, locality }: StreamMappingOptions): void {
  const needed: Access[] = REQUIRED.map((action) => ({ action, resource: table.streamArn }));
  const keyAccess = tableKeyAccess(table, locality);
  if (keyAccess !== null) needed.push(keyAccess);
  for (const access of needed) {
    if (!iam.allows(caller, access))
      throw new Error(
        `Mapping ${settings.id}: the function's role does not have permission to call ${access.action} on ${access.resource}`,
      );
  }
}
