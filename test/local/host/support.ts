import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DynamoDb, startDynamoDb } from '#local/dynamodb/index.ts';
import { type Host, type HostOptions, startHost } from '#local/host/host.ts';

/** Resources of a template by logical id. */
export type Resources = Record<string, { Type: string; Properties?: object; Condition?: string }>;

const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

/** What a function's source can use: `aws(target, body)` calls the AWS endpoint as the function, `out` is a file of notes. */
const PRELUDE = `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
const note = (text) => appendFileSync(process.env.NOTES, text + '\\n');
const notes = () => (existsSync(process.env.NOTES) ? readFileSync(process.env.NOTES, 'utf8').split('\\n').filter(Boolean) : []);
async function aws(target, body) {
  const response = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/any/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-date': '20260101T000000Z',
    },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.message ?? answer.Message), { name: String(answer.__type).split('#').at(-1) });
  return answer;
}
`;

/** A function with its role: `source` is the body of a module that exports `handler`. */
export function lambda(
  id: string,
  source: string,
  options: { properties?: object; statements?: object[] } = {},
): { resources: Resources; bundles: Record<string, string> } {
  return {
    bundles: { [id]: PRELUDE + source },
    resources: {
      [`${id}Role`]: { Type: 'AWS::IAM::Role', Properties: {} },
      ...(options.statements === undefined
        ? {}
        : {
            [`${id}Policy`]: {
              Type: 'AWS::IAM::Policy',
              Properties: { PolicyDocument: { Statement: options.statements }, Roles: [{ Ref: `${id}Role` }] },
            },
          }),
      [id]: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Handler: 'index.handler',
          Role: arn(`${id}Role`),
          Code: { S3Key: `${id}.zip` },
          Timeout: 5,
          MemorySize: 128,
          ...options.properties,
        },
      },
    },
  };
}

/** A statement that allows actions on resources (logical ids become ARNs). */
export function allow(actions: string | string[], resource: unknown, more: object = {}): object {
  return {
    Effect: 'Allow',
    Action: actions,
    Resource: typeof resource === 'string' && resource !== '*' ? arn(resource) : resource,
    ...more,
  };
}

export const READ_QUEUE = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
export const READ_STREAM = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];

/** The permission that lets a service call a function. */
export function permission(functionId: string, service: string, sourceArn?: unknown): Resources[string] {
  return {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: arn(functionId),
      Principal: service,
      ...(sourceArn === undefined ? {} : { SourceArn: sourceArn }),
    },
  };
}

/** A table with the stream and the index that the product has, in small. */
export const TABLE: Resources[string] = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: ['pk', 'sk', 'ip', 'is'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byId',
        KeySchema: [
          { AttributeName: 'ip', KeyType: 'HASH' },
          { AttributeName: 'is', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  },
};

/** Stacks as the tests write them. */
export type StackSource = { resources: Resources; outputs?: object; conditions?: object; bundles?: Record<string, string> };

/** Writes a cloud assembly by hand: manifest, templates, asset manifests and bundles. */
export function writeAssembly(directory: string, stacks: Record<string, StackSource>): void {
  mkdirSync(directory, { recursive: true });
  const artifacts: Record<string, object> = {};
  for (const [name, { resources, outputs, conditions, bundles = {} }] of Object.entries(stacks)) {
    const files: Record<string, object> = {};
    for (const [id, source] of Object.entries(bundles)) {
      mkdirSync(join(directory, `asset.${id}`), { recursive: true });
      writeFileSync(join(directory, `asset.${id}`, 'index.mjs'), source);
      files[id] = { source: { path: `asset.${id}`, packaging: 'zip' }, destinations: { here: { objectKey: `${id}.zip` } } };
    }
    writeFileSync(join(directory, `${name}.assets.json`), JSON.stringify({ files }));
    writeFileSync(
      join(directory, `${name}.template.json`),
      JSON.stringify({ Resources: resources, Outputs: outputs, Conditions: conditions }),
    );
    artifacts[`${name}.assets`] = { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } };
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      properties: { templateFile: `${name}.template.json` },
      dependencies: [`${name}.assets`],
    };
  }
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ version: '55.0.0', artifacts }));
}

/** One stack from parts. */
export function stackOf(...parts: { resources?: Resources; bundles?: Record<string, string> }[]): StackSource {
  return {
    resources: Object.assign({}, ...parts.map(({ resources }) => resources)),
    bundles: Object.assign({}, ...parts.map(({ bundles }) => bundles)),
  };
}

/** A running host for a test; `restart` stops it and starts it again on the same data. */
export type Bench = {
  readonly host: Host;
  readonly engine: DynamoDb;
  readonly directory: string;
  /** What functions noted with `note`, line by line. */
  notes(): string[];
  /** Adds a note that functions can read. */
  note(text: string): void;
  /** Calls the AWS endpoint as the operator. */
  aws(target: string, body: object): Promise<Record<string, unknown>>;
  restart(stacks?: Record<string, StackSource>): Promise<void>;
  stop(): Promise<void>;
};

/** Starts engine and host on hand-written stacks in a temporary directory. */
export async function startBench(
  stacks: Record<string, StackSource> | StackSource,
  options: Partial<HostOptions> = {},
): Promise<Bench> {
  const directory = mkdtempSync(join(tmpdir(), 'protiv-host-'));
  const assemblyDir = join(directory, 'cdk.out');
  const notesFile = join(directory, 'notes.txt');
  const all = 'resources' in stacks ? { Local: stacks as StackSource } : (stacks as Record<string, StackSource>);
  writeAssembly(assemblyDir, all);
  const engine = await startDynamoDb({});
  const begin = () =>
    startHost({
      ...{
        assemblyDir,
        dynamoEndpoint: engine.endpoint,
        port: 0,
        workDir: join(directory, 'work'),
        schedules: 'manual',
        streamRetryMs: 5,
      },
      environment: { NOTES: notesFile },
      ...options,
    });
  let host: Host;
  try {
    host = await begin();
  } catch (error) {
    await engine.stop();
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  return {
    get host() {
      return host;
    },
    engine,
    directory,
    note: (text) => appendFileSync(notesFile, `${text}\n`),
    notes: () => {
      try {
        return readFileSync(notesFile, 'utf8').split('\n').filter(Boolean);
      } catch {
        return [];
      }
    },
    aws: async (target, body) => {
      const response = await fetch(host.awsEndpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': target,
          authorization: `AWS4-HMAC-SHA256 Credential=${host.operator.AWS_ACCESS_KEY_ID}/20260101/us-east-1/any/aws4_request, SignedHeaders=host, Signature=0`,
        },
        body: JSON.stringify(body),
      });
      const answer = (await response.json()) as Record<string, unknown>;
      if (!response.ok) throw Object.assign(new Error(String(answer.message)), { name: String(answer.__type).split('#').at(-1) });
      return answer;
    },
    restart: async (next) => {
      await host.stop();
      if (next !== undefined) writeAssembly(assemblyDir, next);
      host = await begin();
    },
    stop: async () => {
      await host.stop();
      await engine.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
