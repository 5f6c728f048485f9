export { callDynamoDb } from './call.ts';
export type { Counters, Usage, UsageRow } from './counters.ts';
export type { Fault, FaultControl, FaultKind, FaultMatch } from './faults.ts';
export { type DynamoDb, type DynamoDbOptions, startDynamoDb } from './start.ts';
export { type LambdaStreamRecord, type StreamRecord, toLambdaRecord } from './stream-record.ts';
export type { Item, WireAnswer, WireRequest, WireValue } from './wire.ts';
