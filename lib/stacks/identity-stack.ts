import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { DeadLetterQueue } from '#lib/constructs/dead-letter-queue.ts';
import { PeoplePool } from '#lib/constructs/people-pool.ts';
import { type FunctionSurroundings, ServiceFunction } from '#lib/constructs/service-function.ts';
import { signInClaimsFunction } from '#lib/functions.ts';

export interface IdentityStackProps extends StackProps {
  readonly surroundings: FunctionSurroundings;
}

/** Who people are: the pool they sign in to. Like the table it outlives every deployment. */
export class IdentityStack extends Stack {
  readonly people: PeoplePool;
  readonly claims: LambdaFunction;
  readonly deadLetters: readonly DeadLetterQueue[];

  constructor(scope: Construct, id: string, props: IdentityStackProps) {
    const { surroundings, ...stackProps } = props;
    super(scope, id, stackProps);
    // Cognito waits for every answer; should the function ever be invoked without, what it fails is not lost.
    const failedEvents = new DeadLetterQueue(this, 'FailedEvents', { holds: 'events of sign-ins', alarms: surroundings.alarms });
    this.deadLetters = [failedEvents];
    this.claims = new ServiceFunction(this, 'Claims', {
      definition: signInClaimsFunction,
      surroundings,
      description: 'Adds address and tenants to the access tokens of people',
      failedEvents,
    }).function;
    this.people = new PeoplePool(this, 'People', {
      claims: this.claims,
      stage: surroundings.stage,
    });
    const { ISSUER, CLIENT_ID } = this.people.variables;
    new CfnOutput(this, 'Issuer', {
      value: ISSUER,
      description: 'The issuer of access tokens: OpenID configuration lies below it',
    });
    new CfnOutput(this, 'ClientId', { value: CLIENT_ID, description: 'The app that people sign in through, with PKCE' });
  }
}
