import { createHash } from 'node:crypto';
import type { Locality } from './locality.ts';
import type { AttributeOf, Resolver, Target } from './resolve.ts';

/** What one resource type answers: its `Ref` and its attributes by name. */
type Answers = { readonly ref: string; readonly attributes: Readonly<Record<string, string>> };
type Describe = (at: { target: Target; locality: Locality; property: (name: string) => string | undefined }) => Answers;

// Streams get their label when they are made; a fixed one keeps ARNs equal between runs.
const STREAM_LABEL = '2026-01-01T00:00:00.000';

/**
 * What `Ref` and `Fn::GetAtt` give on this machine, by resource type: the same shapes as on AWS, with names derived
 * from stack and logical id, so that they are equal from run to run and stored data keeps fitting.
 */
export function localAttributes(locality: Locality): AttributeOf {
  return (target, attribute, resolver) => {
    const describe = TYPES[target.type];
    if (describe === undefined)
      throw new Error(`${target.type} (${target.id} in ${target.stack.name}) has no local Ref and attributes`);
    const { ref, attributes } = describe({ target, locality, property: (name) => propertyOf(target, name, resolver) });
    const answer = attribute === null ? ref : attributes[attribute];
    if (answer === undefined)
      throw new Error(`${target.type} has no local attribute ${attribute} (${target.id} in ${target.stack.name})`);
    return answer;
  };
}

/** The ARN of a resource of this account. */
export function arnOf({ region, accountId }: Locality, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}

function propertyOf(target: Target, name: string, resolver: Resolver): string | undefined {
  const value = resolver.value(target.stack, target.stack.resources.get(target.id)?.properties[name]);
  return typeof value === 'string' ? value : undefined;
}

function generatedName({ stack, id }: Target): string {
  return `${stack.name}-${id}`.slice(0, 64);
}

/** A short stable id, as API Gateway gives them: letters and digits. */
function shortId(target: Target): string {
  const digest = createHash('sha256').update(`${target.stack.name}/${target.id}`).digest('hex');
  return BigInt(`0x${digest}`).toString(36).slice(0, 10);
}

function uuidOf(target: Target): string {
  const hex = createHash('sha256').update(`${target.stack.name}/${target.id}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

const byShortId: Describe = ({ target }) => ({ ref: shortId(target), attributes: {} });

// A resource whose ARN is `service:resourcePrefix + name`, with `Ref` the name.
function named(service: string, nameProperty: string, prefix: string, nameAttribute?: string): Describe {
  return ({ target, locality, property }) => {
    const name = property(nameProperty) ?? generatedName(target);
    const attributes: Record<string, string> = { Arn: arnOf(locality, service, prefix + name) };
    if (nameAttribute !== undefined) attributes[nameAttribute] = name;
    return { ref: name, attributes };
  };
}

const TYPES: Readonly<Record<string, Describe>> = {
  'AWS::DynamoDB::Table': ({ target, locality, property }) => {
    const name = property('TableName') ?? generatedName(target);
    const Arn = arnOf(locality, 'dynamodb', `table/${name}`);
    return { ref: name, attributes: { Arn, StreamArn: `${Arn}/stream/${STREAM_LABEL}` } };
  },
  'AWS::Lambda::Function': named('lambda', 'FunctionName', 'function:'),
  'AWS::Lambda::EventSourceMapping': ({ target }) => ({ ref: uuidOf(target), attributes: { Id: uuidOf(target) } }),
  'AWS::SQS::Queue': ({ target, locality, property }) => {
    const QueueName = property('QueueName') ?? generatedName(target);
    const QueueUrl = `${locality.awsEndpoint}/${locality.accountId}/${QueueName}`;
    return { ref: QueueUrl, attributes: { Arn: arnOf(locality, 'sqs', QueueName), QueueName, QueueUrl } };
  },
  'AWS::S3::Bucket': ({ target, property }) => {
    const name = property('BucketName') ?? generatedName(target).toLowerCase();
    return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
  },
  'AWS::Events::EventBus': named('events', 'Name', 'event-bus/', 'Name'),
  'AWS::Events::Rule': ({ target, locality, property }) => {
    const name = property('Name') ?? generatedName(target);
    const bus = busNameOf(property('EventBusName'));
    const path = bus === 'default' ? name : `${bus}/${name}`;
    return { ref: bus === 'default' ? name : `${bus}|${name}`, attributes: { Arn: arnOf(locality, 'events', `rule/${path}`) } };
  },
  'AWS::KMS::Key': ({ target, locality }) => {
    const KeyId = uuidOf(target);
    return { ref: KeyId, attributes: { KeyId, Arn: arnOf(locality, 'kms', `key/${KeyId}`) } };
  },
  'AWS::KMS::Alias': ({ target, property }) => ({ ref: property('AliasName') ?? generatedName(target), attributes: {} }),
  'AWS::IAM::Role': ({ target, locality, property }) => {
    const name = property('RoleName') ?? generatedName(target);
    return {
      ref: name,
      attributes: { Arn: `arn:aws:iam::${locality.accountId}:role/${name}`, RoleId: shortId(target).toUpperCase() },
    };
  },
  'AWS::IAM::ManagedPolicy': ({ target, locality, property }) => {
    const name = property('ManagedPolicyName') ?? generatedName(target);
    const arn = `arn:aws:iam::${locality.accountId}:policy/${name}`;
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
  'AWS::Logs::LogGroup': ({ target, locality, property }) => {
    const name = property('LogGroupName') ?? generatedName(target);
    return { ref: name, attributes: { Arn: `${arnOf(locality, 'logs', `log-group:${name}`)}:*` } };
  },
  'AWS::ApiGatewayV2::Api': ({ target, locality }) => ({
    ref: shortId(target),
    attributes: { ApiId: shortId(target), ApiEndpoint: locality.apiEndpoint },
  }),
  'AWS::ApiGatewayV2::Stage': ({ target, property }) => ({ ref: property('StageName') ?? generatedName(target), attributes: {} }),
  'AWS::ApiGatewayV2::Authorizer': ({ target }) => ({ ref: shortId(target), attributes: { AuthorizerId: shortId(target) } }),
  'AWS::ApiGatewayV2::Integration': byShortId,
  'AWS::ApiGatewayV2::Route': byShortId,
  'AWS::SNS::Topic': ({ target, locality, property }) => {
    const TopicName = property('TopicName') ?? generatedName(target);
    const TopicArn = arnOf(locality, 'sns', TopicName);
    return { ref: TopicArn, attributes: { TopicArn, TopicName } };
  },
  'AWS::Cognito::UserPool': ({ target, locality }) => {
    const UserPoolId = `${locality.region}_${shortId(target)}`;
    return {
      ref: UserPoolId,
      attributes: {
        UserPoolId,
        Arn: arnOf(locality, 'cognito-idp', `userpool/${UserPoolId}`),
        ProviderURL: `${locality.issuerEndpoint}/${UserPoolId}`,
      },
    };
  },
  'AWS::Cognito::UserPoolClient': ({ target }) => ({ ref: shortId(target), attributes: { ClientId: shortId(target) } }),
  'AWS::Cognito::UserPoolDomain': ({ target, property }) => ({
    ref: property('Domain') ?? generatedName(target),
    attributes: {},
  }),
  'AWS::CloudWatch::Alarm': named('cloudwatch', 'AlarmName', 'alarm:'),
};

/** The name of a bus from its name or ARN; absent is the default bus. */
export function busNameOf(nameOrArn: string | undefined): string {
  return nameOrArn === undefined ? 'default' : nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}
