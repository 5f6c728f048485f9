import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { EventDispatch } from '#lib/constructs/event-dispatch.ts';
import type { FunctionSurroundings } from '#lib/constructs/service-function.ts';
import { WebhookDelivery } from '#lib/constructs/webhook-delivery.ts';

export interface EventsStackProps extends StackProps {
  readonly surroundings: FunctionSurroundings;
  readonly credentialsKey: IKey;
}

/** Who tells others what has happened: the dispatch of events, and their delivery to webhooks. */
export class EventsStack extends Stack {
  readonly dispatch: EventDispatch;
  readonly webhooks: WebhookDelivery;

  constructor(scope: Construct, id: string, props: EventsStackProps) {
    const { surroundings, credentialsKey, ...stackProps } = props;
    super(scope, id, stackProps);
    this.webhooks = new WebhookDelivery(this, 'Webhooks', { surroundings, credentialsKey });
    this.dispatch = new EventDispatch(this, 'Dispatch', { surroundings, deliveryQueue: this.webhooks.queue.queue });
  }
}
