import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { HourlyClock } from '#lib/constructs/hourly-clock.ts';
import { Recalculation } from '#lib/constructs/recalculation.ts';
import { ResultFollowUp } from '#lib/constructs/result-follow-up.ts';
import type { FunctionSurroundings } from '#lib/constructs/service-function.ts';

export interface BonusStackProps extends StackProps {
  readonly surroundings: FunctionSurroundings;
  /** Where new pages of the feed are announced. */
  readonly eventsQueue: IQueue;
  /** Where mails wait to be written. */
  readonly mailQueue: IQueue;
}

/** The bonus layer: recalculation from the stream, what follows from results, and what time brings. */
export class BonusStack extends Stack {
  readonly recalculation: Recalculation;
  readonly followUp: ResultFollowUp;
  readonly clock: HourlyClock;

  constructor(scope: Construct, id: string, props: BonusStackProps) {
    const { surroundings, eventsQueue, mailQueue, ...stackProps } = props;
    super(scope, id, stackProps);
    this.recalculation = new Recalculation(this, 'Recalculation', { surroundings });
    this.followUp = new ResultFollowUp(this, 'FollowUp', { surroundings, eventsQueue, mailQueue });
    this.clock = new HourlyClock(this, 'Clock', { surroundings });
  }
}
