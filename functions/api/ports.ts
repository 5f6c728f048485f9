import { documentClient } from '#platform/aws-dynamodb.ts';
import type { Environment } from '#platform/aws-environment.ts';
import { type LogLine, logLine } from '#platform/log.ts';
import { requiredVariable, type SystemPorts, systemPorts } from '#platform/ports.ts';
import { openTable, type Table } from '#store/table.ts';

/** What every route may use of the outside. */
export interface ApiPorts extends SystemPorts {
  readonly table: Table;
  log(line: LogLine): void;
}

/** The ports of a deployed function, from its environment. Throws where a variable is missing. */
export function apiPorts(environment: Environment = process.env): ApiPorts {
  const system = systemPorts();
  return { ...system, table: openTableOf(environment, system), log: logLine };
}

/** The table that `TABLE_NAME` names. */
export function openTableOf(environment: Environment, system: Pick<SystemPorts, 'now' | 'sleep' | 'random'>): Table {
  return openTable({
    client: documentClient(environment),
    tableName: requiredVariable(environment, 'TABLE_NAME'),
    now: system.now,
    sleep: system.sleep,
    random: system.random,
  });
}
