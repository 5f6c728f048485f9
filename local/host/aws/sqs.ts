import type { MessageAttribute, Queue, Queues, Received } from '../events/sqs.ts';
import { md5, systemAttributes } from '../events/sqs-mapping.ts';
import type { Caller, Iam } from '../iam/iam.ts';
import { integerOf, type JsonObject, listOf, objectOf, textOf, textsOf } from '../json.ts';
import { AwsError } from './error.ts';

/** The SQS calls of the JSON protocol that functions here make. */
export type SqsApi = (operation: string, body: JsonObject, caller: Caller) => Promise<JsonObject>;

const ENTRY_LIMIT = 10;

/** Answers SQS requests on the queues of the templates. */
export function createSqsApi(queues: Queues, iam: Iam): SqsApi {
  const queueOf = (body: JsonObject): Queue => {
    const queue = queues.byUrl(textOf(body.QueueUrl ?? body.QueueName, 'QueueUrl'));
    if (queue === undefined) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  };

  const permit = (caller: Caller, queue: Queue, action: string) => {
    const { arn, keyArn } = queue.definition;
    iam.require(caller, { action: `sqs:${action}`, resource: arn });
    if (keyArn === null) return;
    const actions =
      action === 'SendMessage' ? ['kms:GenerateDataKey', 'kms:Decrypt'] : action === 'ReceiveMessage' ? ['kms:Decrypt'] : [];
    for (const needed of actions) iam.require(caller, { action: needed, resource: keyArn });
  };

  return async (operation, body, caller) => {
    const queue = queueOf(body);
    // A batch has no permission of its own.
    permit(caller, queue, operation.replace('MessageBatch', 'Message'));
    switch (operation) {
      case 'SendMessage':
        return send(queue, body, caller);
      case 'SendMessageBatch':
        return eachEntry(body, (entry) => send(queue, entry, caller));
      case 'ReceiveMessage':
        return receive(queue, body);
      case 'DeleteMessage':
        queue.remove(textOf(body.ReceiptHandle, 'ReceiptHandle'));
        return {};
      case 'DeleteMessageBatch':
        return eachEntry(body, (entry) => {
          queue.remove(textOf(entry.ReceiptHandle, 'ReceiptHandle'));
          return {};
        });
      case 'ChangeMessageVisibility':
        return changeVisibility(queue, body);
      case 'GetQueueAttributes':
        return { Attributes: attributesOf(queue, textsOf(body.AttributeNames, 'AttributeNames')) };
      case 'GetQueueUrl':
        return { QueueUrl: queue.definition.url };
      default:
        throw new AwsError('InvalidAction', `SQS ${operation} is not available on the local host`);
    }
  };
}

function send(queue: Queue, entry: JsonObject, caller: Caller): JsonObject {
  const text = textOf(entry.MessageBody, 'MessageBody');
  const { maximumBytes } = queue.definition;
  if (text === '' || Buffer.byteLength(text) > maximumBytes) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must have 1 to ${maximumBytes} bytes.`,
    );
  }
  const attributes = objectOf(entry.MessageAttributes, 'MessageAttributes') as Record<string, MessageAttribute>;
  const delaySeconds = integerOf(entry.DelaySeconds, queue.definition.delayMs / 1000, 'DelaySeconds');
  const senderId = caller.kind === 'role' ? caller.session : caller.kind;
  const MessageId = queue.send(text, { attributes, delayMs: delaySeconds * 1000, senderId });
  return { MessageId, MD5OfMessageBody: md5(text) };
}

// The request answers 200 even where entries fail: each one succeeds or fails by itself.
function eachEntry(body: JsonObject, run: (entry: JsonObject) => JsonObject): JsonObject {
  const entries = listOf(body.Entries).map((entry) => objectOf(entry, 'entry'));
  if (entries.length === 0) throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > ENTRY_LIMIT)
    throw new AwsError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are ${ENTRY_LIMIT}.`);
  const ids = entries.map(({ Id }) => textOf(Id, 'Id'));
  if (new Set(ids).size < ids.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  const Successful: JsonObject[] = [];
  const Failed: JsonObject[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, ...(Failed.length > 0 ? { Failed } : {}) };
}

async function receive(queue: Queue, body: JsonObject): Promise<JsonObject> {
  const limit = integerOf(body.MaxNumberOfMessages, 1, 'MaxNumberOfMessages');
  const visibility =
    body.VisibilityTimeout === undefined ? undefined : integerOf(body.VisibilityTimeout, 0, 'VisibilityTimeout') * 1000;
  const waitMs = integerOf(body.WaitTimeSeconds, queue.definition.waitMs / 1000, 'WaitTimeSeconds') * 1000;
  let received = queue.receive(limit, visibility);
  if (received.length === 0 && waitMs > 0) {
    await visibleWithin(queue, waitMs);
    received = queue.receive(limit, visibility);
  }
  if (received.length === 0) return {};
  const wanted = [
    ...textsOf(body.AttributeNames, 'AttributeNames'),
    ...textsOf(body.MessageSystemAttributeNames, 'MessageSystemAttributeNames'),
  ];
  return {
    Messages: received.map((message) => toWire(message, wanted, textsOf(body.MessageAttributeNames, 'MessageAttributeNames'))),
  };
}

function visibleWithin(queue: Queue, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      unsubscribe();
      clearTimeout(timer);
      resolve();
    };
    const unsubscribe = queue.onVisible(done);
    const timer = setTimeout(done, waitMs);
  });
}

function toWire(message: Received, systemNames: readonly string[], attributeNames: readonly string[]): JsonObject {
  const system = Object.entries(systemAttributes(message)).filter(
    ([name]) => systemNames.includes('All') || systemNames.includes(name),
  );
  const own = Object.entries(message.attributes).filter(([name]) =>
    attributeNames.some((wanted) => wanted === 'All' || wanted === '.*' || wanted === name),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(system.length > 0 ? { Attributes: Object.fromEntries(system) } : {}),
    ...(own.length > 0 ? { MessageAttributes: Object.fromEntries(own) } : {}),
  };
}

function changeVisibility(queue: Queue, body: JsonObject): JsonObject {
  const seconds = integerOf(body.VisibilityTimeout, 0, 'VisibilityTimeout');
  if (queue.changeVisibility(textOf(body.ReceiptHandle, 'ReceiptHandle'), seconds * 1000)) return {};
  throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
}

function attributesOf(queue: Queue, names: readonly string[]): JsonObject {
  const { definition } = queue;
  const { visible, inFlight, delayed } = queue.counts();
  const all: JsonObject = {
    QueueArn: definition.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    VisibilityTimeout: String(definition.visibilityMs / 1000),
    MessageRetentionPeriod: String(definition.retentionMs / 1000),
    DelaySeconds: String(definition.delayMs / 1000),
    MaximumMessageSize: String(definition.maximumBytes),
    ReceiveMessageWaitTimeSeconds: String(definition.waitMs / 1000),
    ...(definition.redrive === null
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: definition.redrive.targetArn,
            maxReceiveCount: definition.redrive.maxReceiveCount,
          }),
        }),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name)));
}
