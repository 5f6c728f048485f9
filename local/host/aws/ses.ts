import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Caller, Iam } from '../iam/iam.ts';
import { type JsonObject, objectOf, textOf, textsOf } from '../json.ts';
import type { Locality } from '../template/locality.ts';
import { AwsError } from './error.ts';

/** A mail as it lies in the mailbox folder. */
export interface LocalMail {
  readonly id: string;
  readonly at: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const PATH = '/v2/email/outbound-emails';
/** An address at this domain is refused, so that a test sees what becomes of such a mail. */
const REFUSED_DOMAIN = /@refused\.example$/i;

/** Whether a request goes to SES. */
export function isMailPath(path: string): boolean {
  return path === PATH;
}

/** Answers SendEmail: what was sent lies in a folder, one file of JSON a mail, named so that they list in order. Nothing leaves the machine. */
export function createSesApi(folder: string, iam: Iam, { accountId, region }: Locality, clock: Clock) {
  mkdirSync(folder, { recursive: true });
  let count = 0;
  return (body: JsonObject, caller: Caller): JsonObject => {
    const from = textOf(body.FromEmailAddress, 'FromEmailAddress');
    const domain = /@([^@>]+)>?$/.exec(from)?.[1] ?? '';
    iam.require(caller, { action: 'ses:SendEmail', resource: `arn:aws:ses:${region}:${accountId}:identity/${domain}` });
    const to = textsOf(objectOf(body.Destination, 'Destination').ToAddresses, 'ToAddresses');
    if (to.length === 0 || to.some((address) => REFUSED_DOMAIN.test(address)))
      throw new AwsError('MessageRejected', 'Email address is not accepted.', { status: 400 });
    const simple = objectOf(objectOf(body.Content, 'Content').Simple, 'Simple');
    const parts = objectOf(simple.Body, 'Body');
    const dataOf = (part: unknown, name: string) => textOf(objectOf(part, name).Data, name);
    const mail: LocalMail = {
      id: randomUUID(),
      at: new Date(clock.now()).toISOString(),
      ...{ from, to },
      subject: dataOf(simple.Subject, 'Subject'),
      text: dataOf(parts.Text, 'Text'),
      html: dataOf(parts.Html, 'Html'),
    };
    const name = join(folder, `${mail.at.replaceAll(/[:.]/g, '-')}-${String(++count).padStart(5, '0')}`);
    writeFileSync(`${name}.part`, `${JSON.stringify(mail, null, 2)}\n`);
    // Whoever watches the folder sees whole mails only.
    renameSync(`${name}.part`, `${name}.json`);
    return { MessageId: mail.id };
  };
}
