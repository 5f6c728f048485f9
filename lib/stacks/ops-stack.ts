import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ProductDashboard } from '#lib/constructs/dashboard.ts';
import { MonthlyBudget } from '#lib/constructs/monthly-budget.ts';
import {
  apiFunction,
  authorizerFunction,
  bonusFunctions,
  eventFunctions,
  signInClaimsFunction,
  syncFunction,
} from '#lib/functions.ts';
import type { Stage } from '#lib/stage.ts';
import type { ApiStack } from './api-stack.ts';
import type { BonusStack } from './bonus-stack.ts';
import type { DataStack } from './data-stack.ts';
import type { EventsStack } from './events-stack.ts';
import type { IdentityStack } from './identity-stack.ts';
import type { SyncStack } from './sync-stack.ts';

export interface OpsStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly sync: SyncStack;
  readonly events: EventsStack;
  readonly bonus: BonusStack;
  readonly identity: IdentityStack;
  readonly api: ApiStack;
}

/** What operators look at, and what the month may cost. It comes last and nothing depends on it. */
export class OpsStack extends Stack {
  constructor(scope: Construct, id: string, props: OpsStackProps) {
    const { stage, data, sync, events, bonus, identity, api, ...stackProps } = props;
    super(scope, id, stackProps);
    if (stage.monthlyBudgetDollars !== undefined)
      new MonthlyBudget(this, 'Budget', {
        dollars: stage.monthlyBudgetDollars,
        tag: { key: 'stage', value: stage.name },
        topic: data.alarms.topic,
      });
    const consumers = {
      [bonusFunctions.onInputs.name]: bonus.recalculation.function,
      [bonusFunctions.onResults.name]: bonus.followUp.function,
    };
    const syncs = [...sync.syncs];
    new ProductDashboard(this, 'Overview', {
      api: api.gateway.api,
      table: data.mirror.table,
      functions: {
        [authorizerFunction.name]: api.functions.authorizer,
        [signInClaimsFunction.name]: identity.claims,
        [apiFunction('mirror').name]: api.functions.groups.mirror,
        [apiFunction('bonus').name]: api.functions.groups.bonus,
        [apiFunction('admin').name]: api.functions.groups.admin,
        [apiFunction('docs').name]: api.functions.groups.docs,
        ...Object.fromEntries(syncs.map(([provider, each]) => [syncFunction(provider).name, each.function])),
        ...consumers,
        [bonusFunctions.onSchedule.name]: bonus.clock.functions.onSchedule,
        [bonusFunctions.verification.name]: bonus.clock.functions.verification,
        [eventFunctions.dispatch.name]: events.dispatch.function,
        [eventFunctions.deliver.name]: events.webhooks.function,
        [eventFunctions.mail.name]: events.mails.function,
      },
      consumers,
      queues: labelled([
        ...syncs.flatMap(([, each]) => each.queues),
        bonus.recalculation.queue,
        events.dispatch.queue,
        events.webhooks.queue,
        events.mails.queue,
      ]),
      deadLetters: labelled([
        ...syncs.flatMap(([, each]) => each.deadLetters),
        ...bonus.recalculation.deadLetters,
        ...bonus.followUp.deadLetters,
        ...bonus.clock.deadLetters,
        ...events.dispatch.deadLetters,
        ...events.webhooks.deadLetters,
        ...events.mails.deadLetters,
        ...identity.deadLetters,
        ...api.functions.deadLetters,
      ]),
    });
  }
}

function labelled(queues: readonly { readonly holds: string; readonly queue: IQueue }[]): Record<string, IQueue> {
  return Object.fromEntries(queues.map((each) => [each.holds, each.queue]));
}
