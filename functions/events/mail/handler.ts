import { documentClient } from '#platform/aws-dynamodb.ts';
import type { Environment } from '#platform/aws-environment.ts';
import { sesClient } from '#platform/aws-ses.ts';
import { logLine } from '#platform/log.ts';
import { openMailer } from '#platform/mailer.ts';
import { requiredVariable, systemPorts } from '#platform/ports.ts';
import { openTable } from '#store/table.ts';
import type { QueueEvent } from '../queue-batch.ts';
import { mailHandler } from './handle.ts';

const environment: Environment = process.env;
const system = systemPorts();
const handle = mailHandler({
  ...system,
  table: openTable({ ...system, client: documentClient(environment), tableName: requiredVariable(environment, 'TABLE_NAME') }),
  mail: openMailer(sesClient(environment), `Protiv <no-reply@${requiredVariable(environment, 'MAIL_DOMAIN')}>`),
  appUrl: requiredVariable(environment, 'APP_URL'),
  log: logLine,
});

/** Lambda entry: messages of the queue of mails. */
export const handler = (event: QueueEvent) => handle(event);
