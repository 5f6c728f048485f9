import { type InputsEvent, inputsHandler } from '#functions/bonus/on-inputs/handle.ts';
import type { TestApi } from './api.ts';
import type { TestStreamRecord } from './dynamodb.ts';

const MARKS = new Set(['jb', 'ms', 'bu', 'ti', 'dr', 'wk', 'wg', 're', 'cx']);

/** Lets the bonus layer follow what a test has put into the mirror, until the stream is empty: list rows show what it keeps there. */
export async function catchUp(api: TestApi): Promise<void> {
  const { table, now, ulid, log } = api.ports;
  const bodies: string[] = [];
  const later = {
    send: async (messages: readonly (string | { readonly body: string })[]) =>
      void bodies.push(...messages.map((message) => (typeof message === 'string' ? message : message.body))),
  };
  const handle = inputsHandler({ table, now, ulid, log: (line) => log(line as never), later });
  for (let round = 0; round < 20; round++) {
    const Records = (await api.db.drainStream()).filter(isInput);
    const messages = bodies.splice(0).map((body, at) => ({ messageId: String(at), body, eventSource: 'aws:sqs' as const }));
    if (Records.length + messages.length === 0) return;
    const failed = [
      ...(await handle({ Records } as unknown as InputsEvent, 'stream')).batchItemFailures,
      ...(await handle({ Records: messages }, 'queue')).batchItemFailures,
    ];
    if (failed.length > 0) throw new Error(`${failed.length} records stay undone`);
  }
  throw new Error('the stream never comes to rest');
}

function isInput({ dynamodb }: TestStreamRecord): boolean {
  const image = (dynamodb.NewImage ?? dynamodb.OldImage) as { et?: { S?: string } } | undefined;
  return MARKS.has(image?.et?.S ?? '');
}
