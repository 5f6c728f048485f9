import { documentClient } from '#platform/aws-dynamodb.ts';
import { requiredVariable } from '#platform/ports.ts';
import { openSlots } from '#store/slots.ts';
import type { DailyPorts } from './daily.ts';
import { bonusPorts } from './environment.ts';

/** The ports of a function that the clock wakes: it goes through the tenants that are due, which stand in daily slots. */
export function dailyPorts(environment: NodeJS.ProcessEnv): DailyPorts {
  const slots = openSlots({ client: documentClient(environment), tableName: requiredVariable(environment, 'TABLE_NAME') });
  return { ...bonusPorts(environment), dueToday: slots.dueToday };
}
