import { integerOf, type JsonObject, listOf, objectOf, textOf } from '../json.ts';
import { busNameOf } from '../template/attributes.ts';
import type { Template } from '../template/template.ts';
import { compilePattern, type Matcher } from './pattern.ts';
import { readSchedule, type Schedule } from './schedule.ts';

/** Where a rule sends an event, with its retry limits and dead-letter queue. */
export type Target = {
  readonly arn: string;
  readonly input: string | null;
  readonly inputPath: readonly string[] | null;
  readonly retries: number;
  readonly maximumAgeMs: number;
  readonly deadLetterArn: string | null;
};

/** One enabled rule: a schedule, a pattern on a bus, or both. */
export type Rule = {
  readonly name: string;
  readonly arn: string;
  readonly bus: string;
  readonly schedule: Schedule | null;
  readonly matches: Matcher | null;
  readonly targets: readonly Target[];
};

/** Reads the enabled rules. Throws on a target that is no function or queue of the templates. */
export function readRules(template: Template): Rule[] {
  return template.of('AWS::Events::Rule').flatMap((resource): Rule[] => {
    const { properties, id } = resource;
    if (properties.State === 'DISABLED') return [];
    const { EventBusName: bus, ScheduleExpression: schedule, EventPattern: pattern } = properties;
    return [
      {
        name: resource.ref,
        arn: resource.attribute('Arn'),
        bus: busNameOf(bus === undefined ? undefined : textOf(bus, `EventBusName of ${id}`)),
        schedule: schedule === undefined ? null : readSchedule(textOf(schedule, `ScheduleExpression of ${id}`)),
        matches: pattern === undefined ? null : compilePattern(pattern),
        targets: listOf(properties.Targets).map((target) => readTarget(objectOf(target, id), id, template)),
      },
    ];
  });
}

function readTarget(target: JsonObject, id: string, template: Template): Target {
  const arn = textOf(target.Arn, `target of ${id}`);
  const known = [...template.of('AWS::Lambda::Function'), ...template.of('AWS::SQS::Queue')].some(
    (one) => one.attribute('Arn') === arn,
  );
  if (!known) throw new Error(`Rule ${id}: target ${arn} is no function or queue of the templates`);
  if (target.InputTransformer !== undefined) throw new Error(`Rule ${id}: input transformers are not run by the local host`);
  const retry = objectOf(target.RetryPolicy, `RetryPolicy of ${id}`);
  const deadLetter = objectOf(target.DeadLetterConfig, `DeadLetterConfig of ${id}`).Arn;
  return {
    arn,
    input: target.Input === undefined ? null : textOf(target.Input, `Input of ${id}`),
    inputPath: target.InputPath === undefined ? null : textOf(target.InputPath, `InputPath of ${id}`).split('.').slice(1),
    retries: integerOf(retry.MaximumRetryAttempts, 185, `retries of ${id}`),
    maximumAgeMs: integerOf(retry.MaximumEventAgeInSeconds, 86_400, `age of ${id}`) * 1000,
    deadLetterArn: deadLetter === undefined ? null : textOf(deadLetter, `DeadLetterConfig of ${id}`),
  };
}
