import type { LogLine } from '#platform/log.ts';
import { decodeDeliveryMessage } from '#webhooks/messages.ts';
import { type BatchAnswer, handleEach, type QueueEvent } from '../queue-batch.ts';
import { type DeliverPorts, deliver } from './deliver.ts';

/** The function behind its entry: the deliveries of a batch at the same time, so that one that waits for its receiver delays none beside it. */
export function deliverHandler(
  ports: DeliverPorts & { log(line: LogLine): void },
): (event: QueueEvent, requestId: string) => Promise<BatchAnswer> {
  return ({ Records }, requestId) => handleEach(Records, ports, (body) => deliver(ports, decodeDeliveryMessage(body), requestId));
}
