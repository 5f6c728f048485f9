import type { LogLine } from '#platform/log.ts';

/** A batch of a queue as Lambda hands it over. */
export interface QueueEvent {
  readonly Records: readonly {
    readonly messageId: string;
    readonly body: string;
    readonly attributes?: { readonly ApproximateReceiveCount?: string };
  }[];
}

/** Which messages Lambda is to deliver again; all others are done. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Works on the messages of a batch at the same time, told how often each was received; each that fails comes back alone. */
export async function handleEach(
  records: QueueEvent['Records'],
  { log }: { log(line: LogLine): void },
  work: (body: string, receives: number) => Promise<void>,
): Promise<BatchAnswer> {
  const failed: { readonly itemIdentifier: string }[] = [];
  await Promise.all(
    records.map(async ({ messageId, body, attributes }) => {
      try {
        await work(body, Number(attributes?.ApproximateReceiveCount ?? 1));
      } catch (error) {
        log({ level: 'error', message: 'a message stays undone', messageId, error: textOf(error) });
        failed.push({ itemIdentifier: messageId });
      }
    }),
  );
  return { batchItemFailures: failed };
}

/** What a log may say of an error: codes and stack, and the cause where the SDK raised it; never a payload. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `, because of ${error.cause.name}: ${error.cause.message}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
