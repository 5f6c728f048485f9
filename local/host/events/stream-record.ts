import { createHash } from 'node:crypto';
import { isObject, type JsonObject, objectOf, textOf } from '../json.ts';

/** One record of a stream on its way through a mapping. */
export type StreamEntry = {
  /** What the function gets. */
  readonly event: JsonObject;
  readonly sequenceNumber: string;
  readonly createdMs: number;
  /** The item: records of one item stay in order. */
  readonly item: string;
  /** Its partition key, which chooses the lane. */
  readonly partition: string;
  readonly bytes: number;
  /** Delivered, filtered out or given up. */
  done: boolean;
};

/** Turns a record of GetRecords into the event record of Lambda. */
export function toEntry(record: unknown, partitionKey: string, eventSourceARN: string, awsRegion: string): StreamEntry {
  const { dynamodb, userIdentity, eventID, eventName } = objectOf(record, 'stream record');
  const change = objectOf(dynamodb, 'stream record');
  const keys = objectOf(change.Keys, 'Keys');
  const event: JsonObject = {
    eventID,
    eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion,
    dynamodb: change,
    eventSourceARN,
  };
  if (isObject(userIdentity)) {
    event.userIdentity = {
      principalId: userIdentity.PrincipalId ?? userIdentity.principalId,
      type: userIdentity.Type ?? userIdentity.type,
    };
  }
  return {
    event,
    sequenceNumber: textOf(change.SequenceNumber, 'SequenceNumber'),
    createdMs: Number(change.ApproximateCreationDateTime) * 1000,
    item: JSON.stringify(keys),
    partition: JSON.stringify(keys[partitionKey]),
    bytes: Number(change.SizeBytes ?? 0),
    done: false,
  };
}

/** The lane of a partition key among `lanes`: always the same one. */
export function laneOf(partition: string, lanes: number): number {
  return createHash('md5').update(partition).digest().readUInt32BE(0) % lanes;
}

/** A random order that keeps the records of each item in theirs: what a stream may do across items. */
export function shuffleAcrossItems(entries: readonly StreamEntry[], random: () => number): StreamEntry[] {
  const byItem = new Map<string, StreamEntry[]>();
  for (const entry of entries) byItem.set(entry.item, [...(byItem.get(entry.item) ?? []), entry]);
  const groups = [...byItem.values()];
  const shuffled: StreamEntry[] = [];
  while (groups.length > 0) {
    const at = Math.floor(random() * groups.length);
    shuffled.push(groups[at]!.shift()!);
    if (groups[at]!.length === 0) groups.splice(at, 1);
  }
  return shuffled;
}
