import { documentClient } from '#platform/aws-dynamodb.ts';
import type { Environment } from '#platform/aws-environment.ts';
import { requiredVariable, systemPorts } from '#platform/ports.ts';
import { openTable } from '#store/table.ts';
import type { BonusPorts } from './ports.ts';

/** The ports of a deployed function of the bonus layer. Throws where a variable is missing. */
export function bonusPorts(environment: Environment): BonusPorts {
  const system = systemPorts();
  const table = openTable({
    client: documentClient(environment),
    tableName: requiredVariable(environment, 'TABLE_NAME'),
    now: system.now,
    sleep: system.sleep,
    random: system.random,
  });
  return { table, now: system.now, ulid: system.ulid, log: (line) => process.stdout.write(`${JSON.stringify(line)}\n`) };
}
