import { AwsError } from '../aws/error.ts';
import { textOf, textsOf } from '../json.ts';
import { arnOf, busNameOf } from '../template/attributes.ts';
import type { Resolved, Template } from '../template/template.ts';
import { evaluate, type Verdict } from './evaluate.ts';
import { managedPolicy } from './managed.ts';
import { type PrincipalPattern, readPolicy, type Statement } from './statement.ts';

/** Who asks: a function's role, an AWS service on behalf of a resource, or the operator of this host (allowed everything). */
export type Caller =
  | { readonly kind: 'role'; readonly roleArn: string; readonly session: string }
  | { readonly kind: 'service'; readonly service: string; readonly sourceArn: string }
  | { readonly kind: 'operator' };

/** One action on one resource; `context` holds condition keys beyond those that every request has. */
export type Access = {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
};

/** The policies of the templates. */
export type Iam = {
  allows(caller: Caller, access: Access): boolean;
  /** Throws AccessDeniedException in the words of AWS unless the access is allowed. */
  require(caller: Caller, access: Access): void;
};

/** Collects the identity policies of every role and the policies on queues, keys, functions and buses. */
export function createIam(template: Template): Iam {
  const roles = readRoles(template);
  const resourcePolicies = readResourcePolicies(template);
  const { accountId, region } = template.locality;

  const contextOf = (caller: Caller, access: Access) => {
    const context = new Map<string, readonly string[]>([
      // The endpoint is plain http on loopback; it stands for the TLS endpoint of AWS.
      ['aws:securetransport', ['true']],
      ['aws:requestedregion', [region]],
      ['aws:resourceaccount', [accountId]],
      ['aws:viaawsservice', [String(access.context?.['kms:viaservice'] !== undefined)]],
      ['kms:calleraccount', [accountId]],
    ]);
    if (caller.kind === 'role') context.set('aws:principalarn', [caller.roleArn]).set('aws:principalaccount', [accountId]);
    if (caller.kind === 'service') context.set('aws:sourcearn', [caller.sourceArn]).set('aws:sourceaccount', [accountId]);
    for (const [key, values] of Object.entries(access.context ?? {})) context.set(key.toLowerCase(), values);
    return context;
  };

  const allows = (caller: Caller, access: Access): boolean => {
    if (caller.kind === 'operator') return true;
    const request = { action: access.action, resource: access.resource, context: contextOf(caller, access) };
    const ofResource = resourcePolicies.get(holderOf(access.resource)) ?? [];
    const isCaller = (principal: PrincipalPattern) =>
      principal.kind === '*' ||
      (caller.kind === 'role'
        ? principal.kind === 'AWS' && principal.value === caller.roleArn
        : principal.kind === 'Service' && principal.value === caller.service);
    const direct = evaluate(ofResource, request, isCaller);
    if (caller.kind === 'service') return direct === 'allow';
    const statements = roles.get(caller.roleArn);
    if (statements === undefined) throw new Error(`No role ${caller.roleArn} in the templates`);
    const identity = evaluate(statements, request);
    if (identity === 'deny' || direct === 'deny') return false;
    if (direct === 'allow') return true;
    return (
      identity === 'allow' &&
      delegated(
        access,
        evaluate(ofResource, request, (principal) => isAccount(principal, accountId)),
      )
    );
  };

  return {
    allows,
    require: (caller, access) => {
      if (!allows(caller, access)) throw denied(caller, access);
    },
  };
}

/** The resource whose policy speaks of another one: an object's is its bucket's. */
function holderOf(arn: string): string {
  return arn.startsWith('arn:aws:s3:::') ? arn.split('/')[0]! : arn;
}

// A key's policy rules alone; identity policies count only where it hands the decision to the account.
function delegated(access: Access, byAccount: Verdict): boolean {
  return access.action.startsWith('kms:') ? byAccount === 'allow' : byAccount !== 'deny';
}

function isAccount(principal: PrincipalPattern, accountId: string): boolean {
  return principal.kind === 'AWS' && (principal.value === accountId || principal.value === `arn:aws:iam::${accountId}:root`);
}

function denied(caller: Caller, { action, resource }: Access): AwsError {
  const who = caller.kind === 'role' ? caller.session : caller.kind === 'service' ? caller.service : 'operator';
  const why = `because no identity-based policy allows the ${action} action`;
  return new AwsError(
    'AccessDeniedException',
    `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
  );
}

function readRoles(template: Template): Map<string, Statement[]> {
  const roles = new Map<string, Statement[]>();
  const byName = new Map<string, Statement[]>();
  const policies = new Map(template.of('AWS::IAM::ManagedPolicy').map((policy) => [policy.ref, policy]));
  for (const role of template.of('AWS::IAM::Role')) {
    if (role.properties.PermissionsBoundary !== undefined) throw new Error(`Permissions boundary of ${role.id} is not supported`);
    const inline = (Array.isArray(role.properties.Policies) ? role.properties.Policies : []) as { PolicyDocument?: unknown }[];
    const statements = inline.flatMap((policy) => readPolicy(policy.PolicyDocument, role.id));
    for (const arn of textsOf(role.properties.ManagedPolicyArns, `ManagedPolicyArns of ${role.id}`)) {
      const own = policies.get(arn);
      statements.push(...(own === undefined ? managedPolicy(arn) : readPolicy(own.properties.PolicyDocument, own.id)));
    }
    roles.set(role.attribute('Arn'), statements);
    byName.set(role.ref, statements);
  }
  const attach = (policy: Resolved, names: unknown) => {
    for (const name of textsOf(names, `Roles of ${policy.id}`)) {
      const role = byName.get(name);
      if (role === undefined) throw new Error(`Policy ${policy.id} names an unknown role ${name}`);
      role.push(...readPolicy(policy.properties.PolicyDocument, policy.id));
    }
  };
  for (const type of ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'])
    for (const policy of template.of(type)) attach(policy, policy.properties.Roles);
  for (const policy of template.of('AWS::IAM::RolePolicy')) attach(policy, policy.properties.RoleName);
  return roles;
}

function readResourcePolicies(template: Template): Map<string, Statement[]> {
  const policies = new Map<string, Statement[]>();
  const add = (arn: string, statements: readonly Statement[]) => policies.set(arn, [...(policies.get(arn) ?? []), ...statements]);
  const { locality } = template;
  for (const key of template.of('AWS::KMS::Key')) add(key.attribute('Arn'), readPolicy(key.properties.KeyPolicy, key.id));
  for (const policy of template.of('AWS::SQS::QueuePolicy')) {
    const statements = readPolicy(policy.properties.PolicyDocument, policy.id);
    for (const url of textsOf(policy.properties.Queues, policy.id))
      add(arnOf(locality, 'sqs', url.slice(url.lastIndexOf('/') + 1)), statements);
  }
  for (const policy of template.of('AWS::S3::BucketPolicy')) {
    const bucket = textOf(policy.properties.Bucket, policy.id);
    add(`arn:aws:s3:::${bucket}`, readPolicy(policy.properties.PolicyDocument, policy.id));
  }
  for (const policy of template.of('AWS::Events::EventBusPolicy')) {
    const bus = policy.properties.EventBusName;
    const name = busNameOf(bus === undefined ? undefined : textOf(bus, policy.id));
    add(arnOf(locality, 'events', `event-bus/${name}`), readPolicy({ Statement: policy.properties.Statement }, policy.id));
  }
  for (const permission of template.of('AWS::Lambda::Permission')) {
    const arn = functionArnOf(textOf(permission.properties.FunctionName, permission.id), template);
    add(arn, readPolicy({ Statement: permissionStatement(permission, arn) }, permission.id));
  }
  return policies;
}

function permissionStatement({ id, properties }: Resolved, arn: string): object {
  const principal = textOf(properties.Principal, `Principal of ${id}`);
  const Condition: Record<string, object> = {};
  if (properties.SourceArn !== undefined) Condition.ArnLike = { 'aws:SourceArn': properties.SourceArn };
  if (properties.SourceAccount !== undefined) Condition.StringEquals = { 'aws:SourceAccount': properties.SourceAccount };
  return {
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : { [principal.endsWith('.amazonaws.com') ? 'Service' : 'AWS']: principal },
    Action: properties.Action,
    Resource: arn,
    Condition,
  };
}

/** The ARN of a function from its name or ARN. */
export function functionArnOf(nameOrArn: string, { locality }: Template): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn : arnOf(locality, 'lambda', `function:${nameOrArn}`);
}
