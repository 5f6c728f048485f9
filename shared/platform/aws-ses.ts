import { SESv2Client } from '@aws-sdk/client-sesv2';
import { awsClientSettings, type Environment } from './aws-environment.ts';
import { type ClientProtocol, protocolOf, textOf } from './wire.ts';

/** The client that sends mail. */
export function sesClient(environment: Environment = process.env): SESv2Client {
  return new SESv2Client({ ...awsClientSettings(environment), protocol: sendProtocol() });
}

/** The one operation of SES that we call, `SendEmail`: the input is the body of a REST request, the body of the answer is the output. */
function sendProtocol(): ClientProtocol {
  return protocolOf({
    shapeId: 'aws.protocols#restJson1',
    write(operation, input) {
      if (operation !== 'SendEmail') throw new Error(`SES is called with SendEmail only, not with ${operation}.`);
      return {
        method: 'POST',
        path: '/v2/email/outbound-emails',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      };
    },
    read: ({ body }) => (body.byteLength === 0 ? {} : JSON.parse(textOf(body))),
    readFailure: JSON.parse,
  });
}
