import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalMail } from '#local/host/aws/ses.ts';

/** The mails of a mailbox folder, oldest first. */
export function mailsIn(folder: string): readonly LocalMail[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as LocalMail);
}
