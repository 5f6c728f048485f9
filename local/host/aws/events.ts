import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { EventBridge } from '../events/eventbridge.ts';
import type { Caller, Iam } from '../iam/iam.ts';
import { isObject, type JsonObject, listOf, objectOf, textsOf } from '../json.ts';
import { arnOf, busNameOf } from '../template/attributes.ts';
import type { Locality } from '../template/locality.ts';
import { AwsError, validationError } from './error.ts';

const ENTRY_LIMIT = 10;
const REQUEST_LIMIT_BYTES = 1_048_576;

/**
 * Answers PutEvents. The request succeeds while entries may fail one by one, each with its error in its place: callers
 * must look at FailedEntryCount.
 */
export function createEventsApi(events: EventBridge, iam: Iam, locality: Locality, clock: Clock) {
  return (operation: string, body: JsonObject, caller: Caller): JsonObject => {
    if (operation !== 'PutEvents')
      throw new AwsError('UnknownOperationException', `EventBridge ${operation} is not available on the local host`);
    const entries = listOf(body.Entries).map((entry) => objectOf(entry, 'entry'));
    if (entries.length < 1 || entries.length > ENTRY_LIMIT)
      throw validationError(`Entries must have 1 to ${ENTRY_LIMIT} members`);
    const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)), 0);
    if (bytes > REQUEST_LIMIT_BYTES) throw validationError('Total size of the entries in the request is over the limit.');
    const busOf = (entry: JsonObject) => busNameOf(typeof entry.EventBusName === 'string' ? entry.EventBusName : undefined);
    for (const bus of new Set(entries.map(busOf))) {
      iam.require(caller, { action: 'events:PutEvents', resource: arnOf(locality, 'events', `event-bus/${bus}`) });
    }
    const results = entries.map((entry) => putOne(entry, busOf(entry), events, clock));
    return { Entries: results, FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length };
  };
}

function putOne(entry: JsonObject, bus: string, events: EventBridge, clock: Clock): JsonObject {
  const { Source, DetailType, Detail, Resources, Time } = entry;
  const invalid = (ErrorCode: string, ErrorMessage: string): JsonObject => ({ ErrorCode, ErrorMessage });
  if (!events.hasBus(bus)) return invalid('InvalidArgument', `Event bus ${bus} does not exist.`);
  if (typeof Source !== 'string' || Source === '')
    return invalid('InvalidArgument', 'Parameter Source is not valid. Reason: Source is a required argument.');
  if (typeof DetailType !== 'string' || DetailType === '')
    return invalid('InvalidArgument', 'Parameter DetailType is not valid. Reason: DetailType is a required argument.');
  if (Source.startsWith('aws.')) return invalid('NotAuthorizedForSourceException', 'Not authorized for the source.');
  const detail = parseDetail(Detail);
  if (detail === null) return invalid('MalformedDetail', 'Detail is malformed.');
  const id = randomUUID();
  const timeMs = typeof Time === 'number' ? Time * 1000 : clock.now();
  const time = new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
  events.put(bus, { id, time, source: Source, detailType: DetailType, detail, resources: textsOf(Resources, 'Resources') });
  return { EventId: id };
}

function parseDetail(text: unknown): JsonObject | null {
  try {
    const detail: unknown = JSON.parse(String(text));
    return isObject(detail) ? detail : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
