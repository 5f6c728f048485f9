import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

/** Puts events on the product's bus. */
export interface EventPublisher {
  /** True when the bus took the event. False after three tries: whoever relies on it must not depend on it alone. */
  publish(detailType: string, detail: Readonly<Record<string, unknown>>): Promise<boolean>;
}

const SOURCE = 'protiv.api';
const TRIES = 3;

/** The publisher of one bus. An answer of status 200 may still have refused the entry, so its count of failures is what is believed. */
export function openPublisher(
  client: EventBridgeClient,
  busName: string,
  outside: { sleep(ms: number): Promise<void>; log(line: Readonly<Record<string, unknown>>): void },
): EventPublisher {
  return {
    async publish(detailType, detail) {
      const Entries = [{ Source: SOURCE, DetailType: detailType, Detail: JSON.stringify(detail), EventBusName: busName }];
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        const failure = await put(client, Entries);
        if (failure === null) return true;
        outside.log({ level: 'warn', message: 'event not taken', detailType, attempt, failure });
        if (attempt < TRIES) await outside.sleep(100 * 2 ** attempt);
      }
      return false;
    },
  };
}

/** Null when the entry was taken; else the code under which it was not. */
async function put(client: EventBridgeClient, Entries: PutEventsCommand['input']['Entries']): Promise<string | null> {
  try {
    const answer = await client.send(new PutEventsCommand({ Entries }));
    return (answer.FailedEntryCount ?? 0) === 0 ? null : (answer.Entries?.[0]?.ErrorCode ?? 'unknown');
  } catch (error) {
    // The caller is told by the answer `false`; the name of the failure stands in the log.
    return error instanceof Error ? error.name : 'unknown';
  }
}
