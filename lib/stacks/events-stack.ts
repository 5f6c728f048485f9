import { CfnParameter, Stack, type StackProps } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { EventDispatch } from '#lib/constructs/event-dispatch.ts';
import { MailSending } from '#lib/constructs/mail-sending.ts';
import type { FunctionSurroundings } from '#lib/constructs/service-function.ts';
import { WebhookDelivery } from '#lib/constructs/webhook-delivery.ts';

export interface EventsStackProps extends StackProps {
  readonly surroundings: FunctionSurroundings;
  readonly credentialsKey: IKey;
}

/** Who tells others what has happened: the dispatch of events, their delivery to webhooks, and mails. */
export class EventsStack extends Stack {
  readonly dispatch: EventDispatch;
  readonly webhooks: WebhookDelivery;
  readonly mails: MailSending;

  constructor(scope: Construct, id: string, props: EventsStackProps) {
    const { surroundings, credentialsKey, ...stackProps } = props;
    super(scope, id, stackProps);
    this.mails = new MailSending(this, 'Mails', {
      surroundings,
      mailDomain: new CfnParameter(this, 'MailDomain', {
        type: 'String',
        default: 'protiv.example',
        allowedPattern: '[a-z0-9.-]+',
        description: 'The domain that mails come from. It has to be verified with SES; until then no mail goes out',
      }).valueAsString,
      appUrl: new CfnParameter(this, 'AppUrl', {
        type: 'String',
        default: 'https://app.protiv.example',
        allowedPattern: 'https://[^/].*[^/]',
        description: 'Where people use the product, without a slash at its end: links in mails begin with it',
      }).valueAsString,
    });
    this.webhooks = new WebhookDelivery(this, 'Webhooks', { surroundings, credentialsKey });
    this.dispatch = new EventDispatch(this, 'Dispatch', { surroundings, deliveryQueue: this.webhooks.queue.queue });
  }
}
