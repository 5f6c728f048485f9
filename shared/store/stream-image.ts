import { unmarshall } from '@aws-sdk/util-dynamodb';
import { batchOf, beforeHold } from './batch-hold.ts';
import type { Item } from './table.ts';

/** The parts of a stream record that we read, as Lambda hands them over. */
export interface StreamRecord {
  readonly eventName?: string;
  readonly userIdentity?: { readonly type?: string; readonly principalId?: string } | null;
  readonly dynamodb?: {
    readonly SequenceNumber?: string;
    readonly NewImage?: Readonly<Record<string, unknown>>;
    readonly OldImage?: Readonly<Record<string, unknown>>;
  };
}

/** One change of one item: both images as plain objects, and the number that names the record to Lambda. */
export interface StreamChange {
  readonly sequence: string;
  readonly before: Item | null;
  readonly after: Item | null;
  /** Removed by its time to live: nothing happened to the business. */
  readonly expired: boolean;
  /** A batch holds the record now: nothing has happened to it yet, and what it was stands in both images. */
  readonly held: boolean;
}

/** Reads a stream record. Throws on an image that cannot be read, which concerns this record alone. */
export function changeOf(record: StreamRecord): StreamChange {
  const { SequenceNumber: sequence, NewImage, OldImage } = record.dynamodb ?? {};
  if (sequence === undefined) throw new Error('a stream record without a sequence number');
  const after = imageOf(NewImage);
  return {
    sequence,
    before: withoutHold(imageOf(OldImage)),
    after: withoutHold(after),
    held: batchOf(after) !== null,
    expired: record.eventName === 'REMOVE' && record.userIdentity?.principalId === 'dynamodb.amazonaws.com',
  };
}

function imageOf(image: Readonly<Record<string, unknown>> | undefined): Item | null {
  return image === undefined ? null : (unmarshall(image as Parameters<typeof unmarshall>[0]) as Item);
}

function withoutHold(image: Item | null): Item | null {
  return image === null ? null : beforeHold(image);
}
