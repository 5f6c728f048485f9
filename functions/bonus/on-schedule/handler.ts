import type { ScheduledEvent } from '../daily.ts';
import { dailyPorts } from '../daily-environment.ts';
import { scheduleHandler } from './handle.ts';

const handle = scheduleHandler(dailyPorts(process.env));

/** Lambda entry: the hourly tick. */
export const handler = (event: ScheduledEvent, context: { readonly awsRequestId: string }) => handle(event, context.awsRequestId);
