import { isBody, type WireAnswer } from './wire.ts';

// Other engines refuse a request without a signature, and check no further.
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0';

/**
 * One plain request without the SDK, for the operations whose client is not installed (Streams). `target` is
 * `DynamoDBStreams_20120810.GetRecords` and the like. Answers any status; rejects only when there is no answer at all.
 */
export async function callDynamoDb(endpoint: string, target: string, body: unknown): Promise<WireAnswer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': '20260101T000000Z',
      authorization: AUTHORIZATION,
    },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  return { status: response.status, body: isBody(answer) ? answer : {} };
}
