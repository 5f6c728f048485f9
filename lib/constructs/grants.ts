import { Aws } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { TableAccess } from '#lib/functions.ts';
import { indexName } from './mirror-table.ts';

/** The table, as a stack that does not own it sees it. */
export interface TableReference {
  readonly table: ITable;
  readonly encryptionKey: IKey;
}

const TENANT_KEYS = 'T#*';
const SLOT_KEYS = 'DUE#*';

/**
 * What a function may do with items. No statement names Scan, and every one holds the caller to partition keys that begin
 * with a tenant (or a schedule slot, where the function works on those). Transactions need no action of their own: DynamoDB
 * checks each of their parts.
 */
export function tableStatements(reference: TableReference, access: TableAccess): PolicyStatement[] {
  const { table, encryptionKey } = reference;
  const conditions = {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': access.slots ? [TENANT_KEYS, SLOT_KEYS] : [TENANT_KEYS] },
  };
  const readsOnly = access.level === 'keys';
  const statements = [
    new PolicyStatement({
      sid: 'Items',
      actions: readsOnly
        ? ['dynamodb:GetItem']
        : [
            'dynamodb:BatchGetItem',
            'dynamodb:ConditionCheckItem',
            'dynamodb:DeleteItem',
            'dynamodb:GetItem',
            'dynamodb:PutItem',
            'dynamodb:Query',
            'dynamodb:UpdateItem',
          ],
      resources: [table.tableArn],
      conditions,
    }),
  ];
  if (access.indexes.length > 0) {
    statements.push(
      new PolicyStatement({
        sid: 'Indexes',
        actions: ['dynamodb:Query'],
        resources: access.indexes.map((index) => `${table.tableArn}/index/${indexName(index)}`),
        conditions,
      }),
    );
  }
  statements.push(tableKeyStatement(encryptionKey, readsOnly));
  return statements;
}

/** What Lambda's poller needs of the stream, under the function's role. The key is granted with the table. */
export function streamStatement(table: ITable): PolicyStatement {
  return new PolicyStatement({
    sid: 'Stream',
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    resources: [streamArn(table)],
  });
}

/** The ARN of the table's stream; the table is made with one. */
export function streamArn(table: ITable): string {
  if (!table.tableStreamArn) throw new Error('The table has no stream.');
  return table.tableStreamArn;
}

/** Lets a function put messages on queues. */
export function sendStatement(sid: string, queues: readonly IQueue[]): PolicyStatement {
  return new PolicyStatement({ sid, actions: ['sqs:SendMessage'], resources: queues.map((queue) => queue.queueArn) });
}

/** What Lambda's poller needs of the queues it reads, under the function's role. */
export function consumeStatement(queues: readonly IQueue[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'Consume',
    actions: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    resources: queues.map((queue) => queue.queueArn),
  });
}

/** Lets a function encrypt and decrypt source credentials, but only under an encryption context of tenant and connection. */
export function credentialsStatement(key: IKey): PolicyStatement {
  return new PolicyStatement({
    sid: 'Credentials',
    actions: ['kms:Decrypt', 'kms:Encrypt'],
    resources: [key.keyArn],
    conditions: {
      Null: { 'kms:EncryptionContext:tenant': 'false', 'kms:EncryptionContext:connection': 'false' },
      'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['tenant', 'connection'] },
    },
  });
}

/** Lets a function seal the secrets of webhooks, or open them, but only under an encryption context of tenant and webhook. */
export function webhookSecretsStatement(key: IKey, action: 'kms:Decrypt' | 'kms:Encrypt'): PolicyStatement {
  return new PolicyStatement({
    sid: 'WebhookSecrets',
    actions: [action],
    resources: [key.keyArn],
    conditions: {
      Null: { 'kms:EncryptionContext:tenant': 'false', 'kms:EncryptionContext:webhook': 'false' },
      'ForAllValues:StringEquals': { 'kms:EncryptionContextKeys': ['tenant', 'webhook'] },
    },
  });
}

/** Lets a function write traces. X-Ray knows no resources, so this is the one wildcard of the product, and only where a stage asks for traces. */
export function tracingStatement(): PolicyStatement {
  return new PolicyStatement({
    sid: 'Traces',
    actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    resources: ['*'],
  });
}

function tableKeyStatement(key: IKey, readsOnly: boolean): PolicyStatement {
  return new PolicyStatement({
    sid: 'TableKey',
    actions: readsOnly
      ? ['kms:Decrypt', 'kms:DescribeKey']
      : [
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:Encrypt',
          'kms:GenerateDataKey',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
    resources: [key.keyArn],
    // Never directly: only while DynamoDB serves a call of this role.
    conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${Aws.REGION}.amazonaws.com` } },
  });
}
