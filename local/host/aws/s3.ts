import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { EventBridge } from '../events/eventbridge.ts';
import type { Caller, Iam } from '../iam/iam.ts';
import { openJournal } from '../journal.ts';
import { integerOf, isObject, isOn, listOf, objectOf, textOf } from '../json.ts';
import type { Template } from '../template/template.ts';
import { AwsError } from './error.ts';

/** An answer of S3. */
export type S3Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
};
type S3Request = { readonly operation: string; readonly run: (caller: Caller) => S3Reply };

/** Buckets of the templates: single objects, put, read and deleted by path. */
export type S3 = {
  /** Whether a path leads to an object of a bucket. */
  handles(path: string): boolean;
  /** What a request asks for; the body comes with it. */
  read(request: IncomingMessage, url: URL, body: Buffer): S3Request;
  close(): void;
};

type Stored = { readonly size: number; readonly etag: string; readonly at: number };
type BucketDefinition = {
  readonly name: string;
  readonly arn: string;
  readonly keyArn: string | null;
  readonly tellsEvents: boolean;
  readonly keptMs: number;
};

/** The largest object of this machine's buckets; S3 itself takes far more in one PUT. */
export const LARGEST_OBJECT_BYTES = 50 * 1_024 * 1_024;
const DAY_MS = 86_400_000;

/** Opens the buckets with the objects that an earlier run left. */
export function createS3(options: {
  readonly template: Template;
  readonly iam: Iam;
  readonly events: EventBridge;
  readonly clock: Clock;
  readonly folder: string;
}): S3 {
  const { template, iam, events, clock, folder } = options;
  const buckets = new Map(template.of('AWS::S3::Bucket').map((one) => [one.ref, readBucket(one)]));
  mkdirSync(folder, { recursive: true });
  const stored = openJournal<Stored>(join(folder, 'objects.jsonl'));
  const fileOf = (name: string) => join(folder, createHash('sha256').update(name).digest('hex'));

  const forget = (name: string) => {
    stored.remove(name);
    rmSync(fileOf(name), { force: true });
  };
  const find = (bucket: BucketDefinition, name: string): Stored | null => {
    const object = stored.get(name);
    if (object === undefined) return null;
    if (clock.now() - object.at < bucket.keptMs) return object;
    forget(name);
    return null;
  };
  const permit = (caller: Caller, bucket: BucketDefinition, key: string, action: string, keyAction: string | null) => {
    iam.require(caller, { action, resource: `${bucket.arn}/${key}` });
    if (keyAction === null || bucket.keyArn === null) return;
    const context = { 'kms:ViaService': [`s3.${template.locality.region}.amazonaws.com`] };
    iam.require(caller, { action: keyAction, resource: bucket.keyArn, context });
  };

  const put = (bucket: BucketDefinition, key: string, body: Buffer, headers: IncomingMessage['headers']): S3Reply => {
    const name = `${bucket.name}/${key}`;
    if (headers['if-none-match'] === '*' && find(bucket, name) !== null)
      throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', { status: 412 });
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    writeFileSync(fileOf(name), body);
    stored.put(name, { size: body.length, etag, at: clock.now() });
    if (bucket.tellsEvents) {
      const time = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
      const detail = {
        version: '0',
        bucket: { name: bucket.name },
        object: { key, size: body.length, etag: etag.slice(1, -1) },
        reason: 'PutObject',
      };
      events.put('default', {
        id: randomUUID(),
        time,
        source: 'aws.s3',
        detailType: 'Object Created',
        detail,
        resources: [bucket.arn],
      });
    }
    return { status: 200, headers: { etag }, body: '' };
  };

  const get = (bucket: BucketDefinition, key: string, headers: IncomingMessage['headers']): S3Reply => {
    const name = `${bucket.name}/${key}`;
    const object = find(bucket, name);
    if (object === null) throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
    const wanted = headers['if-match'];
    if (wanted !== undefined && wanted !== object.etag)
      throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', { status: 412 });
    return {
      status: 200,
      headers: { etag: object.etag, 'content-type': 'binary/octet-stream' },
      body: readFileSync(fileOf(name)),
    };
  };

  return {
    handles: (path) => buckets.has(path.split('/')[1] ?? ''),
    read: (request, url, body) => {
      const [, bucketName = '', ...rest] = url.pathname.split('/');
      const bucket = buckets.get(bucketName)!;
      const key = decodeURIComponent(rest.join('/'));
      switch (request.method) {
        case 'PUT':
          return {
            operation: 'PutObject',
            run: (caller) => {
              permit(caller, bucket, key, 's3:PutObject', 'kms:GenerateDataKey');
              return put(bucket, key, body, request.headers);
            },
          };
        case 'GET':
          return {
            operation: 'GetObject',
            run: (caller) => {
              permit(caller, bucket, key, 's3:GetObject', 'kms:Decrypt');
              return get(bucket, key, request.headers);
            },
          };
        case 'DELETE':
          return {
            operation: 'DeleteObject',
            run: (caller) => {
              permit(caller, bucket, key, 's3:DeleteObject', null);
              forget(`${bucket.name}/${key}`);
              return { status: 204, headers: {}, body: '' };
            },
          };
        default:
          throw new AwsError('MethodNotAllowed', 'The specified method is not available on the local host.', { status: 405 });
      }
    },
    close: () => stored.close(),
  };
}

function readBucket({ ref, id, properties, attribute }: ReturnType<Template['of']>[number]): BucketDefinition {
  const encryption = objectOf(properties.BucketEncryption, `BucketEncryption of ${id}`);
  const [rule] = listOf(encryption.ServerSideEncryptionConfiguration).map((one) => objectOf(one, id));
  const { KMSMasterKeyID } = objectOf(rule?.ServerSideEncryptionByDefault, id);
  const notifications = objectOf(properties.NotificationConfiguration, `NotificationConfiguration of ${id}`);
  const { EventBridgeEnabled } = objectOf(notifications.EventBridgeConfiguration, id);
  const lifecycle = listOf(objectOf(properties.LifecycleConfiguration, id).Rules).filter(isObject);
  const days = lifecycle.map((one) => integerOf(one.ExpirationInDays, Number.MAX_SAFE_INTEGER, id));
  return {
    name: ref,
    arn: attribute('Arn'),
    keyArn: KMSMasterKeyID === undefined ? null : textOf(KMSMasterKeyID, `key of ${id}`),
    tellsEvents: isOn(EventBridgeEnabled),
    keptMs: Math.min(...days, Number.MAX_SAFE_INTEGER / DAY_MS) * DAY_MS,
  };
}

/** An error as S3 tells it. */
export function s3Failure({ code, message, status }: AwsError): S3Reply {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  // What JSON services answer with 400 is forbidden here.
  return { status: code === 'AccessDeniedException' ? 403 : status, headers: { 'content-type': 'application/xml' }, body };
}
