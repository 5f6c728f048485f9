import { sameItem } from './capacity.ts';
import { library, type TableDescription } from './dynalite.ts';
import type { Change } from './storage.ts';
import type { Item } from './wire.ts';

/** Who removed an item when it was not a caller: the expiry process. */
export type StreamIdentity = { readonly PrincipalId: string; readonly Type: string };

/** A stream record as GetRecords answers it. Times are epoch seconds. */
export type StreamRecord = {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: string;
  };
  readonly userIdentity?: StreamIdentity;
};

/** A stream record as a Lambda function gets it: with the ARN of its stream, and the identity spelt differently. */
export type LambdaStreamRecord = Omit<StreamRecord, 'userIdentity'> & {
  readonly eventSourceARN: string;
  readonly userIdentity?: { readonly type: string; readonly principalId: string };
};

/** The record of a change, or undefined for a change that changes nothing. */
export function recordOf(
  { table, before, after }: Change,
  viewType: string,
  sequence: bigint,
  atMs: number,
  region: string,
  identity?: StreamIdentity,
): StreamRecord | undefined {
  const image = after ?? before;
  if (image === undefined || sameItem(before, after)) return undefined;
  const keys = keysOf(table, image);
  const newImage = viewType.startsWith('NEW') ? after : undefined;
  const oldImage = viewType.endsWith('OLD_IMAGES') || viewType === 'OLD_IMAGE' ? before : undefined;
  const size = (item: Item | undefined) => (item === undefined ? 0 : library.itemSize(item));
  return {
    eventID: sequence.toString(16).padStart(32, '0'),
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(atMs / 1000),
      Keys: keys,
      ...(newImage === undefined ? {} : { NewImage: newImage }),
      ...(oldImage === undefined ? {} : { OldImage: oldImage }),
      SequenceNumber: String(sequence),
      SizeBytes: size(keys) + size(newImage) + size(oldImage),
      StreamViewType: viewType,
    },
    ...(identity === undefined ? {} : { userIdentity: identity }),
  };
}

/** The record as an event source mapping hands it to a function. */
export function toLambdaRecord({ userIdentity, ...record }: StreamRecord, streamArn: string): LambdaStreamRecord {
  const identity = userIdentity && { userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId } };
  return { ...record, eventSourceARN: streamArn, ...identity };
}

function keysOf(table: TableDescription, item: Item): Item {
  return Object.fromEntries(table.KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]!]));
}
