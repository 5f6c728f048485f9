import { documentClient } from '#platform/aws-dynamodb.ts';
import { requiredVariable } from '#platform/ports.ts';
import { openSlots } from '#store/slots.ts';
import { bonusPorts } from '../environment.ts';
import { type ScheduledEvent, scheduleHandler } from './handle.ts';

const slots = openSlots({ client: documentClient(process.env), tableName: requiredVariable(process.env, 'TABLE_NAME') });
const handle = scheduleHandler({ ...bonusPorts(process.env), dueToday: slots.dueToday });

/** Lambda entry: the hourly tick. */
export const handler = (event: ScheduledEvent, context: { readonly awsRequestId: string }) => handle(event, context.awsRequestId);
