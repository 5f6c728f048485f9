import { integerOf, isOn, objectOf, textOf } from '../json.ts';
import type { Template } from '../template/template.ts';

/** One SQS queue of the templates. */
export type QueueDefinition = {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly visibilityMs: number;
  readonly retentionMs: number;
  readonly delayMs: number;
  readonly waitMs: number;
  readonly maximumBytes: number;
  /** Where messages go after `maxReceiveCount` receives. */
  readonly redrive: { readonly targetArn: string; readonly maxReceiveCount: number } | null;
  /** ARN of the customer-managed key that encrypts the queue, if any. */
  readonly keyArn: string | null;
};

/** Reads the queues. Throws on FIFO queues, which nothing here uses. */
export function readQueues(template: Template): QueueDefinition[] {
  const queues = template.of('AWS::SQS::Queue').map((resource): QueueDefinition => {
    const { properties, id } = resource;
    if (isOn(properties.FifoQueue)) throw new Error(`Queue ${id} is FIFO, which the local host does not run`);
    const seconds = (name: string, fallback: number) => integerOf(properties[name], fallback, `${name} of ${id}`) * 1000;
    const redrive = objectOf(properties.RedrivePolicy, `RedrivePolicy of ${id}`);
    const key = properties.KmsMasterKeyId;
    return {
      name: resource.attribute('QueueName'),
      arn: resource.attribute('Arn'),
      url: resource.ref,
      visibilityMs: seconds('VisibilityTimeout', 30),
      retentionMs: seconds('MessageRetentionPeriod', 345_600),
      delayMs: seconds('DelaySeconds', 0),
      waitMs: seconds('ReceiveMessageWaitTimeSeconds', 0),
      maximumBytes: integerOf(properties.MaximumMessageSize, 1_048_576, `MaximumMessageSize of ${id}`),
      redrive:
        redrive.deadLetterTargetArn === undefined
          ? null
          : {
              targetArn: textOf(redrive.deadLetterTargetArn, `deadLetterTargetArn of ${id}`),
              maxReceiveCount: integerOf(redrive.maxReceiveCount, 0, `maxReceiveCount of ${id}`),
            },
      // The key that AWS keeps for SQS needs no permission of ours.
      keyArn: key === undefined || key === 'alias/aws/sqs' ? null : textOf(key, `KmsMasterKeyId of ${id}`),
    };
  });
  for (const { name, redrive } of queues) {
    if (redrive !== null && !queues.some(({ arn }) => arn === redrive.targetArn))
      throw new Error(`The dead-letter queue of ${name} is in no template`);
  }
  return queues;
}
