import { type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';

/** A mail to one person, as plain text and as simple HTML of the same words. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Sends mails. Null: it is on its way; a text: why it never will be. Throws where trying again may help. */
export type Mailer = (mail: Mail) => Promise<string | null>;

/** What passes by itself, or when an operator has done something about the account: everything else that SES refuses is refused for good. */
const PASSING = new Set([
  'TooManyRequestsException',
  'LimitExceededException',
  'SendingPausedException',
  'AccountSuspendedException',
  'AccessDeniedException',
]);
const CHARSET = 'UTF-8';

/** Opens the way out for mails from one address. */
export function openMailer(client: SESv2Client, from: string): Mailer {
  return async ({ to, subject, text, html }) => {
    const command = new SendEmailCommand({
      FromEmailAddress: from,
      Destination: { ToAddresses: [to] },
      Content: {
        Simple: {
          Subject: { Data: subject, Charset: CHARSET },
          Body: { Text: { Data: text, Charset: CHARSET }, Html: { Data: html, Charset: CHARSET } },
        },
      },
    });
    try {
      await client.send(command);
      return null;
    } catch (error) {
      const refused = error instanceof Error && '$fault' in error && error.$fault === 'client' && !PASSING.has(error.name);
      if (!refused) throw error;
      return error.name;
    }
  };
}
