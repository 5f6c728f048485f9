import { integerOf, type JsonObject, listOf, objectOf, textOf, textsOf } from '../json.ts';
import type { Resolved } from '../template/template.ts';
import { compileFilters, type Matcher } from './pattern.ts';

/** How a DynamoDB stream wakes a function. -1 means without limit. */
export type StreamSettings = {
  readonly id: string;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly lanes: number;
  readonly retries: number;
  readonly maximumAgeMs: number;
  readonly bisects: boolean;
  readonly reportsFailures: boolean;
  readonly startsAt: 'TRIM_HORIZON' | 'LATEST';
  readonly failureArn: string | null;
  readonly matches: Matcher;
};

/** Reads a mapping of a stream from the template. */
export function readStreamSettings({ properties, id }: Resolved): StreamSettings {
  const start = textOf(properties.StartingPosition, `StartingPosition of ${id}`);
  if (start !== 'TRIM_HORIZON' && start !== 'LATEST') throw new Error(`StartingPosition ${start} of ${id}`);
  if (properties.TumblingWindowInSeconds !== undefined)
    throw new Error(`Mapping ${id}: tumbling windows are not run by the local host`);
  const onFailure = objectOf(
    objectOf(properties.DestinationConfig, `DestinationConfig of ${id}`).OnFailure,
    `OnFailure of ${id}`,
  );
  const age = integerOf(properties.MaximumRecordAgeInSeconds, -1, `age of ${id}`);
  return {
    id,
    batchSize: integerOf(properties.BatchSize, 100, `BatchSize of ${id}`),
    windowMs: integerOf(properties.MaximumBatchingWindowInSeconds, 0, `window of ${id}`) * 1000,
    lanes: integerOf(properties.ParallelizationFactor, 1, `ParallelizationFactor of ${id}`),
    retries: integerOf(properties.MaximumRetryAttempts, -1, `retries of ${id}`),
    maximumAgeMs: age === -1 ? -1 : age * 1000,
    bisects: properties.BisectBatchOnFunctionError === true,
    reportsFailures: textsOf(listOf(properties.FunctionResponseTypes), id).includes('ReportBatchItemFailures'),
    startsAt: start,
    failureArn: onFailure.Destination === undefined ? null : textOf(onFailure.Destination, `OnFailure of ${id}`),
    matches: compileFilters(objectOf(properties.FilterCriteria, `FilterCriteria of ${id}`) as JsonObject),
  };
}
