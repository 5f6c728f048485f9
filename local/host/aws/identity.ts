import { randomBytes } from 'node:crypto';
import type { Caller, Iam } from '../iam/iam.ts';
import type { Directory, PoolUser } from '../identity/directory.ts';
import { isObject, type JsonObject, listOf, textOf } from '../json.ts';
import { AwsError } from './error.ts';

export type UserPoolApiOptions = {
  readonly userPoolId: string;
  readonly arn: string;
  readonly directory: Directory;
  /** Hands the pool's own message to somebody new. */
  readonly sendPassword: (email: string, password: string) => void;
};

/** The calls of Cognito that functions here make: AdminCreateUser, AdminGetUser, AdminUpdateUserAttributes. */
export function createUserPoolApi(pool: UserPoolApiOptions | null, iam: Iam) {
  const find = (directory: Directory, username: string): PoolUser => {
    const user = directory.bySub(username) ?? directory.byEmail(username);
    if (user === undefined) throw new AwsError('UserNotFoundException', 'User does not exist.');
    return user;
  };
  return (operation: string, body: JsonObject, caller: Caller): JsonObject => {
    if (pool === null || body.UserPoolId !== pool.userPoolId)
      throw new AwsError('ResourceNotFoundException', `User pool ${String(body.UserPoolId)} does not exist.`);
    const { directory } = pool;
    iam.require(caller, { action: `cognito-idp:${operation}`, resource: pool.arn });
    const username = textOf(body.Username, 'Username');
    switch (operation) {
      case 'AdminCreateUser': {
        const { email = username, ...attributes } = attributesOf(body.UserAttributes);
        if (directory.byEmail(email) !== undefined) throw new AwsError('UsernameExistsException', 'User account already exists');
        const password = randomBytes(9).toString('base64url');
        const user = directory.put(email, { password, attributes });
        pool.sendPassword(email, password);
        return { User: { Username: user.sub, Attributes: listed(user), Enabled: true, UserStatus: 'FORCE_CHANGE_PASSWORD' } };
      }
      case 'AdminGetUser': {
        const user = find(directory, username);
        return { Username: user.sub, UserAttributes: listed(user), Enabled: true, UserStatus: 'CONFIRMED' };
      }
      case 'AdminUpdateUserAttributes':
        directory.put(find(directory, username).attributes.email!, { attributes: attributesOf(body.UserAttributes) });
        return {};
      default:
        throw new AwsError('UnknownOperationException', `Cognito ${operation} is not available on the local host`);
    }
  };
}

function attributesOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    listOf(value).map((one) => {
      if (!isObject(one)) throw new AwsError('InvalidParameterException', 'UserAttributes must be names with values');
      return [textOf(one.Name, 'Name'), textOf(one.Value, 'Value')];
    }),
  );
}

function listed({ sub, attributes }: PoolUser): JsonObject[] {
  return Object.entries({ sub, ...attributes }).map(([Name, Value]) => ({ Name, Value }));
}
